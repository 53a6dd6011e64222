"""The modules that only hand on names, as TensorFlow has them: tf.math, tf.random and the like."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import trackml as tf

FACES = ("debugging", "image", "io", "linalg", "math", "python_io", "random", "sets", "sparse", "strings")


@pytest.mark.parametrize("face", FACES)
def test_names_are_there_once_and_documented(face: str) -> None:
    module = getattr(tf, face)
    assert (module.__doc__ or "").startswith(f"tf.{face}: ")
    assert len(set(module.__all__)) == len(module.__all__)
    for name in module.__all__:
        value = getattr(module, name)
        assert callable(value)
        assert inspect.getdoc(value)


@pytest.mark.parametrize("face", ["debugging", "math", "random"])
def test_names_that_tf_has_too_are_the_same(face: str) -> None:
    module = getattr(tf, face)
    shared = [name for name in module.__all__ if hasattr(tf, name)]
    assert shared
    assert all(getattr(module, name) is getattr(tf, name) for name in shared)


def test_numbers_through_the_faces() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        tf.random.set_random_seed(3)
        x = tf.random.normal([4, 2])
        with tf.control_dependencies([tf.debugging.assert_rank(x, 2)]):
            total = tf.math.reduce_sum(tf.linalg.matmul(x, x, transpose_b=True))
        value, given = session.run([total, x])
    assert value == pytest.approx((given @ given.T).sum(), rel=1e-5)
    assert np.isfinite(value)
