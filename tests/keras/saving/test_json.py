"""Models as JSON, in both directions with TensorFlow; see tests/golden/keras/saved/PROVENANCE.md."""

from __future__ import annotations

import json
import pathlib

import numpy as np
import pytest

import trackml as tf
from trackml import keras

CASES = ["sequential", "recurrent", "images", "functional", "nested", "custom", "laid_out"]
# What TensorFlow's configurations have beyond ours, and which makes no difference.
BEYOND = {"dtype", "implementation", "time_major", "unroll", "stateful", "dropout", "recurrent_dropout", "data_format"}
BEYOND |= {"bias_constraint", "kernel_constraint", "recurrent_constraint"}


@pytest.mark.parametrize("case", CASES)
def test_a_model_that_tensorflow_told_is_that_model(case, cases, saved):
    told = saved["models"][case]
    model = keras.models.model_from_json(json.dumps(told["json"]), custom_objects=cases.custom_objects(keras))
    cases.fix_weights(model)
    for got, want in zip(cases.outputs_of(model, case), told["outputs"], strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_a_model_is_told_as_tensorflow_tells_it(case, cases):
    folder = pathlib.Path(__file__).parents[2] / "golden" / "keras" / "saved" / "tf115"
    want = json.loads((folder / "models.json").read_text(encoding="utf-8"))[case]["json"]
    model = keras.models.model_from_json(json.dumps(want), custom_objects=cases.custom_objects(keras))
    got = json.loads(model.to_json())
    assert _without(want, got) == got


def _without(want, got):
    """What TensorFlow says, less what is only there and makes no difference."""
    if isinstance(want, dict) and isinstance(got, dict):
        kept = {key: value for key, value in want.items() if key in got or key not in BEYOND}
        return {key: _without(value, got.get(key)) for key, value in kept.items()}
    if isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        return [_without(one, other) for one, other in zip(want, got)]
    return want


@pytest.mark.parametrize("case", CASES)
def test_what_is_told_here_is_read_here(case, cases):
    model = cases.model_of(keras, case)
    cases.fix_weights(model)
    text, want = model.to_json(indent=1), cases.outputs_of(model, case)
    with tf.Graph().as_default():
        again = keras.models.model_from_json(text, cases.custom_objects(keras))
        cases.fix_weights(again)
        assert again.name == model.name
        assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]
        assert again.input_names == model.input_names
        assert again.to_json(indent=1) == text
        for one, other in zip(cases.outputs_of(again, case), want, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-6)


def test_a_model_is_told_wherever_the_default_graph_is(cases):
    with tf.Graph().as_default():
        model = cases.model_of(keras, "nested")
        text = model.to_json()
    assert model.to_json() == text


def test_a_sequential_that_learned_its_input_from_data_is_told_with_it():
    model = keras.Sequential([keras.layers.Dense(3, name="a"), keras.layers.Dense(1, name="b")], name="late")
    before = keras.Sequential.from_config(model.get_config())
    assert not before.inputs
    model.build((None, 2))
    again = keras.Sequential.from_config(model.get_config())
    assert again.count_params() == 13


def test_a_list_of_layers_is_a_sequential():
    entry = {"class_name": "Dense", "config": {"units": 2, "batch_input_shape": [None, 3], "name": "d"}}
    assert keras.Sequential.from_config([entry]).output_shape == (None, 2)
    with pytest.raises(TypeError, match=r"Sequential\.from_config"):
        keras.models.model_from_config([entry])


def test_arguments_of_calls_are_told():
    x = keras.Input(shape=(3, 2), name="x")
    state = keras.Input(shape=(4,), name="state")
    model = keras.Model([x, state], keras.layers.GRU(4, name="gru")(x, initial_state=state))
    again = keras.models.model_from_json(model.to_json())
    again.set_weights(model.get_weights())
    inputs = [np.ones([2, 3, 2], np.float32), np.full([2, 4], 0.5, np.float32)]
    np.testing.assert_array_equal(again.predict(inputs), model.predict(inputs))


def test_operations_between_layers_are_told():
    x = keras.Input(shape=(2,), name="x")
    model = keras.Model(x, keras.layers.Dense(1, name="d")(tf.square(x) * 3.0))
    again = keras.models.model_from_json(model.to_json())
    again.set_weights(model.get_weights())
    values = np.array([[1.0, 2.0]], np.float32)
    np.testing.assert_allclose(again.predict(values), model.predict(values), rtol=1e-6)


def test_a_model_with_a_call_of_its_own_is_told_by_its_arguments():
    class Own(keras.Model):
        def __init__(self, units=2):
            super().__init__()
            self.dense = keras.layers.Dense(units)

        def call(self, inputs):
            return self.dense(inputs)

    text = Own(units=5).to_json()
    assert json.loads(text)["config"] == {"units": 5}
    assert keras.models.model_from_json(text, {"Own": Own}).dense.units == 5


def test_yaml_is_refused():
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(1,))])
    with pytest.raises(RuntimeError, match="arbitrary code execution"):
        model.to_yaml()
    with pytest.raises(RuntimeError, match="to_json"):
        keras.models.model_from_yaml("a: 1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not the JSON of a model"),
        ('{"class_name": "Dnse", "config": {}}', "Unknown layer: Dnse.*custom_objects"),
        ('{"config": {}}', "Could not interpret serialized layer"),
        (
            '{"class_name": "Dense", "config": {"units": 1, "name": "d", "twist": 2}}',
            "Dense layer 'd' has twist=2",
        ),
        (
            '{"class_name": "Model", "config": {"name": "m", "layers": [{"class_name": "InputLayer", "config": '
            '{"batch_input_shape": [null, 1], "name": "x"}, "inbound_nodes": []}, {"class_name": "Flatten", "config": '
            '{"name": "f"}, "inbound_nodes": [[["y", 0, 0, {}]]]}], "input_layers": [["x", 0, 0]], '
            '"output_layers": [["f", 0, 0]]}}',
            r"does not have: \['f'\]",
        ),
    ],
)
def test_what_is_no_model_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        keras.models.model_from_json(text)
