"""Checkpoints: a training goes on where it was, and another Estimator predicts from what it learned.

python examples/checkpointing.py [MODEL_DIR]
"""

from __future__ import annotations

import os
import sys
import tempfile

import numpy as np

import trackml as tf

FEATCOLS = [tf.feature_column.numeric_column("sq_footage")]
SIZES = np.array([1.0, 2.0, 3.0], np.float32)
PRICES = np.array([5.0, 10.0, 15.0], np.float32)


def input_fn():
    return tf.data.Dataset.from_tensor_slices(({"sq_footage": SIZES}, PRICES)).repeat().batch(3)


def main(model_dir):
    model = tf.estimator.LinearRegressor(FEATCOLS, model_dir)
    model.train(input_fn, steps=100)
    model.train(input_fn, steps=100)  # 100 more steps, from the checkpoint on
    model.train(input_fn, max_steps=150)  # nothing: there are 200 already
    print("global step:", model.get_variable_value("global_step"))
    print("files:", sorted(name for name in os.listdir(model_dir) if name.startswith(("checkpoint", "model.ckpt-200"))))

    # Nothing but the directory ties this one to the training.
    trained = tf.estimator.LinearRegressor(FEATCOLS, model_dir)
    print("checkpoint:", os.path.basename(trained.latest_checkpoint()))
    rows = trained.predict(lambda: tf.data.Dataset.from_tensor_slices({"sq_footage": [1.5, 2.5]}).batch(2))
    print("predictions:", [round(float(row["predictions"][0]), 1) for row in rows])


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
