"""Sets along the last axis, dense and sparse; the confusion matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.ops.sparse import from_dense

A = np.array([[[1, 2], [3, 3]], [[4, 5], [6, 7]]])
B = np.array([[[1, 3], [3, 1]], [[4, 5], [9, 9]]])
EXPECTED = {
    "intersection": [[{1}, {3}], [{4, 5}, set()]],
    "union": [[{1, 2, 3}, {1, 3}], [{4, 5}, {6, 7, 9}]],
    "difference": [[{2}, set()], [set(), {6, 7}]],
}


def rows_of(value: tf.SparseTensorValue) -> list[list[set[int]]]:
    rows: list[list[set[int]]] = [[set(), set()], [set(), set()]]
    for (first, second, place), item in zip(value.indices.tolist(), value.values.tolist()):
        rows[first][second].add(item)
        assert place < value.dense_shape[2]
    assert value.values.dtype == np.int64
    return rows


@pytest.mark.parametrize("operation", sorted(EXPECTED))
@pytest.mark.parametrize("kinds", ["dd", "ds", "sd", "ss"])
def test_sets_are_combined(operation: str, kinds: str, assert_tensorflow_takes: Any) -> None:
    with tf.Graph().as_default() as graph, tf.Session() as session:
        a, b = (tf.constant(sets) if kind == "d" else from_dense(sets) for sets, kind in zip((A, B), kinds))
        combined = getattr(tf.sets, operation)(a, b)
        value, sizes = session.run([combined, tf.sets.size(combined)])
    assert rows_of(value) == EXPECTED[operation]
    assert sizes.tolist() == [[len(item) for item in row] for row in EXPECTED[operation]]
    assert combined.shape.ndims == 3
    assert_tensorflow_takes(graph)


def test_difference_the_other_way_round() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        value = session.run(tf.sets.difference(A, from_dense(B), aminusb=False))
    assert rows_of(value) == [[{3}, {1}], [set(), {9}]]


def test_sets_that_are_not_as_many_are_refused() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        combined = tf.sets.union(A, B[:1])
        with pytest.raises(tf.errors.InvalidArgumentError, match="Mismatched group shapes"):
            session.run(combined)


def test_confusion_matrix_counts_and_weighs() -> None:
    labels, predictions = [2, 0, 2, 2], [2, 0, 1, 2]
    with tf.Graph().as_default(), tf.Session() as session:
        plain = session.run(tf.confusion_matrix(labels, predictions))
        weighted = tf.confusion_matrix(labels, predictions, 4, tf.float32, weights=[1.0, 2.0, 3.0, 0.5])
        assert session.run(weighted).tolist() == [[2, 0, 0, 0], [0, 0, 0, 0], [0, 3, 1.5, 0], [0, 0, 0, 0]]
    assert plain.tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 2]]
    assert plain.dtype == np.int32


@pytest.mark.parametrize(("labels", "message"), [([-1, 0], "negative values"), ([0, 5], "out of bound")])
def test_classes_outside_are_refused(labels: list[int], message: str) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        given = tf.placeholder(tf.int64, [2])
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            session.run(tf.confusion_matrix(given, [0, 1], 3), {given: labels})
