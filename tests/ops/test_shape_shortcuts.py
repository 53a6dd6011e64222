"""Reshapes that plans leave out or put together give what the operations one by one give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import trackml as tf

ROWS = np.arange(12, dtype=np.float32).reshape(6, 2)


@pytest.fixture(autouse=True)
def graph() -> Iterator[tf.Graph]:
    with tf.Graph().as_default() as graph:
        yield graph


def types_run(session: tf.Session) -> list[str]:
    return [op.type for plan in session._plans.values() for op in plan.steps]


def both(fetches: Any, feeds: dict[Any, Any]) -> tuple[Any, list[str]]:
    """The values, which must be those of the operations one by one, and the types of the operations that ran."""
    with tf.Session() as session, tf.Session(debug_numerics=True) as plain:
        found, expected = session.run(fetches, feeds), plain.run(fetches, feeds)
        np.testing.assert_array_equal(found, expected)
        return found, types_run(session)


@pytest.mark.parametrize(
    ("reshaped", "types"),
    [
        (lambda x: tf.squeeze(tf.expand_dims(x, -1), [-1]), []),
        (lambda x: tf.reshape(x, tf.shape(x)), []),
        (lambda x: tf.reshape(tf.reshape(x, [-1]), [4, 3]), ["Reshape"]),
        (lambda x: tf.expand_dims(tf.expand_dims(x, 0), 0), ["ExpandDims"]),
        (lambda x: tf.reshape(tf.squeeze(tf.expand_dims(x, 1)), [-1, 2]), []),
    ],
)
def test_reshapes_are_one_or_none(reshaped: Callable[[Any], Any], types: list[str]) -> None:
    x = tf.placeholder(tf.float32, [None, 2])
    found, ran = both(reshaped(x) * 2.0, {x: ROWS})
    assert ran == [*types, "Mul"]
    assert found.size == ROWS.size


def test_a_reshape_of_any_shape_is_left_as_it_is() -> None:
    x = tf.placeholder(tf.float32, [None, 2])
    sizes = tf.placeholder(tf.int32, [2])
    y = tf.reshape(x, sizes) + 1.0
    with tf.Session() as session:
        assert session.run(y, {x: ROWS, sizes: [3, 4]}).shape == (3, 4)
        assert session.run(y, {x: ROWS, sizes: [4, 3]}).shape == (4, 3)


def test_what_is_fetched_reshaped_is_the_callers_own() -> None:
    x = tf.placeholder(tf.float32, [None, 2])
    doubled = x * 2.0
    same = tf.reshape(doubled, [-1, 2])
    with tf.Session() as session:
        first, second = session.run([doubled, same], {x: ROWS})
        np.testing.assert_array_equal(first, 2 * ROWS)
        np.testing.assert_array_equal(second, 2 * ROWS)


def test_a_view_that_is_left_out_keeps_values_from_being_written_into() -> None:
    x = tf.placeholder(tf.float32, [None, 4096])
    product = tf.matmul(x, -np.eye(4096, dtype=np.float32)[:, :2048])
    view = tf.reshape(tf.reshape(product, [-1]), [-1, 2048])
    total = tf.nn.relu(product) + view
    fed = np.arange(3 * 4096, dtype=np.float32).reshape(3, 4096) - 6000
    with tf.Session() as session:
        expected = np.maximum(-fed[:, :2048], 0) - fed[:, :2048]
        np.testing.assert_array_equal(session.run(total, {x: fed}), expected)


@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_columns_are_put_side_by_side(dtype: Any) -> None:
    vectors = [tf.placeholder(dtype, [None]) for _ in range(3)]
    whole = tf.concat([tf.expand_dims(vector, -1) for vector in vectors], -1)
    feeds = {vector: np.arange(5, dtype=dtype) + 10 * number for number, vector in enumerate(vectors)}
    found, ran = both(whole, feeds)
    assert ran == ["ConcatV2"]
    assert found.dtype == dtype
    assert found[1].tolist() == [1, 11, 21]


def test_operations_without_inputs_may_stand_beside() -> None:
    vector = tf.py_func(lambda: np.ones(2, np.float32), [], tf.float32)
    vector.set_shape([2])
    whole = tf.concat([tf.expand_dims(vector, -1), tf.expand_dims(vector, -1)], -1)
    with tf.Session() as session:
        assert session.run(whole).tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_other_columns_are_joined_as_they_are() -> None:
    vector, matrix, text = (
        tf.placeholder(tf.float32, [None]),
        tf.placeholder(tf.float32, [None, 2]),
        tf.placeholder(tf.string, [None]),
    )
    mixed = tf.concat([tf.expand_dims(vector, -1), matrix], 1)
    below = tf.concat([tf.expand_dims(vector, 0), tf.expand_dims(vector, 0)], 0)
    words = tf.concat([tf.expand_dims(text, 1), tf.expand_dims(text, 1)], 1)
    feeds = {vector: [1.0, 2.0], matrix: [[3.0, 4.0], [5.0, 6.0]], text: ["a", "b"]}
    with tf.Session() as session:
        found = session.run([mixed, below, words], feeds)
    assert found[0].tolist() == [[1.0, 3.0, 4.0], [2.0, 5.0, 6.0]]
    assert found[1].tolist() == [[1.0, 2.0], [1.0, 2.0]]
    assert found[2].tolist() == [[b"a", b"a"], [b"b", b"b"]]


def test_a_reshape_to_constant_sizes_of_what_has_any_shape() -> None:
    x = tf.placeholder(tf.int64, [None])
    flat = tf.reshape(tf.unique(x)[0], [-1, 2], name="pairs")
    with tf.Session() as session:
        assert session.run(flat, {x: [1, 2, 2, 3, 4]}).tolist() == [[1, 2], [3, 4]]
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"with 3 values, but .* \[-1, 2\] \[op 'pairs'"):
            session.run(flat, {x: [1, 2, 3]})


@pytest.mark.parametrize(
    "part",
    [
        lambda x: x[0],
        lambda x: x[-1, ::-1],
        lambda x: x[1:3, tf.newaxis],
        lambda x: x[..., 1:],
        lambda x: tf.strided_slice(x, [5, 0], [0, 2], [-2, 1]),
        lambda x: tf.shape(tf.unique(x[:, 0])[0])[0],
    ],
)
def test_slices_with_known_bounds(part: Callable[[Any], Any]) -> None:
    x = tf.placeholder(tf.float32, [None, 2])
    both(part(x), {x: ROWS})


def test_slices_of_texts() -> None:
    x = tf.placeholder(tf.string, [None])
    with tf.Session() as session:
        assert session.run(x[1], {x: ["a", "b"]}) == b"b"
        assert session.run(x[1:], {x: ["a", "b"]}).tolist() == [b"b"]
