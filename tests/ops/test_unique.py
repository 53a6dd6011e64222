"""The different elements of a vector come in the order in which they are first seen."""

from __future__ import annotations

import numpy as np
import pytest

from trackml.graph import Graph, Session, placeholder
from trackml.ops.unique import unique, unique_with_counts


@pytest.mark.parametrize(
    ("x", "y", "idx", "count"),
    [
        ([7, 3, 7, 9, 3, 7], [7, 3, 9], [0, 1, 0, 2, 1, 0], [3, 2, 1]),
        (np.zeros([0], np.int64), [], [], []),
        ([b"b", b"a", b"b"], [b"b", b"a"], [0, 1, 0], [2, 1]),
        ([2.5], [2.5], [0], [1]),
    ],
)
def test_elements_positions_and_counts(x, y, idx, count):
    with Graph().as_default(), Session() as session:
        found, positions, counts = session.run(unique_with_counts(x))
        again, _ = session.run(unique(x, out_idx="int64"))
    assert (found.tolist(), positions.tolist(), counts.tolist(), again.tolist()) == (y, idx, count, y)
    assert positions.dtype == counts.dtype == np.int32


def test_positions_have_the_shape_of_the_vector_and_the_type_that_is_asked_for():
    with Graph().as_default():
        y, idx = unique(placeholder("float32", [5]), out_idx="int64")
    assert (y.shape.as_list(), y.dtype.name) == ([None], "float32")
    assert (idx.shape.as_list(), idx.dtype.name) == ([5], "int64")


def test_a_matrix_is_refused():
    with Graph().as_default(), pytest.raises(ValueError, match="incompatible"):
        unique([[1, 2]])
