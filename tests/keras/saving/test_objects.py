"""Names for classes and functions of one's own, and configurations that hold them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from trackml import keras


def half(x):
    return 0.5 * x


def _with(activation, name="d"):
    return keras.Sequential([keras.layers.Dense(1, activation=activation, input_shape=(1,), name=name)])


def test_a_function_is_saved_by_its_name():
    text = _with(half).to_json()
    assert json.loads(text)["config"]["layers"][0]["config"]["activation"] == "half"
    with pytest.raises(ValueError, match="half"):
        keras.models.model_from_json(text)
    assert keras.models.model_from_json(text, {"half": half}).layers[0].activation is half
    with keras.utils.custom_object_scope({"half": half}):
        assert keras.activations.get("half") is half
    assert "half" not in keras.utils.get_custom_objects()


def test_a_lambda_is_refused_where_it_would_be_lost():
    model = _with(lambda x: x)
    assert keras.models.clone_model(model).layers[0].activation is model.layers[0].activation
    with pytest.raises(TypeError, match="A lambda cannot be saved"):
        model.to_json()


def test_code_in_a_file_is_never_run():
    config = {
        "name": "twice",
        "function": ["4wEAAAAAAAAAAAAAAAIAAAADAAAA", None, None],
        "function_type": "lambda",
        "module": "__main__",
        "output_shape": None,
        "output_shape_type": "raw",
        "arguments": {},
    }
    entry = {"class_name": "Lambda", "config": config}
    with pytest.raises(ValueError, match=r"never run.*custom_objects=\{'twice': function\}"):
        keras.models.model_from_config(entry)
    made = keras.models.model_from_config(entry, {"twice": half})
    assert made.function is half


def test_a_lambda_layer_of_a_function_is_saved_by_its_name():
    model = keras.Sequential([keras.layers.Lambda(half, input_shape=(2,), name="halved")])
    text = model.to_json()
    with pytest.raises(ValueError, match="'half'"):
        keras.models.model_from_json(text)
    again = keras.models.model_from_json(text, {"half": half})
    np.testing.assert_array_equal(again.predict(np.array([[2.0, 4.0]])), [[1.0, 2.0]])


def test_what_is_registered_needs_no_custom_objects():
    @keras.utils.register_keras_serializable(package="tests", name="Thrice")
    class Times3(keras.layers.Layer):
        def call(self, inputs):
            return inputs * 3.0

    try:
        assert keras.utils.get_registered_name(Times3) == "tests>Thrice"
        assert keras.utils.get_registered_object("tests>Thrice") is Times3
        model = keras.Sequential([Times3(input_shape=(1,), name="t")])
        assert json.loads(model.to_json())["config"]["layers"][0]["class_name"] == "tests>Thrice"
        assert keras.models.model_from_json(model.to_json()).predict(np.array([[2.0]])).tolist() == [[6.0]]
        with pytest.raises(ValueError, match="already been registered"):
            keras.utils.register_keras_serializable(package="tests", name="Thrice")(half)
    finally:
        del keras.utils.get_custom_objects()["tests>Thrice"]


def test_a_class_without_a_configuration_is_not_registered():
    with pytest.raises(ValueError, match="get_config"):
        keras.utils.register_keras_serializable()(type("Bare", (), {}))


def test_a_scope_gives_back_what_it_hid():
    with keras.utils.custom_object_scope({"half": half}):
        with keras.utils.CustomObjectScope({"half": abs}, {"other": max}):
            assert keras.utils.get_custom_objects() == {"half": abs, "other": max}
        assert keras.utils.get_custom_objects() == {"half": half}


def test_objects_are_names_or_class_and_configuration():
    assert keras.utils.serialize_keras_object(None) is None
    assert keras.utils.serialize_keras_object(half) == "half"
    told = keras.utils.serialize_keras_object(keras.initializers.RandomUniform(-1.0, 2.0, seed=3))
    assert told["class_name"] == "RandomUniform"
    assert told["config"] == {"minval": -1.0, "maxval": 2.0, "seed": 3}
    assert keras.utils.deserialize_keras_object(told).maxval == 2.0
    with pytest.raises(ValueError, match="Cannot serialize 3"):
        keras.utils.serialize_keras_object(3)
    with pytest.raises(ValueError, match="Unknown regularizer: l9"):
        keras.utils.deserialize_keras_object("l9", printable_module_name="regularizer")


def test_a_layer_of_ones_own_is_told_by_its_arguments():
    class Around(keras.layers.Layer):
        def __init__(self, inner, factor=2, **kwargs):
            super().__init__(**kwargs)
            self.inner = inner
            self.factor = factor * 10

        def call(self, inputs):
            return self.inner(inputs) * self.factor

    layer = Around(keras.layers.Dense(1, kernel_initializer="ones", name="core"), name="around")
    model = keras.Sequential([keras.layers.InputLayer((2,), name="x"), layer])
    config = layer.get_config()
    assert config["factor"] == 2
    assert config["inner"]["class_name"] == "Dense"
    again = keras.models.model_from_json(model.to_json(), {"Around": Around})
    again.set_weights(model.get_weights())
    assert again.layers[0].inner is not layer.inner
    assert again.predict(np.array([[1.0, 2.0]])).tolist() == [[60.0]]


def test_settings_are_told_as_they_are_now():
    layer = keras.layers.Dense(2, activation="relu", dtype="float64", name="d")
    layer.activation = keras.activations.tanh
    layer.trainable = False
    config = layer.get_config()
    assert (config["activation"], config["trainable"], config["dtype"]) == ("tanh", False, "float64")
    assert keras.layers.Dense.from_config(config).get_config() == config
