"""One neuron finds y = 2x - 1, and the prices of houses by the number of their bedrooms.

python examples/keras_fit.py
"""

from __future__ import annotations

import numpy as np

import trackml as tf
from trackml import keras


def fitted(xs, ys, epochs):
    model = keras.Sequential([keras.layers.Dense(units=1, input_shape=[1])])
    model.compile(optimizer="sgd", loss="mean_squared_error")
    model.fit(xs, ys, epochs=epochs, verbose=0)
    return model


def main():
    tf.set_random_seed(1)
    xs = np.array([-1.0, 0.0, 1.0, 2.0, 3.0, 4.0], dtype=float)
    model = fitted(xs, 2.0 * xs - 1.0, epochs=500)
    print("f(10) =", round(float(model.predict([10.0])[0][0]), 2))

    bedrooms = np.array([1.0, 2.0, 3.0, 4.0, 5.0], dtype=float)
    hundreds_of_thousands = np.array([1.0, 1.5, 2.0, 2.5, 3.0], dtype=float)
    model = fitted(bedrooms, hundreds_of_thousands, epochs=1000)
    print("7 bedrooms:", round(float(model.predict([7.0])[0][0]), 2))


if __name__ == "__main__":
    main()
