"""Checks of values: at run time, at once where values are known, and the texts of their errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.ops.tensor_text import edge_text, short_text

Invalid = tf.errors.InvalidArgumentError

COMPARED: dict[str, tuple[Callable[..., Any], list[tuple[Any, Any]], list[tuple[Any, Any]]]] = {
    "assert_equal": (tf.assert_equal, [(1.0, 1.0), ([1.0, 1.0], 1.0)], [(1.0, 2.0), ([1.0, 2.0], 1.0)]),
    "assert_none_equal": (tf.assert_none_equal, [(1.0, 2.0)], [([1.0, 2.0], 1.0)]),
    "assert_less": (tf.assert_less, [(1.0, 2.0)], [(1.0, 1.0)]),
    "assert_less_equal": (tf.assert_less_equal, [(1.0, 1.0)], [([1.0, 3.0], 2.0)]),
    "assert_greater": (tf.assert_greater, [(2.0, 1.0)], [(1.0, 1.0)]),
    "assert_greater_equal": (tf.assert_greater_equal, [(1.0, 1.0), ([], [])], [(1.0, 2.0)]),
    "assert_near": (tf.assert_near, [(1.0, 1.0 + 1e-7)], [(1.0, 1.001)]),
}
SIGNED: dict[str, tuple[Callable[..., Any], list[Any], list[Any]]] = {
    "assert_negative": (tf.assert_negative, [[-1.0]], [[0.0]]),
    "assert_positive": (tf.assert_positive, [[1.0], []], [[0.0]]),
    "assert_non_negative": (tf.assert_non_negative, [[0.0, 1.0]], [[-1.0]]),
    "assert_non_positive": (tf.assert_non_positive, [[0.0, -1.0]], [[1.0]]),
}


@pytest.mark.parametrize("name", COMPARED)
def test_comparison_holds_or_fails_at_run_time(name: str) -> None:
    check, right, wrong = COMPARED[name]
    with tf.Graph().as_default(), tf.Session() as session:
        x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
        op = check(x, y)
        for left, other in right:
            session.run(op, {x: left, y: other})
        for left, other in wrong:
            with pytest.raises(Invalid, match="assertion failed"):
                session.run(op, {x: left, y: other})


@pytest.mark.parametrize("name", SIGNED)
def test_sign_holds_or_fails_at_run_time(name: str) -> None:
    check, right, wrong = SIGNED[name]
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None])
        op = check(x)
        for value in right:
            session.run(op, {x: value})
        for value in wrong:
            with pytest.raises(Invalid, match="did not hold element-wise"):
                session.run(op, {x: value})


@pytest.mark.parametrize("name", sorted(set(COMPARED) - {"assert_near"}))
def test_known_values_fail_while_the_graph_is_built(name: str) -> None:
    check, right, wrong = COMPARED[name]
    with tf.Graph().as_default():
        for values in right:
            check(*(np.array(value, np.float32) for value in values))
        for values in wrong:
            with pytest.raises(Invalid, match="did not hold element-wise"):
                check(*values)


def test_the_text_of_a_failed_comparison_is_tensorflows() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [3, 4], name="x")
        op = tf.assert_equal(x, 1.0, message="hey")
        text = (
            r"assertion failed: \[hey\] \[Condition x == y did not hold element-wise:\] \[x \(x:0\) = \] "
            r"\[\[0 0.333333343 0.666666687...\]...\] \[y \(assert_equal_1/y:0\) = \] \[1\]"
        )
        with pytest.raises(Invalid, match=text):
            session.run(op, {x: np.arange(12).reshape(3, 4) / 3})
        with pytest.raises(Invalid) as known:
            tf.assert_equal([1.0, 2.0], 2.0)
    assert str(known.value) == (
        "Condition x == y did not hold element-wise:\n"
        "x (assert_equal_3/x:0) = \n[1. 2.]\ny (assert_equal_3/y:0) = \n2.0"
    )


def test_data_replaces_what_the_message_shows() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.int32, [None])
        op = tf.assert_less(x, 3, data=["rows are", x], summarize=1)
        with pytest.raises(Invalid, match=r"assertion failed: \[rows are\] \[5...\]"):
            session.run(op, {x: [5, 6]})


def test_a_check_guards_what_waits_for_it() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [])
        with tf.control_dependencies([tf.assert_positive(x)]):
            root = tf.sqrt(x)
        assert session.run(root, {x: 4.0}) == 2.0
        with pytest.raises(Invalid, match=r"Condition x > 0 did not hold.*test_checks.py"):
            session.run(root, {x: -4.0})


def test_the_same_tensor_is_equal_to_itself() -> None:
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [])
        assert tf.assert_equal(x, x).type == "NoOp"


RANKS: dict[str, tuple[Callable[[Any], Any], bool]] = {
    "assert_rank": (lambda x: tf.assert_rank(x, 2), True),
    "assert_rank wrong": (lambda x: tf.assert_rank(x, 1), False),
    "assert_rank_at_least": (lambda x: tf.assert_rank_at_least(x, 1), True),
    "assert_rank_at_least wrong": (lambda x: tf.assert_rank_at_least(x, 3), False),
    "assert_rank_in": (lambda x: tf.assert_rank_in(x, [0, 2]), True),
    "assert_rank_in wrong": (lambda x: tf.assert_rank_in(x, (0, 1)), False),
}


@pytest.mark.parametrize("name", RANKS)
def test_ranks_are_checked_as_soon_as_they_are_known(name: str) -> None:
    check, holds = RANKS[name]
    with tf.Graph().as_default(), tf.Session() as session:
        known, unknown = tf.placeholder(tf.float32, [None, 2]), tf.placeholder(tf.float32)
        later = check(unknown)
        if holds:
            assert check(known).type == "NoOp"
            session.run(later, {unknown: np.zeros((1, 2))})
            return
        with pytest.raises(ValueError, match=r"must have rank .*Received rank 2, shape \(\?, 2\)"):
            check(known)
        with pytest.raises(Invalid, match=r"must have rank.*Received shape: \] \[1 2\]"):
            session.run(later, {unknown: np.zeros((1, 2))})


def test_types_are_checked_while_the_graph_is_built() -> None:
    with tf.Graph().as_default():
        assert tf.assert_integer(tf.constant(1)).type == "NoOp"
        assert tf.assert_type(tf.constant(1.0), tf.float32).type == "NoOp"
        with pytest.raises(TypeError, match=r'Expected "x" to be integer type.  Found: Const_2:0 of dtype'):
            tf.assert_integer(tf.constant(1.0))
        with pytest.raises(TypeError, match=r"must be of type tf\.int32"):
            tf.assert_type(tf.constant(1.0), tf.int32)


@pytest.mark.parametrize(("value", "found"), [(np.inf, "Inf"), (np.nan, "NaN"), ([np.nan, -np.inf], "Inf and NaN")])
def test_numbers_that_are_none_are_found(value: Any, found: str) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32)
        for checked in (tf.check_numerics(x, "loss"), tf.verify_tensor_all_finite(x, "loss")):
            assert session.run(checked, {x: 1.0}) == 1.0
            with pytest.raises(Invalid, match=f"loss : Tensor had {found} values"):
                session.run(checked, {x: value})


# What TensorFlow 1.15 shows of the same arrays.
NINTHS = np.arange(12, dtype=np.float32).reshape(3, 4) / 3
SHORT = [
    (NINTHS, 1, "[0...]..."),
    (NINTHS, 3, "[0 0.333333343 0.666666687...]..."),
    (NINTHS, 4, "[0 0.333333343 0.666666687 1]..."),
    (NINTHS, 5, "[0 0.333333343 0.666666687 1][1.33333337...]..."),
    (NINTHS[:1], -1, "[0 0.333333343 0.666666687 1]"),
    (NINTHS[0], 2, "0 0.333333343..."),
    (np.array([True, False]), 3, "1 0"),
    (np.array([b"a\n'\"\\\xc3\xa9", b"b"], object), 3, "a\\n\\'\\\"\\\\\\303\\251 b"),
    (np.float64(1 / 3), 3, "0.33333333333333331"),
    (np.float16(1 / 3), 3, "0.333251953"),
    (np.float32(1e10), 3, "1e+10"),
    (np.float64(1e10), 3, "10000000000"),
    (np.float32(1234567), 3, "1234567"),
    (np.float32(0.1), 3, "0.1"),
    (np.array([np.nan, np.inf, -np.inf], np.float32), 3, "nan inf -inf"),
]
EDGES = [
    (NINTHS, 1, "[[0 ... 1]\n ...\n [2.66666675 ... 3.66666675]]"),
    (np.array([b"a", b"b"], object), 3, '["a" "b"]'),
    (np.array(b"s", object), 3, '"s"'),
    (np.arange(8).reshape(2, 2, 2), 3, "[[[0 1]\n  [2 3]]\n\n [[4 5]\n  [6 7]]]"),
    (np.arange(9), 3, "[0 1 2 ... 6 7 8]"),
    (np.zeros((0, 2)), 3, "[]"),
]


@pytest.mark.parametrize(("array", "count", "text"), SHORT)
def test_first_elements_as_tensorflow_shows_them(array: Any, count: int, text: str) -> None:
    assert short_text(array, count) == text


@pytest.mark.parametrize(("array", "count", "text"), EDGES)
def test_edges_as_tensorflow_shows_them(array: Any, count: int, text: str) -> None:
    assert edge_text(array, count) == text


def test_what_may_be_fed_is_not_checked_while_the_graph_is_built() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder_with_default(-1, [])
        check = tf.assert_positive(x)
        session.run(check, {x: 1})
        with pytest.raises(Invalid):
            session.run(check)
