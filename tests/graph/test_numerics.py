"""NaN and infinity are traced to the operation that made them first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.graph.plan import Plan


def failure(make: Callable[[], Any], feed: Callable[[], dict[Any, Any]] = dict) -> str:
    """What a session that debugs numerics says."""
    with tf.Graph().as_default(), tf.Session(debug_numerics=True) as session:
        fetches = make()
        session.run(tf.global_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            session.run(fetches, feed())
    return str(caught.value.message)


def test_the_first_operation_is_named_with_its_inputs_and_the_line() -> None:
    def make() -> tf.Tensor:
        x = tf.placeholder_with_default(tf.constant([4.0, 0.0, -1.0, 9.0]), [4])
        doubled = tf.multiply(x, 2.0, name="doubled")
        logarithm = tf.log(doubled, name="logarithm")
        return tf.reduce_sum(tf.sqrt(logarithm)) + 1.0

    message = failure(make)
    assert message.startswith(
        "'logarithm' (Log) made 1 NaN and 1 infinite of 4 elements of 'logarithm:0'. Inputs: 'doubled:0' (float32[4] "
        "from -2 to 18, mean 6, 1 zeros)."
    )
    assert "test_numerics.py" in message
    assert 'logarithm = tf.log(doubled, name="logarithm")' in message


def test_infinity_that_becomes_nan_is_made_where_it_is_made() -> None:
    def make() -> tf.Tensor:
        x = tf.placeholder_with_default(tf.constant([1.0, 2.0]), [2])
        infinite = tf.concat([x, tf.constant([np.inf], tf.float32)], 0)
        return tf.subtract(infinite, tf.reverse(infinite, [0]) * 1e9, name="ok") * tf.zeros([3], name="none")

    assert failure(make).startswith("'mul_1' (Mul) made 2 NaN of 3 elements")


def test_constants_may_be_infinite() -> None:
    with tf.Graph().as_default(), tf.Session(debug_numerics=True) as session:
        scores = tf.placeholder_with_default(tf.constant([1.0, 2.0]), [2])
        masked = tf.where([True, False], scores, tf.fill([2], -np.inf))
        assert session.run(tf.nn.softmax(masked)).tolist() == [1.0, 0.0]


def test_what_was_fed_is_named() -> None:
    with tf.Graph().as_default(), tf.Session(debug_numerics=True) as session:
        x = tf.placeholder(tf.float32, [3], name="x")
        total = tf.reduce_sum(x)
        with pytest.raises(
            tf.errors.InvalidArgumentError, match=r"2 NaN were fed for 'x:0'; 'x:0' \(float32\[3\] from 1"
        ):
            session.run(total, {x: [1.0, np.nan, np.nan]})


def test_what_a_dataset_gives_is_named() -> None:
    def make() -> tf.Tensor:
        rows = tf.data.Dataset.from_tensor_slices(np.array([[1.0, np.nan]], np.float32))
        return rows.make_one_shot_iterator().get_next() * 2.0

    assert failure(make).startswith("'IteratorGetNext' (IteratorGetNext) made 1 NaN of 2 elements")


def test_inside_of_a_loop_the_operation_of_the_body_is_named() -> None:
    def make() -> Any:
        return tf.while_loop(lambda i: i < 3.0, lambda i: tf.log(i - 3.0, name="inside"), [tf.constant(2.5)])

    assert "inside' (Log) made 1 NaN of 1 elements" in failure(make)


def test_a_gradient_that_is_not_finite_is_traced_to_its_operation() -> None:
    def make() -> Any:
        weights = tf.get_variable("weights", [2], initializer=tf.zeros_initializer())
        loss = tf.reduce_sum(tf.sqrt(weights))
        return tf.train.GradientDescentOptimizer(0.1).minimize(loss)

    message = failure(make)
    assert message.startswith("'gradients/Sqrt_grad/SqrtGrad' (SqrtGrad) made 2 infinite of 2 elements")
    assert "minimize" in message


def test_an_update_that_is_not_finite_is_found_where_the_variable_is_read() -> None:
    with tf.Graph().as_default(), tf.Session(debug_numerics=True) as session:
        weights = tf.get_variable("weights", [2], initializer=tf.ones_initializer())
        rate = tf.placeholder(tf.float32, [])
        update = tf.train.GradientDescentOptimizer(rate).minimize(tf.reduce_sum(weights * 1e30))
        session.run(tf.global_variables_initializer())
        session.run(update, {rate: 1e30})
        with pytest.raises(
            tf.errors.InvalidArgumentError, match=r"'weights/Read/ReadVariableOp' \(ReadVariableOp\) made"
        ):
            session.run(weights)


def test_a_plan_without_it_has_the_kernels_alone() -> None:
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [2])
        y = tf.log(x)
        with tf.Session() as session, tf.Session(debug_numerics=True) as watching:
            assert session.runtime.watch is None
            kernel = y.op.spec.kernel
            assert kernel in Plan([y], [x], session.runtime)._step.__globals__.values()
            assert kernel not in Plan([y], [x], watching.runtime)._step.__globals__.values()
            assert np.isnan(session.run(y, {x: [-1.0, 1.0]})[0])
        graph.debug_numerics = True
        with tf.Session() as session:
            assert session.runtime.watch is not None
        with tf.Session(debug_numerics=False) as session:
            assert session.runtime.watch is None


def test_a_run_config_with_it_names_the_operation_of_the_model(tmp_path: Path) -> None:
    def model_fn(features: Any, labels: Any, mode: str) -> tf.estimator.EstimatorSpec:
        shift = tf.get_variable("shift", [], initializer=tf.zeros_initializer())
        loss = tf.reduce_mean(tf.log(features - 2.0 + shift, name="wrong"))
        train = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train)

    def rows() -> Any:
        return tf.data.Dataset.from_tensor_slices(np.array([3.0, 1.0], np.float32)).batch(2)

    config = tf.estimator.RunConfig(debug_numerics=True)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"'wrong' \(Log\) made 1 NaN of 2 elements"):
        tf.estimator.Estimator(model_fn, tmp_path, config).train(rows, steps=1)
    with pytest.raises(tf.train.NanLossDuringTrainingError):
        tf.estimator.Estimator(model_fn, tmp_path).train(rows, steps=1)


def test_check_numerics_ops_find_the_first_tensor() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [2], name="x")
        root = tf.sqrt(x, name="root")
        total = tf.reduce_sum(root, name="total")
        check = tf.add_check_numerics_ops()
        session.run([total, check], {x: [1.0, 4.0]})
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"root:0 : Tensor had NaN values.*by op 'root'"):
            session.run([total, check], {x: [1.0, -4.0]})


def test_verified_tensors_are_as_they_were_unless_they_are_not_finite() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [2])
        verified = tf.verify_tensor_all_finite(x, "must be finite")
        assert session.run(verified, {x: [1.0, 2.0]}).tolist() == [1.0, 2.0]
        with pytest.raises(tf.errors.InvalidArgumentError, match="must be finite : Tensor had Inf and NaN values"):
            session.run(verified, {x: [np.nan, np.inf]})
