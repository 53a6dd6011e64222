"""Types and values of operations on segments and sparse tensors, and their gradients, as TensorFlow 1.15 has them."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf

GOLDEN = Path(__file__).parents[1] / "golden"
EXPECTED = json.loads((GOLDEN / "sparse_ops/sparse_graph.json").read_text())
# Sums of a few float32, in another order than TensorFlow's.
ROUNDING = 2e-6

Found = dict[str, list[tuple[Any, Any]]]


@pytest.fixture(scope="module")
def found() -> Iterator[Found]:
    """The tensors of the same graph and their values."""
    build = runpy.run_path(str(GOLDEN / "make/sparse_graph.py"))["build"]
    with tf.Graph().as_default(), tf.Session() as session:
        made = build(tf)
        values = session.run(made)
        yield {key: list(zip(tensors, values[key])) for key, tensors in made.items()}


def _expected(part: dict[str, Any]) -> Any:
    if part["dtype"] == "string":
        array = np.empty(len(part["values"]), dtype=object)
        array[:] = [text.encode("latin-1") for text in part["values"]]
    else:
        numbers = {"inf": np.inf, "nan": np.nan}
        array = np.array([eval(text, {}, numbers) for text in part["values"]], part["dtype"])
    return array.reshape(part["shape"])


@pytest.mark.parametrize("key", EXPECTED)
def test_type_and_value_are_tensorflows(key: str, found: Found) -> None:
    assert len(found[key]) == len(EXPECTED[key])
    for (tensor, value), part in zip(found[key], EXPECTED[key]):
        assert tensor.dtype.name == part["dtype"]
        expected = _expected(part)
        array = np.asarray(value, dtype=object) if isinstance(value, bytes) else np.asarray(value)
        assert (array.dtype, array.shape) == (expected.dtype, expected.shape)
        if expected.dtype.kind == "f":
            np.testing.assert_allclose(array, expected, rtol=ROUNDING, atol=ROUNDING)
        else:
            np.testing.assert_array_equal(array, expected)


SAFE = {key for key in EXPECTED if key.startswith("safe_")}
"""Lookups in fewer operations than TensorFlow makes."""


@pytest.mark.parametrize("key", sorted(EXPECTED.keys() - SAFE))
def test_the_name_is_tensorflows(key: str, found: Found) -> None:
    assert found[key][0][0].name == EXPECTED[key][0]["name"]


@pytest.mark.parametrize("key", sorted(SAFE))
def test_the_scope_is_tensorflows(key: str, found: Found) -> None:
    assert found[key][0][0].op.name.split("/")[0] == EXPECTED[key][0]["name"].split("/")[0]


@pytest.mark.parametrize("key", EXPECTED)
def test_static_shape_holds(key: str, found: Found) -> None:
    for tensor, value in found[key]:
        assert tensor.shape.is_compatible_with(np.shape(value))


def test_nodes_are_what_tensorflow_defines(found: Found, assert_tensorflow_takes: Callable[[tf.Graph], None]) -> None:
    assert_tensorflow_takes(found["sum_x"][0][0].graph)
