"""Every layer computes and learns what TensorFlow 2.15's Keras does; see tests/golden/keras/PROVENANCE.md."""

from __future__ import annotations

import inspect
import json
import pathlib
import sys

import numpy as np
import pytest

import trackml as tf
from trackml import keras
from trackml.keras.engine.base_layer import Layer
from trackml.keras.engine.nodes import mask_of

GOLDEN = pathlib.Path(__file__).parents[2] / "golden"
sys.path.insert(0, str(GOLDEN / "make"))
import keras_layers_cases as cases  # noqa: E402

sys.path.pop(0)
FOUND, FACTS = cases.read(GOLDEN / "keras" / "layers.npz")
NAMES = json.loads((GOLDEN / "keras" / "layers_names.json").read_text(encoding="utf-8"))
# Sums in another order, in single precision.
CLOSE = {"rtol": 2e-5, "atol": 2e-6}
# The same, over ten steps.
LEARNED = {"rtol": 5e-4, "atol": 5e-5}
RANDOM = [name for name, case in cases.CASES.items() if not case.train]
CERTAIN = [name for name in cases.CASES if name not in RANDOM]


def _wanted(name, what):
    return FOUND[f"{name}/{what}"]


def _check(got, want, tolerance):
    assert len(got) == len(want)
    for one, other in zip(got, want):
        assert np.shape(one) == other.shape
        np.testing.assert_allclose(one, other, **tolerance)


def _check_shapes(got, want):
    """The same sizes; some are known here that are not known there."""
    assert [len(shape) for shape in got] == [len(shape) for shape in want]
    for shape, other in zip(got, want):
        assert all(wanted in (None, size) for size, wanted in zip(shape, other))


def _model(name):
    """The model of a case with the weights that it has there."""
    layer, model = cases.model_of(keras, name)
    model.set_weights(cases.weights_of([weight.shape.as_list() for weight in model.weights]))
    return layer, model


def _x(name):
    values = cases.inputs_of(name)
    return values if cases.CASES[name].several else values[0]


@pytest.mark.parametrize("name", sorted(cases.CASES))
def test_a_layer_has_the_shapes_of_weights_and_outputs_that_it_has_there(name):
    _, model = cases.model_of(keras, name)
    facts = FACTS[name]
    assert [weight.shape.as_list() for weight in model.weights] == facts["weights"]
    assert [weight.shape.as_list() for weight in model.trainable_weights] == facts["trainable"]
    assert model.count_params() == facts["parameters"]
    _check_shapes([output.shape.as_list() for output in model.outputs], facts["shapes"])
    assert [mask is not None for mask in mask_of(model.outputs)] == facts["masked"]


@pytest.mark.parametrize("name", sorted(NAMES))
def test_layers_and_weights_have_the_names_of_tensorflow_1(name):
    _, model = cases.model_of(keras, name)
    assert [layer.name for layer in model.layers] == NAMES[name]["layers"]
    assert [weight.name for weight in model.weights] == NAMES[name]["weights"]


@pytest.mark.parametrize("name", sorted(cases.CASES))
def test_a_layer_computes_what_it_does_there(name):
    _, model = _model(name)
    _check(cases.as_list(model.predict(_x(name), verbose=0)), _wanted(name, "inference"), CLOSE)


@pytest.mark.parametrize("name", [name for name in cases.CASES if any(FACTS[name]["masked"])])
def test_a_layer_masks_what_it_does_there(name):
    _, model = _model(name)
    masks = [mask for mask in mask_of(model.outputs) if mask is not None]
    feeds = dict(zip(model.inputs, cases.inputs_of(name)))
    got = keras.backend.get_session().run(masks, feeds)
    assert [mask.tolist() for mask in got] == [(mask != 0).tolist() for mask in _wanted(name, "mask")]


@pytest.mark.parametrize("name", CERTAIN)
def test_a_layer_has_the_gradients_that_it_has_there(name):
    _, model = _model(name)
    case = cases.CASES[name]
    values = cases.inputs_of(name)
    inputs = [tf.placeholder(tensor.dtype, tensor.shape) for tensor in model.inputs]
    outputs = cases.as_list(model(inputs if case.several else inputs[0], training=True))
    goals = cases.targets_of(_wanted(name, "training"))
    total = tf.add_n([tf.reduce_sum(output * goal) for output, goal in zip(outputs, goals)])
    sources = [*([] if case.numbers else inputs), *model.trainable_weights]
    grads = [tf.convert_to_tensor(grad) for grad in tf.gradients(total, sources) if grad is not None]
    got = keras.backend.get_session().run([*outputs, *grads], dict(zip(inputs, values)))
    _check(got[: len(outputs)], _wanted(name, "training"), CLOSE)
    _check(got[len(outputs) :], _wanted(name, "gradients"), CLOSE)


