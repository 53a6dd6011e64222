"""Embeddings: gradients as small as the batch, twice differentiated, refused. Values are in test_sparse_golden."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.testing import assert_gradients

TABLE = np.random.default_rng(7).uniform(0.5, 2.0, (7, 2))
PLACES = [[0, 0], [0, 2], [1, 0], [2, 0], [2, 1]]
IDS = [1, 3, 1, 0, 6]
WEIGHTS = np.array([2.0, 0.5, 3.0, 1.0, 0.25])


def sparse(values: Any) -> tf.SparseTensor:
    return tf.SparseTensor(PLACES, values, [3, 3])


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("combiner", ["sum", "mean", "sqrtn"])
@pytest.mark.parametrize("lookup", [tf.nn.embedding_lookup_sparse, tf.nn.safe_embedding_lookup_sparse])
def test_gradients_of_combined_rows(lookup: Any, combiner: str, weighted: bool) -> None:
    def function(table: Any, weights: Any) -> Any:
        # The products make one dense gradient of the rows each, for the comparison.
        table, weights = table * 1.0, weights * 1.0
        return tf.square(lookup(table, sparse(IDS), sparse(weights) if weighted else None, combiner=combiner))

    assert_gradients(function, [TABLE, WEIGHTS])


@pytest.mark.parametrize("strategy", ["mod", "div"])
def test_gradients_of_parts(strategy: str) -> None:
    def function(first: Any, second: Any) -> Any:
        return tf.square(tf.nn.embedding_lookup([first * 1.0, second * 1.0], [[0, 5], [3, 3]], strategy))

    assert_gradients(function, [TABLE[:4], TABLE[4:]])


def test_the_gradient_of_a_variable_has_one_row_for_each_different_id() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        table = tf.get_variable("table", [1000, 2], initializer=tf.ones_initializer())
        rows = tf.nn.safe_embedding_lookup_sparse(table, sparse(tf.constant(IDS, tf.int64)), combiner="sum")
        (grad,) = tf.gradients(rows, table)
        assert isinstance(grad, tf.IndexedSlices)
        session.run(tf.global_variables_initializer())
        value = session.run(grad)
    assert sorted(value.indices.tolist()) == [0, 1, 3, 6]
    assert dict(zip(value.indices.tolist(), value.values[:, 0].tolist())) == {0: 1.0, 1: 2.0, 3: 1.0, 6: 1.0}


def test_rows_that_are_looked_up_are_trained() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        table = tf.get_variable("table", [5, 1], initializer=tf.zeros_initializer())
        ids = tf.sparse_placeholder(tf.int64)
        rows = tf.nn.safe_embedding_lookup_sparse(table, ids, combiner="sum")
        step = tf.train.GradientDescentOptimizer(0.5).minimize(tf.reduce_sum(rows))
        session.run(tf.global_variables_initializer())
        session.run(step, {ids: tf.SparseTensorValue([[0, 0], [0, 1], [2, 0]], [3, 3, -1], [3, 2])})
        assert session.run(table)[:, 0].tolist() == [0.0, 0.0, 0.0, -1.0, 0.0]


def test_what_is_known_of_the_shape() -> None:
    with tf.Graph().as_default():
        ids = tf.placeholder(tf.int64, [None, 4])
        assert tf.nn.embedding_lookup(tf.ones([5, 2]), ids).shape.as_list() == [None, 4, 2]
        assert tf.nn.embedding_lookup([tf.ones([5, 2])] * 2, ids).shape.as_list() == [None, 4, 2]
        several = tf.sparse_placeholder(tf.int64, [None, None, None])
        assert tf.nn.safe_embedding_lookup_sparse(tf.ones([5, 2]), several).shape.as_list() == [None, None, 2]


REFUSED: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "no params": (lambda: tf.nn.embedding_lookup(None, [1]), ValueError, "params must be specified"),
    "no parts": (lambda: tf.nn.embedding_lookup([], [1]), ValueError, "Need at least one param"),
    "a strategy": (
        lambda: tf.nn.embedding_lookup([TABLE, TABLE], [1], "hash"),
        ValueError,
        "Unrecognized partition strategy: hash",
    ),
    "a combiner": (
        lambda: tf.nn.embedding_lookup_sparse(TABLE, sparse(IDS), None, combiner="max"),
        ValueError,
        "combiner must be one of 'mean', 'sqrtn' or 'sum'",
    ),
    "dense ids": (
        lambda: tf.nn.embedding_lookup_sparse(TABLE, [1], None),
        TypeError,
        "sp_ids must be SparseTensor",
    ),
    "dense weights": (
        lambda: tf.nn.embedding_lookup_sparse(TABLE, sparse(IDS), [1.0]),
        TypeError,
        "sp_weights must be either None or SparseTensor",
    ),
    "no embeddings": (
        lambda: tf.nn.safe_embedding_lookup_sparse([], sparse(IDS)),
        ValueError,
        "Missing embedding_weights",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_mistakes_show_while_the_graph_is_built(case: str) -> None:
    make, kind, message = REFUSED[case]
    with tf.Graph().as_default(), pytest.raises(kind, match=message):
        make()


def test_ids_beyond_the_table() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        ids = tf.placeholder(tf.int64, [None])
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"indices\[0\] = 7 is not in \[0, 7\)"):
            session.run(tf.nn.embedding_lookup(TABLE, ids), {ids: [7]})
