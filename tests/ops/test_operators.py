"""Python's operators on tensors."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from trackml import dtypes
from trackml.graph import Graph, Session, constant


@pytest.fixture(autouse=True)
def graph() -> Iterator[Graph]:
    with Graph().as_default() as graph:
        yield graph


def value(tensor: Any) -> Any:
    with Session() as session:
        return session.run(tensor)


ARITHMETIC = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.floordiv,
    operator.mod,
    operator.pow,
    operator.lt,
    operator.le,
    operator.gt,
    operator.ge,
]


@pytest.mark.parametrize("function", ARITHMETIC)
def test_operators_do_what_they_do_on_arrays(function: Callable[[Any, Any], Any]) -> None:
    x, y = np.array([1.0, 2.0, 3.5], np.float32), np.array([2.0, 2.0, 0.5], np.float32)

    for result in (function(constant(x), constant(y)), function(constant(x), y), function(x.tolist(), constant(y))):
        np.testing.assert_allclose(value(result), function(x, y))


@pytest.mark.parametrize("function", [operator.and_, operator.or_, operator.xor])
def test_logical_operators_take_booleans_on_both_sides(function: Callable[[Any, Any], Any]) -> None:
    x, y = np.array([True, True, False]), np.array([True, False, False])

    for result in (function(constant(x), constant(y)), function(constant(x), y), function(x.tolist(), constant(y))):
        np.testing.assert_array_equal(value(result), function(x, y))


def test_unary_operators() -> None:
    assert value(-constant(2.0)) == -2
    assert value(abs(constant(-2))) == 2
    assert value(~constant(True)) == False  # noqa: E712  numpy's own bool


def test_matmul_operator() -> None:
    x = np.arange(6, dtype=np.float32).reshape(2, 3)

    np.testing.assert_array_equal(value(constant(x) @ constant(x.T)), x @ x.T)
    np.testing.assert_array_equal(value(constant(x) @ x.T), x @ x.T)


def test_a_number_takes_the_type_of_the_tensor() -> None:
    assert (constant(1.0, dtypes.float64) * 2).dtype is dtypes.float64
    assert (2 * constant(1.0, dtypes.float64)).dtype is dtypes.float64
    assert (constant(1, dtypes.int64) + 2).dtype is dtypes.int64


def test_true_division_of_integers_gives_floats() -> None:
    quotient = constant(7) / 2

    assert quotient.dtype is dtypes.float64
    assert value(quotient) == 3.5


def test_a_fraction_is_no_integer() -> None:
    with pytest.raises(TypeError, match="float32 that does not match type int32"):
        constant(1) + 2.5
    with pytest.raises(TypeError):
        2.5 + constant(1)


def test_tensors_of_two_types_do_not_mix() -> None:
    with pytest.raises(TypeError, match="does not match type"):
        constant(1.0) * constant(1)


def test_shapes_that_do_not_broadcast_are_refused_with_the_users_line() -> None:
    with pytest.raises(ValueError, match=r"Dimensions must be equal, but are 2 and 3.*test_operators.py"):
        constant([1.0, 2.0]) + constant([1.0, 2.0, 3.0])


def test_strings_are_joined() -> None:
    assert value(constant("a") + "b") == b"ab"
    np.testing.assert_array_equal(value(constant(["a", "b"]) + constant("c")), [b"ac", b"bc"])


def test_equality_is_identity() -> None:
    x = constant(1.0)

    assert x == x
    assert x != constant(1.0)


def test_names_are_tensorflows() -> None:
    x = constant(1.0, name="x")

    names = [(x + 1.0).name, (2.0 * x).name, (x + x).name, (-x).name, (x / x).name, (x < 1.0).name, (x**2.0).name]

    assert names == ["add:0", "mul:0", "add_1:0", "Neg:0", "truediv:0", "Less:0", "pow:0"]
    constants = [op.name for op in x.graph.get_operations() if op.type == "Const"]
    assert constants == ["x", "add/y", "mul/x", "Less/y", "pow/y"]
