"""A model function with parameters, and all three modes: hand-written digits by two hidden layers.

python examples/custom_estimator.py [MODEL_DIR]
"""

from __future__ import annotations

import sys
import tempfile

import numpy as np

import trackml as tf
from trackml.demo import load_digits


def my_model(features, labels, mode, params):
    net = tf.feature_column.input_layer(features, params["feature_columns"])
    for units in params["hidden_units"]:
        net = tf.layers.dense(net, units=units, activation=tf.nn.relu)
    logits = tf.layers.dense(net, params["n_classes"], activation=None)

    predicted_classes = tf.argmax(logits, 1)
    if mode == tf.estimator.ModeKeys.PREDICT:
        predictions = {
            "class_ids": predicted_classes[:, tf.newaxis],
            "probabilities": tf.nn.softmax(logits),
            "logits": logits,
        }
        return tf.estimator.EstimatorSpec(mode, predictions=predictions)

    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
    accuracy = tf.metrics.accuracy(labels=labels, predictions=predicted_classes, name="acc_op")
    tf.summary.scalar("accuracy", accuracy[1])
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops={"accuracy": accuracy})

    optimizer = tf.train.AdagradOptimizer(learning_rate=0.1)
    train_op = optimizer.minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def train_input_fn(features, labels, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices((dict(features), labels))
    dataset = dataset.shuffle(1000).repeat().batch(batch_size)
    return dataset.make_one_shot_iterator().get_next()


def eval_input_fn(features, labels, batch_size):
    inputs = dict(features) if labels is None else (dict(features), labels)
    return tf.data.Dataset.from_tensor_slices(inputs).batch(batch_size)


def main(model_dir):
    images, labels = load_digits()
    pixels = {"pixels": (images.reshape(len(images), 64) / 16).astype(np.float32)}
    train, test = ({"pixels": pixels["pixels"][rows]} for rows in (slice(360, None), slice(0, 360)))
    classifier = tf.estimator.Estimator(
        model_fn=my_model,
        model_dir=model_dir,
        config=tf.estimator.RunConfig(tf_random_seed=1),
        params={
            "feature_columns": [tf.feature_column.numeric_column("pixels", shape=[64])],
            "hidden_units": [32, 16],
            "n_classes": 10,
        },
    )
    classifier.train(lambda: train_input_fn(train, labels[360:], 100), steps=600)
    scores = classifier.evaluate(lambda: eval_input_fn(test, labels[:360], 100))
    print("accuracy:", round(float(scores["accuracy"]), 3))
    first = next(classifier.predict(lambda: eval_input_fn(test, None, 100)))
    print("first digit:", first["class_ids"][0], "of probability", round(float(first["probabilities"].max()), 2))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
