"""Arrays put together and taken apart along an axis: concatenated, stacked, split, repeated, padded, reversed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.graph.conversion import constant, constant_value, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.shape_rules import same_as_input
from trackml.ops.array import (
    as_indices,
    checked_axis,
    constant_axis,
    identity,
    outputs_of,
    rank,
    reshape,
    shape,
    shape_n,
    transpose,
    zeros_like,
)
from trackml.ops.framework import name_scope
from trackml.ops.slicing import slice as part_of
from trackml.shapes import Dimension, TensorShape

Array = np.ndarray[Any, Any]


def same_type(values: Sequence[Any], name: str) -> list[Tensor]:
    """`values` as tensors of one type: that of the first tensor among them."""
    wanted = next((value.dtype for value in values if isinstance(getattr(value, "dtype", None), dtypes.DType)), None)
    tensors = [convert_to_tensor(values[0], wanted, name=f"{name}_0")] if values else []
    for index, value in enumerate(values[1:], 1):
        tensors.append(convert_to_tensor(value, tensors[0].dtype, name=f"{name}_{index}"))
    return tensors


def concat(values: Any, axis: Any, name: str = "concat") -> Tensor:
    """Tensors put one after the other along an axis.

    Args:
        values: Tensors whose shapes differ along `axis` alone.
        axis: The axis; negative ones count from the end.
        name: Name of the operation.
    """
    if not isinstance(values, (list, tuple)):
        values = [values]
    if len(values) == 1:
        with name_scope(name, None, values):
            convert_to_tensor(axis, dtypes.int32, name="concat_dim").shape.assert_has_rank(0)
            return identity(values[0], name=name)
    with name_scope(name, "concat", values) as scope:
        tensors = same_type(values, "values")
        along = as_indices(axis, "axis")
        joined: Tensor = apply_op("ConcatV2", *tensors, along, name=scope, N=len(tensors))
    return joined


def _concat(*values_and_axis: Array) -> Array:
    *values, axis = values_and_axis
    return np.concatenate(values, int(axis))


def _concat_shape(op: Operation) -> TensorShape:
    *tensors, axis = op.inputs
    ranks = {len(tensor.shape.sizes) for tensor in tensors if tensor.shape.sizes is not None}
    if len(ranks) > 1:
        shapes = ", ".join(str(tensor.shape) for tensor in tensors)
        raise ValueError(f"Shapes must be equal rank, but are of ranks {sorted(ranks)}: {shapes}")
    if not ranks:
        return TensorShape(None)
    (ndims,) = ranks
    along = constant_axis(axis, ndims)
    if along is None:
        return TensorShape([None] * ndims)
    return _joined([tensor.shape.with_rank(ndims) for tensor in tensors], along)


def _joined(shapes: list[TensorShape], axis: int) -> TensorShape:
    total: int | None = 0
    rest = TensorShape(None)
    for one in shapes:
        sizes = list(one.as_list())
        size = sizes[axis]
        total = None if total is None or size is None else total + size
        sizes[axis] = None
        rest = rest.merge_with(sizes)
    joined = rest.as_list()
    joined[axis] = total
    return TensorShape(joined)


def _concat_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    *values, axis = op.inputs
    sizes = shape_n(values)
    begins = outputs_of(apply_op("ConcatOffset", _counted_from_front(axis, grad), *sizes, N=len(values)))
    return [*(part_of(grad, begin, size) for begin, size in zip(begins, sizes)), None]


def _counted_from_front(axis: Tensor, tensor: Tensor) -> Tensor:
    known = constant_axis(axis, tensor.shape.ndims)
    if known is not None:
        return constant(known)
    from trackml.ops.math import cast, floormod

    return floormod(cast(axis, dtypes.int32), rank(tensor))


register(
    "ConcatV2",
    _concat,
    shape=_concat_shape,
    gradient=_concat_grad,
    types={"T": 0, "Tidx": -1},
)


def _concat_offset(axis: Array, *shapes: Array) -> list[Array]:
    offsets = np.zeros((len(shapes), shapes[0].size), np.int32)
    lengths = [sizes[int(axis)] for sizes in shapes]
    offsets[1:, int(axis)] = np.cumsum(lengths[:-1])
    return list(offsets)


register(
    "ConcatOffset",
    _concat_offset,
    shape=lambda op: [tensor.shape for tensor in op.inputs[1:]],
    dtypes=dtypes.int32,
    gradient=NOT_DIFFERENTIABLE,
    types={},
    lists=True,
)


def stack(values: Any, axis: int = 0, name: str = "stack") -> Tensor:
    """Tensors of one shape, put together along a new axis.

    Args:
        values: A list of tensors, or a tensor.
        axis: Where the new axis is in the result.
        name: Name of the operation.
    """
    if axis == 0:
        return convert_to_tensor(values, name=name)
    with name_scope(name, "stack", values) as scope:
        tensors = same_type(values, "values")
        stacked: Tensor = apply_op("Pack", *tensors, name=scope, axis=axis)
    return stacked


def _pack_shape(op: Operation) -> TensorShape:
    merged = TensorShape(None)
    for tensor in op.inputs:
        merged = merged.merge_with(tensor.shape)
    if merged.sizes is None:
        return merged
    axis = checked_axis(op.attrs["axis"], len(merged.sizes) + 1)
    return TensorShape([*merged.sizes[:axis], len(op.inputs), *merged.sizes[axis:]])


def _pack(*values: Array, axis: int) -> Array:
    if not values[0].ndim and values[0].dtype != object:
        return np.array(values, values[0].dtype)
    return np.stack(values, axis)


register(
    "Pack",
    _pack,
    shape=_pack_shape,
    gradient=lambda op, grad: unstack(grad, num=len(op.inputs), axis=op.get_attr("axis")),
    count="N",
)


def parallel_stack(values: Any, name: str = "parallel_stack") -> Tensor:
    """The same as `stack`."""
    return stack(values, name=name)


def unstack(value: Any, num: int | None = None, axis: int = 0, name: str = "unstack") -> list[Tensor]:
    """The parts of a tensor along an axis, each without that axis.

    Args:
        value: A tensor.
        num: The size of the axis, where the static shape does not have it.
        axis: The axis.
        name: Name of the operation.

    Raises:
        ValueError: The number of parts is not known.
    """
    with name_scope(name, "unstack", [value]) as scope:
        tensor = convert_to_tensor(value, name="value")
        sizes = tensor.shape.sizes
        if num is None and sizes is not None:
            num = sizes[checked_axis(axis, len(sizes))]
        if num is None:
            raise ValueError(f"Cannot infer num from shape {tensor.shape}")
        return outputs_of(apply_op("Unpack", tensor, name=scope, num=num, axis=axis))


def _unpack(x: Array, *, num: int, axis: int) -> list[Array]:
    if np.shape(x)[axis] != num:
        raise ValueError(f"Input shape axis {axis} must equal {num}, got shape {list(np.shape(x))}")
    return [np.asarray(part, dtype=x.dtype) for part in np.moveaxis(x, axis, 0)]


def _unpack_shape(op: Operation) -> list[TensorShape]:
    sizes, num = op.inputs[0].shape.sizes, op.attrs["num"]
    if sizes is None:
        return [TensorShape(None)] * num
    axis = checked_axis(op.attrs["axis"], len(sizes))
    if sizes[axis] not in (None, num):
        raise ValueError(f"Dimension must be {num} but is {sizes[axis]}")
    return [TensorShape([*sizes[:axis], *sizes[axis + 1 :]])] * num


def _unpack_grad(op: Operation, *grads: Tensor | None) -> Tensor:
    return stack(_filled_up(op, grads), axis=op.get_attr("axis"))


def _filled_up(op: Operation, grads: Sequence[Tensor | None]) -> list[Tensor]:
    """Zeros for the outputs through which nothing flows back."""
    return [zeros_like(output) if grad is None else grad for output, grad in zip(op.outputs, grads)]


register("Unpack", _unpack, shape=_unpack_shape, gradient=_unpack_grad, lists=True)


def split(
    value: Any, num_or_size_splits: Any, axis: Any = 0, num: int | None = None, name: str = "split"
) -> list[Tensor]:
    """Parts of a tensor along an axis.

    Args:
        value: A tensor.
        num_or_size_splits: How many equal parts, or the sizes of the parts (one may be -1 and is what is left).
        axis: The axis.
        num: How many sizes there are, where their static shape does not tell.
        name: Name of the operation.
    """
    # TensorFlow makes this constant even where it is not used, and later names count it.
    sizes = as_indices(num_or_size_splits)
    if isinstance(num_or_size_splits, (int, np.integer, Dimension)):
        with name_scope(name, "split", [value]) as scope:
            along = convert_to_tensor(axis, dtypes.int32, name="split_dim")
            tensor = convert_to_tensor(value, name="value")
            return outputs_of(apply_op("Split", along, tensor, name=scope, num_split=int(num_or_size_splits)))
    with name_scope(name, "split", [value]) as scope:
        num = _number_of_parts(sizes, num)
        tensor = convert_to_tensor(value, name="value")
        along = convert_to_tensor(axis, dtypes.int32, name="split_dim")
        return outputs_of(apply_op("SplitV", tensor, sizes, along, name=scope, num_split=num))


def _number_of_parts(sizes: Tensor, num: int | None) -> int:
    if sizes.shape.ndims == 0:
        raise ValueError(
            f"Rank-0 tensors are not supported as the num_or_size_splits argument to split. Argument provided: {sizes}"
        )
    if num is None and sizes.shape.sizes:
        num = sizes.shape.sizes[0]
    if num is None:
        raise ValueError(f"Cannot infer num from shape {sizes.shape}")
    return num


def _split(axis: Array, value: Array, *, num_split: int) -> list[Array]:
    if np.shape(value)[int(axis)] % num_split:
        raise ValueError(
            f"Number of ways to split should evenly divide the split dimension, but got split_dim {int(axis)} "
            f"(size = {np.shape(value)[int(axis)]}) and num_split {num_split}"
        )
    return list(np.split(value, num_split, int(axis)))


def _split_shape(op: Operation) -> list[TensorShape]:
    along, tensor = op.inputs
    num, sizes = op.attrs["num_split"], tensor.shape.sizes
    axis = constant_axis(along, tensor.shape.ndims)
    if sizes is None or axis is None:
        return [TensorShape(None if sizes is None else [None] * len(sizes))] * num
    size = sizes[axis]
    if size is not None and size % num:
        raise ValueError(f"Dimension size must be evenly divisible by {num} but is {size}")
    part = None if size is None else size // num
    return [TensorShape([*sizes[:axis], part, *sizes[axis + 1 :]])] * num


register(
    "Split",
    _split,
    shape=_split_shape,
    dtypes=lambda op: [op.inputs[1].dtype] * op.attrs["num_split"],
    gradient=lambda op, *grads: [None, concat(_filled_up(op, grads), op.inputs[0])],
    types={"T": 1},
    lists=True,
)


def _split_v(value: Array, sizes: Array, axis: Array, *, num_split: int) -> list[Array]:
    lengths, size = sizes.tolist(), np.shape(value)[int(axis)]
    if -1 in lengths:
        lengths[lengths.index(-1)] = size - sum(lengths) - 1
    if len(lengths) != num_split or sum(lengths) != size or min(lengths, default=0) < 0:
        raise ValueError(f"Split sizes {sizes.tolist()} do not add up to the {size} elements along axis {int(axis)}")
    return list(np.split(value, np.cumsum(lengths[:-1]), int(axis)))


def _split_v_shape(op: Operation) -> list[TensorShape]:
    tensor, lengths, along = op.inputs
    num, sizes = op.attrs["num_split"], tensor.shape.sizes
    axis, known = constant_axis(along, tensor.shape.ndims), constant_value(lengths)
    if sizes is None or axis is None:
        return [TensorShape(None if sizes is None else [None] * len(sizes))] * num
    parts = [None] * num if known is None else _part_sizes(known.tolist(), sizes[axis])
    return [TensorShape([*sizes[:axis], part, *sizes[axis + 1 :]]) for part in parts]


def _part_sizes(lengths: list[int], size: int | None) -> list[int | None]:
    given = sum(length for length in lengths if length >= 0)
    if size is not None and (given > size or (-1 not in lengths and given != size)):
        raise ValueError(f"Split sizes {lengths} do not add up to the {size} elements along the axis")
    rest = None if size is None else size - given
    return [rest if length < 0 else length for length in lengths]


register(
    "SplitV",
    _split_v,
    shape=_split_v_shape,
    dtypes=lambda op: [op.inputs[0].dtype] * op.attrs["num_split"],
    gradient=lambda op, *grads: [concat(_filled_up(op, grads), op.inputs[2]), None, None],
    types={"T": 0, "Tlen": 1},
    lists=True,
)


def tile(input: Any, multiples: Any, name: str | None = None) -> Tensor:
    """`input` repeated `multiples[i]` times along axis `i`."""
    with name_scope(name, "Tile", [input, multiples]) as scope:
        tensor = convert_to_tensor(input, name="input")
        tiled: Tensor = apply_op("Tile", tensor, as_indices(multiples, "multiples"), name=scope)
    return tiled


def _tile_shape(op: Operation) -> TensorShape:
    tensor, multiples = op.inputs
    factors = constant_value(multiples)
    ndims = tensor.shape.ndims if multiples.shape.sizes is None else multiples.shape.sizes[0]
    if ndims is None:
        return TensorShape(None)
    sizes = tensor.shape.with_rank(ndims).as_list()
    if factors is None:
        return TensorShape([None] * ndims)
    return TensorShape([None if size is None else size * int(by) for size, by in zip(sizes, factors)])


def _tile_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    """Sums the repetitions: axis `i` as `[multiples[i], sizes[i]]`, summed over the first of the two."""
    tensor, multiples = op.inputs
    sizes = shape(tensor, out_type=multiples.dtype)
    interleaved = reshape(transpose(stack([multiples, sizes])), [-1])
    repeats = apply_op("Range", constant(0), apply_op("Mul", rank(tensor), constant(2)), constant(2))
    return [apply_op("Sum", reshape(grad, interleaved), repeats, keep_dims=False), None]


register(
    "Tile",
    lambda x, multiples: np.tile(x, multiples.tolist()),
    shape=_tile_shape,
    gradient=_tile_grad,
    types={"T": 0, "Tmultiples": 1},
)


def reverse(tensor: Any, axis: Any, name: str | None = None) -> Tensor:
    """`tensor` with the order of its elements reversed along the axes of the vector `axis`."""
    with name_scope(name, "ReverseV2", [tensor, axis]) as scope:
        elements = convert_to_tensor(tensor, name="tensor")
        reversed_: Tensor = apply_op("ReverseV2", elements, as_indices(axis, "axis"), name=scope)
    return reversed_


register(
    "ReverseV2",
    lambda x, axes: np.flip(x, tuple(axes.tolist())),
    shape=same_as_input,
    gradient=lambda op, grad: [reverse(grad, op.inputs[1]), None],
    types={"T": 0, "Tidx": 1},
)
