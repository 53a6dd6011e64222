"""Checks of values while a session runs, made at once where the values are known while the graph is built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import as_dtype
from trackml.errors import InvalidArgumentError
from trackml.graph.conversion import constant_value, convert_to_tensor
from trackml.graph.graph import apply_op, get_default_graph
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, Kernel, register
from trackml.graph.runtime import Runtime
from trackml.graph.shape_rules import no_outputs, same_as_input
from trackml.ops import comparison, math
from trackml.ops.array import either, rank, shape
from trackml.ops.control import group, no_op, with_dependencies
from trackml.ops.framework import control_dependencies, name_scope
from trackml.ops.reductions import reduce_all
from trackml.ops.tensor_text import short_text

Array = np.ndarray[Any, Any]


def Assert(  # noqa: N802  TensorFlow's spelling
    condition: Any, data: Sequence[Any], summarize: int | None = None, name: str | None = None
) -> Operation:
    """An operation that fails with InvalidArgumentError unless `condition` is true.

    Nothing waits for it by itself: put it into `tf.control_dependencies`.

    Args:
        condition: A scalar.
        data: Tensors and values for the message.
        summarize: How many elements of each are shown; 3 if not given.
        name: Name scope.
    """
    with name_scope(name, "Assert", [condition, *data]):
        holds = convert_to_tensor(condition, dtypes.bool_, name="condition")
        shown = [convert_to_tensor(item, name=f"data_{index}") for index, item in enumerate(data)]
        attrs = {"T": [item.dtype for item in shown], "summarize": 3 if summarize is None else summarize}
        op: Operation = apply_op("Assert", holds, *shown, name="Assert", **attrs)
    return op


def _assert(op: Operation, runtime: Runtime) -> Kernel:
    summarize = op.get_attr("summarize")

    def check(condition: Array, *data: Any) -> None:
        if not (condition if isinstance(condition, np.bool_) else np.all(condition)):
            raise ValueError("assertion failed: " + " ".join(f"[{short_text(item, summarize)}]" for item in data))

    return check


register("Assert", bind=_assert, shape=no_outputs, gradient=NOT_DIFFERENTIABLE, types={})


def assert_equal(
    x: Any,
    y: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An operation that fails unless `x == y` for all elements.

    Args:
        x: A tensor.
        y: A tensor of the same type; the shapes broadcast.
        data: What the message shows; `x` and `y` if not given.
        summarize: How many elements of each are shown.
        message: How the message begins.
        name: Name scope.

    Raises:
        InvalidArgumentError: Both are known while the graph is built, and the condition does not hold.
    """
    with name_scope(name, "assert_equal", [x, y]):
        if x is y:
            return no_op()
    return _compared("==", "assert_equal", comparison.equal, np.equal, x, y, data, summarize, message, name)


