"""Assertions in plans: what is known to hold costs nothing, bounds cost one pass, and errors stay what they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import trackml as tf


@pytest.fixture(autouse=True)
def graph() -> Iterator[tf.Graph]:
    with tf.Graph().as_default() as graph:
        yield graph


def checked(x: Any, highest: int = 4) -> Any:
    """`x + 0` behind assertions that it is from 0 to `highest`."""
    high = tf.assert_less_equal(x, np.array(highest, x.dtype.as_numpy_dtype), message="too high")
    low = tf.assert_non_negative(x, message="too low")
    with tf.control_dependencies([high, low]):
        return x + 0


def types_run(session: tf.Session) -> list[str]:
    return [op.type for plan in session._plans.values() for op in plan.steps]


@pytest.mark.parametrize("dtype", [tf.int64, tf.int32])
@pytest.mark.parametrize("shape", [(3,), (3, 1)])
def test_both_bounds_are_one_check(dtype: Any, shape: Any) -> None:
    x = tf.placeholder(dtype, [None] * len(shape))
    y = checked(x)
    with tf.Session() as session:
        assert session.run(y, {x: np.reshape([0, 4, 2], shape)}).ravel().tolist() == [0, 4, 2]
        assert types_run(session) == ["Assert", "AddV2"]


@pytest.mark.parametrize(
    "values", [[0, 5, 1], [-1, 2, 3], [5, -1, 0], [-(2**63), 0, 1], [2**62, 0, 1]], ids=lambda values: str(values[0])
)
def test_errors_are_those_of_the_operations_one_by_one(values: list[int]) -> None:
    x = tf.placeholder(tf.int64, [None])
    y = checked(x)
    with tf.Session() as session, tf.Session(debug_numerics=True) as plain:
        with pytest.raises(tf.errors.InvalidArgumentError) as found:
            session.run(y, {x: values})
        with pytest.raises(tf.errors.InvalidArgumentError) as expected:
            plain.run(y, {x: values})
        assert str(found.value) == str(expected.value)
        assert found.value.op is expected.value.op
        assert session.run(y, {x: [1, 2, 3]}).tolist() == [1, 2, 3]


def test_no_elements_are_in_all_bounds() -> None:
    x = tf.placeholder(tf.int64, [None])
    y = checked(x)
    with tf.Session() as session:
        assert session.run(y, {x: np.zeros(0, np.int64)}).shape == (0,)
        assert session.run(y, {x: [1]}).tolist() == [1]


def test_bounds_that_are_fed_are_compared_as_they_are() -> None:
    x, highest = tf.placeholder(tf.int64, [None]), tf.placeholder(tf.int64, [])
    with tf.control_dependencies([tf.assert_less_equal(x, highest), tf.assert_non_negative(x)]):
        y = x + 0
    with tf.Session() as session:
        assert session.run(y, {x: [3], highest: 3}).tolist() == [3]
        with pytest.raises(tf.errors.InvalidArgumentError):
            session.run(y, {x: [3], highest: 2})


def test_floats_are_compared_as_they_are() -> None:
    x = tf.placeholder(tf.float32, [None])
    y = checked(x)
    with tf.Session() as session:
        assert session.run(y, {x: [0.5]}).tolist() == [0.5]
        for wrong in (-0.5, 4.5, np.nan):
            with pytest.raises(tf.errors.InvalidArgumentError):
                session.run(y, {x: [wrong]})


def test_what_happens_between_two_assertions_keeps_them_apart() -> None:
    x = tf.placeholder(tf.int64, [None])
    count = tf.get_variable("count", initializer=0)
    with tf.control_dependencies([tf.assert_less_equal(x, np.int64(4))]):
        counted = count.assign_add(1, read_value=False)
    with tf.control_dependencies([counted]):
        low = tf.assert_non_negative(x)
    with tf.Session() as session:
        session.run(count.initializer)
        for values in ([9], [-1]):
            with pytest.raises(tf.errors.InvalidArgumentError):
                session.run(low, {x: values})
        assert session.run(count) == 1


def test_assertions_about_shapes_are_settled_when_shapes_are_known() -> None:
    x, y = tf.placeholder(tf.float32, [None]), tf.placeholder(tf.float32, [None])
    with tf.control_dependencies([tf.assert_equal(tf.shape(x), tf.shape(y), message="shapes")]):
        total = x + y
    with tf.Session() as session:
        assert session.run(total, {x: [1.0], y: [2.0]}).tolist() == [3.0]
        assert types_run(session) == ["AddV2"]
        with pytest.raises(tf.errors.InvalidArgumentError, match="shapes"):
            session.run(total, {x: [1.0], y: [1.0, 2.0]})
