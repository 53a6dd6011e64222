"""Sparse tensors: fed and fetched whole, differentiated twice, refused. Values are in test_sparse_golden."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.testing import assert_gradients

PLACES = [[0, 1], [0, 3], [2, 0], [4, 2]]
DISORDER = [[4, 2], [0, 3], [2, 0], [0, 1]]
SIZE = [5, 4]
VALUES = np.array([1.5, -2.0, 3.0, 0.5])
DENSE = np.random.default_rng(5).uniform(-1.0, 1.0, (4, 3))


def test_a_sparse_tensor_is_fetched_whole() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        sparse = tf.SparseTensor([[0, 1]], ["a"], [2, 2])
        found, again = session.run({"x": sparse})["x"], sparse.eval()
    assert isinstance(found, tf.SparseTensorValue)
    assert (found.indices.tolist(), found.values.tolist(), found.dense_shape.tolist()) == ([[0, 1]], [b"a"], [2, 2])
    assert again.values.tolist() == [b"a"]


@pytest.mark.parametrize(
    "value", [tf.SparseTensorValue([[0, 1]], [7.0], [2, 3]), ([[0, 1]], [7.0], [2, 3])], ids=["value", "tuple"]
)
def test_a_sparse_placeholder_is_fed_whole(value: Any) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        sparse = tf.sparse_placeholder(tf.float32)
        dense = session.run(tf.sparse_tensor_to_dense(sparse), {sparse: value})
    assert dense.tolist() == [[0.0, 7.0, 0.0], [0.0, 0.0, 0.0]]


def test_what_one_session_gives_another_takes() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        value = session.run(tf.sparse.from_dense([[0, 2], [3, 0]]))
    with tf.Graph().as_default(), tf.Session() as session:
        assert session.run(tf.sparse.to_dense(tf.SparseTensor.from_value(value))).tolist() == [[0, 2], [3, 0]]
        assert session.run(tf.sparse.to_dense(value)).tolist() == [[0, 2], [3, 0]]


@pytest.mark.parametrize(
    ("shape", "expected"), [(None, None), ([None, 3], [None, None]), ([2, 3], [2, 3])], ids=["any", "rank", "all"]
)
def test_what_is_known_of_a_sparse_placeholder(shape: Any, expected: Any) -> None:
    with tf.Graph().as_default():
        sparse = tf.sparse.placeholder(tf.float32, shape, name="x")
    assert sparse.shape.ndims == (expected and len(expected))
    assert expected is None or sparse.get_shape().as_list() == expected
    assert (sparse.values.name, sparse.indices.name, sparse.name) == ("x/values:0", "x/indices:0", "x/values:0")


def sparse_of(values: Any, places: Any = DISORDER) -> tf.SparseTensor:
    return tf.SparseTensor(places, values, SIZE)


GRADIENTS: dict[str, tuple[Callable[..., Any], list[Any]]] = {
    "to_dense": (
        lambda values, default: tf.sparse_tensor_to_dense(sparse_of(values, PLACES), default),
        [VALUES, np.array(0.3)],
    ),
    "to_dense_vector": (lambda values: tf.sparse_to_dense([0, 2, 3, 5], [6], values), [VALUES]),
    "to_dense_one": (lambda value: tf.sparse_to_dense([0, 2, 3, 5], [6], value), [np.array(0.4)]),
    "reorder": (lambda values: tf.sparse_reorder(sparse_of(values)).values, [VALUES]),
    "fill": (
        lambda values, default: tf.sparse_fill_empty_rows(sparse_of(values), default)[0].values,
        [VALUES, np.array(0.3)],
    ),
    "matmul": (lambda values, b: tf.sparse_tensor_dense_matmul(sparse_of(values), b), [VALUES, DENSE]),
    "matmul_b": (
        lambda values, b: tf.sparse_tensor_dense_matmul(sparse_of(values), b, adjoint_b=True),
        [VALUES, DENSE.T],
    ),
    "matmul_a": (
        lambda values, b: tf.sparse_tensor_dense_matmul(sparse_of(values), b, adjoint_a=True),
        [VALUES, np.concatenate([DENSE, DENSE[:1]])],
    ),
}


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients(name: str, known: bool) -> None:
    function, inputs = GRADIENTS[name]
    assert_gradients(lambda *values: tf.square(function(*values)), inputs, static_shapes=known)


REFUSED: dict[str, tuple[Callable[[Any], Any], Any, str]] = {
    "out of order": (
        lambda places: tf.sparse_to_dense(places, [3, 3], 1),
        [[1, 0], [0, 1]],
        r"indices\[1\] = \[0, 1\] is out of order",
    ),
    "twice": (lambda places: tf.sparse_to_dense(places, [3, 3], 1), [[1, 0], [1, 0]], r"\[1, 0\] is repeated"),
    "outside": (
        lambda places: tf.sparse_to_dense(places, [3, 3], 1),
        [[1, 0], [1, 3]],
        r"indices\[1\] = \[1, 3\] is out of bounds: need 0 <= index < \[3, 3\]",
    ),
    "a row that is not there": (
        lambda places: tf.sparse_fill_empty_rows(tf.SparseTensor(places, [1, 2], [2, 2]), 0)[1],
        [[0, 0], [2, 0]],
        r"indices\(1, 0\) is invalid: 2 >= 2",
    ),
    "a column that is not there": (
        lambda places: tf.sparse_tensor_dense_matmul(tf.SparseTensor(places, [1.0, 2.0], [2, 2]), [[1.0], [2.0]]),
        [[0, 0], [0, 2]],
        r"k \(2\) from index\[1\] out of bounds",
    ),
    "another number of elements": (
        lambda places: tf.sparse_reshape(tf.SparseTensor(places, [1, 2], tf.reduce_max(places, 0) + 1), [5]),
        [[0, 0], [1, 1]],
        "Cannot reshape a tensor with 4 elements to shape",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_mistakes_in_positions(case: str) -> None:
    make, places, message = REFUSED[case]
    with tf.Graph().as_default(), tf.Session() as session:
        fed = tf.placeholder(tf.int64, [None, 2])
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            session.run(make(fed), {fed: places})


BUILDING: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "counts": (lambda: tf.SparseTensor([[0, 1]], [1, 2], [2, 2]), ValueError, "incompatible"),
    "ranks": (lambda: tf.SparseTensor([[0, 1]], [1], [2]), ValueError, "incompatible"),
    "dense": (lambda: tf.sparse_reorder(tf.constant([1])), TypeError, "Input must be a SparseTensor"),
    "no value": (lambda: tf.SparseTensor.from_value([1]), TypeError, "Neither a SparseTensor nor SparseTensorValue"),
    "two unknowns": (
        lambda: tf.sparse_reshape(tf.SparseTensor([[0, 1]], [1], [2, 2]), [-1, -1]),
        ValueError,
        "At most one dimension can be inferred",
    ),
    "lengths": (
        lambda: tf.sparse_merge([tf.SparseTensor([[0]], [1], [2])], tf.SparseTensor([[0]], [1], [2]), [3, 4]),
        ValueError,
        "sp_ids and vocab_size have to have equal lengths",
    ),
}


@pytest.mark.parametrize("case", BUILDING)
def test_mistakes_show_while_the_graph_is_built(case: str) -> None:
    make, kind, message = BUILDING[case]
    with tf.Graph().as_default(), pytest.raises(kind, match=message):
        make()
