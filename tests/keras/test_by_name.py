"""Activations and initializers found by Keras' names."""

from __future__ import annotations

import math

import numpy as np
import pytest

import trackml as tf
from trackml import keras

X = np.array([-3.0, -1.0, 0.0, 0.5, 3.0])
EXPECTED = {
    "linear": X,
    "relu": np.maximum(X, 0),
    "elu": np.where(X > 0, X, np.expm1(X)),
    "sigmoid": 1 / (1 + np.exp(-X)),
    "hard_sigmoid": np.clip(0.2 * X + 0.5, 0, 1),
    "tanh": np.tanh(X),
    "exponential": np.exp(X),
    "softmax": np.exp(X) / np.exp(X).sum(),
    "softplus": np.log1p(np.exp(X)),
    "softsign": X / (1 + np.abs(X)),
    "swish": X / (1 + np.exp(-X)),
    "gelu": 0.5 * X * (1 + np.array([math.erf(x / math.sqrt(2)) for x in X])),
    "mish": X * np.tanh(np.log1p(np.exp(X))),
    "selu": 1.0507009873554805 * np.where(X > 0, X, 1.6732632423543772 * np.expm1(X)),
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_an_activation_is_its_formula(name):
    with tf.Graph().as_default(), tf.Session() as session:
        value = session.run(keras.activations.get(name)(tf.constant(X)))
    np.testing.assert_allclose(value, EXPECTED[name], rtol=1e-12)


def test_every_activation_is_tested():
    assert sorted(EXPECTED) == sorted(set(keras.activations.__all__) - {"deserialize", "get", "serialize"})


def test_no_name_is_linear_and_a_function_is_itself():
    assert keras.activations.get(None) is keras.activations.linear
    assert keras.activations.get(np.sin) is np.sin
    with pytest.raises(ValueError, match="Unknown activation 'rleu'"):
        keras.activations.get("rleu")


@pytest.mark.parametrize("name", ["zeros", "Ones", "glorot_uniform", "he_normal", "lecun_uniform", "uniform"])
def test_an_initializer_is_found_by_name(name):
    with tf.Graph().as_default(), tf.Session() as session:
        value = session.run(keras.initializers.get(name)([30, 20]))
    assert value.shape == (30, 20)


def test_a_configuration_makes_the_initializer_again():
    made = keras.initializers.get({"class_name": "RandomUniform", "config": {"minval": 1.0, "maxval": 2.0}})
    assert made.get_config() == {"minval": 1.0, "maxval": 2.0, "seed": None}
    with pytest.raises(ValueError, match="Unknown initializer 'zeroes'"):
        keras.initializers.get("zeroes")


def test_what_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Sequentail'"):
        keras.Sequentail  # noqa: B018
