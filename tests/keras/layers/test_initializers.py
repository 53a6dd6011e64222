"""First values of weights: their distributions, seeds, names and configurations."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf
from trackml import keras

SHAPE = (60, 40)
# Mean, standard deviation and largest size of the values, for a kernel of 60 inputs and 40 outputs.
EXPECTED = {
    "Zeros": ({}, 0.0, 0.0, 0.0),
    "Ones": ({}, 1.0, 0.0, 1.0),
    "Constant": ({"value": 2.5}, 2.5, 0.0, 2.5),
    "RandomUniform": ({"minval": -1.0, "maxval": 3.0}, 1.0, 4 / np.sqrt(12), 3.0),
    "RandomNormal": ({"mean": 1.0, "stddev": 0.5}, 1.0, 0.5, np.inf),
    "TruncatedNormal": ({"stddev": 0.5}, 0.0, 0.5 * 0.8796, 1.0),
    "VarianceScaling": ({"scale": 3.0, "mode": "fan_out", "distribution": "uniform"}, 0.0, np.sqrt(3 / 40), np.inf),
    "GlorotUniform": ({}, 0.0, np.sqrt(2 / 100), np.sqrt(6 / 100)),
    "GlorotNormal": ({}, 0.0, np.sqrt(2 / 100), np.inf),
    "HeUniform": ({}, 0.0, np.sqrt(2 / 60), np.sqrt(6 / 60)),
    "HeNormal": ({}, 0.0, np.sqrt(2 / 60), np.inf),
    "LecunUniform": ({}, 0.0, np.sqrt(1 / 60), np.sqrt(3 / 60)),
    "LecunNormal": ({}, 0.0, np.sqrt(1 / 60), np.inf),
    "Orthogonal": ({"gain": 2.0}, 0.0, 2 / np.sqrt(60), 2.0),
    "Identity": ({"gain": 3.0}, 3 * 40 / 2400, np.sqrt(9 / 60 - (3 / 60) ** 2), 3.0),
}
SEEDED = [name for name in EXPECTED if name not in ("Zeros", "Ones", "Constant", "Identity")]


def _values(initializer, shape=SHAPE):
    with tf.Graph().as_default(), tf.Session() as session:
        return session.run(initializer(shape))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_values_are_distributed_as_they_should_be(name):
    settings, mean, deviation, largest = EXPECTED[name]
    values = _values(getattr(keras.initializers, name)(**settings))
    assert values.shape == SHAPE
    assert values.dtype == np.float32
    assert values.mean() == pytest.approx(mean, abs=6 * deviation / np.sqrt(2400) + 1e-6)
    assert values.std() == pytest.approx(deviation, rel=0.08, abs=1e-6)
    assert np.abs(values).max() <= largest + 1e-5


@pytest.mark.parametrize("name", SEEDED)
def test_a_seed_gives_the_same_values_again(name):
    kind = getattr(keras.initializers, name)
    np.testing.assert_array_equal(_values(kind(seed=7)), _values(kind(seed=7)))
    assert not np.array_equal(_values(kind(seed=7)), _values(kind(seed=8)))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_configuration_makes_the_same_again(name):
    made = getattr(keras.initializers, name)(**EXPECTED[name][0])
    config = keras.initializers.serialize(made)
    assert config["class_name"] == name
    again = keras.initializers.deserialize(config)
    assert type(again) is type(made)
    assert again.get_config() == made.get_config()


def test_names_of_functions_are_those_of_classes():
    for name in keras.initializers.__all__:
        if name.islower() and name not in ("deserialize", "get", "serialize"):
            assert type(keras.initializers.get(name)) is getattr(keras.initializers, name)


def test_an_orthogonal_matrix_is_one():
    wide, tall = _values(keras.initializers.Orthogonal(), (3, 5)), _values(keras.initializers.Orthogonal(), (2, 3, 2))
    np.testing.assert_allclose(wide @ wide.T, np.eye(3), atol=1e-5)
    np.testing.assert_allclose(tall.reshape(6, 2).T @ tall.reshape(6, 2), np.eye(2), atol=1e-5)
    with pytest.raises(ValueError, match="at least two-dimensional"):
        keras.initializers.Orthogonal()([3])
    with pytest.raises(ValueError, match="2D matrices"):
        keras.initializers.Identity()([3])


def test_a_function_of_ones_own_is_known_by_name():
    def twos(shape, dtype=None):
        return 2.0 * tf.ones(shape)

    with keras.utils.custom_object_scope({"twos": twos}):
        layer = keras.layers.Dense(2, kernel_initializer="twos")
    keras.Sequential([keras.layers.InputLayer((3,)), layer])
    np.testing.assert_array_equal(layer.get_weights()[0], np.full([3, 2], 2.0))
