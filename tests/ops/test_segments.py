"""Segments: first and second gradients, unknown sizes, and what is refused. Values are in test_sparse_golden."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.testing import assert_gradients

X = np.random.default_rng(3).permutation(np.linspace(-2.0, 2.3, 12)).reshape(6, 2)
SORTED = [0, 0, 1, 3, 3, 3]
MIXED = [4, 0, -1, 0, 2, 2]
PICKED = [5, 0, 0, 2]
ROWS = [0, 0, 0, 2]

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    **{f"segment_{kind}": lambda x, kind=kind: getattr(tf, f"segment_{kind}")(x, SORTED)
       for kind in ("sum", "mean", "prod", "max", "min")},
    **{f"unsorted_segment_{kind}": lambda x, kind=kind: getattr(tf, f"unsorted_segment_{kind}")(x, MIXED, 5)
       for kind in ("sum", "mean", "sqrt_n", "prod")},
    # Empty segments hold the least number there is, whose square has no difference quotient.
    **{f"unsorted_segment_{kind}": lambda x, kind=kind: getattr(tf, f"unsorted_segment_{kind}")(x, MIXED, 5)[4]
       for kind in ("max", "min")},
    **{f"sparse_segment_{kind}": lambda x, kind=kind: getattr(tf, f"sparse_segment_{kind}")(x, PICKED, ROWS)
       for kind in ("sum", "mean", "sqrt_n")},
    **{f"sparse_segment_{kind}_sized":
       lambda x, kind=kind: getattr(tf, f"sparse_segment_{kind}")(x, PICKED, ROWS, num_segments=4)
       for kind in ("sum", "mean", "sqrt_n")},
}  # fmt: skip


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_gradients(name: str, known: bool) -> None:
    assert_gradients(lambda x: tf.square(FUNCTIONS[name](x)), [X], static_shapes=known)


@pytest.mark.parametrize("name", ["segment_prod", "unsorted_segment_prod"])
def test_gradients_of_products_with_a_zero(name: str) -> None:
    zero = X.copy()
    zero[1] = 0.0
    assert_gradients(FUNCTIONS[name], [zero], order=1)


def test_ids_of_several_axes() -> None:
    ids = [[1, 0], [1, -1], [0, 0]]
    x = X.reshape(3, 2, 2)
    assert_gradients(lambda x: tf.square(tf.unsorted_segment_sum(x, ids, 2)), [x])
    assert_gradients(lambda x: tf.square(tf.unsorted_segment_mean(x, ids, 2)), [x])
    assert_gradients(lambda x: tf.square(tf.unsorted_segment_prod(x, ids, 2)), [x])


SHAPES: dict[str, tuple[Callable[[Any, Any], Any], list[int | None]]] = {
    "sorted": (lambda x, ids: tf.segment_max(x, ids), [None, 2]),
    "unsorted": (lambda x, ids: tf.unsorted_segment_max(x, ids, 7), [7, 2]),
    "sparse": (lambda x, ids: tf.sparse_segment_mean(x, ids, ids), [None, 2]),
    "sparse sized": (lambda x, ids: tf.sparse_segment_mean(x, ids, ids, num_segments=3), [3, 2]),
}


@pytest.mark.parametrize("case", SHAPES)
def test_shapes(case: str) -> None:
    make, expected = SHAPES[case]
    with tf.Graph().as_default():
        ids = tf.placeholder(tf.int32, [None])
        assert make(tf.placeholder(tf.float32, [None, 2]), ids).shape.as_list() == expected
        assert make(tf.placeholder(tf.float32), ids).shape.ndims is None


REFUSED: dict[str, tuple[Callable[[Any], Any], Any, str]] = {
    "ids that fall": (lambda ids: tf.segment_sum([1.0, 2.0], ids), [1, 0], "segment ids are not increasing"),
    "negative ids": (lambda ids: tf.segment_mean([1.0, 2.0], ids), [-1, 0], "segment ids must be >= 0"),
    "too few ids": (lambda ids: tf.segment_max([1.0, 2.0], ids), [0], "same size as dimension 0 of input"),
    "ids that are too large": (
        lambda ids: tf.unsorted_segment_prod([1.0, 2.0], ids, 3),
        [0, 3],
        r"segment_ids\[1\] = 3 is out of range \[0, 3\)",
    ),
    "rows that are not there": (
        lambda rows: tf.sparse_segment_sum([1.0, 2.0], rows, [0, 0]),
        [0, 2],
        r"indices\[1\] == 2 out of range \[0, 2\)",
    ),
    "more segments than there are": (
        lambda ids: tf.sparse_segment_mean([1.0, 2.0], [0, 1], ids, num_segments=2),
        [0, 2],
        "segment ids must be < num_segments",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_mistakes_in_ids(case: str) -> None:
    make, ids, message = REFUSED[case]
    with tf.Graph().as_default(), tf.Session() as session:
        fed = tf.placeholder(tf.int32, [None])
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            session.run(make(fed), {fed: ids})


def test_no_rows() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x, ids = tf.placeholder(tf.float32, [None, 2]), tf.placeholder(tf.int32, [None])
        fetches = [tf.segment_sum(x, ids), tf.segment_mean(x, ids), tf.unsorted_segment_sum(x, ids, 2),
                   tf.sparse_segment_sqrt_n(x, ids, ids, num_segments=1)]  # fmt: skip
        values = session.run(fetches, {x: np.zeros([0, 2]), ids: []})
    assert [value.tolist() for value in values] == [[], [], [[0.0, 0.0]] * 2, [[0.0, 0.0]]]


@pytest.mark.parametrize("segments", [[0, 1, 2], [0, 0, 2], [0, 2, 2], [1, 2, 3]], ids=str)
def test_sparse_segments_of_one_row_each_and_of_several(segments: list[int]) -> None:
    rows = np.arange(8, dtype=np.float32).reshape(4, 2)
    picked = [3, 0, 3]
    expected = np.zeros((segments[-1] + 1, 2), np.float32)
    np.add.at(expected, segments, rows[picked])
    with tf.Graph().as_default(), tf.Session() as session:
        assert session.run(tf.sparse_segment_sum(rows, picked, segments)).tolist() == expected.tolist()
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"indices\[1\] == 9 out of range"):
            session.run(tf.sparse_segment_sum(rows, [3, 9, 0], segments))
