"""Elements chosen by index, by mask or by condition: gather, one-hot, where, boolean masks."""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import as_dtype
from trackml.graph.conversion import constant, constant_value, constant_value_as_shape, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.indexed_slices import IndexedSlices
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.ops.array import as_indices, checked_axis, constant_axis, reshape, shape, squeeze, transpose, zeros_like
from trackml.ops.framework import name_scope
from trackml.ops.joining import concat, same_type
from trackml.ops.segments import all_below, unsorted_segment_sum
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]


def gather(
    params: Any,
    indices: Any,
    validate_indices: bool | None = None,
    name: str | None = None,
    axis: Any = None,
    batch_dims: int = 0,
) -> Tensor:
    """The slices of `params` along `axis` at `indices`.

    Args:
        params: A tensor or variable.
        indices: Integers, of any shape.
        validate_indices: Accepted for TensorFlow's sake; indices are always checked.
        name: Name of the operation.
        axis: The axis of `params` that is indexed; 0 (or `batch_dims`) if not given.
        batch_dims: How many first axes `params` and `indices` have in common.

    Returns:
        A tensor of shape `params.shape[:axis] + indices.shape[batch_dims:] + params.shape[axis + 1:]`. Its
        gradient with regard to a variable touches only the rows that were gathered.
    """
    if axis is None:
        axis = batch_dims
    if hasattr(params, "sparse_read") and isinstance(axis, int) and axis == 0:
        rows: Tensor = params.sparse_read(indices, name=name)
        return rows
    with name_scope(name, "GatherV2", [params, indices]) as scope:
        values = convert_to_tensor(params, name="params")
        at = as_indices(indices, "indices")
        along = as_indices(axis, "axis")
        gathered: Tensor = apply_op("GatherV2", values, at, along, name=scope, batch_dims=batch_dims)
    return gathered


def _gather(params: Array, indices: Array, axis: Array, *, batch_dims: int) -> Array:
    along = int(axis)
    size = params.shape[along]
    _check_indices(indices, size)
    if not batch_dims:
        # That indices are inside is settled; with "clip" numpy does not look at them one by one again.
        rows: Array = params.take(indices, along, mode="clip")
        return rows
    return _gather_in_batches(params, indices, along % params.ndim, batch_dims % np.ndim(indices))


def _gather_in_batches(params: Array, indices: Array, axis: int, batch_dims: int) -> Array:
    batch = params.shape[:batch_dims]
    rows = params.reshape((-1, *params.shape[batch_dims:]))
    at = indices.reshape((rows.shape[0], *indices.shape[batch_dims:]))
    inner = params.shape[batch_dims:axis] + indices.shape[batch_dims:] + params.shape[axis + 1 :]
    gathered = np.empty((rows.shape[0], *inner), params.dtype)
    for number, (row, index) in enumerate(zip(rows, at)):
        gathered[number] = np.take(row, index, axis - batch_dims)
    whole: Array = gathered.reshape(batch + inner)
    return whole


def _check_indices(indices: Array, size: int) -> None:
    """ValueError unless all are in `[0, size)`: numpy would count negative ones from the end."""
    if not all_below(indices, size):
        flat = np.ravel(indices)
        wrong = int(np.argmax((flat < 0) | (flat >= size)))
        at = ", ".join(map(str, np.unravel_index(wrong, np.shape(indices))))
        raise ValueError(f"indices[{at}] = {flat[wrong]} is not in [0, {size})")


def _gather_shape(op: Operation) -> TensorShape:
    params, indices = (tensor.shape for tensor in op.inputs[:2])
    if params.sizes is None or indices.sizes is None:
        return TensorShape(None)
    axis = constant_axis(op.inputs[2], len(params.sizes))
    batch_dims = op.attrs["batch_dims"] % (len(indices.sizes) or 1)
    inner = indices.sizes[batch_dims:]
    if axis is None:
        return TensorShape([None] * (len(params.sizes) - 1 + len(inner)))
    if axis < batch_dims:
        raise ValueError(f"batch_dims = {batch_dims} must be less than or equal to axis = {axis}")
    batch = TensorShape(params.sizes[:batch_dims]).merge_with(indices.sizes[:batch_dims])
    return batch.concatenate([*params.sizes[batch_dims:axis], *inner, *params.sizes[axis + 1 :]])


