"""Circular and hyperbolic functions and their inverses."""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import register
from trackml.graph.shape_rules import broadcast, same_as_input
from trackml.ops.broadcast import unbroadcast_both
from trackml.ops.elementwise import FLOATS, REALS, elementwise
from trackml.ops.math import sqrt, square


def sin(x: Any, name: str | None = None) -> Tensor:
    """The sine of an angle in radians."""
    return elementwise("Sin", x, name=name, allowed=FLOATS)


register("Sin", np.sin, shape=same_as_input, gradient=lambda op, grad: grad * cos(op.inputs[0]))


def cos(x: Any, name: str | None = None) -> Tensor:
    """The cosine of an angle in radians."""
    return elementwise("Cos", x, name=name, allowed=FLOATS)


register("Cos", np.cos, shape=same_as_input, gradient=lambda op, grad: -(grad * sin(op.inputs[0])))


def tan(x: Any, name: str | None = None) -> Tensor:
    """The tangent of an angle in radians."""
    return elementwise("Tan", x, name=name, allowed=FLOATS)


register("Tan", np.tan, shape=same_as_input, gradient=lambda op, grad: grad * (1.0 + square(op.outputs[0])))


def asin(x: Any, name: str | None = None) -> Tensor:
    """The angle in radians whose sine is `x`."""
    return elementwise("Asin", x, name=name, allowed=FLOATS)


register("Asin", np.arcsin, shape=same_as_input, gradient=lambda op, grad: grad / sqrt(1.0 - square(op.inputs[0])))


def acos(x: Any, name: str | None = None) -> Tensor:
    """The angle in radians whose cosine is `x`."""
    return elementwise("Acos", x, name=name, allowed=FLOATS)


register("Acos", np.arccos, shape=same_as_input, gradient=lambda op, grad: -grad / sqrt(1.0 - square(op.inputs[0])))


def atan(x: Any, name: str | None = None) -> Tensor:
    """The angle in radians whose tangent is `x`."""
    return elementwise("Atan", x, name=name, allowed=FLOATS)


register("Atan", np.arctan, shape=same_as_input, gradient=lambda op, grad: grad / (1.0 + square(op.inputs[0])))


def atan2(y: Any, x: Any, name: str | None = None) -> Tensor:
    """The angle in radians of the point `(x, y)`, between -pi and pi."""
    return elementwise("Atan2", y, x, name=name, allowed=REALS, names=("y", "x"))


def _atan2_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    y, x = op.inputs
    share = grad / (square(x) + square(y))
    return unbroadcast_both(op, x * share, -(y * share))


register("Atan2", np.arctan2, shape=broadcast, gradient=_atan2_grad)


def sinh(x: Any, name: str | None = None) -> Tensor:
    """The hyperbolic sine."""
    return elementwise("Sinh", x, name=name, allowed=FLOATS)


register("Sinh", np.sinh, shape=same_as_input, gradient=lambda op, grad: grad * cosh(op.inputs[0]))


def cosh(x: Any, name: str | None = None) -> Tensor:
    """The hyperbolic cosine."""
    return elementwise("Cosh", x, name=name, allowed=FLOATS)


register("Cosh", np.cosh, shape=same_as_input, gradient=lambda op, grad: grad * sinh(op.inputs[0]))


def asinh(x: Any, name: str | None = None) -> Tensor:
    """The number whose hyperbolic sine is `x`."""
    return elementwise("Asinh", x, name=name, allowed=FLOATS)


register("Asinh", np.arcsinh, shape=same_as_input, gradient=lambda op, grad: grad / cosh(op.outputs[0]))


def acosh(x: Any, name: str | None = None) -> Tensor:
    """The number, not negative, whose hyperbolic cosine is `x`."""
    return elementwise("Acosh", x, name=name, allowed=FLOATS)


register("Acosh", np.arccosh, shape=same_as_input, gradient=lambda op, grad: grad / sinh(op.outputs[0]))


def atanh(x: Any, name: str | None = None) -> Tensor:
    """The number whose hyperbolic tangent is `x`."""
    return elementwise("Atanh", x, name=name, allowed=FLOATS)


register("Atanh", np.arctanh, shape=same_as_input, gradient=lambda op, grad: grad / (1.0 - square(op.inputs[0])))