@pytest.mark.parametrize("name", CERTAIN)
def test_a_layer_learns_what_it_does_there(name):
    _, model = _model(name)
    model.compile(optimizer=keras.optimizers.SGD(0.05), loss="mse")
    losses, after = cases.learned(model, name)
    _check([losses], _wanted(name, "losses"), LEARNED)
    _check(after, _wanted(name, "weights"), LEARNED)


@pytest.mark.parametrize("name", RANDOM)
def test_what_is_random_in_training_has_the_mean_and_deviation_that_it_should(name):
    layer, _ = cases.model_of(keras, name)
    inputs = np.random.RandomState(2).choice([-1.0, 1.0], [400, *cases.CASES[name].shapes[0]]).astype(np.float32)
    value = keras.backend.get_session().run(layer(tf.constant(inputs), training=True))
    assert value.mean() == pytest.approx(0.0, abs=0.1)
    # Half of the variance is the inputs', but for the layer that keeps it as it is.
    assert value.std() == pytest.approx(1.0 if name == "alpha_dropout" else np.sqrt(2.0), rel=0.05)
    assert len(np.unique(value.round(3))) > 2


@pytest.mark.parametrize("name", sorted(cases.CASES))
def test_a_layer_is_made_again_of_its_configuration(name):
    layer, model = _model(name)
    if not isinstance(layer, Layer):
        layer = model.layers[-1]
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    got, want = (cases.as_list(one.predict(_x(name), verbose=0)) for one in (clone, _reset(model)))
    _check(got, want, CLOSE)


def _reset(model):
    cases.reset(model)
    return model


@pytest.mark.parametrize("name", sorted(cases.CASES))
def test_the_shape_of_the_output_is_told_without_calling_the_layer(name):
    layer, model = cases.model_of(keras, name)
    layer = layer if isinstance(layer, Layer) else model.layers[-1]
    shapes = [tensor.shape.as_list() for tensor in model.inputs]
    told = layer.compute_output_shape(shapes if len(shapes) > 1 else tuple(shapes[0]))
    got = [shape.as_list() for shape in (told if isinstance(told, list) else [told])]
    _check_shapes(got, FACTS[name]["shapes"])


@pytest.mark.parametrize("name", sorted(cases.BOUNDS))
def test_a_bound_is_what_it_is_there(name):
    kind, settings, shape = cases.BOUNDS[name]
    bound = keras.constraints.get({"class_name": kind, "config": settings})
    with tf.Session() as session:
        got = session.run(bound(tf.constant(cases.weight_of(shape))))
    _check([got], _wanted("bounds", name), CLOSE)
    assert keras.constraints.deserialize(keras.constraints.serialize(bound)).get_config() == bound.get_config()


@pytest.mark.parametrize("name", sorted(cases.PENALTIES))
def test_a_penalty_is_what_it_is_there(name):
    kind, settings = cases.PENALTIES[name]
    penalty = keras.regularizers.get({"class_name": kind, "config": settings})
    with tf.Session() as session:
        got = session.run(penalty(tf.constant(cases.weight_of((4, 3)))))
    _check([got], _wanted("penalties", name), CLOSE)
    assert keras.regularizers.deserialize(keras.regularizers.serialize(penalty)).get_config() == penalty.get_config()


@pytest.mark.parametrize("name", sorted(cases.ACTIVATIONS))
def test_an_activation_is_what_it_is_there(name):
    function = getattr(keras.activations, name)
    with tf.Session() as session:
        got = session.run(function(tf.constant(3 * cases.weight_of((4, 3))), **cases.ACTIVATIONS[name]))
    _check([got], _wanted("activations", name), CLOSE)


def test_every_layer_has_a_case():
    source = inspect.getsource(cases)
    said = [name for name in keras.layers.__all__ if f"layers.{name}" in source or f'"{name}"' in source]
    bases = {"AbstractRNNCell", "Input", "InputLayer", "InputSpec", "Layer", "StackedRNNCells", "Wrapper"}
    bases |= {"deserialize", "serialize"}
    made = {getattr(keras.layers, name) for name in [*said, *_by_kind()]}
    lacking = [name for name in keras.layers.__all__ if getattr(keras.layers, name) not in made]
    assert set(lacking) <= bases


def _by_kind():
    """The names that the table puts together."""
    kinds = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")
    recurrent = ("SimpleRNN", "LSTM", "GRU")
    pooling = ("GlobalMaxPooling", "GlobalAveragePooling")
    return [
        *kinds,
        *(kind.lower() for kind in kinds),
        *recurrent,
        *(f"{kind}Cell" for kind in recurrent),
        *(f"{kind}{rank}D" for kind in pooling for rank in (1, 2)),
    ]