def _gather_grad(op: Operation, grad: Tensor) -> list[Any]:
    params, indices, along = op.inputs
    batch_dims = op.get_attr("batch_dims")
    if not batch_dims and _is_zero(along):
        sizes = shape(params, out_type=dtypes.int64)
        rows = reshape(grad, concat([constant([-1], dtypes.int64), sizes[1:]], 0))
        return [IndexedSlices(rows, reshape(indices, [-1]), sizes), None, None]
    axis = constant_axis(along, params.shape.ndims)
    if axis is None or indices.shape.ndims is None:
        raise ValueError(f"The gradient of '{op.name}' needs a known axis and the ranks of params and indices.")
    return [_summed_by_index(op, grad, axis, batch_dims % (indices.shape.ndims or 1)), None, None]


def _is_zero(axis: Tensor) -> bool:
    value = constant_value(axis)
    return value is not None and not value.any()


def _summed_by_index(op: Operation, grad: Tensor, axis: int, batch_dims: int) -> Tensor:
    """Adds up the slices of `grad` that came from one slice of the params.

    The gathered axes are brought to the front, behind the batch; batches are kept apart by giving the params of
    batch `i` the segments from `i * size` on.
    """
    params, indices = op.inputs[:2]
    gathered = (indices.shape.ndims or 0) - batch_dims
    batch, outer = [*range(batch_dims)], [*range(batch_dims, axis)]
    inner = [*range(axis + gathered, (grad.shape.ndims or 0))]
    front = transpose(grad, [*batch, *range(axis, axis + gathered), *outer, *inner])
    sizes = shape(params)
    batch_size = apply_op("Prod", sizes[:batch_dims], constant([0]), keep_dims=False)
    rest = concat([sizes[batch_dims:axis], sizes[axis + 1 :]], 0)
    segments = _segments(indices, sizes[axis], batch_size)
    values = reshape(front, concat([shape(segments), rest], 0))
    total = unsorted_segment_sum(values, segments, apply_op("Mul", sizes[axis], batch_size))
    whole = reshape(total, concat([sizes[:batch_dims], sizes[axis : axis + 1], rest], 0))
    back = [*batch, *range(batch_dims + 1, axis + 1), batch_dims, *range(axis + 1, params.shape.ndims or 0)]
    return transpose(whole, back)


def _segments(indices: Tensor, size: Tensor, batch_size: Tensor) -> Tensor:
    at = indices if indices.dtype is dtypes.int32 else apply_op("Cast", indices, DstT=dtypes.int32, Truncate=False)
    batch = apply_op("Range", constant(0), batch_size, constant(1))
    starts = apply_op("Mul", reshape(batch, [-1, 1]), size)
    rows = reshape(at, apply_op("Pack", batch_size, constant(-1), axis=0))
    return reshape(apply_op("AddV2", rows, starts), [-1])


register(
    "GatherV2",
    _gather,
    shape=_gather_shape,
    gradient=_gather_grad,
    types={"Tparams": 0, "Tindices": 1, "Taxis": 2},
)


def gather_nd(params: Any, indices: Any, name: str | None = None, batch_dims: int = 0) -> Tensor:
    """The elements or slices of `params` at the positions in the last axis of `indices`.

    Args:
        params: A tensor.
        indices: Integers `[..., n]`: each row is a position on the first `n` axes of `params`.
        name: Name of the operation.
        batch_dims: Only 0 is known here.

    Raises:
        ValueError: `batch_dims` is not 0.
    """
    if batch_dims:
        raise ValueError(f"gather_nd knows batch_dims = 0 only; got {batch_dims}. Use tf.gather for batches.")
    with name_scope(name, "GatherNd", [params, indices]) as scope:
        values = convert_to_tensor(params, name="params")
        gathered: Tensor = apply_op("GatherNd", values, as_indices(indices, "indices"), name=scope)
    return gathered


