"""The golden checkpoints, and comparison of arrays bit by bit."""

from __future__ import annotations

import json
import pathlib

import numpy as np
import pytest

GOLDEN = pathlib.Path(__file__).parents[1] / "golden/checkpoint"


@pytest.fixture
def golden():
    """The directory of files that TensorFlow wrote."""
    return GOLDEN


@pytest.fixture
def golden_values():
    """Gives the tensors of a golden checkpoint by name, in the order in which they were saved."""
    return lambda name: {row["name"]: _array(row) for row in json.loads((GOLDEN / name).read_text())}


@pytest.fixture
def same():
    """Tells whether two arrays have one type, one shape and the same bits."""
    return _same


def _array(row):
    if row["dtype"] == "string":
        array = np.empty(len(row["hex"]), object)
        array[:] = [bytes.fromhex(element) for element in row["hex"]]
    else:
        array = np.frombuffer(bytes.fromhex(row["hex"]), row["dtype"])
    return array.reshape(row["shape"])


def _same(first, second):
    if (first.dtype, first.shape) != (second.dtype, second.shape):
        return False
    if first.dtype == object:
        return first.tolist() == second.tolist()
    return first.tobytes() == second.tobytes()
