"""Every registered operation type is in the table, and does there what TensorFlow does.

Values are compared with those that TensorFlow 1.15 gave for the same nodes (`golden/engine_ops/every.npz`), in float32
and in float64; gradients and second gradients with differences; static shapes with the values, with all sizes known,
with none of them, and with unknown ranks.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from trackml.graph import Graph, Operation, Session, Tensor, constant, placeholder
from trackml.graph.registry import NOT_DIFFERENTIABLE, spec_of
from trackml.shapes import TensorShape
from trackml.testing import assert_gradients

TESTS = Path(__file__).parents[1]


def load_table() -> ModuleType:
    spec = importlib.util.spec_from_file_location("operation_table", TESTS / "ops" / "operation_table.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["operation_table"] = module  # where dataclasses look for their module
    spec.loader.exec_module(module)
    return module


LOAD = """
import importlib, pkgutil
import trackml
for module in pkgutil.walk_packages(trackml.__path__, "trackml."):
    if not module.name.endswith("_pb2"):
        importlib.import_module(module.name)
"""
exec(LOAD)
TABLE = load_table()
ROWS: dict[str, Any] = TABLE.ROWS
GOLDEN = np.load(TESTS / "golden" / "engine_ops" / "every.npz")
ROUNDING = {np.dtype(np.float32): 2e-5, np.dtype(np.float64): 2e-5}
"""The golden values are float32's, computed in another order, by other functions."""


def made(name: str, *, wide: bool = False, known: str = "all") -> tuple[Operation, dict[Tensor, Any]]:
    """The operation of a row, and what is to be fed: nothing when all is known, else every input of `known`."""
    row = ROWS[name]
    inputs, feeds = [], {}
    for value in row.inputs:
        array = np.asarray(value)
        if wide and array.dtype == np.float32:
            array = array.astype(np.float64)
        if known == "all" or (known == "integers" and array.dtype.kind != "f"):
            inputs.append(constant(array, TABLE.dtype_of(array)))
        else:
            shape = TensorShape(None if known == "none" else [None] * array.ndim)
            inputs.append(placeholder(TABLE.dtype_of(array), shape))
            feeds[inputs[-1]] = array
    graph = inputs[0].graph
    return graph.create_op(name, inputs, dict(row.attrs), f"row_{name}"), feeds


def assert_golden(name: str, index: int, value: Any) -> None:
    expected, found = GOLDEN[f"{name}/{index}"], np.asarray(value)
    if expected.dtype.kind == "S":
        assert [bytes(item) for item in found.ravel()] == [bytes(item) for item in expected.ravel()]
    elif expected.dtype.kind == "f":
        np.testing.assert_allclose(found, expected, rtol=ROUNDING[found.dtype], atol=1e-5)
    else:
        np.testing.assert_array_equal(found, expected)
    assert found.shape == expected.shape


def test_every_registered_type_has_a_row() -> None:
    elsewhere = {name for names in TABLE.ELSEWHERE.values() for name in names}
    # In a process of its own, since tests register types too.
    code = f"{LOAD}\nfrom trackml.graph import registered_types\nprint(*registered_types())"
    listed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not set(listed) - set(ROWS) - elsewhere, "put a row into operation_table.py"
    assert not (set(ROWS) | elsewhere) - set(listed)
    assert not set(ROWS) & elsewhere


@pytest.mark.parametrize("path", TABLE.ELSEWHERE)
def test_where_the_others_are_checked_is_there(path: str) -> None:
    assert list(TESTS.glob(f"{path}*")), f"no test file begins with {path}"


@pytest.mark.parametrize("name", ROWS)
def test_values_and_types_are_tensorflows(name: str) -> None:
    with Graph().as_default(), Session() as session:
        op, _ = made(name)
        values = session.run(list(op.outputs))
        assert len(values) == sum(key.startswith(f"{name}/") for key in GOLDEN.files)
        for index, (value, tensor) in enumerate(zip(values, op.outputs)):
            assert_golden(name, index, value)
            assert np.asarray(value).dtype == tensor.dtype.as_numpy_dtype or np.asarray(value).dtype.kind in "SO"
            expected = GOLDEN[f"{name}/{index}"].dtype
            assert expected.kind == "S" or tensor.dtype.as_numpy_dtype == expected


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.wide])
def test_values_in_float64(name: str) -> None:
    with Graph().as_default(), Session() as session:
        op, _ = made(name, wide=True)
        for index, (value, tensor) in enumerate(zip(session.run(list(op.outputs)), op.outputs)):
            assert np.asarray(value).dtype == tensor.dtype.as_numpy_dtype or np.asarray(value).dtype.kind in "SO"
            if np.asarray(value).dtype.kind == "f":
                assert_golden(name, index, value)


@pytest.mark.parametrize("known", ["integers", "ranks", "none"])
@pytest.mark.parametrize("name", ROWS)
def test_static_shapes_hold_whatever_is_known(name: str, known: str) -> None:
    with Graph().as_default(), Session() as session:
        exact, _ = made(name)
        values = session.run(list(exact.outputs))
        for tensor, value in zip(exact.outputs, values):
            assert tensor.shape.is_compatible_with(np.shape(value))
        op, feeds = made(name, known=known)
        for index, (tensor, value) in enumerate(zip(op.outputs, session.run(list(op.outputs), feeds))):
            assert tensor.shape.is_compatible_with(np.shape(value))
            assert tensor.dtype is exact.outputs[index].dtype
            assert_golden(name, index, value)


def differentiable(name: str) -> bool:
    return spec_of(name).gradient is not NOT_DIFFERENTIABLE


def test_rows_without_gradients_are_those_of_types_without() -> None:
    assert {name for name, row in ROWS.items() if row.order == 0} == {name for name in ROWS if not differentiable(name)}


@pytest.mark.parametrize("static_shapes", [True, False])
@pytest.mark.parametrize("name", [name for name in ROWS if differentiable(name)])
def test_gradients_are_those_that_differences_measure(name: str, static_shapes: bool) -> None:
    row = ROWS[name]
    kind = np.float64 if row.wide else np.float32
    arrays = [np.asarray(value) for value in row.inputs]
    arrays = [array.astype(kind) if array.dtype == np.float32 else array for array in arrays]
    moved = [place for place, array in enumerate(arrays) if array.dtype.kind == "f" and place not in row.fixed]

    def function(*tensors: Tensor) -> list[Tensor]:
        given = iter(tensors)
        inputs = [next(given) if place in moved else constant(array, TABLE.dtype_of(array))
                  for place, array in enumerate(arrays)]  # fmt: skip
        op = inputs[0].graph.create_op(name, inputs, dict(row.attrs), "op")
        return [tensor for tensor in op.outputs if tensor.dtype.is_floating]

    assert_gradients(function, [arrays[place] for place in moved], order=row.order, static_shapes=static_shapes)
