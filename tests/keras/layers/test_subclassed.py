"""Models with a `call` of their own and several inputs or outputs."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf
from trackml import keras

A = np.linspace(-1.0, 1.0, 16, dtype=np.float32).reshape(8, 2)
B = np.linspace(0.0, 1.0, 24, dtype=np.float32).reshape(8, 3)
Y = A.sum(axis=1, keepdims=True) + B.sum(axis=1, keepdims=True)


class OfDict(keras.Model):
    """Takes a dict."""

    def __init__(self):
        super().__init__()
        self.towers = {"a": keras.layers.Dense(2), "b": keras.layers.Dense(2)}
        self.end = keras.layers.Dense(1)

    def call(self, inputs, training=None):
        return self.end(self.towers["a"](inputs["a"]) + self.towers["b"](inputs["b"]))


class OfList(keras.Model):
    """Takes a list, gives a list."""

    def __init__(self, units=1):
        super().__init__(name="of_list")
        self.units = units
        self.first = keras.layers.Dense(units)
        self.second = keras.layers.Dense(units)

    def call(self, inputs):
        a, b = inputs
        return [self.first(a), tf.reduce_sum(self.second(b) * 2.0, axis=1, keepdims=True)]


def test_a_dict_of_inputs():
    model = OfDict()
    model.compile(keras.optimizers.SGD(0.02), "mse")
    data = {"a": A, "b": B}
    losses = model.fit(data, Y, epochs=8, verbose=0, shuffle=False).history["loss"]
    assert losses[-1] < losses[0]
    assert model.predict(data).shape == (8, 1)
    assert [weight.shape.as_list() for weight in model.weights] == [[2, 2], [2], [3, 2], [2], [2, 1], [1]]
    assert model.weights[0].name == "of_dict/dense/kernel:0"
    swapped = {"b": B, "a": A}
    np.testing.assert_array_equal(model.predict(swapped), model.predict(data))


def test_a_dataset_of_dicts():
    model = OfDict()
    model.compile(keras.optimizers.SGD(0.02), "mse")
    dataset = tf.data.Dataset.from_tensor_slices(({"a": A, "b": B}, Y)).batch(4)
    losses = model.fit(dataset, epochs=5, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


def test_a_list_of_inputs_and_outputs():
    model = OfList()
    model.compile(keras.optimizers.SGD(0.05), "mse")
    history = model.fit([A, B], [Y, Y], epochs=4, verbose=0, shuffle=False).history
    assert history["loss"][-1] < history["loss"][0]
    assert sorted(history) == ["loss", "output_1_loss", "output_2_loss"]
    first, second = model.predict([A, B])
    weights = model.get_weights()
    np.testing.assert_allclose(first, A @ weights[0] + weights[1], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(second, 2 * (B @ weights[2] + weights[3]), rtol=1e-5, atol=1e-6)


def test_a_subclassed_model_is_a_layer():
    x, y = keras.Input(shape=(2,)), keras.Input(shape=(3,))
    inner = OfList(units=2)
    one, other = inner([x, y])
    model = keras.Model([x, y], keras.layers.Dense(1)(keras.layers.Concatenate()([one, other])))
    assert model.count_params() == 6 + 8 + 4
    assert model.predict([A, B]).shape == (8, 1)
    assert [layer.name for layer in model.layers][2] == "of_list"


def test_phases_reach_layers_inside():
    class Dropping(keras.Model):
        def __init__(self):
            super().__init__()
            self.drop = keras.layers.Dropout(0.5)

        def call(self, inputs, training=None):
            return self.drop(inputs)

    model = Dropping()
    np.testing.assert_array_equal(model.predict(A), A)
    run = keras.backend.get_session().run
    drawn = run(model(tf.constant(A), training=True))
    assert (drawn == 0.0).any()
    np.testing.assert_array_equal(run(model(tf.constant(A))), A)


def test_a_model_without_layers_is_told():
    with pytest.raises(ValueError, match="define `call"):
        keras.Model()(tf.zeros([1, 2]))
