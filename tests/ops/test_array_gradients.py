"""Gradients of operations on arrays, first and second, against differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.testing import assert_gradients

X = np.arange(12.0).reshape(4, 3) / 5 - 1.03
Y = np.cos(np.arange(12.0)).reshape(4, 3)
CUBE = np.sin(np.arange(24.0)).reshape(2, 3, 4)


def _squared(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function of squares, so that the second derivative is not zero."""
    return lambda *tensors: function(*(tensor * tensor for tensor in tensors))


CASES: dict[str, tuple[Callable[..., Any], list[Any]]] = {
    "identity": (tf.identity, [X]),
    "reshape": (lambda x: tf.reshape(x, [2, -1]), [X]),
    "expand_dims": (lambda x: tf.expand_dims(x, -1), [X]),
    "squeeze": (lambda x: tf.squeeze(x, [1]), [X[:, None]]),
    "transpose": (tf.transpose, [CUBE]),
    "transpose_perm": (lambda x: tf.transpose(x, [2, 0, 1]), [CUBE]),
    "fill": (lambda x: tf.fill([2, 3], x), [np.array(0.7)]),
    "broadcast_to": (lambda x: tf.broadcast_to(x, [2, 4, 3]), [X[:, :1]]),
    "placeholder_with_default": (lambda x: tf.placeholder_with_default(x, [None, 3]), [X]),
    "slice": (lambda x: tf.slice(x, [1, 0], [2, -1]), [X]),
    "getitem": (lambda x: x[1:3, ::-1], [X]),
    "getitem_row": (lambda x: x[-1], [X]),
    "getitem_axes": (lambda x: x[None, ..., 1:4:2], [CUBE]),
    "getitem_mask": (lambda x: x[x > 0.3], [X]),
    "concat": (lambda x, y: tf.concat([x, y], 0), [X, Y]),
    "concat_sizes": (lambda x, y: tf.concat([x, y[:, :1], x], -1), [X, Y]),
    "stack": (lambda x, y: tf.stack([x, y]), [X, Y]),
    "stack_last": (lambda x, y: tf.stack([x, y], axis=-1), [X, Y]),
    "unstack": (lambda x: tf.unstack(x, num=3, axis=1), [X]),
    "unstack_one": (lambda x: tf.unstack(x, num=4)[2], [X]),
    "split": (lambda x: tf.split(x, 2, 0), [X]),
    "split_one": (lambda x: tf.split(x, 3, 1)[1], [X]),
    "split_sizes": (lambda x: tf.split(x, [1, 3], 0), [X]),
    "split_rest": (lambda x: tf.split(x, [1, -1], 0)[1], [X]),
    "tile": (lambda x: tf.tile(x, [2, 3]), [X]),
    "reverse": (lambda x: tf.reverse(x, [0, 1]), [X]),
    "pad": (lambda x: tf.pad(x, [[1, 0], [2, 1]]), [X]),
    "pad_value": (lambda x, value: tf.pad(x, [[1, 0], [2, 1]], constant_values=value), [X, np.array(0.5)]),
    "pad_reflect": (lambda x: tf.pad(x, [[1, 2], [0, 2]], "REFLECT"), [X]),
    "pad_symmetric": (lambda x: tf.pad(x, [[4, 2], [0, 3]], "SYMMETRIC"), [X]),
    "gather": (lambda x: tf.gather(x, [2, 0, 2]), [X]),
    "gather_matrix": (lambda x: tf.gather(x, [[2, 0], [2, 1]]), [X]),
    "gather_axis": (lambda x: tf.gather(x, [[2, 0], [2, 1]], axis=1), [CUBE]),
    "gather_last": (lambda x: tf.gather(x, [3, 3, 0], axis=-1), [CUBE]),
    "gather_scalar": (lambda x: tf.gather(x, 1, axis=1), [CUBE]),
    "gather_batch": (lambda x: tf.gather(x, [[0, 2, 2], [1, 1, 0]], batch_dims=1), [CUBE]),
    "gather_batch_axis": (lambda x: tf.gather(x, [[0, 3], [1, 1]], batch_dims=1, axis=2), [CUBE]),
    "gather_nd": (lambda x: tf.gather_nd(x, [[0, 1], [1, 2], [0, 1]]), [CUBE]),
    "gather_nd_rows": (lambda x: tf.gather_nd(x, [[1], [1], [0]]), [CUBE]),
    "scatter_nd": (lambda x: tf.scatter_nd([[1], [0], [1], [3]], x, [5, 3]), [X]),
    "unsorted_segment_sum": (lambda x: tf.unsorted_segment_sum(x, [1, -1, 1, 0], 3), [X]),
    "where": (lambda x, y: tf.where(x > 0.0, x, y), [X, Y]),
    "where_rows": (lambda x, y: tf.where([True, False, False, True], x, y), [X, Y]),
    "where_scalar": (lambda x, y: tf.where(True, x, y), [X, Y]),
    "boolean_mask": (lambda x: tf.boolean_mask(x, [True, False, True], axis=1), [X]),
    "check_numerics": (lambda x: tf.check_numerics(x, "x"), [X]),
    "with_dependencies": (lambda x, y: tf.tuple([x, y]), [X, Y]),
}


