"""Operations between layers as TensorFlow 2 tells them; see tests/golden/keras/saved/PROVENANCE.md."""

from __future__ import annotations

import json
import pathlib

import numpy as np
import pytest

import trackml as tf
from trackml import keras

TOLD = json.loads(
    (pathlib.Path(__file__).parents[2] / "golden/keras/saved/tf215/operations.json").read_text(encoding="utf-8")
)


def test_functions_of_tensorflow_are_called_between_layers():
    model = keras.models.model_from_json(json.dumps(TOLD["json"]))
    np.testing.assert_allclose(model.predict(np.array(TOLD["inputs"])), TOLD["outputs"], rtol=1e-6)
    clone = keras.models.clone_model(model)
    np.testing.assert_allclose(clone.predict(np.array(TOLD["inputs"])), TOLD["outputs"], rtol=1e-6)


def test_they_are_told_as_they_were():
    text = keras.models.model_from_json(json.dumps(TOLD["json"])).to_json()
    told = json.loads(text)["config"]["layers"]
    for mine, theirs in zip(told, TOLD["json"]["config"]["layers"], strict=True):
        assert (mine["class_name"], mine["inbound_nodes"]) == (theirs["class_name"], theirs["inbound_nodes"])
    with tf.Graph().as_default():
        assert keras.models.model_from_json(text).to_json() == text


@pytest.mark.parametrize(
    "name", ["io.write_file", "gfile.Remove", "math.__loader__", "math.__class__", "py_func", "nn", "no.such"]
)
def test_what_is_no_function_of_tensors_is_never_looked_up(name):
    entry = {"class_name": "TFOpLambda", "config": {"name": "tf.x", "function": name}}
    with pytest.raises(ValueError, match=rf"operation tf\.{name.replace('.', '[.]')} between layers"):
        keras.models.model_from_config(entry)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ([{"start": None, "stop": None, "step": None}, 1], [1.0, 4.0]),
        (["Ellipsis", {"start": 1, "stop": None, "step": None}], [[1.0, 2.0], [4.0, 5.0]]),
        ([{"start": 1, "stop": None, "step": None}], [[3.0, 4.0, 5.0]]),
    ],
)
def test_slices_are_told_by_their_places(spec, expected):
    layer = keras.models.model_from_config({"class_name": "SlicingOpLambda", "config": {"name": "tf.s"}})
    with tf.Session() as session:
        got = session.run(layer(tf.constant(np.arange(6.0).reshape(2, 3)), slice_spec=spec))
    np.testing.assert_array_equal(got, expected)
