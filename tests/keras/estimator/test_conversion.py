"""Estimators made of Keras models."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf
from trackml import keras

X = np.linspace(-1.0, 1.0, 40).astype(np.float32).reshape(20, 2)
Y = (X[:, 0] - 2.0 * X[:, 1] + 0.5).astype(np.float32)


def _model():
    layers = [keras.layers.Dense(1, input_shape=(2,), name="XYZ"), keras.layers.BatchNormalization()]
    model = keras.Sequential(layers)
    model.compile(keras.optimizers.SGD(0.05), "mse", ["mae"])
    return model


def _input_fn():
    return tf.data.Dataset.from_tensor_slices(({"XYZ_input": X}, Y)).batch(20)


def test_an_estimator_goes_on_from_what_the_model_learned(tmp_path):
    model = _model()
    model.fit(X, Y, batch_size=20, epochs=3, verbose=0)
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    estimator.train(lambda: _input_fn().repeat(), max_steps=1)
    model.train_on_batch(X, Y)
    names = ["XYZ/kernel", "XYZ/bias", "batch_normalization/gamma", "batch_normalization/beta"]
    names += ["batch_normalization/moving_mean", "batch_normalization/moving_variance"]
    for name, weight in zip(names, model.get_weights(), strict=True):
        np.testing.assert_allclose(estimator.get_variable_value(name), weight, rtol=1e-5, atol=1e-6, err_msg=name)
    scores = estimator.evaluate(_input_fn)
    expected = model.evaluate(X, Y, batch_size=20, verbose=0)
    assert sorted(scores) == ["global_step", "loss", "mean_absolute_error"]
    np.testing.assert_allclose([scores["loss"], scores["mean_absolute_error"]], expected, rtol=1e-5)
    assert (tmp_path / "keras" / "keras_model.ckpt.index").exists()


def test_labels_of_rank_1_are_not_broadcast(tmp_path):
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(2,), name="XYZ")])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    estimator.train(lambda: _input_fn().repeat(), steps=100)
    assert estimator.evaluate(_input_fn)["loss"] < 1e-2


def test_wide_features_are_cast_to_the_input(tmp_path):
    estimator = keras.estimator.model_to_estimator(_model(), model_dir=str(tmp_path))
    estimator.train(lambda: ({"XYZ_input": X.astype(np.float64)}, Y.astype(np.float64)), steps=2)
    assert estimator.get_variable_value("global_step") == 2


def test_features_of_other_names_are_refused_in_tensorflows_words(tmp_path):
    estimator = keras.estimator.model_to_estimator(_model(), model_dir=str(tmp_path))
    with pytest.raises(KeyError) as caught:
        estimator.train(lambda: ({"XYZ": X}, Y), steps=1)
    said = caught.value.args[0]
    assert said.splitlines()[:4] == [
        "The dictionary passed into features does not have the expected inputs keys defined in the keras model.",
        "\tExpected keys: ['XYZ_input']",
        "\tfeatures keys: ['XYZ']",
        "\tDifference: ['XYZ', 'XYZ_input']",
    ]
    assert "call the feature 'XYZ' 'XYZ_input'" in said
    with pytest.raises(KeyError, match=r"Difference: \['other'\]"):
        estimator.train(lambda: ({"XYZ_input": X, "other": X}, Y), steps=1)


def test_features_may_go_by_their_order(tmp_path):
    estimator = keras.estimator.model_to_estimator(_model(), model_dir=str(tmp_path))
    estimator.train(lambda: (X, Y), steps=1)
    with pytest.raises(ValueError, match=r"has 1 inputs, \['XYZ_input'\]; got 2 features"):
        estimator.train(lambda: tf.data.Dataset.from_tensors(((X, X), Y)), steps=1)
    with pytest.raises(ValueError, match="gives no labels"):
        estimator.train(lambda: {"XYZ_input": X}, steps=1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "Either `keras_model` or `keras_model_path` needs to be provided"),
        ({"keras_model": 1, "keras_model_path": "x"}, "but not both"),
        ({"keras_model": 1, "checkpoint_format": "checkpoint"}, "variables by their names"),
        ({"keras_model": 1, "checkpoint_format": "zip"}, 'must be one of "checkpoint" or "saver". Got zip'),
    ],
)
def test_what_is_not_given_or_twice_is_said(arguments, message):
    with pytest.raises(ValueError, match=message):
        keras.estimator.model_to_estimator(**arguments)


def test_a_model_has_to_be_compiled():
    with pytest.raises(ValueError, match=r"has not been compiled yet\. Please compile"):
        keras.estimator.model_to_estimator(keras.Sequential([keras.layers.Dense(1, input_shape=(2,))]))


def _branches():
    one, two = keras.Input(shape=(2,), name="one"), keras.Input(shape=(1,), name="two")
    shared = keras.layers.Dense(3, activation="tanh", name="shared")
    left = shared(one)
    right = shared(keras.layers.Concatenate(name="both")([two, two]))
    ends = [
        keras.layers.Dense(1, name="value")(keras.layers.Add(name="sum")([left, right])),
        keras.layers.Dense(3, activation="softmax", name="kind")(left),
    ]
    model = keras.Model([one, two], ends)
    losses = {"value": "mse", "kind": "sparse_categorical_crossentropy"}
    model.compile(keras.optimizers.Adam(0.05), losses, {"kind": ["accuracy"]}, loss_weights={"kind": 0.5})
    return model


KINDS = (np.arange(20) % 3).astype(np.int64)


def test_several_inputs_and_outputs_go_by_their_names(tmp_path):
    model = _branches()
    inputs, targets = {"one": X, "two": X[:, :1]}, {"value": Y, "kind": KINDS}
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    estimator.train(lambda: tf.data.Dataset.from_tensor_slices((inputs, targets)).batch(20).repeat(), max_steps=3)
    for _ in range(3):
        model.train_on_batch(inputs, targets)
    scores = estimator.evaluate(lambda: tf.data.Dataset.from_tensor_slices((inputs, targets)).batch(20))
    expected = dict(zip(model.metrics_names, model.evaluate(inputs, targets, batch_size=20, verbose=0)))
    assert scores["loss"] == pytest.approx(expected["loss"], rel=1e-5)
    assert scores["kind_acc"] == pytest.approx(expected["kind_acc"])
    rows = list(estimator.predict(lambda: tf.data.Dataset.from_tensor_slices(inputs).batch(20)))
    assert {name: value.shape for name, value in rows[0].items()} == {"value": (1,), "kind": (3,)}
    np.testing.assert_allclose([row["value"] for row in rows], model.predict(inputs)[0], rtol=1e-4, atol=1e-6)


def test_labels_of_other_names_are_refused(tmp_path):
    estimator = keras.estimator.model_to_estimator(_branches(), model_dir=str(tmp_path))
    with pytest.raises(KeyError, match="dictionary passed into labels does not have the expected outputs keys"):
        estimator.train(lambda: ({"one": X, "two": X[:, :1]}, {"value": Y, "sort": KINDS}), steps=1)
    with pytest.raises(ValueError, match="has 2 outputs"):
        estimator.train(lambda: ({"one": X, "two": X[:, :1]}, (Y, Y, Y)), steps=1)


def test_an_output_without_a_loss_needs_no_labels(tmp_path):
    x = keras.Input(shape=(2,), name="x")
    model = keras.Model(x, [keras.layers.Dense(1, name="a")(x), keras.layers.Dense(1, name="b")(x)])
    model.compile("sgd", {"a": "mse"})
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    estimator.train(lambda: ({"x": X}, {"a": Y}), steps=1)
    estimator.train(lambda: ({"x": X}, Y), steps=1)
    assert sorted(next(iter(estimator.predict(lambda: {"x": X}, yield_single_examples=False)))) == ["a", "b"]


def test_examples_are_weighted(tmp_path):
    model = _model()
    weights = np.linspace(0.0, 3.0, 20).astype(np.float32)
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    features = {"features": {"XYZ_input": X}, "sample_weights": weights}
    data = tf.data.Dataset.from_tensor_slices
    estimator.train(lambda: data((features, Y)).batch(20), steps=1)
    model.train_on_batch(X, Y, sample_weight=weights)
    scores = estimator.evaluate(lambda: data((features, Y)).batch(20))
    expected = model.evaluate(X, Y, batch_size=20, sample_weight=weights, verbose=0)
    assert scores["loss"] == pytest.approx(expected[0], rel=1e-4)


@pytest.mark.parametrize("form", [lambda w: {"a": w}, lambda w: (w, w), lambda w: w[:, None]])
def test_weights_may_be_told_for_each_output(form, tmp_path):
    x = keras.Input(shape=(2,), name="x")
    model = keras.Model(x, [keras.layers.Dense(1, name="a")(x), keras.layers.Dense(1, name="b")(x)])
    model.compile("sgd", "mse")
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    features = {"features": {"x": X}, "sample_weights": form(np.ones(20, np.float32))}
    estimator.train(lambda: tf.data.Dataset.from_tensors((features, {"a": Y, "b": Y})), steps=1)
    wrong = {"features": {"x": X}, "sample_weights": {"c": Y}}
    with pytest.raises(ValueError, match=r"\['c'\]"):
        estimator.train(lambda: (wrong, {"a": Y, "b": Y}), steps=1)
