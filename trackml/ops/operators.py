"""What Python's operators do with tensors: fills the table that `trackml.graph.arithmetic` looks up.

A Python or numpy operand takes the tensor's element type where it can: `x * 2` is float32 for a float32 `x`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trackml import dtypes
from trackml.graph.arithmetic import OPERATORS
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.ops import comparison, math
from trackml.ops.elementwise import elementwise
from trackml.ops.framework import name_scope
from trackml.ops.matmul import matmul
from trackml.ops.slicing import getitem

Binary = Callable[..., Tensor]


def _add(x: Tensor, y: Tensor, name: str | None = None) -> Tensor:
    return math.add(x, y, name) if x.dtype is dtypes.string else elementwise("AddV2", x, y, name=name)


def _install(method: str, function: Binary, name: str) -> None:
    OPERATORS[f"__{method}__"] = _left(function, name)
    OPERATORS[f"__r{method}__"] = _right(function, name)


def _left(function: Binary, name: str) -> Binary:
    """`x + y` where x is a tensor."""

    def operator(x: Any, y: Any) -> Tensor:
        if isinstance(x, Tensor) and isinstance(y, Tensor):
            return function(x, y, name=name)
        with name_scope(None, name, [x, y]) as scope:
            x = convert_to_tensor(x, name="x")
            return function(x, convert_to_tensor(y, name="y", preferred_dtype=x.dtype), name=scope)

    return operator


def _right(function: Binary, name: str) -> Binary:
    """`x + y` where only y is a tensor; Python passes y first."""

    def operator(y: Any, x: Any) -> Tensor:
        with name_scope(None, name, [x, y]) as scope:
            y = convert_to_tensor(y, name="y")
            return function(convert_to_tensor(x, y.dtype, name="x"), y, name=scope)

    return operator


_install("add", _add, "add")
_install("sub", math.subtract, "sub")
_install("mul", math.multiply, "mul")
_install("truediv", math.truediv, "truediv")
_install("floordiv", math.floordiv, "floordiv")
_install("mod", math.mod, "mod")
_install("pow", math.pow, "pow")
_install("matmul", matmul, "matmul")
_install("and", comparison.logical_and, "and")
_install("or", comparison.logical_or, "or")
_install("xor", comparison.logical_xor, "xor")

OPERATORS["__lt__"] = _left(comparison.less, "Less")
OPERATORS["__le__"] = _left(comparison.less_equal, "LessEqual")
OPERATORS["__gt__"] = _left(comparison.greater, "Greater")
OPERATORS["__ge__"] = _left(comparison.greater_equal, "GreaterEqual")
OPERATORS["__neg__"] = math.negative
OPERATORS["__invert__"] = comparison.logical_not
OPERATORS["__abs__"] = math.abs
OPERATORS["__getitem__"] = getitem
