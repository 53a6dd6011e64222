"""Arrays and data frames as input: until they are exhausted, or for so many steps.

python examples/data_in_memory.py [MODEL_DIR]
"""

from __future__ import annotations

import sys
import tempfile

import numpy as np
import pandas as pd

import trackml as tf

RNG = np.random.RandomState(7)
SIZES = RNG.uniform(0.5, 4.0, 512).astype(np.float32)
FRAME = pd.DataFrame({"sq_footage": SIZES, "price": (5.0 * SIZES + RNG.normal(0.0, 0.1, 512)).astype(np.float32)})
FEATCOLS = [tf.feature_column.numeric_column("sq_footage")]


def numpy_train_input_fn(sizes, prices):
    return tf.estimator.inputs.numpy_input_fn(
        x={"sq_footage": sizes}, y=prices, batch_size=128, num_epochs=10, shuffle=True
    )


def pandas_train_input_fn(df):
    return tf.estimator.inputs.pandas_input_fn(x=df, y=df["price"], batch_size=128, num_epochs=10, shuffle=True)


def main(model_dir):
    model = tf.estimator.LinearRegressor(FEATCOLS, model_dir)

    def step():
        return int(model.get_variable_value("global_step"))

    # Trains until the input is exhausted: 10 epochs of 4 batches.
    model.train(pandas_train_input_fn(FRAME))
    print("after 10 epochs:", step())
    # 25 additional steps from the checkpoint.
    model.train(pandas_train_input_fn(FRAME), steps=25)
    print("after 25 more steps:", step())
    # Up to 80 steps: those that are still missing.
    model.train(numpy_train_input_fn(SIZES, FRAME["price"].to_numpy()), max_steps=80)
    print("up to 80 steps:", step())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
