"""The embedding of a feature cross, learned from traffic, and taken over by a model of people who watch TV.

python examples/feature_crosses.py [MODEL_DIR]
"""

from __future__ import annotations

import os
import sys
import tempfile

import numpy as np

import trackml as tf

fc = tf.feature_column

DAY, HOUR = (axis.ravel() for axis in np.meshgrid(np.arange(7), np.arange(24), indexing="ij"))
# Traffic: rush hours on working days.
TRAFFIC = (((HOUR == 8) | (HOUR == 17)) * (DAY < 5) * 2.0 + (HOUR > 6) * 0.5).astype(np.float32)
# Those who watch TV: in the evenings, longer at the weekend.
WATCHING = ((HOUR > 18) * 1.0 + (DAY > 4) * (HOUR > 14) * 1.0).astype(np.float32)


def input_fn(labels):
    features = {"dayofweek": DAY.astype(str), "hourofday": HOUR.astype(str)}
    return lambda: tf.data.Dataset.from_tensor_slices((features, labels)).repeat().batch(42)


def embedded(**options):
    day_hr = fc.crossed_column(["dayofweek", "hourofday"], 24 * 7)
    return fc.embedding_column(day_hr, 2, **options)


def regressor(model_dir, column):
    config = tf.estimator.RunConfig(tf_random_seed=3)
    return tf.estimator.DNNRegressor(hidden_units=[8], feature_columns=[column], model_dir=model_dir, config=config)


def main(model_dir):
    # The weights of the embedding are learned from data.
    traffic = regressor(os.path.join(model_dir, "traffic"), embedded())
    traffic.train(input_fn(TRAFFIC), steps=1500)
    (name,) = [name for name in traffic.get_variable_names() if name.endswith("embedding_weights")]
    learned = traffic.get_variable_value(name)
    print("embedding:", learned.shape)
    loss = traffic.evaluate(input_fn(TRAFFIC), steps=4)["average_loss"]
    print("traffic is learned:", bool(loss < TRAFFIC.var() / 2))

    # Another model starts from them and leaves them alone.
    kept = embedded(ckpt_to_load_from=traffic.latest_checkpoint(), tensor_name_in_ckpt=name, trainable=False)
    watching = regressor(os.path.join(model_dir, "watching"), kept)
    watching.train(input_fn(WATCHING), steps=300)
    print("taken over as it was:", bool(np.array_equal(watching.get_variable_value(name), learned)))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
