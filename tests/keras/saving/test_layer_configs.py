"""The configuration of every kind of layer, as TensorFlow tells it; see tests/golden/keras/saved/PROVENANCE.md."""

from __future__ import annotations

import json
import pathlib
import sys

import pytest

import trackml as tf
from trackml import keras

GOLDEN = pathlib.Path(__file__).parents[2] / "golden"
sys.path.insert(0, str(GOLDEN / "make"))
import keras_layer_configs_cases  # noqa: E402

sys.path.pop(0)
CASES = {name: (make, shapes) for name, make, shapes in keras_layer_configs_cases.cases(keras)}
TOLD = {
    version: json.loads((GOLDEN / "keras" / "saved" / version / "layers.json").read_text(encoding="utf-8"))
    for version in ("tf115", "tf215")
}
# Defaults that differ between the versions, and what is told here and there without a difference.
VERSIONS = {"recurrent_activation", "reset_after", "implementation", "time_major", "causal", "noise_shape", "seed"}
VERSIONS |= {"data_format", "axis", "dtype", "name", "kernel_regularizer", "kernel_constraint"}


@pytest.mark.parametrize("version", sorted(TOLD))
@pytest.mark.parametrize("name", sorted(CASES))
def test_a_layer_that_tensorflow_told_is_that_layer(name, version):
    if name not in TOLD[version]:
        assert (name, version) == ("UnitNormalization", "tf115")
        return
    make, shapes = CASES[name]
    layer = keras_layer_configs_cases.model_of(keras, make, shapes).layers[len(shapes)]
    again = keras.models.model_from_config(TOLD[version][name])
    assert type(again) is type(layer)
    assert _common(again.get_config(), layer.get_config())


@pytest.mark.parametrize("name", sorted(TOLD["tf115"]))
def test_a_layer_is_told_so_that_the_older_version_takes_it(name):
    make, shapes = CASES[name]
    told = json.loads(keras_layer_configs_cases.model_of(keras, make, shapes).to_json())["config"]["layers"][
        len(shapes)
    ]
    want = TOLD["tf115"][name]
    assert told["class_name"] == want["class_name"]
    assert set(told["config"]) <= set(want["config"]) | {"seed", "noise_shape", "data_format"}
    assert _common(told["config"], want["config"])


def _common(one, other):
    """Whether configurations say the same where both say something; types of initializers and versions apart."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = (set(one) & set(other)) - VERSIONS
        return all(_common(one[key], other[key]) for key in keys)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(_common(a, b) for a, b in zip(one, other))
    if isinstance(one, float) or isinstance(other, float):
        return one == pytest.approx(other)
    return one == other


def test_every_layer_is_among_the_cases():
    plain = {"Identity", "Input", "InputLayer", "InputSpec", "Lambda", "Layer", "Wrapper", "AbstractRNNCell"}
    plain |= {"SimpleRNNCell", "LSTMCell", "GRUCell"}
    newer = {"Conv1DTranspose", "DepthwiseConv1D"}  # not in TensorFlow 1.15
    kinds = {value for value in vars(keras.layers).values() if isinstance(value, type)}
    assert {kind.__name__ for kind in kinds} - plain - newer - set(CASES) == set()


@pytest.mark.parametrize(
    "make",
    [
        lambda: keras.layers.Conv1DTranspose(3, 2, strides=2),
        lambda: keras.layers.DepthwiseConv1D(2),
        lambda: keras.layers.Conv1D(4, 2, groups=2),
        lambda: keras.layers.GlobalMaxPooling1D(keepdims=True),
        lambda: keras.layers.GaussianNoise(0.1, seed=3),
    ],
)
def test_what_only_the_newer_version_has_comes_back(make):
    x = keras.Input(shape=(6, 4))
    model = keras.Model(x, make()(x))
    text = model.to_json()
    with tf.Graph().as_default():
        assert keras.models.model_from_json(text).to_json() == text