def _gather_nd(params: Array, indices: Array) -> Array:
    if indices.shape[-1] == params.ndim and params.flags.c_contiguous and indices.size:
        elements = _elements(params, indices)
        if elements is not None:
            return elements
    columns = tuple(indices[..., axis] for axis in range(indices.shape[-1]))
    for column, size in zip(columns, params.shape):
        _check_indices(column, size)
    return np.asarray(params[columns], params.dtype)


def _elements(params: Array, indices: Array) -> Array | None:
    """Single elements, found by their places in the flat array, in a third of the time; None when one is outside."""
    try:
        places = np.ravel_multi_index(tuple([indices[..., axis] for axis in range(params.ndim)]), params.shape)
    except ValueError:
        return None
    elements: Array = params.reshape(-1).take(places)
    return elements


def _gather_nd_shape(op: Operation) -> TensorShape:
    params, indices = op.inputs[0].shape, op.inputs[1].shape
    if params.sizes is None or not indices.sizes or indices.sizes[-1] is None:
        return TensorShape(None)
    depth = indices.sizes[-1]
    if depth > len(params.sizes):
        raise ValueError(f"indices.shape[-1] must be <= params.rank, but saw {indices} and {params}")
    return TensorShape([*indices.sizes[:-1], *params.sizes[depth:]])


def _gather_nd_grad(op: Operation, grad: Tensor) -> list[Any]:
    params, indices = op.inputs
    sizes = shape(params, out_type=indices.dtype)
    if indices.shape.ndims == 2 and indices.shape.sizes and indices.shape.sizes[-1] == 1:
        return [IndexedSlices(grad, squeeze(indices, [-1]), sizes), None]
    return [scatter_nd(indices, grad, sizes), None]


register(
    "GatherNd",
    _gather_nd,
    shape=_gather_nd_shape,
    gradient=_gather_nd_grad,
    types={"Tparams": 0, "Tindices": 1},
)


def scatter_nd(indices: Any, updates: Any, shape: Any, name: str | None = None) -> Tensor:
    """Zeros of that shape, with `updates` added at the positions in the last axis of `indices`."""
    with name_scope(name, "ScatterNd", [indices, updates, shape]) as scope:
        positions = as_indices(indices, "indices")
        values = convert_to_tensor(updates, name="updates")
        sizes = convert_to_tensor(shape, positions.dtype, name="shape")
        scattered: Tensor = apply_op("ScatterNd", positions, values, sizes, name=scope)
    return scattered


def _scatter_nd(indices: Array, updates: Array, shape: Array) -> Array:
    whole = np.zeros(shape.tolist(), updates.dtype)
    columns = np.moveaxis(indices, -1, 0)
    for axis, column in enumerate(columns):
        _check_indices(column, whole.shape[axis])
    np.add.at(whole, tuple(columns), updates)
    return whole


register(
    "ScatterNd",
    _scatter_nd,
    shape=lambda op: constant_value_as_shape(op.inputs[2]),
    dtypes=lambda op: [op.inputs[1].dtype],
    gradient=lambda op, grad: [None, gather_nd(grad, op.inputs[0]), None],
    types={"Tindices": 0, "T": 1},
)


