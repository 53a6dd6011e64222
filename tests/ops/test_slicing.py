"""`x[...]` is what numpy says, for keys of every kind, known while the graph is built or not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import trackml as tf

SHAPE = (4, 3, 5)
X = np.arange(60.0).reshape(SHAPE)


@st.composite
def keys(draw: Any) -> tuple[Any, ...]:
    """Positions, slices (possibly empty or backwards), new axes and at most one `...`, that fit a shape of rank 3."""
    used = draw(st.integers(0, 3))
    bounds = st.one_of(st.none(), st.integers(-7, 7))
    steps = st.one_of(st.none(), st.integers(-3, 3).filter(bool))
    slices = st.builds(slice, bounds, bounds, steps)
    entries: list[Any] = [
        draw(slices) if draw(st.booleans()) else draw(st.integers(-3, 2)) for _ in range(used)
    ]  # every axis has at least 3 positions
    entries += [None] * draw(st.integers(0, 2))
    entries = draw(st.permutations(entries))
    if draw(st.booleans()):
        entries.insert(draw(st.integers(0, len(entries))), Ellipsis)
    return tuple(entries)


@given(keys())
def test_getitem_agrees_with_numpy(key: tuple[Any, ...]) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float64, SHAPE)
        part = x[key]
        assert part.shape.as_list() == list(X[key].shape)
        np.testing.assert_array_equal(session.run(part, {x: X}), X[key])


@given(keys())
def test_getitem_of_unknown_sizes_agrees_with_numpy(key: tuple[Any, ...]) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        sizes, anything = tf.placeholder(tf.float64, [None] * 3), tf.placeholder(tf.float64)
        parts = [sizes[key], anything[key]]
        assert parts[0].shape.ndims == X[key].ndim
        assert all(part.shape.is_compatible_with(X[key].shape) for part in parts)
        for found in session.run(parts, {sizes: X, anything: X}):
            np.testing.assert_array_equal(found, X[key])


@given(keys())
def test_gradient_of_getitem_is_one_where_it_was_taken(key: tuple[Any, ...]) -> None:
    expected = np.zeros(SHAPE)
    expected[key] = 1.0
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float64, SHAPE)
        (grad,) = tf.gradients(x[key], x)
        np.testing.assert_array_equal(session.run(grad, {x: X}), expected)


def _with_tensors(key: tuple[Any, ...]) -> tuple[tuple[Any, ...], dict[Any, int]]:
    """The key with a placeholder for every number in it, and what to feed."""
    feeds: dict[Any, int] = {}

    def tensor(number: Any) -> Any:
        if number is None or number is Ellipsis:
            return number
        placeholder = tf.placeholder(tf.int32, [])
        feeds[placeholder] = number
        return placeholder

    entries = [
        slice(tensor(item.start), tensor(item.stop), tensor(item.step)) if isinstance(item, slice) else tensor(item)
        for item in key
    ]
    return tuple(entries), feeds


@given(keys())
def test_tensors_in_keys_agree_with_numpy(key: tuple[Any, ...]) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float64, SHAPE)
        entries, feeds = _with_tensors(key)
        # A position and the one behind it: of -1, as in TensorFlow, the end is 0, but the axis goes all the same.
        part = x[entries]
        assert part.shape.is_compatible_with(X[key].shape)
        np.testing.assert_array_equal(session.run(part, {x: X, **feeds}), X[key])


@pytest.mark.parametrize("key", [np.int64(1), np.int32(-1), tf.Dimension(2), slice(np.int64(1), None)])
def test_numbers_of_other_types_are_positions(key: Any) -> None:
    expected = X[int(key)] if not isinstance(key, slice) else X[key]
    with tf.Graph().as_default(), tf.Session() as session:
        np.testing.assert_array_equal(session.run(tf.constant(X)[key]), expected)


@pytest.mark.parametrize("key", [1.0, "a", [0.5], np.array([0, 1]), (slice(None), True), slice(None, 2.0)])
def test_other_keys_are_refused(key: Any) -> None:
    with tf.Graph().as_default(), pytest.raises(TypeError, match="valid indices"):
        tf.constant(X)[key]


def test_a_mask_takes_elements() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float64, [None, 3, 5])
        masks = [x > 10.0, X[:, 0, 0] > 20.0, X[:, :, 0] > 20.0]
        found = session.run([x[mask] for mask in masks], {x: X})
    for value, mask in zip(found, [X > 10.0, *masks[1:]]):
        np.testing.assert_array_equal(value, X[mask])


def test_a_position_that_is_not_there() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float64, [None])
        with pytest.raises(ValueError, match=r"slice index 3 of a dimension of size 3 out of bounds.*StridedSlice of"):
            tf.zeros([3])[3]
        with pytest.raises(ValueError, match="input has only 1 dims"):
            x[0, 0]
        with pytest.raises(tf.errors.InvalidArgumentError, match="out of bounds"):
            session.run(x[5], {x: [1.0]})


def test_a_step_of_zero() -> None:
    with tf.Graph().as_default(), pytest.raises(ValueError, match="strides must be non-zero"):
        tf.zeros([3])[::0]


def test_slice_checks_its_bounds() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float64, [None])
        with pytest.raises(ValueError, match="Cannot slice 3 elements from position 1 of a dimension of size 3"):
            tf.slice(tf.zeros([3]), [1], [3])
        with pytest.raises(
            tf.errors.InvalidArgumentError, match=r"Expected size\[0\] in \[0, 0\], but got 1 at begin 2"
        ):
            session.run(tf.slice(x, [2], [1]), {x: [1.0, 2.0]})


def test_strings_are_sliced_to_bytes() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        words = tf.placeholder(tf.string, [None])
        assert session.run([words[1], words[:1]], {words: ["a", "b"]})[0] == b"b"
