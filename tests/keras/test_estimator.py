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


def test_a_feature_that_no_input_is_called_is_named(tmp_path):
    estimator = keras.estimator.model_to_estimator(_model(), model_dir=str(tmp_path))
    with pytest.raises(KeyError, match=r"XYZ_input.*'XYZ'"):
        estimator.train(lambda: ({"XYZ": X}, Y), steps=1)


def test_a_model_has_to_be_compiled():
    with pytest.raises(ValueError, match="not been compiled"):
        keras.estimator.model_to_estimator(keras.Sequential([keras.layers.Dense(1, input_shape=(2,))]))
