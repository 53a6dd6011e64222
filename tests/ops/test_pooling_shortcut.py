"""`Relu` before `MaxPool` is computed behind it, with the same values and gradients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import trackml as tf

RANDOM = np.random.RandomState(0)
IMAGES = {
    "random": RANDOM.randn(3, 8, 6, 4).astype(np.float32),
    "ties": RANDOM.randint(-2, 3, [3, 8, 6, 4]).astype(np.float32),
    "odd_sizes": RANDOM.randint(-2, 3, [2, 7, 5, 3]).astype(np.float32),
    "none_positive": -np.abs(RANDOM.randn(2, 4, 4, 2)).astype(np.float32),
    "zeros": np.zeros([1, 4, 4, 2], np.float32),
}
WINDOWS = [(2, 2, "VALID"), (2, 2, "SAME"), (3, 2, "SAME"), (3, 1, "VALID")]

EMPTY = [(0, 4, 4, 3), (2, 4, 4, 0)]


@pytest.fixture(autouse=True)
def graph() -> Iterator[tf.Graph]:
    with tf.Graph().as_default() as graph:
        yield graph


def network(size: int, stride: int, padding: str) -> tuple[Any, Any, Any, Any]:
    x = tf.placeholder(tf.float32, [None, None, None, None])
    features = tf.nn.relu(x)
    pooled = tf.nn.max_pool(features, [1, size, size, 1], [1, stride, stride, 1], padding)
    grad = tf.gradients(tf.reduce_sum(pooled * pooled * 0.5 + pooled), x)[0]
    return x, features, pooled, grad


def types_run(session: tf.Session, fetches: list[Any], feeds: list[Any]) -> list[str]:
    plan = session._plan(tuple(fetches), tuple(feeds))
    return [op.type for op in plan.steps]


@pytest.mark.parametrize("images", IMAGES.values(), ids=IMAGES)
@pytest.mark.parametrize("window", WINDOWS, ids=str)
def test_values_and_gradients_are_those_of_the_operations_one_by_one(images: Any, window: Any) -> None:
    x, features, pooled, grad = network(*window)
    with tf.Session() as session:
        _, expected, expected_grad = session.run([features, pooled, grad], {x: images})
        assert "Relu" in types_run(session, [features, pooled, grad], [x])
        value, value_grad = session.run([pooled, grad], {x: images})
        assert "Relu" not in types_run(session, [pooled, grad], [x])
        np.testing.assert_array_equal(value, expected)
        np.testing.assert_array_equal(value_grad, expected_grad)
        np.testing.assert_array_equal(session.run(pooled, {x: images}), expected)


@pytest.mark.parametrize("images", IMAGES.values(), ids=IMAGES)
@pytest.mark.parametrize("window", [*WINDOWS, (1, 1, "VALID")], ids=str)
def test_the_way_back_is_remembered_without_relu_too(images: Any, window: Any) -> None:
    size, stride, padding = window
    x = tf.placeholder(tf.float32, [None, None, None, None])
    turned = tf.transpose(x, [0, 2, 1, 3])  # a view whose pixels do not lie one after the other
    pooled = tf.nn.max_pool(turned, [1, size, size, 1], [1, stride, stride, 1], padding)
    grad = tf.gradients(tf.reduce_sum(pooled * pooled * 0.5 + pooled), turned)[0]
    with tf.Session() as session:
        op = grad.op
        assert op.type == "MaxPoolGrad"
        value, value_grad, slope = session.run([pooled, grad, op.inputs[2]], {x: images})
        arrays = [np.swapaxes(images, 1, 2), value, slope]
        expected = session.run(grad, dict(zip(op.inputs, arrays, strict=True)))
        np.testing.assert_array_equal(session.run(pooled, {x: images}), value)
    np.testing.assert_array_equal(value_grad, expected)


def test_empty_images_are_pooled() -> None:
    x, _, pooled, grad = network(2, 2, "VALID")
    with tf.Session() as session:
        shapes = [[array.shape for array in session.run([pooled, grad], {x: np.zeros(shape)})] for shape in EMPTY]
    assert shapes == [[(0, 2, 2, 3), (0, 4, 4, 3)], [(2, 2, 2, 0), (2, 4, 4, 0)]]


def test_not_a_number_comes_through() -> None:
    x, features, pooled, _ = network(2, 2, "VALID")
    images = IMAGES["random"].copy()
    images[0, 0, 0, 0] = np.nan
    with tf.Session() as session:
        _, expected = session.run([features, pooled], {x: images})
        assert np.isnan(expected[0, 0, 0, 0])
        np.testing.assert_array_equal(session.run(pooled, {x: images}), expected)


def test_features_that_something_else_uses_are_computed() -> None:
    x, features, pooled, _ = network(2, 2, "VALID")
    mean = tf.reduce_mean(features)
    with tf.Session() as session:
        value, found = session.run([pooled, mean], {x: IMAGES["random"]})
        assert "Relu" in types_run(session, [pooled, mean], [x])
        assert value.shape == (3, 4, 3, 4)
        np.testing.assert_allclose(found, np.maximum(IMAGES["random"], 0).mean(), rtol=1e-6)


def test_fed_features_are_used() -> None:
    _, features, pooled, _ = network(2, 2, "VALID")
    fed = np.abs(IMAGES["random"])
    with tf.Session() as session:
        value = session.run(pooled, {features: fed})
        np.testing.assert_array_equal(value, fed.reshape(3, 4, 2, 3, 2, 4).max((2, 4)))


def test_second_derivatives_are_the_same() -> None:
    x, features, _, grad = network(2, 2, "VALID")
    second = tf.gradients(tf.reduce_sum(grad * grad), x)[0]
    with tf.Session() as session:
        _, expected = session.run([features, second], {x: IMAGES["random"]})
        np.testing.assert_array_equal(session.run(second, {x: IMAGES["random"]}), expected)