def assert_none_equal(
    x: Any,
    y: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An operation that fails unless `x != y` for all elements; arguments as `assert_equal`."""
    return _compared(
        "!=", "assert_none_equal", comparison.not_equal, np.not_equal, x, y, data, summarize, message, name
    )


def assert_less(
    x: Any,
    y: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An operation that fails unless `x < y` for all elements; arguments as `assert_equal`."""
    return _compared("<", "assert_less", comparison.less, np.less, x, y, data, summarize, message, name)


def assert_less_equal(
    x: Any,
    y: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An operation that fails unless `x <= y` for all elements; arguments as `assert_equal`."""
    return _compared(
        "<=", "assert_less_equal", comparison.less_equal, np.less_equal, x, y, data, summarize, message, name
    )


def assert_greater(
    x: Any,
    y: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An operation that fails unless `x > y` for all elements; arguments as `assert_equal`."""
    return _compared(">", "assert_greater", comparison.greater, np.greater, x, y, data, summarize, message, name)


def assert_greater_equal(
    x: Any,
    y: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An operation that fails unless `x >= y` for all elements; arguments as `assert_equal`."""
    return _compared(
        ">=", "assert_greater_equal", comparison.greater_equal, np.greater_equal, x, y, data, summarize, message, name
    )


def _compared(
    sign: str,
    default_name: str,
    compare: Callable[..., Tensor],
    compare_values: Callable[[Array, Array], Array],
    x: Any,
    y: Any,
    data: Any,
    summarize: int | None,
    message: str | None,
    name: str | None,
) -> Operation:
    with name_scope(name, default_name, [x, y, *(data or ())]):
        left = convert_to_tensor(x, _dtype_of(y) if _dtype_of(x) is None else None, name="x")
        right = convert_to_tensor(y, left.dtype if _dtype_of(y) is None else None, name="y")
        if data is None:
            about = f"Condition x {sign} y did not hold element-wise:"
            data = [about, f"x ({left.name}) = ", left, f"y ({right.name}) = ", right]
        if message is not None:
            data = [message, *data]
        condition = reduce_all(compare(left, right))
        values = constant_value(left), constant_value(right)
        if values[0] is not None and values[1] is not None and not np.all(compare_values(values[0], values[1])):
            raise InvalidArgumentError(None, None, "\n".join(_known_text(item) for item in data))
        return Assert(condition, data, summarize)


def _dtype_of(value: Any) -> dtypes.DType | None:
    dtype = getattr(value, "dtype", None)
    return dtype if isinstance(dtype, dtypes.DType) else None


def _known_text(item: Any) -> str:
    value = constant_value(item) if isinstance(item, Tensor) else item
    return str(item if value is None else value)


def assert_negative(
    x: Any, data: Any = None, summarize: int | None = None, message: str | None = None, name: str | None = None
) -> Operation:
    """An operation that fails unless `x < 0` for all elements; arguments as `assert_equal`."""
    return _with_zero("assert_negative", "x < 0", assert_less, False, x, data, summarize, message, name)


def assert_positive(
    x: Any, data: Any = None, summarize: int | None = None, message: str | None = None, name: str | None = None
) -> Operation:
    """An operation that fails unless `x > 0` for all elements; arguments as `assert_equal`."""
    return _with_zero("assert_positive", "x > 0", assert_less, True, x, data, summarize, message, name)


def assert_non_negative(
    x: Any, data: Any = None, summarize: int | None = None, message: str | None = None, name: str | None = None
) -> Operation:
    """An operation that fails unless `x >= 0` for all elements; arguments as `assert_equal`."""
    return _with_zero("assert_non_negative", "x >= 0", assert_less_equal, True, x, data, summarize, message, name)


def assert_non_positive(
    x: Any, data: Any = None, summarize: int | None = None, message: str | None = None, name: str | None = None
) -> Operation:
    """An operation that fails unless `x <= 0` for all elements; arguments as `assert_equal`."""
    return _with_zero("assert_non_positive", "x <= 0", assert_less_equal, False, x, data, summarize, message, name)


def _with_zero(
    default_name: str,
    condition: str,
    check: Callable[..., Operation],
    zero_first: bool,
    x: Any,
    data: Any,
    summarize: int | None,
    message: str | None,
    name: str | None,
) -> Operation:
    with name_scope(name, default_name, [x, *(data or ())]):
        tensor = convert_to_tensor(x, name="x")
        if data is None:
            about = f"Condition {condition} did not hold element-wise:"
            data = [message or "", about, f"x ({tensor.name}) = ", tensor]
        zero = convert_to_tensor(0, tensor.dtype)
        return check(*((zero, tensor) if zero_first else (tensor, zero)), data=data, summarize=summarize)


def assert_near(
    x: Any,
    y: Any,
    rtol: Any = None,
    atol: Any = None,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An operation that fails unless `|x - y| < atol + rtol * |y|` for all elements.

    Args:
        x: A tensor of floats.
        y: A tensor of the same type; the shapes broadcast.
        rtol: Relative tolerance; 10 times the type's epsilon if not given.
        atol: Absolute tolerance; the same.
        data: What the message shows; `x` and `y` if not given.
        summarize: How many elements of each are shown.
        message: How the message begins.
        name: Name scope.
    """
    with name_scope(name, "assert_near", [x, y, rtol, atol]):
        left = convert_to_tensor(x, name="x")
        right = convert_to_tensor(y, left.dtype, name="y")
        default = 10 * np.finfo(left.dtype.as_numpy_dtype).eps
        relative = convert_to_tensor(default if rtol is None else rtol, left.dtype, name="rtol")
        absolute = convert_to_tensor(default if atol is None else atol, left.dtype, name="atol")
        if data is None:
            about = f"x and y not equal to tolerance rtol = {rtol}, atol = {atol}"
            data = [message or "", about, f"x ({left.name}) = ", left, f"y ({right.name}) = ", right]
        tolerance = math.add(absolute, math.multiply(relative, math.abs(right)))
        difference = math.abs(math.subtract(left, right))
        return Assert(reduce_all(comparison.less(difference, tolerance)), data, summarize)


def assert_rank(
    x: Any,
    rank: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An operation that fails unless `x` has that rank.

    Args:
        x: A tensor.
        rank: A scalar integer.
        data: What the message shows; the shape if not given.
        summarize: How many elements of each are shown.
        message: How the message begins.
        name: Name scope.

    Raises:
        ValueError: The rank is known while the graph is built, and is another.
    """
    return _ranked("assert_rank", "rank", x, [rank], lambda own, given: own == given[0], comparison.equal, data,
                   summarize, message, name)  # fmt: skip


def assert_rank_at_least(
    x: Any,
    rank: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An operation that fails unless `x` has that rank or a higher one; arguments as `assert_rank`."""
    return _ranked("assert_rank_at_least", "rank at least", x, [rank], lambda own, given: own >= given[0],
                   comparison.greater_equal, data, summarize, message, name)  # fmt: skip


def assert_rank_in(
    x: Any,
    ranks: Sequence[Any],
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An operation that fails unless `x` has one of those ranks; arguments as `assert_rank`."""
    return _ranked("assert_rank_in", "rank in", x, list(ranks), lambda own, given: own in given, comparison.equal, data,
                   summarize, message, name)  # fmt: skip


def _ranked(
    default_name: str,
    wanted: str,
    x: Any,
    ranks: list[Any],
    holds: Callable[[int, list[int]], bool],
    compare: Callable[..., Tensor],
    data: Any,
    summarize: int | None,
    message: str | None,
    name: str | None,
) -> Operation:
    with name_scope(name, default_name, [x, *ranks]):
        tensor = convert_to_tensor(x, name="x")
        given = [convert_to_tensor(item, dtypes.int32, name="rank") for item in ranks]
        known = _known_ranks(given)
        if known is not None and tensor.shape.ndims is not None:
            if not holds(tensor.shape.ndims, known):
                expected = tuple(known) if default_name == "assert_rank_in" else known[0]
                raise ValueError(
                    f"{message or ''}.  Tensor {tensor.name} must have {wanted} {expected}.  "
                    f"Received rank {tensor.shape.ndims}, shape {tensor.shape}"
                )
            return no_op(name="static_checks_determined_all_ok")
        if data is None:
            about = f"Tensor {tensor.name} must have {wanted}"
            data = [message or "", about, *given, "Received shape: ", shape(tensor)]
        return Assert(_any_rank(compare, rank(tensor), given), data, summarize)


def _known_ranks(ranks: list[Tensor]) -> list[int] | None:
    values = [constant_value(item) for item in ranks]
    if any(value is not None and value.ndim for value in values):
        raise ValueError("Rank must be a scalar.")
    known = [int(value) for value in values if value is not None]
    return known if len(known) == len(ranks) else None


def _any_rank(compare: Callable[..., Tensor], own: Tensor, given: list[Tensor]) -> Tensor:
    result = compare(own, given[0])
    for item in given[1:]:
        result = comparison.logical_or(result, compare(own, item))
    return result


def assert_integer(x: Any, message: str | None = None, name: str | None = None) -> Operation:
    """TypeError unless `x` is of an integer type."""
    with name_scope(name, "assert_integer", [x]):
        tensor = convert_to_tensor(x, name="x")
        if not tensor.dtype.is_integer:
            raise TypeError(
                f'{message or ""}  Expected "x" to be integer type.  Found: {tensor.name} of dtype {tensor.dtype!r}'
            )
        return no_op("statically_determined_was_integer")


def assert_type(tensor: Any, tf_type: Any, message: str | None = None, name: str | None = None) -> Operation:
    """TypeError unless `tensor` is of that type."""
    with name_scope(name, "assert_type", [tensor]):
        checked = convert_to_tensor(tensor, name="tensor")
        if checked.dtype is not as_dtype(tf_type):
            raise TypeError(f"{message or ''}  {checked.name} must be of type {as_dtype(tf_type)!r}")
        return no_op("statically_determined_correct_type")


def check_numerics(tensor: Any, message: str, name: str | None = None) -> Tensor:
    """`tensor`, computed with a check: InvalidArgumentError when an element is infinite or not a number.

    Args:
        tensor: Floats.
        message: How the error begins.
        name: Name of the operation.
    """
    with name_scope(name, "CheckNumerics", [tensor]) as scope:
        values = convert_to_tensor(tensor, name="tensor")
        checked: Tensor = apply_op("CheckNumerics", values, name=scope, message=message)
    return checked


def _bind_check_numerics(op: Operation, runtime: Runtime) -> Kernel:
    message: str = op.get_attr("message")

    def check(x: Array) -> Array:
        if np.all(np.isfinite(x)):
            return x
        found = [kind for kind, bad in (("Inf", np.isinf(x)), ("NaN", np.isnan(x))) if np.any(bad)]
        made = op.inputs[0].op.describe()
        raise ValueError(f"{message} : Tensor had {' and '.join(found)} values, computed by {made}")

    return check


def _check_numerics_grad(op: Operation, grad: Tensor) -> Tensor:
    return check_numerics(
        grad,
        f"Not a number (NaN) or infinity (Inf) values detected in gradient. {op.get_attr('message')}",
    )


register("CheckNumerics", bind=_bind_check_numerics, shape=same_as_input, gradient=_check_numerics_grad)


def add_check_numerics_ops() -> Operation:
    """An operation that checks all floats of the default graph, in the order in which they are computed.

    Run it with what is to be checked: the first tensor with an element that is infinite or not a number is named in
    the error. `debug_numerics` of a session or of `tf.estimator.RunConfig` needs no such operation, and says more.
    """
    checks: list[Tensor] = []
    for op in get_default_graph().get_operations():
        for output in op.outputs:
            if output.dtype in (dtypes.float16, dtypes.float32, dtypes.float64):
                with control_dependencies(checks):
                    checks = [check_numerics(output, message=output.name)]
    return group(*checks)


def verify_tensor_all_finite(
    t: Any = None, msg: str | None = None, name: str | None = None, x: Any = None, message: str | None = None
) -> Tensor:
    """`t`, available only when all its elements are finite; `x` and `message` are other names of `t` and `msg`."""
    tensor = either("x", x, "t", t)
    with name_scope(name, "VerifyFinite", [tensor]) as scope:
        values = convert_to_tensor(tensor, name="x")
        check = check_numerics(values, either("message", message, "msg", msg) or "")
        verified: Tensor = with_dependencies([check], values, name=scope)
    return verified
