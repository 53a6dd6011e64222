"""The logits of premade models in model functions of one's own."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf

experimental = tf.estimator.experimental
X = tf.feature_column.numeric_column("x")
FEATURES = {"x": np.arange(4, dtype=np.float32)[:, np.newaxis]}


def test_functions_get_the_arguments_that_they_have_parameters_for():
    seen = {}

    def logit_fn(features, mode, params):
        seen.update(features=features, mode=mode, params=params)
        return tf.constant(1.0)

    with tf.Graph().as_default():
        result = experimental.call_logit_fn(logit_fn, {"x": 1}, "train", {"a": 2}, None)
    assert result.name == "Const:0"
    assert seen == {"features": {"x": 1}, "mode": "train", "params": {"a": 2}}


@pytest.mark.parametrize("given", [3, {"a": 3}, None])
def test_what_is_no_logits_is_refused(given):
    with pytest.raises(ValueError, match="should return a Tensor or a dictionary"):
        experimental.call_logit_fn(lambda features: given, {}, "train", None, None)


def test_deep_logits_are_those_of_a_premade_model(tmp_path):
    def model_fn(features, labels, mode):
        build = experimental.dnn_logit_fn_builder(2, [3], [X])
        with tf.variable_scope("dnn"):
            logits = experimental.call_logit_fn(build, features, mode, None, None)
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})

    premade = tf.estimator.DNNRegressor([3], [X], str(tmp_path), label_dimension=2)
    data = tf.estimator.inputs.numpy_input_fn(FEATURES, np.zeros([4, 2]), shuffle=False)
    premade.train(data, steps=1)
    own = tf.estimator.Estimator(model_fn, str(tmp_path))
    wanted = [item["predictions"] for item in premade.predict(data)]
    np.testing.assert_array_equal([item["logits"] for item in own.predict(data)], wanted)


def test_linear_logits_are_a_weighted_sum():
    with tf.Graph().as_default(), tf.Session() as session:
        logits = experimental.linear_logit_fn_builder(1, [X])(FEATURES)
        session.run(tf.global_variables_initializer())
        weights, bias = tf.trainable_variables()
        weights.load([[2.0]], session)
        bias.load([1.0], session)
        np.testing.assert_array_equal(session.run(logits), [[1], [3], [5], [7]])


@pytest.mark.parametrize(
    "build", [experimental.linear_logit_fn_builder, lambda n, c: experimental.dnn_logit_fn_builder(n, [2], c)]
)
def test_the_number_of_logits_is_a_number(build):
    with pytest.raises(ValueError, match="units must be an int"):
        build({"a": 1}, [X])
