"""A model from a paper, written with low-level operations, wrapped into an Estimator: the next value of a wave.

python examples/sequence_estimator.py [MODEL_DIR]
"""

from __future__ import annotations

import os
import sys
import tempfile

import numpy as np

import trackml as tf

rnn = tf.contrib.rnn

SEQ_LEN, N_OUTPUTS, LSTM_SIZE, INCOL = 10, 1, 3, "rawdata"
N_INPUTS = SEQ_LEN - N_OUTPUTS


def model_from_research_paper(timeseries):
    x = tf.split(timeseries, N_INPUTS, 1)
    lstm_cell = rnn.BasicLSTMCell(LSTM_SIZE, forget_bias=1.0)
    outputs, _ = rnn.static_rnn(lstm_cell, x, dtype=tf.float32)
    weights = tf.Variable(tf.random_normal([LSTM_SIZE, N_OUTPUTS]))
    bias = tf.Variable(tf.random_normal([N_OUTPUTS]))
    return tf.matmul(outputs[-1], weights) + bias


def myfunc(features, labels, mode):
    predictions = model_from_research_paper(features[INCOL])
    loss = train_op = eval_metric_ops = None
    if mode in (tf.estimator.ModeKeys.TRAIN, tf.estimator.ModeKeys.EVAL):
        loss = tf.losses.mean_squared_error(labels, predictions)
        train_op = tf.contrib.layers.optimize_loss(
            loss=loss, global_step=tf.train.get_global_step(), learning_rate=0.02, optimizer="Adam"
        )
        eval_metric_ops = {"rmse": tf.metrics.root_mean_squared_error(labels, predictions)}
    return tf.estimator.EstimatorSpec(
        mode=mode,
        predictions={"predicted": predictions},
        loss=loss,
        train_op=train_op,
        eval_metric_ops=eval_metric_ops,
        export_outputs={"regression_export_outputs": tf.estimator.export.RegressionOutput(value=predictions)},
    )


def waves(count, seed):
    rng = np.random.RandomState(seed)
    start, speed = rng.uniform(0, 6, (count, 1)), rng.uniform(0.3, 0.6, (count, 1))
    values = np.sin(start + speed * np.arange(SEQ_LEN)).astype(np.float32)
    return {INCOL: values[:, :N_INPUTS]}, values[:, N_INPUTS:]


def main(model_dir):
    config = tf.estimator.RunConfig(os.path.join(model_dir, "model"), tf_random_seed=1)
    estimator = tf.estimator.Estimator(myfunc, config=config)

    def train_fn():
        return tf.data.Dataset.from_tensor_slices(waves(400, 1)).shuffle(400).repeat().batch(20)

    def eval_fn():
        return tf.data.Dataset.from_tensor_slices(waves(100, 2)).batch(50)

    # A regression is served from serialized tf.train.Example records.
    serving_input_fn = tf.estimator.export.build_parsing_serving_input_receiver_fn(
        {INCOL: tf.FixedLenFeature([N_INPUTS], tf.float32)}
    )
    metrics, _ = tf.estimator.train_and_evaluate(
        estimator,
        tf.estimator.TrainSpec(train_fn, max_steps=400),
        tf.estimator.EvalSpec(eval_fn, exporters=tf.estimator.LatestExporter("exporter", serving_input_fn)),
    )
    print("rmse:", round(float(metrics["rmse"]), 3))
    (exported,) = os.listdir(os.path.join(model_dir, "model", "export", "exporter"))
    print("exported:", exported.isdigit())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
