"""Comparisons and logic: operations that give truth values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.graph.operation import Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.shape_rules import broadcast, same_as_input
from trackml.ops.elementwise import BOOLEANS, NUMBERS, ORDERED, elementwise
from trackml.ops.framework import name_scope

_COMPARABLE = (*NUMBERS, dtypes.bool_, dtypes.string)


def equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether elements are equal, as bool; strings too."""
    return elementwise("Equal", x, y, name=name, allowed=_COMPARABLE)


def not_equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether elements differ, as bool; strings too."""
    return elementwise("NotEqual", x, y, name=name, allowed=_COMPARABLE)


def less(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether `x < y`, as bool."""
    return elementwise("Less", x, y, name=name, allowed=ORDERED)


def less_equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether `x <= y`, as bool."""
    return elementwise("LessEqual", x, y, name=name, allowed=ORDERED)


def greater(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether `x > y`, as bool."""
    return elementwise("Greater", x, y, name=name, allowed=ORDERED)


def greater_equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether `x >= y`, as bool."""
    return elementwise("GreaterEqual", x, y, name=name, allowed=ORDERED)


def logical_and(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether both are true."""
    return elementwise("LogicalAnd", x, y, name=name, allowed=BOOLEANS)


def logical_or(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether one or both are true."""
    return elementwise("LogicalOr", x, y, name=name, allowed=BOOLEANS)


def logical_not(x: Any, name: str | None = None) -> Tensor:
    """Whether `x` is false."""
    return elementwise("LogicalNot", x, name=name, allowed=BOOLEANS)


def logical_xor(x: Any, y: Any, name: str | None = "LogicalXor") -> Tensor:
    """Whether exactly one is true."""
    with name_scope(name, "LogicalXor", [x, y]) as scope:
        return logical_and(logical_or(x, y), logical_not(logical_and(x, y)), name=scope)


def _equal(x: Any, y: Any) -> Any:
    # numpy gives Python's own bool for two bytes objects in 0-d arrays.
    return np.equal(x, y) if x.dtype != object else np.asarray(np.equal(x, y), np.bool_)


def _not_equal(x: Any, y: Any) -> Any:
    return np.not_equal(x, y) if x.dtype != object else np.asarray(np.not_equal(x, y), np.bool_)


_KERNELS: dict[str, Callable[..., Any]] = {
    "Equal": _equal,
    "NotEqual": _not_equal,
    "Less": np.less,
    "LessEqual": np.less_equal,
    "Greater": np.greater,
    "GreaterEqual": np.greater_equal,
}
for _type, _kernel in _KERNELS.items():
    register(_type, _kernel, shape=broadcast, dtypes=dtypes.bool_, gradient=NOT_DIFFERENTIABLE)

register("LogicalAnd", np.logical_and, shape=broadcast, gradient=NOT_DIFFERENTIABLE, types={})
register("LogicalOr", np.logical_or, shape=broadcast, gradient=NOT_DIFFERENTIABLE, types={})
register("LogicalNot", np.logical_not, shape=same_as_input, gradient=NOT_DIFFERENTIABLE, types={})
