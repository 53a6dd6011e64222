"""Summaries in a model of one's own: one line each, for TensorBoard and for `trackml-tui`.

python examples/summaries.py [MODEL_DIR]
trackml-tui MODEL_DIR
"""

from __future__ import annotations

import sys
import tempfile

import numpy as np

import trackml as tf
from trackml.runs import RunStore


def model_fn(features, labels, mode):
    var1 = tf.layers.dense(features["x"], 8, activation=tf.nn.relu, name="hidden")
    tf.summary.scalar("meanVar1", tf.reduce_mean(var1))
    tf.summary.histogram("var1", var1)
    tf.summary.image("inputs", tf.reshape(features["x"], [-1, 2, 2, 1]), max_outputs=2)
    predictions = tf.layers.dense(var1, 1)
    out_class = tf.where(predictions[:, 0] > 0.0, tf.fill([32], "up"), tf.fill([32], "down"))
    tf.summary.text("outClass", out_class[:3])
    loss = tf.losses.mean_squared_error(labels, predictions)
    train_op = tf.train.AdamOptimizer(0.05).minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def input_fn():
    x = np.random.RandomState(3).uniform(-1.0, 1.0, [320, 4]).astype(np.float32)
    return tf.data.Dataset.from_tensor_slices(({"x": x}, x[:, :1] - x[:, 1:2])).repeat().batch(32)


def main(model_dir):
    config = tf.estimator.RunConfig(save_summary_steps=50, tf_random_seed=1)
    tf.estimator.Estimator(model_fn, model_dir, config=config).train(input_fn, steps=200)

    # What was written, read back by the library behind the dashboard.
    store = RunStore(model_dir)
    store.refresh()
    run = store.snapshot()["."]
    for tag, kind in sorted(run.tags.items()):
        print(f"{kind}: {tag}")
    loss = run.scalars["loss"]
    print("loss at steps:", loss.step.tolist())
    print("it fell:", bool(loss.value[-1] < loss.value[0] / 10))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
