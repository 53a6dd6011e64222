"""Mistakes in model functions: each message says what, and leads to the user's line."""

from __future__ import annotations

import functools
import inspect

import numpy as np
import pytest

import trackml as tf


def line_of(function, text):
    """The number of the line of `function` that holds `text`."""
    lines, first = inspect.getsourcelines(function)
    return first + next(number for number, line in enumerate(lines) if text in line)


@pytest.fixture
def fails(slope, slope_input):
    """Trains a model function one step, which must fail, and gives the message."""

    def message(model_fn, input_fn=None, kind=ValueError):
        with pytest.raises(kind) as raised:
            slope(model_fn).train(input_fn or slope_input(), steps=1)
        return str(raised.value)

    return message


def test_returning_nothing_names_the_function_and_its_line(fails):
    def forgetful(features, labels, mode):
        tf.estimator.EstimatorSpec(mode, loss=tf.constant(1.0), train_op=tf.no_op())

    message = fails(forgetful)
    assert message.startswith("model_fn should return an EstimatorSpec")
    assert f"forgetful ({__file__}:{line_of(forgetful, 'def forgetful')}) returned None" in message


def test_a_loss_of_many_elements_names_the_op_and_the_line(fails):
    def per_example(features, labels, mode):
        loss = tf.square(tf.constant([1.0, 2.0]), name="distance")
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.no_op())

    message = fails(per_example)
    assert message.startswith("Loss must be scalar, given: ")
    assert "op 'distance' (Square of float32[2]" in message
    assert f"{__file__}:{line_of(per_example, 'distance')} in per_example" in message


def test_a_loss_of_unknown_length_fails_in_the_step_with_the_line(fails):
    def per_example(features, labels, mode):
        loss = tf.square(features - labels)
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.no_op())

    message = fails(per_example, kind=tf.errors.InvalidArgumentError)
    assert "4 values" in message
    assert f"{__file__}:{line_of(per_example, 'EstimatorSpec')} in per_example" in message


def test_features_of_a_wrong_shape_name_the_op_the_shapes_and_the_line(fails):
    def dense(features, labels, mode):
        weights = tf.get_variable("weights", [3, 1])
        output = tf.matmul(features, weights, name="output")
        return tf.estimator.EstimatorSpec(mode, loss=tf.reduce_sum(output), train_op=tf.no_op())

    message = fails(dense, lambda: (np.ones([5, 2], np.float32), np.ones([5, 1], np.float32)))
    assert "op 'output' (MatMul of float32[5, 2], float32[3, 1]" in message
    assert f"{__file__}:{line_of(dense, 'matmul')} in dense: output = tf.matmul(features, weights" in message


def test_a_shape_that_shows_only_in_the_step_names_the_op_and_the_line(fails):
    def dense(features, labels, mode):
        loss = tf.reduce_sum(tf.subtract(features, tf.ones([3]), name="difference"))
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.no_op())

    message = fails(dense, kind=tf.errors.InvalidArgumentError)
    assert "op 'difference' (Sub of float32[?], float32[3]" in message
    assert f"{__file__}:{line_of(dense, 'subtract')} in dense" in message


@pytest.mark.parametrize("make", [lambda f: f, lambda f: functools.partial(f, more=1)])
def test_an_unknown_parameter_is_refused_at_once(slope, make):
    def model_fn(features, labels, mode, learning_rate, more=None):
        raise AssertionError("never called")

    with pytest.raises(ValueError, match=r"has following not expected args: .*'learning_rate'.* Allowed: "):
        slope(make(model_fn))


def test_a_parameter_that_a_partial_fills_is_known(slope, slope_model, slope_input):
    def model_fn(features, labels, mode, scale):
        return slope_model(scale * features, labels, mode)

    estimator = slope(functools.partial(model_fn, scale=2.0))
    assert estimator.evaluate(slope_input(batches=1))["loss"] == 9.0


def test_features_must_be_taken(slope):
    with pytest.raises(ValueError, match="must include features argument"):
        slope(lambda labels, mode: None)


def test_labels_that_are_not_taken_are_refused(fails):
    def unlabelled(features, mode):
        raise AssertionError("never called")

    message = fails(unlabelled)
    assert message.startswith("model_fn does not take labels, but input_fn returns labels.")
    assert f"unlabelled ({__file__}:{line_of(unlabelled, 'def unlabelled')})" in message


def test_params_must_be_taken_where_they_are_given(model_dir):
    with pytest.raises(ValueError, match="does not include params argument, but params"):
        tf.estimator.Estimator(lambda features: None, model_dir, params={"a": 1})


def test_what_is_no_function_is_refused(slope):
    with pytest.raises(ValueError, match="model_fn must be a function; got 'model'"):
        slope("model")


def test_an_error_of_the_model_function_itself_comes_through(fails):
    def broken(features, labels, mode):
        return features["missing"]

    assert "missing" in fails(broken, lambda: ({"x": [1.0]}, [1.0]), kind=KeyError)


def test_a_tensor_kept_from_an_earlier_call_is_refused(slope, slope_input):
    kept = []

    def model_fn(features, labels, mode):
        kept.append(tf.reduce_sum(features, name="kept"))
        return tf.estimator.EstimatorSpec(mode, loss=kept[0])

    estimator = slope(model_fn)
    estimator.evaluate(slope_input(batches=1))
    with pytest.raises(ValueError, match='loss with "kept:0" must be from the default graph'):
        estimator.evaluate(slope_input(batches=1))


def test_a_variable_without_an_initial_value_is_named(slope, slope_model, slope_input):
    def model_fn(features, labels, mode):
        tf.get_variable("outside", [], collections=["mine"])
        return slope_model(features + tf.get_collection("mine")[0], labels, mode)

    with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value outside"):
        slope(model_fn).train(slope_input(), steps=1)
