"""Models made again: shared and nested layers, new inputs, other layers in their place."""

from __future__ import annotations

import numpy as np
import pytest

from trackml import keras


@pytest.mark.parametrize("case", ["sequential", "functional", "nested", "recurrent", "laid_out"])
def test_a_clone_computes_the_same_with_weights_of_its_own(case, cases):
    model = cases.model_of(keras, case)
    cases.fix_weights(model)
    clone = keras.models.clone_model(model)
    assert type(clone) is type(model)
    assert [layer.name for layer in clone.layers] == [layer.name for layer in model.layers]
    assert not {id(weight) for weight in clone.weights} & {id(weight) for weight in model.weights}
    clone.set_weights(model.get_weights())
    for got, want in zip(cases.outputs_of(clone, case), cases.outputs_of(model, case), strict=True):
        np.testing.assert_array_equal(got, want)


def test_what_is_shared_stays_shared(cases):
    model = cases.model_of(keras, "functional")
    clone = keras.models.clone_model(model)
    assert len(clone.get_layer("shared")._nodes) == 2
    assert len(clone.weights) == len(model.weights)


def test_what_does_not_learn_stays_so():
    model = keras.Sequential([keras.layers.Dense(2, input_shape=(2,), name="still"), keras.layers.Dense(1)])
    model.layers[0].trainable = False
    assert len(keras.models.clone_model(model).trainable_weights) == 2


def test_a_clone_is_built_on_other_inputs(cases):
    model = cases.model_of(keras, "nested")
    inputs = [keras.Input(shape=(2,), name="left"), keras.Input(shape=(2,), name="right")]
    clone = keras.models.clone_model(model, input_tensors=inputs)
    assert clone.input_names == ["left", "right"]
    x = keras.Input(shape=(3,), name="wide")
    sequential = keras.models.clone_model(keras.Sequential([keras.layers.Dense(2, input_shape=(3,))]), input_tensors=x)
    assert (sequential.input_names, sequential.output_shape) == (["wide"], (None, 2))


def test_layers_are_replaced_on_the_way():
    def without_dropout(layer):
        if isinstance(layer, keras.layers.Dropout):
            return keras.layers.Activation("linear", name=layer.name)
        return type(layer).from_config(layer.get_config())

    model = keras.Sequential([keras.layers.Dropout(0.5, input_shape=(2,), name="drop"), keras.layers.Dense(1)])
    clone = keras.models.clone_model(model, clone_function=without_dropout)
    assert isinstance(clone.layers[0], keras.layers.Activation)


def test_a_sequential_that_learned_its_input_is_cloned_with_it():
    model = keras.Sequential([keras.layers.Dense(3), keras.layers.Dense(1)])
    assert not keras.models.clone_model(model).inputs
    model.build((None, 2))
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    assert clone.count_params() == 13


def test_a_model_with_a_call_of_its_own_is_not_cloned():
    class Own(keras.Model):
        def call(self, inputs):
            return inputs

    with pytest.raises(ValueError, match="got a subclass model instead"):
        keras.models.clone_model(Own())