@pytest.mark.parametrize("static", [True, False], ids=["known", "unknown"])
@pytest.mark.parametrize("name", CASES)
def test_gradients_agree_with_differences(name: str, static: bool) -> None:
    function, inputs = CASES[name]
    assert_gradients(_squared(function), inputs, static_shapes=static)


@pytest.mark.parametrize("name", CASES)
def test_gradients_keep_float32(name: str) -> None:
    function, inputs = CASES[name]
    with tf.Graph().as_default(), tf.Session() as session:
        tensors = [tf.constant(value.astype(np.float32)) for value in inputs]
        grads = session.run([grad for grad in tf.gradients(_squared(function)(*tensors), tensors) if grad is not None])
    assert {getattr(grad, "values", grad).dtype.name for grad in grads} == {"float32"}


@pytest.mark.parametrize("name", CASES)
def test_nodes_are_what_tensorflow_defines(name: str, assert_tensorflow_takes: Callable[[tf.Graph], None]) -> None:
    function, inputs = CASES[name]
    with tf.Graph().as_default() as graph:
        tensors = [tf.placeholder(tf.float32, [None] * value.ndim) for value in inputs]
        first = tf.gradients(_squared(function)(*tensors), tensors)
        tf.gradients([grad for grad in first if grad is not None], tensors)
    assert_tensorflow_takes(graph)


@pytest.mark.parametrize(
    "function",
    [
        tf.stop_gradient,
        tf.zeros_like,
        lambda x: tf.cast(tf.shape(x), tf.float32),
        lambda x: tf.cast(tf.where(x > 0.0), tf.float32),
        lambda x: tf.one_hot([0], 2, on_value=tf.reduce_sum(x)),
        lambda x: tf.random_shuffle(x),
        lambda x: tf.py_func(np.square, [x], tf.float32),
    ],
)
def test_nothing_flows_through(function: Callable[..., Any]) -> None:
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 3])
        assert tf.gradients(function(x), x) == [None]


def test_gradient_of_a_gather_has_only_the_rows_that_were_gathered() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [1000, 2])
        (grad,) = tf.gradients(tf.gather(x, [7, 7, 3]), x)
        found = session.run(grad, {x: np.zeros((1000, 2))})
    assert isinstance(grad, tf.IndexedSlices)
    assert (found.values.tolist(), found.indices.tolist()) == ([[1.0, 1.0]] * 3, [7, 7, 3])


def test_a_nan_in_the_gradient_is_found() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [])
        (grad,) = tf.gradients(tf.sqrt(tf.check_numerics(x, "weights")), x)
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"detected in gradient. weights : Tensor had Inf"):
            session.run(grad, {x: 0.0})