def one_hot(
    indices: Any,
    depth: Any,
    on_value: Any = None,
    off_value: Any = None,
    axis: int | None = None,
    dtype: Any = None,
    name: str | None = None,
) -> Tensor:
    """`on_value` at the position that each index says along a new axis, `off_value` elsewhere.

    Args:
        indices: Integers; those outside `[0, depth)` give `off_value` everywhere.
        depth: Size of the new axis, a scalar.
        on_value: 1 if not given.
        off_value: 0 if not given.
        axis: Where the new axis is; the last (-1) if not given.
        dtype: Type of the result; that of the values, or float32.
        name: Name of the operation.

    Raises:
        TypeError: The types of `on_value`, `off_value` and `dtype` differ.
    """
    with name_scope(name, "one_hot", [indices, depth, on_value, off_value]) as scope:
        on, off = _one_hot_values(on_value, off_value, None if dtype is None else as_dtype(dtype))
        at = convert_to_tensor(indices, name="indices", preferred_dtype=dtypes.int64)
        count = convert_to_tensor(depth, dtypes.int32, name="depth")
        result: Tensor = apply_op("OneHot", at, count, on, off, name=scope, axis=-1 if axis is None else axis)
    return result


def _one_hot_values(on_value: Any, off_value: Any, dtype: dtypes.DType | None) -> tuple[Tensor, Tensor]:
    values = [None if value is None else convert_to_tensor(value, name=name)
              for name, value in (("on_value", on_value), ("off_value", off_value))]  # fmt: skip
    given = [value for value in values if value is not None]
    wanted = dtype or (given[0].dtype if given else dtypes.float32)
    for name, value in zip(("on_value", "off_value"), values):
        if value is not None and value.dtype is not wanted:
            raise TypeError(f"dtype {value.dtype.name} of {name} does not match {wanted.name}")
    on = convert_to_tensor(1, wanted, name="on_value") if values[0] is None else values[0]
    off = convert_to_tensor(0, wanted, name="off_value") if values[1] is None else values[1]
    return on, off


def _one_hot(indices: Array, depth: Array, on: Array, off: Array, *, axis: int) -> Array:
    hot = np.expand_dims(indices, -1) == np.arange(int(depth))
    if axis not in (-1, np.ndim(indices)):
        hot = np.moveaxis(hot, -1, axis)
    return np.where(hot, on, off)


def _one_hot_shape(op: Operation) -> TensorShape:
    sizes = op.inputs[0].shape.sizes
    if sizes is None:
        return TensorShape(None)
    depth = constant_value(op.inputs[1])
    axis = checked_axis(op.attrs["axis"], len(sizes) + 1)
    return TensorShape([*sizes[:axis], None if depth is None else int(depth), *sizes[axis:]])


register(
    "OneHot",
    _one_hot,
    shape=_one_hot_shape,
    dtypes=lambda op: [op.inputs[2].dtype],
    gradient=NOT_DIFFERENTIABLE,
    types={"TI": 0, "T": 2},
)


def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Tensor:
    """Positions at which `condition` is true; or elements of `x` where it is, of `y` where it is not.

    Args:
        condition: Booleans; without `x` and `y` also numbers, of which those that are not zero count.
        x: A tensor. `condition` has its shape, or is a scalar, or a vector that chooses along the first axis.
        y: A tensor of the same shape as `x`: nothing is broadcast.
        name: Name of the operation.

    Returns:
        Positions `[count, rank of condition]` as int64, or a tensor like `x`.

    Raises:
        ValueError: Only one of `x` and `y` is given.
    """
    if (x is None) != (y is None):
        raise ValueError("x and y must both be non-None or both be None.")
    if x is None:
        with name_scope(name, "Where", [condition]) as scope:
            mask = convert_to_tensor(condition, name="condition", preferred_dtype=dtypes.bool_)
            positions: Tensor = apply_op("Where", mask, name=scope)
        return positions
    with name_scope(name, "Select", [condition, x, y]) as scope:
        mask = convert_to_tensor(condition, dtypes.bool_, name="condition")
        chosen: Tensor = apply_op("Select", mask, *_pair(x, y), name=scope)
    return chosen


def _pair(x: Any, y: Any) -> list[Tensor]:
    """Two tensors of one type: a Python value takes the type of a tensor beside it."""
    return same_type([x, y], "t")


