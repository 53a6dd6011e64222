"""Parts of an array by position: `tf.slice`, `tf.strided_slice` and `x[...]`."""

from __future__ import annotations

import builtins
import functools
import operator
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from trackml import dtypes
from trackml.dtypes import as_dtype
from trackml.graph.conversion import constant, constant_value, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.program import Program, Step
from trackml.graph.registry import register
from trackml.graph.rewriting import BY_SIZES, register_pass
from trackml.ops.array import as_indices, ones_like, shape
from trackml.ops.framework import name_scope
from trackml.shapes import Dimension, TensorShape

Array = np.ndarray[Any, Any]

newaxis = None
"""A new axis of size 1 in `x[...]`, as in numpy."""

_MASKS = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")


def slice(input_: Any, begin: Any, size: Any, name: str | None = None) -> Tensor:
    """The part of a tensor that starts at `begin` and has shape `size` (-1: up to the end).

    Args:
        input_: A tensor.
        begin: First position along each axis `[rank]`.
        size: Number of positions along each axis `[rank]`.
        name: Name of the operation.
    """
    with name_scope(name, "Slice", [input_, begin, size]) as scope:
        tensor = convert_to_tensor(input_, name="input")
        bounds = (as_indices(begin, "begin"), as_indices(size, "size"))
        part: Tensor = apply_op("Slice", tensor, *_of_one_type(*bounds), name=scope)
    return part


def _of_one_type(*tensors: Tensor) -> list[Tensor]:
    """Positions as int64 if any of them are."""
    from trackml.ops.math import cast

    if all(tensor.dtype is tensors[0].dtype for tensor in tensors):
        return list(tensors)
    return [cast(tensor, dtypes.int64) for tensor in tensors]


def _slice(x: Array, begin: Array, size: Array) -> Array:
    index = []
    for axis, (first, count) in enumerate(zip(begin.tolist(), size.tolist())):
        length = x.shape[axis]
        last = length if count == -1 else first + count
        if not 0 <= first <= length or not first <= last <= length:
            raise ValueError(f"Expected size[{axis}] in [0, {length - first}], but got {count} at begin {first}")
        index.append(builtins.slice(first, last))
    return x[tuple(index)]


def _slice_shape(op: Operation) -> TensorShape:
    tensor, begin, size = op.inputs
    ndims = tensor.shape.ndims
    for bound in (begin, size):
        if bound.shape.sizes:
            ndims = bound.shape.sizes[0] if ndims is None else ndims
    if ndims is None:
        return TensorShape(None)
    known = zip(tensor.shape.with_rank(ndims).as_list(), elements_known(begin, ndims), elements_known(size, ndims))
    return TensorShape([_slice_size(*bounds) for bounds in known])


def _slice_size(length: int | None, begin: int | None, size: int | None) -> int | None:
    if size is not None and size >= 0:
        if length is not None and begin is not None and begin + size > length:
            raise ValueError(f"Cannot slice {size} elements from position {begin} of a dimension of size {length}")
        return size
    if size == -1 and length is not None and begin is not None:
        return length - begin
    return None


def elements_known(vector: Tensor, count: int) -> list[int | None]:
    """The elements of a vector of positions, None for those that only a session knows."""
    value = constant_value(vector)
    if value is not None:
        return [int(item) for item in value.ravel()]
    if vector.op.type == "Pack":
        items = [constant_value(item) for item in vector.op.inputs]
        return [None if item is None else int(item) for item in items]
    if vector.op.type == "Shape":
        sizes = vector.op.inputs[0].shape.sizes
        return [None] * count if sizes is None else list(sizes)
    return [None] * count


def _slice_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    """Zeros around the part: a padding of `begin` before it and of the rest after it."""
    from trackml.ops.padding import pad

    tensor, begin, _ = op.inputs
    whole = shape(tensor, out_type=begin.dtype)
    after = apply_op("Sub", apply_op("Sub", whole, shape(grad, out_type=begin.dtype)), begin)
    return [pad(grad, apply_op("Pack", begin, after, axis=1)), None, None]


register("Slice", _slice, shape=_slice_shape, gradient=_slice_grad, types={"T": 0, "Index": 1})


def strided_slice(
    input_: Any,
    begin: Any,
    end: Any,
    strides: Any = None,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
    var: Any = None,
    name: str | None = None,
) -> Tensor:
    """The part of a tensor that `x[begin:end:strides]` gives, axis by axis.

    Args:
        input_: A tensor.
        begin: First position of each entry.
        end: Position after the last of each entry.
        strides: Step of each entry; 1 if not given.
        begin_mask: Bit `i`: entry `i` starts where the axis does.
        end_mask: Bit `i`: entry `i` ends where the axis does.
        ellipsis_mask: Bit `i`: entry `i` is `...`.
        new_axis_mask: Bit `i`: entry `i` is a new axis of size 1.
        shrink_axis_mask: Bit `i`: entry `i` is one position, and its axis goes.
        var: The variable that `input_` is the value of.
        name: Name of the operation.
    """
    masks = dict(zip(_MASKS, (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)))
    if strides is None:
        strides = ones_like(begin)
    with name_scope(name, "StridedSlice", [input_, begin, end, strides]) as scope:
        tensor = convert_to_tensor(input_, name="input")
        first, last = as_indices(begin, "begin"), as_indices(end, "end")
        bounds = _of_one_type(first, last, as_indices(strides, "strides"))
        part: Tensor = apply_op("StridedSlice", tensor, *bounds, name=scope, **masks)
    return part


