"""What a step holds: values go after their last use, and kernels write into arrays that nobody looks at any more."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import trackml as tf

ROWS, COLUMNS = 512, 1024
VALUE_BYTES = ROWS * COLUMNS * 4


@pytest.fixture(autouse=True)
def graph() -> Iterator[tf.Graph]:
    with tf.Graph().as_default() as graph:
        yield graph


def image() -> Any:
    return np.random.RandomState(0).randn(ROWS, COLUMNS).astype(np.float32)


def peak_of(run: Callable[[], Any]) -> int:
    """The most bytes that a call holds at once, beyond those that are there before it."""
    run()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    run()
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("depth", [4, 40])
def test_a_chain_holds_two_values_however_deep_it_is(depth: int) -> None:
    x = tf.placeholder(tf.float32, [ROWS, COLUMNS])
    value = x
    for _ in range(depth):
        value = tf.sin(value)
    total = tf.reduce_sum(value)
    fed = image()
    with tf.Session() as session:
        assert peak_of(lambda: session.run(total, {x: fed})) < 2.5 * VALUE_BYTES


def test_a_batch_is_freed_after_its_last_use() -> None:
    rows = np.concatenate([image(), image()])
    dataset = tf.data.Dataset.from_tensor_slices(rows).shuffle(2 * ROWS).repeat().batch(ROWS)
    value = tf.data.make_one_shot_iterator(dataset).get_next()
    for _ in range(4):
        value = tf.sin(value)
    total = tf.reduce_sum(value)
    with tf.Session() as session:
        assert peak_of(lambda: session.run(total)) < 2.5 * VALUE_BYTES


@pytest.mark.parametrize("depth", [4, 40])
def test_a_chain_of_biases_and_rectifiers_holds_one_value(depth: int) -> None:
    x = tf.placeholder(tf.float32, [None, COLUMNS])
    value = tf.matmul(x, np.eye(COLUMNS, dtype=np.float32))
    for number in range(depth):
        value = tf.nn.relu(tf.nn.bias_add(value, np.full(COLUMNS, number, np.float32)))
    total = tf.reduce_sum(value)
    fed = image()
    with tf.Session() as session:
        assert peak_of(lambda: session.run(total, {x: fed})) < 1.5 * VALUE_BYTES


def test_a_gradient_holds_what_it_still_needs() -> None:
    x = tf.placeholder(tf.float32, [ROWS, COLUMNS])
    values = [x]
    for _ in range(10):
        values.append(tf.tanh(values[-1]))
    grad = tf.gradients(values[-1], x)[0]
    fed = image()
    with tf.Session() as session:
        assert peak_of(lambda: session.run(grad, {x: fed})) < 13 * VALUE_BYTES


@pytest.mark.parametrize("rows", [1, 3, ROWS])
def test_a_fetched_value_is_not_written_into(rows: int) -> None:
    x = tf.placeholder(tf.float32, [None, COLUMNS])
    product = tf.matmul(x, 2 * np.eye(COLUMNS, dtype=np.float32))
    shifted = tf.nn.bias_add(product, np.full(COLUMNS, 0.5, np.float32))
    positive = tf.nn.relu(shifted)
    fed = image()[:rows]
    with tf.Session() as session:
        for fetched in ([product, shifted, positive], [product, positive], [shifted, positive], [positive]):
            found = dict(zip(fetched, session.run(fetched, {x: fed})))
            expected = {product: 2 * fed, shifted: 2 * fed + 0.5, positive: np.maximum(2 * fed + 0.5, 0)}
            for tensor, value in found.items():
                np.testing.assert_array_equal(value, expected[tensor])


@pytest.mark.parametrize(
    "view",
    [
        lambda value: tf.reshape(value, [-1]),
        tf.transpose,
        tf.identity,
        lambda value: value[1:3],
        lambda value: tf.split(value, 2)[0],
        lambda value: tf.expand_dims(value, 0),
        lambda value: tf.py_func(lambda array: array, [value], tf.float32),
    ],
)
def test_a_value_of_which_there_is_a_view_is_not_written_into(view: Callable[[Any], Any]) -> None:
    x = tf.placeholder(tf.float32, [None, COLUMNS])
    product = tf.matmul(x, np.eye(COLUMNS, dtype=np.float32))
    seen = view(product)
    positive = tf.nn.relu(product)
    fed = image()
    with tf.Session() as session:
        late = tf.reduce_sum(seen) + 0.0 * tf.reduce_sum(positive)
        alone = session.run(tf.reduce_sum(seen), {x: fed})
        np.testing.assert_allclose(session.run(late, {x: fed}), alone, rtol=1e-6)


def test_a_value_that_is_used_again_later_is_not_written_into() -> None:
    x = tf.placeholder(tf.float32, [None, COLUMNS])
    product = tf.matmul(x, np.eye(COLUMNS, dtype=np.float32))
    positive = tf.nn.relu(product)
    difference = tf.subtract(product, positive)
    fed = image()
    with tf.Session() as session:
        np.testing.assert_array_equal(session.run(difference, {x: fed}), np.minimum(fed, 0))


def test_what_is_fed_is_not_written_into() -> None:
    x = tf.placeholder(tf.float32, [None, COLUMNS])
    product = tf.matmul(x, np.eye(COLUMNS, dtype=np.float32))
    positive = tf.nn.relu(tf.nn.bias_add(product, np.ones(COLUMNS, np.float32)))
    mine, copy = image(), image()
    with tf.Session() as session:
        session.run(positive, {product: mine, x: mine})
        session.run(tf.nn.relu(x), {x: mine})
    np.testing.assert_array_equal(mine, copy)


def test_a_variable_is_not_written_into_by_what_is_computed_from_it() -> None:
    v = tf.get_variable("v", initializer=image())
    positive = tf.nn.relu(tf.nn.bias_add(v, np.ones(COLUMNS, np.float32)))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(positive)
        np.testing.assert_array_equal(session.run(v), image())


def test_constants_are_not_written_into() -> None:
    value = tf.nn.relu(tf.nn.bias_add(tf.constant(image()[:4]), np.ones(COLUMNS, np.float32)))
    with tf.Session() as session:
        np.testing.assert_array_equal(session.run(value), session.run(value))
