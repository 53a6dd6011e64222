"""Reductions along axes: sums, means, extremes, logic, positions of extremes, and running sums."""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import DType, as_dtype
from trackml.graph.conversion import constant, constant_value, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.ops import array, comparison, math, ranges
from trackml.ops.elementwise import BOOLEANS, NUMBERS, ORDERED
from trackml.ops.framework import name_scope
from trackml.ops.gathering import gather, where
from trackml.ops.joining import stack
from trackml.ops.scans import cumprod
from trackml.ops.sums import column_sums, row_sums
from trackml.shapes import TensorShape

Axes = tuple[int, ...]


def reduce_sum(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """The sum along `axis`.

    Args:
        input_tensor: Numbers.
        axis: An axis or a list of axes; None means all of them.
        keepdims: Whether reduced axes stay, with size 1.
        name: Name of the operation.
        reduction_indices: The old name of `axis`.
        keep_dims: The old name of `keepdims`.

    Returns:
        A tensor of the same type, without the reduced axes.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     print(session.run(tf.reduce_sum([[1.0, 2.0], [3.0, 4.0]], axis=0)))
        [4. 6.]
    """
    return _reduce("Sum", input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_mean(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """The mean along `axis`, see `reduce_sum`; that of integers is cut off to an integer, as in TensorFlow."""
    return _reduce("Mean", input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_max(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """The largest along `axis`, see `reduce_sum`; elements that tie share the gradient evenly."""
    return _reduce("Max", input_tensor, axis, keepdims, name, reduction_indices, keep_dims, ORDERED)


def reduce_min(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """The smallest along `axis`, see `reduce_sum`; elements that tie share the gradient evenly."""
    return _reduce("Min", input_tensor, axis, keepdims, name, reduction_indices, keep_dims, ORDERED)


def reduce_prod(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """The product along `axis`, see `reduce_sum`."""
    return _reduce("Prod", input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_all(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Whether all along `axis` are true, see `reduce_sum`."""
    return _reduce("All", input_tensor, axis, keepdims, name, reduction_indices, keep_dims, BOOLEANS)


def reduce_any(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Whether any along `axis` is true, see `reduce_sum`."""
    return _reduce("Any", input_tensor, axis, keepdims, name, reduction_indices, keep_dims, BOOLEANS)


def reduce_logsumexp(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """`log(sum(exp(x)))` along `axis`, safe against overflow, see `reduce_sum`."""
    axis = array.either("axis", axis, "reduction_indices", reduction_indices)
    keep = bool(array.either("keepdims", keepdims, "keep_dims", keep_dims))
    with name_scope(name, "ReduceLogSumExp", [input_tensor]) as scope:
        x = convert_to_tensor(input_tensor)
        largest = reduce_max(x, axis, keepdims=True)
        shift = array.stop_gradient(where(math.is_finite(largest), largest, array.zeros_like(largest)))
        total = math.log(reduce_sum(math.exp(x - shift), axis, keepdims=True)) + shift
        # The axis has size 1 by now, so its sum is itself without the axis.
        return array.identity(total, name=scope) if keep else reduce_sum(total, axis, name=scope)


def reduce_variance(input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Tensor:
    """The mean squared distance from the mean, along `axis`."""
    with name_scope(name or "reduce_variance"):
        x = convert_to_tensor(input_tensor)
        mean = reduce_mean(x, axis, keepdims=True)
        return reduce_mean(math.squared_difference(x, mean), axis, keepdims=keepdims)


def reduce_std(input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Tensor:
    """The square root of the mean squared distance from the mean, along `axis`."""
    with name_scope(name or "reduce_std"):
        return math.sqrt(reduce_variance(input_tensor, axis, keepdims))


def count_nonzero(
    input_tensor: Any = None,
    axis: Any = None,
    keepdims: bool | None = None,
    dtype: Any = dtypes.int64,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
    input: Any = None,
) -> Tensor:
    """How many elements along `axis` are not 0 (of strings: not empty), see `reduce_sum`."""
    axis = array.either("axis", axis, "reduction_indices", reduction_indices)
    keep = bool(array.either("keepdims", keepdims, "keep_dims", keep_dims))
    with name_scope(name, "count_nonzero", [input_tensor]):
        x = convert_to_tensor(array.either("input_tensor", input_tensor, "input", input), name="input")
        found = comparison.not_equal(x, np.zeros([], x.dtype.as_numpy_dtype) if x.dtype is not dtypes.string else b"")
        return math.cast(reduce_sum(math.cast(found, dtypes.int64), axis, keep), dtype)


def _reduce(
    type: str,
    input_tensor: Any,
    axis: Any,
    keepdims: bool | None,
    name: str | None,
    reduction_indices: Any,
    keep_dims: bool | None,
    allowed: tuple[DType, ...] = NUMBERS,
) -> Tensor:
    axis = array.either("axis", axis, "reduction_indices", reduction_indices)
    keep = bool(array.either("keepdims", keepdims, "keep_dims", keep_dims))
    everything = axis is None
    if everything and isinstance(input_tensor, Tensor):
        axis = _all_axes(input_tensor)  # outside of the scope, so that names count as TensorFlow's
    with name_scope(name, type, [input_tensor]) as scope:
        x = convert_to_tensor(input_tensor, name="input_tensor")
        if x.dtype not in allowed:
            raise TypeError(
                f"Value passed to parameter 'input' of '{type}' Op has DataType {x.dtype.name} not in list of "
                f"allowed values: {', '.join(item.name for item in allowed)}."
            )
        axes = _all_axes(x) if axis is None else array.as_indices(axis, "reduction_indices")
        result: Tensor = apply_op(type, x, axes, name=scope, keep_dims=keep)
        if everything and not keep:
            result.set_shape([])
        return result


def _all_axes(x: Tensor) -> Tensor:
    if x.shape.ndims is not None:
        return constant(np.arange(x.shape.ndims, dtype=np.int32))
    return ranges.range(0, array.rank(x))


def _axes_of(axes: Any) -> Axes:
    return tuple(axes.ravel().tolist())


def _all(x: Any, axes: Any, *, keep_dims: Any) -> Any:
    return np.logical_and.reduce(x, axis=_axes_of(axes), keepdims=keep_dims)


def _any(x: Any, axes: Any, *, keep_dims: Any) -> Any:
    return np.logical_or.reduce(x, axis=_axes_of(axes), keepdims=keep_dims)


def _sum(x: Any, axes: Any, *, keep_dims: Any) -> Any:
    axis = _axes_of(axes)
    if x.ndim == 2 and axis in ((0,), (-2,)):
        return column_sums(x)[np.newaxis] if keep_dims else column_sums(x)
    if x.ndim == 2 and axis in ((1,), (-1,)):
        return row_sums(x)[:, np.newaxis] if keep_dims else row_sums(x)
    if not axis:
        return x
    # numpy sums small integers in int64 unless it is told otherwise.
    return np.add.reduce(x, axis=axis, dtype=x.dtype, keepdims=keep_dims)


def _prod(x: Any, axes: Any, *, keep_dims: Any) -> Any:
    return np.multiply.reduce(x, axis=_axes_of(axes), dtype=x.dtype, keepdims=keep_dims)


def _mean(x: Any, axes: Any, *, keep_dims: Any) -> Any:
    total = _sum(x, axes, keep_dims=keep_dims)
    count = x.size // total.size if total.size else 0
    if x.dtype.kind in "fc":
        return np.true_divide(total, x.dtype.type(count))
    quotient = np.abs(total) // np.maximum(count, 1)
    return (np.sign(total) * quotient).astype(x.dtype)


def _largest(x: Any, axes: Any, *, keep_dims: Any) -> Any:
    start = _start(x, axes, smallest=True)
    return np.maximum.reduce(x, axis=_axes_of(axes), keepdims=keep_dims, **start)


def _smallest(x: Any, axes: Any, *, keep_dims: Any) -> Any:
    start = _start(x, axes, smallest=False)
    return np.minimum.reduce(x, axis=_axes_of(axes), keepdims=keep_dims, **start)


def _start(x: Any, axes: Any, *, smallest: bool) -> dict[str, Any]:
    """What to begin with along an axis without elements, where numpy has no answer and TensorFlow does."""
    if x.size or not axes.size:
        return {}
    if x.dtype.kind == "f":
        return {"initial": -np.inf if smallest else np.inf}
    limits = np.iinfo(x.dtype)
    return {"initial": limits.min if smallest else limits.max}


def _reduced_shape(op: Operation) -> TensorShape:
    """The input's shape without the reduced axes, or with size 1 there."""
    sizes = op.inputs[0].shape.sizes
    axes = constant_value(op.inputs[1])
    keep = op.attrs["keep_dims"]
    if sizes is None:
        return TensorShape(None)
    if axes is None:
        return TensorShape([None] * len(sizes) if keep else None)
    reduced = _checked_axes(axes, len(sizes))
    if keep:
        return TensorShape([1 if axis in reduced else size for axis, size in enumerate(sizes)])
    return TensorShape([size for axis, size in enumerate(sizes) if axis not in reduced])


def _checked_axes(axes: Any, rank: int) -> set[int]:
    for axis in _axes_of(axes):
        if not -rank <= axis < rank:
            raise ValueError(f"Invalid reduction dimension {axis} for input with {rank} dimensions.")
    reduced = [axis % rank for axis in _axes_of(axes)]
    if len(set(reduced)) < len(reduced):
        raise ValueError(f"Invalid reduction arguments: Axes contains duplicate dimension: {list(_axes_of(axes))}")
    return set(reduced)


def _kept_shape(op: Operation) -> Any:
    """The shape of the output with the reduced axes at size 1: a list where it is known, else a tensor."""
    sizes = op.inputs[0].shape.sizes
    axes = constant_value(op.inputs[1])
    if sizes is not None and axes is not None:
        reduced = _checked_axes(axes, len(sizes))
        kept = [1 if axis in reduced else -1 if size is None else size for axis, size in enumerate(sizes)]
        if kept.count(-1) < 2:
            return kept
    return array.shape(apply_op(op.type, *op.inputs, keep_dims=True))


def _with_axes(op: Operation, reduced: Tensor) -> Tensor:
    """A tensor in the shape of the output, with the reduced axes put back at size 1 unless it broadcasts anyway."""
    if op.attrs["keep_dims"] or reduced.shape.ndims == 0:
        return reduced
    return array.reshape(reduced, _kept_shape(op))


def _sum_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    x = op.inputs[0]
    return [array.broadcast_to(_with_axes(op, grad), array.shape(x)), None]


def _mean_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    # Divided before it is spread: it is smaller then.
    return _sum_grad(op, grad / _mean_count(op))


def _mean_count(op: Operation) -> Any:
    """How many elements each mean is of: a number where it is known, else a tensor."""
    x, y = op.inputs[0], op.outputs[0]
    sizes, axes = x.shape.sizes, constant_value(op.inputs[1])
    if sizes is not None and axes is not None:
        reduced = [sizes[axis] for axis in _checked_axes(axes, len(sizes))]
        if None not in reduced:
            return float(np.prod(np.array(reduced, np.float64)))
    count = array.size(x)
    if y.shape.num_elements() != 1:
        count = math.floordiv(count, math.maximum(array.size(y), 1))
    return math.cast(count, x.dtype)


def _extreme_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    x, axes = op.inputs
    chosen = math.cast(comparison.equal(x, _with_axes(op, op.outputs[0])), grad.dtype)
    ties = reduce_sum(chosen, axes, keepdims=True)
    return [chosen * (_with_axes(op, grad) / ties), None]


def _prod_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    """The product of all others, for each element: of those before it and those after it, so that 0 is no matter."""
    x = op.inputs[0]
    axes = constant_value(op.inputs[1])
    if x.shape.ndims is None or axes is None:
        raise LookupError(f"The gradient of a product needs a known rank and constant axes. [{op.describe()}]")
    reduced = sorted(_checked_axes(axes, x.shape.ndims))
    order = reduced + [axis for axis in range(x.shape.ndims) if axis not in reduced]
    turned = array.transpose(x, order) if order != sorted(order) else x
    count = math.cast(reduce_prod(gather(array.shape(x), reduced)), dtypes.int32) if reduced else constant(1)
    flat = array.reshape(turned, stack([count, -1]))
    others = cumprod(flat, exclusive=True) * cumprod(flat, exclusive=True, reverse=True)
    back = array.reshape(others, array.shape(turned))
    if turned is not x:
        back = array.transpose(back, [int(place) for place in np.argsort(order)])
    return [back * _with_axes(op, grad), None]


_REDUCTION_TYPES = {"T": 0, "Tidx": 1}
register("Sum", _sum, shape=_reduced_shape, gradient=_sum_grad, types=_REDUCTION_TYPES)
register("Mean", _mean, shape=_reduced_shape, gradient=_mean_grad, types=_REDUCTION_TYPES)
register("Max", _largest, shape=_reduced_shape, gradient=_extreme_grad, types=_REDUCTION_TYPES)
register("Min", _smallest, shape=_reduced_shape, gradient=_extreme_grad, types=_REDUCTION_TYPES)
register("Prod", _prod, shape=_reduced_shape, gradient=_prod_grad, types=_REDUCTION_TYPES)
register("All", _all, shape=_reduced_shape, gradient=NOT_DIFFERENTIABLE, types={"Tidx": 1})
register("Any", _any, shape=_reduced_shape, gradient=NOT_DIFFERENTIABLE, types={"Tidx": 1})


def argmax(
    input: Any,
    axis: Any = None,
    name: str | None = None,
    dimension: Any = None,
    output_type: Any = dtypes.int64,
) -> Tensor:
    """The position of the largest along one axis, the first of those that tie.

    Args:
        input: Numbers.
        axis: The axis; 0 if not given.
        name: Name of the operation.
        dimension: The old name of `axis`.
        output_type: int64 or int32.

    Returns:
        Positions, in the shape of `input` without the axis.
    """
    return _position("ArgMax", input, array.either("axis", axis, "dimension", dimension), name, output_type)


def argmin(
    input: Any,
    axis: Any = None,
    name: str | None = None,
    dimension: Any = None,
    output_type: Any = dtypes.int64,
) -> Tensor:
    """The position of the smallest along one axis, the first of those that tie; see `argmax`."""
    return _position("ArgMin", input, array.either("axis", axis, "dimension", dimension), name, output_type)


def _position(type: str, input: Any, axis: Any, name: str | None, output_type: Any) -> Tensor:
    with name_scope(name, type, [input]) as scope:
        x = convert_to_tensor(input, name="input")
        dimension = array.as_indices(0 if axis is None else axis, "dimension")
        result: Tensor = apply_op(type, x, dimension, name=scope, output_type=as_dtype(output_type))
        return result


def _position_shape(op: Operation) -> TensorShape:
    sizes = op.inputs[0].shape.sizes
    if sizes is None:
        return TensorShape(None)
    axis = array.constant_axis(op.inputs[1], len(sizes))
    if axis is None:
        return TensorShape([None] * (len(sizes) - 1))
    return TensorShape(sizes[:axis] + sizes[axis + 1 :])


def _argmax(x: Any, axis: Any, *, output_type: DType) -> Any:
    return np.argmax(x, axis=int(axis)).astype(output_type.as_numpy_dtype)


def _argmin(x: Any, axis: Any, *, output_type: DType) -> Any:
    return np.argmin(x, axis=int(axis)).astype(output_type.as_numpy_dtype)


for _type, _kernel in {"ArgMax": _argmax, "ArgMin": _argmin}.items():
    register(
        _type,
        _kernel,
        shape=_position_shape,
        dtypes="output_type",
        gradient=NOT_DIFFERENTIABLE,
        types=_REDUCTION_TYPES,
    )
