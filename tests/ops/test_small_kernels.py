"""Kernels for small arrays of known shapes give what the kernels for any arrays give, to the last bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import trackml as tf

RANDOM = np.random.RandomState(0)
SHAPES = [(32, 10), (1, 10), (0, 10), (5, 1), (40, 200)]


@pytest.fixture(autouse=True)
def graph() -> Iterator[tf.Graph]:
    with tf.Graph().as_default() as graph:
        yield graph


def value(*shape: int, dtype: Any = np.float32) -> Any:
    numbers = RANDOM.randn(*shape).astype(dtype)
    numbers.ravel()[:4] = (0.0, -0.0, 1.0, np.nan)[: numbers.size]
    return numbers


def same(fetches: Any, feeds: dict[Any, Any]) -> None:
    """Asserts that all values are those of a session whose plans have the operations as they are."""
    elements = list(fetches)
    with tf.Session() as session:
        found = session.run(elements, feeds)
        plain = session.run(elements, feeds, tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE), tf.RunMetadata())
    for one, other in zip(found, plain):
        assert one.dtype == other.dtype
        assert np.shape(one) == np.shape(other)
        np.testing.assert_array_equal(one, other)
        np.testing.assert_array_equal(np.signbit(one), np.signbit(other))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "layer",
    [
        lambda x: tf.nn.relu(x),
        lambda x: tf.reduce_sum(x),
        lambda x: tf.reduce_sum(x, [1, 0]),
        lambda x: tf.reduce_sum(x, [-1, 0]),
        lambda x: tf.reduce_sum(x, 0),
        lambda x: tf.reduce_sum(x, keepdims=True),
        lambda x: tf.reduce_mean(x),
        lambda x: tf.reduce_mean(x, 1),
        lambda x: tf.matmul(x, x, transpose_b=True),
        lambda x: tf.matmul(x, x, transpose_a=True),
        lambda x: tf.matmul(tf.matmul(x, x, transpose_a=True), x, transpose_a=True, transpose_b=True),
        lambda x: tf.nn.bias_add(x, tf.reduce_sum(x, 0)),
        lambda x: tf.square(tf.nn.relu(tf.nn.bias_add(x, tf.reduce_sum(x, 0)))),
    ],
)
def test_values_and_gradients_are_the_same(layer: Callable[[Any], Any], dtype: Any, shape: tuple[int, int]) -> None:
    x = tf.placeholder(dtype, [None, shape[1]])
    y = layer(x)
    same([y, *tf.gradients(y, x)], {x: value(*shape, dtype=dtype)})


@pytest.mark.parametrize("shape", [(2, 3, 4, 5), (2, 6, 5)], ids=str)
def test_other_ranks_are_the_same(shape: tuple[int, ...]) -> None:
    x = tf.placeholder(tf.float32, [None] * (len(shape) - 1) + [shape[-1]])
    y = tf.nn.bias_add(tf.nn.relu(x), np.arange(shape[-1], dtype=np.float32))
    total = tf.reduce_mean(y) + tf.reduce_sum(y, [0, 1, 2][: len(shape)])
    same([y, total, *tf.gradients(total, x)], {x: value(*shape)})


def test_channels_may_come_first() -> None:
    x = tf.placeholder(tf.float32, [None, 3, 4, 5])
    bias = tf.placeholder(tf.float32, [3])
    y = tf.nn.bias_add(x, bias, data_format="NCHW")
    same([y, *tf.gradients(y * y, [x, bias])], {x: value(2, 3, 4, 5), bias: value(3)})


def test_integers_are_the_same() -> None:
    x = tf.placeholder(tf.int32, [None, 3])
    same(
        [tf.nn.relu(x), tf.reduce_sum(x), tf.reduce_mean(x), tf.matmul(x, x, transpose_b=True)],
        {x: RANDOM.randint(-5, 5, [4, 3])},
    )


def test_matrices_that_do_not_fit_are_told() -> None:
    a, b = tf.placeholder(tf.float32, [None, None]), tf.placeholder(tf.float32, [None, None])
    product = tf.matmul(a, b, name="product")
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError, match="op 'product'"):
        session.run(product, {a: np.ones([2, 3]), b: np.ones([2, 3])})
