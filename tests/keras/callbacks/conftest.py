"""A model whose loss is what the test says."""

from __future__ import annotations

import numpy as np
import pytest

from trackml import keras

X = np.linspace(-1.0, 1.0, 40).astype(np.float32).reshape(20, 2)
Y = (X[:, 0] - 2.0 * X[:, 1] + 0.5).astype(np.float32)


@pytest.fixture
def linear():
    """Makes a model of one layer that learns."""

    def make(optimizer=None, **kwargs):
        model = keras.Sequential([keras.layers.Dense(1, input_shape=(2,), kernel_initializer="zeros", name="d")])
        model.compile(optimizer or keras.optimizers.SGD(0.1), "mse", **kwargs)
        return model

    return make


@pytest.fixture
def data():
    """Inputs and targets."""
    return X, Y


class Told:
    """Tells a callback of epochs with given values, as a training would.

    Args:
        callback: The callback.
        model: What it has for a model.
        name: What the values are called.
    """

    def __init__(self, callback, model, name="loss"):
        self.callback, self.model, self.name = callback, model, name
        callback.set_model(model)
        callback.set_params({"epochs": 99, "steps": 1, "verbose": 0})

    def epochs(self, values):
        """Runs epochs until the callback stops them; gives how many there were."""
        self.model.stop_training = False
        self.callback.on_train_begin({})
        logs = {}
        for epoch, value in enumerate(values):
            self.callback.on_epoch_begin(epoch, {})
            logs = {} if value is None else {self.name: value}
            self.callback.on_epoch_end(epoch, logs)
            if self.model.stop_training:
                break
        self.callback.on_train_end(logs)
        return epoch + 1


@pytest.fixture
def told():
    """Gives `Told`."""
    return Told
