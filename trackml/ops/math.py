"""Arithmetic and elementary functions, element by element, and casts."""

from __future__ import annotations

import math as scalar_math
from collections.abc import Callable
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import DType, as_dtype
from trackml.errors import InvalidArgumentError
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.shape_rules import broadcast, merged, same_as_input
from trackml.ops import array, comparison
from trackml.ops.broadcast import unbroadcast_both
from trackml.ops.elementwise import FLOATS, NUMBERS, ORDERED, REALS, SIGNED, elementwise
from trackml.ops.framework import name_scope
from trackml.ops.gathering import where

_Grads = list[Tensor | None]

# Sums and products.


def add(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x + y`; strings are joined."""
    return elementwise("Add", x, y, name=name, allowed=(*NUMBERS, dtypes.string))


def _add(x: Any, y: Any) -> Any:
    # numpy gives bare bytes for two 0-d arrays of them.
    return np.add(x, y) if x.dtype != object else np.asarray(np.add(x, y), object)


def _add_grad(op: Operation, grad: Tensor) -> _Grads:
    return unbroadcast_both(op, grad, grad)


register("Add", _add, shape=broadcast, gradient=_add_grad)
register("AddV2", np.add, shape=broadcast, gradient=_add_grad)


def subtract(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x - y`."""
    return elementwise("Sub", x, y, name=name)


register("Sub", np.subtract, shape=broadcast, gradient=lambda op, grad: unbroadcast_both(op, grad, -grad))


def multiply(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x * y`, element by element."""
    return elementwise("Mul", x, y, name=name)


def _mul_grad(op: Operation, grad: Tensor) -> _Grads:
    x, y = op.inputs
    return unbroadcast_both(op, grad * y, x * grad)


register("Mul", np.multiply, shape=broadcast, gradient=_mul_grad)


def scalar_mul(scalar: Any, x: Any, name: str | None = None) -> Tensor:
    """`scalar * x`; ValueError when `scalar` is known not to have shape `[]`."""
    factor = convert_to_tensor(scalar, convert_to_tensor(x).dtype, name="scalar")
    if factor.shape.ndims not in (0, None):
        raise ValueError(f"Only scalar multiply works, got shape {factor.shape}")
    return multiply(factor, x, name)


def squared_difference(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`(x - y) ** 2`."""
    return elementwise("SquaredDifference", x, y, name=name)


def _squared_difference(x: Any, y: Any) -> Any:
    return np.square(np.subtract(x, y))


def _squared_difference_grad(op: Operation, grad: Tensor) -> _Grads:
    x, y = op.inputs
    x_grad = 2.0 * grad * (x - y)
    return unbroadcast_both(op, x_grad, -x_grad)


register("SquaredDifference", _squared_difference, shape=broadcast, gradient=_squared_difference_grad)


def add_n(inputs: Any, name: str | None = None) -> Tensor:
    """The sum of a list of tensors of one shape and type.

    Raises:
        ValueError: There are no inputs, or their shapes or types differ.
    """
    if not isinstance(inputs, (list, tuple)) or not inputs:
        raise ValueError("inputs must be a list of at least one Tensor with the same dtype and shape")
    tensors = [convert_to_tensor(item) for item in inputs]
    if len({tensor.dtype for tensor in tensors}) > 1:
        raise ValueError(
            "inputs must be a list of at least one Tensor with the same dtype and shape; "
            f"got {', '.join(tensor.dtype.name for tensor in tensors)}"
        )
    if len(tensors) == 1:
        return array.identity(tensors[0], name=name) if name else tensors[0]
    total: Tensor = apply_op("AddN", *tensors, name=name)
    return total


def accumulate_n(inputs: Any, shape: Any = None, tensor_dtype: Any = None, name: str | None = None) -> Tensor:
    """The sum of a list of tensors; `shape` adds to what is known of its shape."""
    total = add_n(inputs, name=name or "AccumulateNV2")
    total.set_shape(shape)
    return total


def _add_n(*values: Any) -> Any:
    total = values[0] if len(values) == 1 else np.add(values[0], values[1])
    for value in values[2:]:
        total = np.add(total, value, out=total) if isinstance(total, np.ndarray) else np.add(total, value)
    return total


register("AddN", _add_n, shape=merged, gradient=lambda op, grad: [grad] * len(op.inputs), count="N")

# Quotients.


def divide(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x / y` as Python divides: integers give floats."""
    return truediv(x, y, name)


_TRUE_QUOTIENTS = {
    dtypes.uint8: dtypes.float32,
    dtypes.int8: dtypes.float32,
    dtypes.uint16: dtypes.float32,
    dtypes.int16: dtypes.float32,
    dtypes.int32: dtypes.float64,
    dtypes.int64: dtypes.float64,
}


def truediv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x / y`; integers are cast to float64 first (of 8 and 16 bits: to float32).

    Raises:
        TypeError: The types differ, or are not numbers.
    """
    if isinstance(x, Tensor) and isinstance(y, Tensor) and x.dtype is y.dtype and x.dtype in FLOATS:
        return elementwise("RealDiv", x, y, name=name or "truediv", allowed=FLOATS)
    with name_scope(name, "truediv", [x, y]) as scope:
        x, y = _operands(x, y)
        wanted = _TRUE_QUOTIENTS.get(x.dtype)
        if wanted is not None:
            x, y = cast(x, wanted), cast(y, wanted)
        return elementwise("RealDiv", x, y, name=scope, allowed=FLOATS)


def _operands(x: Any, y: Any) -> tuple[Tensor, Tensor]:
    x = convert_to_tensor(x, name="x")
    own_type = isinstance(y, Tensor) or hasattr(y, "_as_tensor")
    y = convert_to_tensor(y, None if own_type else x.dtype, name="y")
    if x.dtype is not y.dtype:
        raise TypeError(f"x and y must have the same dtype, got {x.dtype.name} != {y.dtype.name}")
    return x, y


def realdiv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x / y` for floating-point numbers."""
    return elementwise("RealDiv", x, y, name=name, allowed=FLOATS)


def _real_div_grad(op: Operation, grad: Tensor) -> _Grads:
    x_grad = grad / op.inputs[1]
    return unbroadcast_both(op, x_grad, -(x_grad * op.outputs[0]))


register("RealDiv", np.true_divide, shape=broadcast, gradient=_real_div_grad)


def div(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x / y` as Python 2 divides: integers give integers, rounded down."""
    with name_scope(name, "div", [x, y]) as scope:
        x, y = _operands(x, y)
        return realdiv(x, y, name=scope) if x.dtype in FLOATS else floordiv(x, y, name=scope)


def floordiv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`floor(x / y)`: towards minus infinity.

    Deliberately TensorFlow's: for floats it is the floor of the rounded quotient, so `1.0 // 0.1` is 10 where
    Python says 9.
    """
    return elementwise("FloorDiv", x, y, name=name or "floordiv", allowed=ORDERED)


def floor_div(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`floor(x / y)`: towards minus infinity."""
    return elementwise("FloorDiv", x, y, name=name, allowed=ORDERED)


def _floor_div(x: Any, y: Any) -> Any:
    if y.dtype.kind == "f":
        return np.floor(np.true_divide(x, y))
    return np.floor_divide(x, _nonzero(y))


def _nonzero(divisor: Any) -> Any:
    if not np.all(divisor):
        raise InvalidArgumentError(None, None, "Integer division by zero")
    return divisor


register("FloorDiv", _floor_div, shape=broadcast, gradient=NOT_DIFFERENTIABLE)


def mod(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The remainder of `floordiv`: it has the sign of `y`."""
    return elementwise("FloorMod", x, y, name=name, allowed=ORDERED)


floormod = mod


def _floor_mod(x: Any, y: Any) -> Any:
    return np.remainder(x, y if y.dtype.kind == "f" else _nonzero(y))


def _floor_mod_grad(op: Operation, grad: Tensor) -> _Grads:
    x, y = op.inputs
    return unbroadcast_both(op, grad, -(grad * floor_div(x, y)))


register("FloorMod", _floor_mod, shape=broadcast, gradient=_floor_mod_grad)


def truncatediv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x / y` of integers, rounded towards zero."""
    return elementwise("TruncateDiv", x, y, name=name, allowed=ORDERED)


def _truncate_div(x: Any, y: Any) -> Any:
    if y.dtype.kind == "f":
        return np.trunc(np.true_divide(x, y))
    return np.floor_divide(np.subtract(x, np.fmod(x, _nonzero(y))), y)


register("TruncateDiv", _truncate_div, shape=broadcast, gradient=NOT_DIFFERENTIABLE)


def truncatemod(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The remainder of `truncatediv`: it has the sign of `x`."""
    return elementwise("TruncateMod", x, y, name=name, allowed=ORDERED)


def _truncate_mod(x: Any, y: Any) -> Any:
    return np.fmod(x, y if y.dtype.kind == "f" else _nonzero(y))


def _truncate_mod_grad(op: Operation, grad: Tensor) -> _Grads:
    x, y = op.inputs
    return unbroadcast_both(op, grad, -(grad * truncatediv(x, y)))


register("TruncateMod", _truncate_mod, shape=broadcast, gradient=_truncate_mod_grad)


def div_no_nan(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x / y`, and 0 where `y` is 0."""
    return elementwise("DivNoNan", x, y, name=name or "div_no_nan", allowed=FLOATS)


divide_no_nan = div_no_nan


def _div_no_nan(x: Any, y: Any) -> Any:
    if y.ndim == 0:
        return np.true_divide(x, y) if y else np.zeros_like(x)
    return np.where(np.equal(y, 0), y.dtype.type(0), np.true_divide(x, y))


def _div_no_nan_grad(op: Operation, grad: Tensor) -> _Grads:
    x_grad = div_no_nan(grad, op.inputs[1])
    return unbroadcast_both(op, x_grad, -(x_grad * op.outputs[0]))


register("DivNoNan", _div_no_nan, shape=broadcast, gradient=_div_no_nan_grad)


def reciprocal(x: Any, name: str | None = None) -> Tensor:
    """`1 / x`."""
    return elementwise("Reciprocal", x, name=name)


def _reciprocal_grad(y: Any, grad: Any) -> Any:
    return np.negative(np.multiply(grad, np.square(y)))


def _reciprocal_grad_grad(op: Operation, grad: Tensor) -> _Grads:
    y, dy = op.inputs
    return [-2.0 * grad * dy * y, elementwise("ReciprocalGrad", y, grad)]


register(
    "Reciprocal",
    lambda x: np.true_divide(x.dtype.type(1), x) if x.dtype.kind in "fc" else np.floor_divide(x.dtype.type(1), x),
    shape=same_as_input,
    gradient=lambda op, grad: elementwise("ReciprocalGrad", op.outputs[0], grad),
)
register("ReciprocalGrad", _reciprocal_grad, shape=same_as_input, gradient=_reciprocal_grad_grad)

# The larger and the smaller.


def maximum(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The larger of `x` and `y`, element by element; at ties the gradient is all of `x`."""
    return elementwise("Maximum", x, y, name=name, allowed=ORDERED)


def minimum(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The smaller of `x` and `y`, element by element; at ties the gradient is all of `x`."""
    return elementwise("Minimum", x, y, name=name, allowed=ORDERED)


def _choice_grad(chosen: Callable[[Tensor, Tensor], Tensor]) -> Callable[[Operation, Tensor], _Grads]:
    def gradient(op: Operation, grad: Tensor) -> _Grads:
        mask = chosen(*op.inputs)
        zeros = array.zeros_like(grad)
        return unbroadcast_both(op, where(mask, grad, zeros), where(mask, zeros, grad))

    return gradient


register("Maximum", np.maximum, shape=broadcast, gradient=_choice_grad(comparison.greater_equal))
register("Minimum", np.minimum, shape=broadcast, gradient=_choice_grad(comparison.less_equal))

# Powers, exponentials and logarithms.


def pow(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x ** y`."""
    return elementwise("Pow", x, y, name=name)


def _pow(x: Any, y: Any) -> Any:
    if y.ndim == 0:
        if y == 2:
            return np.square(x)
        if y == 1:
            return np.positive(x)
    return np.power(x, y)


def _pow_grad(op: Operation, grad: Tensor) -> _Grads:
    x, y = op.inputs
    # The derivative by y is 0 where x is not positive: there the logarithm is not real.
    positive = comparison.greater(x, array.zeros_like(x))
    safe = where(positive, x, array.ones_like(x))
    return unbroadcast_both(op, grad * y * pow(x, y - 1), grad * op.outputs[0] * log(safe))


register("Pow", _pow, shape=broadcast, gradient=_pow_grad)


def square(x: Any, name: str | None = None) -> Tensor:
    """`x ** 2`."""
    return elementwise("Square", x, name=name)


register("Square", np.square, shape=same_as_input, gradient=lambda op, grad: grad * (2.0 * op.inputs[0]))


def sqrt(x: Any, name: str | None = None) -> Tensor:
    """The square root."""
    return elementwise("Sqrt", x, name=name, allowed=FLOATS)


def _sqrt_grad(y: Any, grad: Any) -> Any:
    return np.true_divide(np.multiply(grad, y.dtype.type(0.5)), y)


def _sqrt_grad_grad(op: Operation, grad: Tensor) -> _Grads:
    share = grad / op.inputs[0]
    return [-(share * op.outputs[0]), 0.5 * share]


register(
    "Sqrt",
    np.sqrt,
    shape=same_as_input,
    gradient=lambda op, grad: elementwise("SqrtGrad", op.outputs[0], grad),
)
register("SqrtGrad", _sqrt_grad, shape=same_as_input, gradient=_sqrt_grad_grad)


def rsqrt(x: Any, name: str | None = None) -> Tensor:
    """`1 / sqrt(x)`."""
    return elementwise("Rsqrt", x, name=name, allowed=FLOATS)


def _rsqrt(x: Any) -> Any:
    return np.true_divide(x.dtype.type(1), np.sqrt(x))


def _rsqrt_grad(y: Any, grad: Any) -> Any:
    return np.multiply(np.multiply(grad, y.dtype.type(-0.5)), np.multiply(np.square(y), y))


def _rsqrt_grad_grad(op: Operation, grad: Tensor) -> _Grads:
    y, dy = op.inputs
    return [-1.5 * grad * dy * square(y), elementwise("RsqrtGrad", y, grad)]


register("Rsqrt", _rsqrt, shape=same_as_input, gradient=lambda op, grad: elementwise("RsqrtGrad", op.outputs[0], grad))
register("RsqrtGrad", _rsqrt_grad, shape=same_as_input, gradient=_rsqrt_grad_grad)


def exp(x: Any, name: str | None = None) -> Tensor:
    """`e ** x`."""
    return elementwise("Exp", x, name=name, allowed=FLOATS)


register("Exp", np.exp, shape=same_as_input, gradient=lambda op, grad: grad * op.outputs[0])


def expm1(x: Any, name: str | None = None) -> Tensor:
    """`e ** x - 1`, exact for small x."""
    return elementwise("Expm1", x, name=name, allowed=FLOATS)


register("Expm1", np.expm1, shape=same_as_input, gradient=lambda op, grad: grad * exp(op.inputs[0]))


def log(x: Any, name: str | None = None) -> Tensor:
    """The natural logarithm."""
    return elementwise("Log", x, name=name, allowed=FLOATS)


register("Log", np.log, shape=same_as_input, gradient=lambda op, grad: grad / op.inputs[0])


def log1p(x: Any, name: str | None = None) -> Tensor:
    """`log(1 + x)`, exact for small x."""
    return elementwise("Log1p", x, name=name, allowed=FLOATS)


register("Log1p", np.log1p, shape=same_as_input, gradient=lambda op, grad: grad / (1.0 + op.inputs[0]))


def sigmoid(x: Any, name: str | None = None) -> Tensor:
    """`1 / (1 + exp(-x))`."""
    return elementwise("Sigmoid", x, name=name, allowed=FLOATS)


def _sigmoid(x: Any) -> Any:
    # Overflow of exp gives 1 / inf = 0, which is right, and small results keep their relative precision.
    one = x.dtype.type(1)
    return np.true_divide(one, np.add(np.exp(np.negative(x)), one))


def _sigmoid_grad(y: Any, grad: Any) -> Any:
    return np.multiply(np.multiply(grad, y), np.subtract(y.dtype.type(1), y))


def _sigmoid_grad_grad(op: Operation, grad: Tensor) -> _Grads:
    y, dy = op.inputs
    return [grad * dy * (1.0 - 2.0 * y), elementwise("SigmoidGrad", y, grad)]


register(
    "Sigmoid",
    _sigmoid,
    shape=same_as_input,
    gradient=lambda op, grad: elementwise("SigmoidGrad", op.outputs[0], grad),
)
register("SigmoidGrad", _sigmoid_grad, shape=same_as_input, gradient=_sigmoid_grad_grad)


def tanh(x: Any, name: str | None = None) -> Tensor:
    """The hyperbolic tangent."""
    return elementwise("Tanh", x, name=name, allowed=FLOATS)


def _tanh_grad(y: Any, grad: Any) -> Any:
    return np.multiply(grad, np.subtract(y.dtype.type(1), np.square(y)))


def _tanh_grad_grad(op: Operation, grad: Tensor) -> _Grads:
    y, dy = op.inputs
    return [-2.0 * grad * dy * y, elementwise("TanhGrad", y, grad)]


register("Tanh", np.tanh, shape=same_as_input, gradient=lambda op, grad: elementwise("TanhGrad", op.outputs[0], grad))
register("TanhGrad", _tanh_grad, shape=same_as_input, gradient=_tanh_grad_grad)


def xlogy(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x * log(y)`, and 0 where `x` is 0."""
    return elementwise("Xlogy", x, y, name=name, allowed=FLOATS)


def _xlogy(x: Any, y: Any) -> Any:
    return np.where(np.equal(x, 0), x.dtype.type(0), np.multiply(x, np.log(y)))


def _xlogy_grad(op: Operation, grad: Tensor) -> _Grads:
    x, y = op.inputs
    used = cast(comparison.not_equal(x, array.zeros_like(x)), x.dtype)
    return unbroadcast_both(op, grad * xlogy(used, y), grad * xdivy(x, y))


register("Xlogy", _xlogy, shape=broadcast, gradient=_xlogy_grad)


def xdivy(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x / y`, and 0 where `x` is 0."""
    return elementwise("Xdivy", x, y, name=name, allowed=FLOATS)


def _xdivy(x: Any, y: Any) -> Any:
    return np.where(np.equal(x, 0), x.dtype.type(0), np.true_divide(x, y))


def _xdivy_grad(op: Operation, grad: Tensor) -> _Grads:
    x, y = op.inputs
    used = cast(comparison.not_equal(x, array.zeros_like(x)), x.dtype)
    return unbroadcast_both(op, grad * xdivy(used, y), grad * xdivy(-x, square(y)))


register("Xdivy", _xdivy, shape=broadcast, gradient=_xdivy_grad)


def erf(x: Any, name: str | None = None) -> Tensor:
    """The error function, `2 / sqrt(pi) * integral of exp(-t ** 2) from 0 to x`."""
    return elementwise("Erf", x, name=name, allowed=REALS)


def erfc(x: Any, name: str | None = None) -> Tensor:
    """`1 - erf(x)`, exact where it is tiny."""
    return elementwise("Erfc", x, name=name, allowed=REALS)


def _one_by_one(function: Callable[[float], float]) -> Callable[[Any], Any]:
    """A kernel for a function that numpy does not have: about 0.1 microseconds an element."""

    def kernel(x: Any) -> Any:
        return np.fromiter(map(function, x.ravel().tolist()), x.dtype, x.size).reshape(x.shape)

    return kernel


_TWO_OVER_ROOT_PI = 2.0 / scalar_math.sqrt(scalar_math.pi)

register(
    "Erf",
    _one_by_one(scalar_math.erf),
    shape=same_as_input,
    gradient=lambda op, grad: grad * (_TWO_OVER_ROOT_PI * exp(-square(op.inputs[0]))),
)
register(
    "Erfc",
    _one_by_one(scalar_math.erfc),
    shape=same_as_input,
    gradient=lambda op, grad: -(grad * (_TWO_OVER_ROOT_PI * exp(-square(op.inputs[0])))),
)

# Signs and rounding.


def negative(x: Any, name: str | None = None) -> Tensor:
    """`-x`."""
    return elementwise("Neg", x, name=name, allowed=SIGNED)


register("Neg", np.negative, shape=same_as_input, gradient=lambda op, grad: -grad)


def abs(x: Any, name: str | None = None) -> Tensor:
    """The absolute value; its gradient at 0 is 0."""
    return elementwise("Abs", x, name=name, allowed=ORDERED)


register("Abs", np.abs, shape=same_as_input, gradient=lambda op, grad: grad * sign(op.inputs[0]))


def sign(x: Any, name: str | None = None) -> Tensor:
    """-1, 0 or 1."""
    return elementwise("Sign", x, name=name)


def floor(x: Any, name: str | None = None) -> Tensor:
    """The largest whole number that is not greater."""
    return elementwise("Floor", x, name=name, allowed=REALS)


def ceil(x: Any, name: str | None = None) -> Tensor:
    """The smallest whole number that is not less."""
    return elementwise("Ceil", x, name=name, allowed=REALS)


def rint(x: Any, name: str | None = None) -> Tensor:
    """The nearest whole number, halves to the even one."""
    return elementwise("Rint", x, name=name, allowed=REALS)


def round(x: Any, name: str | None = None) -> Tensor:
    """The nearest whole number, halves to the even one; integers are returned as they are."""
    tensor = convert_to_tensor(x, name="x")
    return tensor if tensor.dtype.is_integer else elementwise("Round", tensor, name=name)


for _type, _kernel in {
    "Sign": np.sign,
    "Floor": np.floor,
    "Ceil": np.ceil,
    "Rint": np.rint,
    "Round": np.rint,
}.items():
    register(_type, _kernel, shape=same_as_input, gradient=NOT_DIFFERENTIABLE)


def is_nan(x: Any, name: str | None = None) -> Tensor:
    """Whether elements are not numbers."""
    return elementwise("IsNan", x, name=name, allowed=REALS)


def is_inf(x: Any, name: str | None = None) -> Tensor:
    """Whether elements are infinite."""
    return elementwise("IsInf", x, name=name, allowed=REALS)


def is_finite(x: Any, name: str | None = None) -> Tensor:
    """Whether elements are neither infinite nor NaN."""
    return elementwise("IsFinite", x, name=name, allowed=REALS)


for _type, _kernel in {"IsNan": np.isnan, "IsInf": np.isinf, "IsFinite": np.isfinite}.items():
    register(_type, _kernel, shape=same_as_input, dtypes=dtypes.bool_, gradient=NOT_DIFFERENTIABLE)

# Casts.


def cast(x: Any, dtype: Any, name: str | None = None) -> Tensor:
    """`x` as another type: floats are cut off towards zero for integers, and bool is whether they are not 0.

    Args:
        x: A tensor of numbers or truth values.
        dtype: The type that is wanted.
        name: Name of the operation.

    Returns:
        `x` itself when it is of that type already.

    Raises:
        TypeError: From or to strings; use tf.strings.to_number and tf.as_string.
    """
    wanted = as_dtype(dtype)
    if isinstance(x, Tensor) and x.dtype is wanted:
        return x
    with name_scope(name, "Cast", [x]) as scope:
        tensor = convert_to_tensor(x, name="x")
        if tensor.dtype is wanted:
            return tensor
        if dtypes.string in (tensor.dtype, wanted):
            raise TypeError(
                f"Cast {tensor.dtype.name} to {wanted.name} is not supported. Use tf.strings.to_number or tf.as_string."
            )
        result: Tensor = apply_op("Cast", tensor, name=scope, DstT=wanted, Truncate=False)
        return result


def _cast(x: Any, *, DstT: DType) -> Any:
    if x.dtype.kind == "c" and not DstT.is_complex:
        x = x.real
    return x.astype(DstT.as_numpy_dtype)


def _cast_grad(op: Operation, grad: Tensor) -> Tensor | None:
    source = op.inputs[0].dtype
    return cast(grad, source) if source in REALS and grad.dtype in REALS else None


register("Cast", _cast, shape=same_as_input, dtypes="DstT", gradient=_cast_grad, types={"SrcT": 0})


def saturate_cast(value: Any, dtype: Any, name: str | None = None) -> Tensor:
    """`value` as another type, with values beyond its limits set to them."""
    with name_scope(name, "saturate_cast", [value]) as scope:
        tensor = convert_to_tensor(value, name="value")
        wanted = as_dtype(dtype)
        if tensor.dtype.min < wanted.min:
            tensor = maximum(tensor, tensor.dtype.as_numpy_dtype(wanted.min))
        if tensor.dtype.max > wanted.max:
            tensor = minimum(tensor, tensor.dtype.as_numpy_dtype(wanted.max))
        return cast(tensor, wanted, name=scope)


def to_float(x: Any, name: str | None = "ToFloat") -> Tensor:
    """`x` as float32."""
    return cast(x, dtypes.float32, name)


def to_double(x: Any, name: str | None = "ToDouble") -> Tensor:
    """`x` as float64."""
    return cast(x, dtypes.float64, name)


def to_int32(x: Any, name: str | None = "ToInt32") -> Tensor:
    """`x` as int32."""
    return cast(x, dtypes.int32, name)


def to_int64(x: Any, name: str | None = "ToInt64") -> Tensor:
    """`x` as int64."""
    return cast(x, dtypes.int64, name)