def _strided_slice(
    x: Array,
    begin: Array,
    end: Array,
    strides: Array,
    *,
    begin_mask: int,
    end_mask: int,
    ellipsis_mask: int,
    new_axis_mask: int,
    shrink_axis_mask: int,
) -> Array:
    masks = (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
    part: Array = np.asarray(x)[_index(begin, end, strides, masks)]
    return part if isinstance(part, (np.ndarray, np.generic)) else np.asarray(part, dtype=object)


def _index(begin: Array, end: Array, strides: Array, masks: tuple[int, ...]) -> tuple[Any, ...]:
    """The entries as numpy's index: its rules for negative and too large positions are the same."""
    return _index_of(tuple(begin.tolist()), tuple(end.tolist()), tuple(strides.tolist()), masks)


def _constant_slices(program: Program) -> None:
    """Works out the index of slices whose bounds are known."""
    for place, step in enumerate(program.steps):
        if step.op.type == "StridedSlice" and step.is_plain and step.op.outputs[0].dtype.is_numeric:
            bounds = [program.facts.value(key) for key in program.inputs(step)[1:]]
            known = [bound for bound in bounds if bound is not None]
            if len(known) == 3:
                index = _index(known[0], known[1], known[2], tuple(step.op.attrs[mask] for mask in _MASKS))
                program.steps[place] = Step(step.op, operator.itemgetter(index), step.inputs[:1], step.outputs)


register_pass(BY_SIZES, "StridedSlice", _constant_slices)


@functools.lru_cache(maxsize=1024)
def _index_of(
    begin: tuple[int, ...], end: tuple[int, ...], strides: tuple[int, ...], masks: tuple[int, ...]
) -> tuple[Any, ...]:
    """A slice is mostly the same at each run, and to make it costs more than to take it."""
    return tuple(_entry(bit, *bound, masks) for bit, bound in enumerate(zip(begin, end, strides)))


def _entry(bit: int, begin: int, end: int, stride: int, masks: Sequence[int]) -> Any:
    no_begin, no_end, ellipsis, new_axis, shrink = (mask >> bit & 1 for mask in masks)
    if ellipsis:
        return Ellipsis
    if new_axis:
        return None
    if shrink:
        return begin
    return builtins.slice(None if no_begin else begin, None if no_end else end, stride)


class _Bounds(NamedTuple):
    """What is known of one entry of a strided slice."""

    begin: int | None
    end: int | None
    stride: int | None
    no_begin: int
    no_end: int
    ellipsis: int
    new_axis: int
    shrink: int


def _strided_slice_shape(op: Operation) -> TensorShape:
    tensor, begin, end, strides = op.inputs
    count = next((bound.shape.sizes[0] for bound in (begin, end, strides) if bound.shape.sizes), None)
    sizes = tensor.shape.sizes
    if count is None:
        return TensorShape(None)
    known = zip(*(elements_known(bound, count) for bound in (begin, end, strides)))
    entries = [
        _Bounds(*bound, *(op.attrs[mask] >> bit & 1 for mask in _MASKS))
        for bit, bound in enumerate(known)
    ]  # fmt: skip
    if any(entry.stride == 0 for entry in entries):
        raise ValueError("strides must be non-zero")
    if sizes is None:
        return TensorShape(None)
    return TensorShape(_sliced_sizes(entries, list(sizes)))


def _sliced_sizes(entries: list[_Bounds], sizes: list[int | None]) -> list[int | None]:
    used = sum(not (entry.ellipsis or entry.new_axis) for entry in entries)
    if used > len(sizes):
        raise ValueError(f"Index out of range using input dim {len(sizes)}; input has only {len(sizes)} dims")
    rest = len(sizes) - used
    result: list[int | None] = []
    remaining = iter(sizes)
    for entry in entries:
        if entry.ellipsis:
            result += [next(remaining) for _ in range(rest)]
            rest = 0
        elif entry.new_axis:
            result.append(1)
        else:
            result += _entry_size(entry, next(remaining), len(sizes))
    return [*result, *remaining]


def _entry_size(entry: _Bounds, size: int | None, rank: int) -> list[int | None]:
    if entry.shrink:
        if size is not None and entry.begin is not None and not -size <= entry.begin < size:
            raise ValueError(f"slice index {entry.begin} of a dimension of size {size} out of bounds.")
        return []
    begin_known = entry.no_begin or entry.begin is not None
    end_known = entry.no_end or entry.end is not None
    if size is None or entry.stride is None or not (begin_known and end_known):
        return [None]
    span = builtins.slice(None if entry.no_begin else entry.begin, None if entry.no_end else entry.end, entry.stride)
    return [len(range(*span.indices(size)))]


def _strided_slice_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    tensor, *bounds = op.inputs
    masks = {mask: op.get_attr(mask) for mask in _MASKS}
    whole = shape(tensor, out_type=bounds[0].dtype)
    return [apply_op("StridedSliceGrad", whole, *bounds, grad, **masks), None, None, None]


register(
    "StridedSlice",
    _strided_slice,
    shape=_strided_slice_shape,
    gradient=_strided_slice_grad,
    types={"T": 0, "Index": 1},
)


def _scattered(
    shape: Array,
    begin: Array,
    end: Array,
    strides: Array,
    dy: Array,
    *,
    begin_mask: int,
    end_mask: int,
    ellipsis_mask: int,
    new_axis_mask: int,
    shrink_axis_mask: int,
) -> Array:
    masks = (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
    whole = np.zeros(shape.tolist(), dy.dtype)
    whole[_index(begin, end, strides, masks)] = dy
    return whole


def _scattered_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    masks = {mask: op.get_attr(mask) for mask in _MASKS}
    return [None, None, None, None, apply_op("StridedSlice", grad, *op.inputs[1:4], **masks)]


register(
    "StridedSliceGrad",
    _scattered,
    shape=lambda op: TensorShape(elements_known(op.inputs[0], 0)) if _length(op.inputs[0]) else TensorShape(None),
    dtypes=lambda op: [op.inputs[4].dtype],
    gradient=_scattered_grad,
    types={"T": 4, "Index": 0},
)


def _length(vector: Tensor) -> bool:
    return constant_value(vector) is not None or vector.op.type == "Shape"


def getitem(tensor: Tensor, key: Any) -> Tensor:
    """`tensor[key]`: positions, slices, `...`, new axes, tensors among them; or a mask of booleans."""
    if isinstance(key, (bool, np.bool_)) or getattr(key, "dtype", None) in (np.dtype(bool), dtypes.bool_):
        from trackml.ops.gathering import boolean_mask

        return boolean_mask(tensor, key)
    entries = [_key_entry(item) for item in (key if isinstance(key, (list, tuple)) else [key])]
    masks: dict[str, Any] = {
        mask: sum(1 << bit for bit, entry in enumerate(entries) if entry[3 + number])
        for number, mask in enumerate(_MASKS)
    }
    columns = [[entry[number] for entry in entries] for number in range(3)]
    with name_scope(None, "strided_slice", [tensor, *columns[0], *columns[1], *columns[2]]) as scope:
        bounds = [_packed_bounds(column) for column in columns]
        begin, end, strides = _of_one_type(*bounds)
        return strided_slice(tensor, begin, end, strides, name=scope, **masks)


def _packed_bounds(bounds: list[Any]) -> Tensor:
    return convert_to_tensor(bounds, name="stack") if bounds else constant([], dtypes.int32)


def _key_entry(item: Any) -> tuple[Any, Any, Any, int, int, int, int, int]:
    """An item of `x[...]` as (begin, end, stride) and one flag for each of the masks."""
    if isinstance(item, builtins.slice):
        no_begin = item.start is None or (isinstance(item.start, int) and item.start == sys.maxsize)
        no_end = item.stop is None or (isinstance(item.stop, int) and item.stop == sys.maxsize)
        begin = 0 if no_begin else _position(item.start)
        end = 0 if no_end else _position(item.stop)
        return begin, end, 1 if item.step is None else _position(item.step), no_begin, no_end, 0, 0, 0
    if item is Ellipsis:
        return 0, 0, 1, 0, 0, 1, 0, 0
    if item is newaxis:
        return 0, 0, 1, 0, 0, 0, 1, 0
    begin = _position(item)
    return begin, begin + 1, 1, 0, 0, 0, 0, 1


def _position(item: Any) -> Any:
    """A position of `x[...]` as a Python number or a scalar tensor.

    Raises:
        TypeError: It is something else; numpy's indexing by lists of positions is not there.
    """
    if isinstance(item, Dimension):
        return int(item)
    if hasattr(item, "_as_tensor"):
        item = item._as_tensor()
    dtype = getattr(item, "dtype", type(item))
    try:
        integer = as_dtype(dtype).is_integer
    except TypeError:
        integer = False
    ndims = item.shape.ndims if isinstance(item, Tensor) else np.ndim(item)
    if not integer or isinstance(item, bool) or ndims not in (0, None):
        raise TypeError(
            "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar tf.int32/tf.int64 "
            f"tensors are valid indices, got {item!r}; use tf.gather for lists of positions."
        )
    return item if isinstance(item, Tensor) else int(item)