def _positions(condition: Array) -> Array:
    if condition.ndim == 1:
        return condition.nonzero()[0].reshape(-1, 1)
    if not condition.ndim:
        return np.argwhere(condition)
    positions: Array = np.array(condition.nonzero(), np.int64).T
    return positions


register(
    "Where",
    _positions,
    shape=lambda op: TensorShape([None, op.inputs[0].shape.ndims]),
    dtypes=dtypes.int64,
    gradient=NOT_DIFFERENTIABLE,
)


def _select(condition: Array, x: Array, y: Array) -> Array:
    rank, mask_rank = x.ndim, condition.ndim
    if mask_rank == 1 and rank > 1:
        condition = condition.reshape(-1, *[1] * (rank - 1))
    elif mask_rank and condition.shape != x.shape:
        raise ValueError(f"'then' must have the shape of 'condition' {condition.shape}; got {x.shape}")
    if x.shape != y.shape:
        raise ValueError(f"'then' and 'else' must have the same size, but received: {x.shape} and {y.shape}")
    return np.where(condition, x, y)


def _select_shape(op: Operation) -> TensorShape:
    condition, x, y = (tensor.shape for tensor in op.inputs)
    chosen = x.merge_with(y)
    if condition.sizes is None or chosen.sizes is None or not condition.sizes:
        return chosen
    if len(condition.sizes) == 1 and len(chosen.sizes) > 1:
        TensorShape(chosen.sizes[:1]).assert_is_compatible_with(condition)
        return chosen
    return chosen.merge_with(condition)


def _select_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    condition, x, _ = op.inputs
    zero = zeros_like(x)
    return [None, apply_op("Select", condition, grad, zero), apply_op("Select", condition, zero, grad)]


register(
    "Select",
    _select,
    shape=_select_shape,
    dtypes=lambda op: [op.inputs[1].dtype],
    gradient=_select_grad,
    types={"T": 1},
)


def boolean_mask(tensor: Any, mask: Any, name: str | None = "boolean_mask", axis: int | None = None) -> Tensor:
    """The elements of `tensor` where `mask` is true.

    Args:
        tensor: A tensor.
        mask: Booleans of known rank, shaped like the axes of `tensor` from `axis` on.
        name: Name scope.
        axis: The first axis that `mask` is about; 0 if not given.

    Returns:
        A tensor in which the masked axes are one.

    Raises:
        ValueError: The mask is a scalar, its rank is unknown, or it does not fit.
    """
    with name_scope(name, "boolean_mask", [tensor, mask]):
        elements = convert_to_tensor(tensor, name="tensor")
        chosen = convert_to_tensor(mask, dtypes.bool_, name="mask")
        first = axis or 0
        last = first + _mask_rank(chosen)
        elements.shape[first:last].assert_is_compatible_with(chosen.shape)
        flat = _flattened(elements, first, last)
        positions = squeeze(where(reshape(chosen, [-1])), axis=[1])
        return gather(flat, positions, axis=first)


def _mask_rank(mask: Tensor) -> int:
    if mask.shape.ndims is None:
        raise ValueError(
            "Number of mask dimensions must be specified, even if some dimensions are None.  "
            "E.g. shape=[None] is ok, but shape=None is not."
        )
    if mask.shape.ndims == 0:
        raise ValueError("mask cannot be scalar.")
    return mask.shape.ndims


def _flattened(tensor: Tensor, first: int, last: int) -> Tensor:
    """`tensor` with its axes from `first` up to `last` as one."""
    from trackml.ops.reductions import reduce_prod

    count = reduce_prod(shape(tensor)[first:last], [0])
    flat = reshape(tensor, concat([shape(tensor)[:first], [count], shape(tensor)[last:]], 0))
    if tensor.shape.sizes is not None:
        middle = TensorShape(tensor.shape.sizes[first:last]).num_elements()
        flat.set_shape([*tensor.shape.sizes[:first], middle, *tensor.shape.sizes[last:]])
    return flat
