"""Arrays with a margin of zeros, of a constant, or of their own elements mirrored."""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml.graph.conversion import constant, constant_value, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import register
from trackml.ops.array import as_indices, shape
from trackml.ops.framework import name_scope
from trackml.ops.slicing import slice as part_of
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]


def pad(
    tensor: Any, paddings: Any, mode: str = "CONSTANT", name: str | None = None, constant_values: Any = 0
) -> Tensor:
    """`tensor` with a margin around it.

    Args:
        tensor: A tensor.
        paddings: How many positions to add before and after each axis, `[rank, 2]`.
        mode: `"CONSTANT"`, `"REFLECT"` (mirrored, without the edge itself) or `"SYMMETRIC"` (with the edge).
        name: Name of the operation.
        constant_values: What the margin is made of in mode `"CONSTANT"`.

    Raises:
        ValueError: There is no such mode.
    """
    mode = mode.upper()
    if mode not in ("CONSTANT", "REFLECT", "SYMMETRIC"):
        raise ValueError(f"Unknown padding mode: {mode}")
    plain = mode == "CONSTANT" and not isinstance(constant_values, Tensor) and constant_values == 0
    type = "Pad" if plain else "PadV2" if mode == "CONSTANT" else "MirrorPad"
    with name_scope(name, type, [tensor, paddings, constant_values]) as scope:
        inner = convert_to_tensor(tensor, name="tensor")
        inputs = [inner, as_indices(paddings, "paddings")]
        if type == "PadV2":
            inputs.append(convert_to_tensor(constant_values, inner.dtype, name="constant_values"))
        attrs = {"mode": mode} if type == "MirrorPad" else {}
        padded: Tensor = apply_op(type, *inputs, name=scope, **attrs)
    return padded


def _pad(x: Array, paddings: Array, value: Any = None) -> Array:
    widths = paddings.tolist()
    fill = (b"" if np.asarray(x).dtype == object else 0) if value is None else value
    whole = np.full([before + size + after for (before, after), size in zip(widths, np.shape(x))], fill, dtype=x.dtype)
    whole[tuple(slice(before, before + size) for (before, _), size in zip(widths, np.shape(x)))] = x
    return whole


def _pad_shape(op: Operation) -> TensorShape:
    tensor, paddings = op.inputs[:2]
    widths = constant_value(paddings)
    ndims = tensor.shape.ndims
    if paddings.shape.sizes is not None:
        rows, _ = paddings.shape.merge_with([ndims, 2]).as_list()
        ndims = rows if ndims is None else ndims
    if ndims is None:
        return TensorShape(None)
    if widths is None:
        return TensorShape([None] * ndims)
    sizes = tensor.shape.with_rank(ndims).as_list()
    return TensorShape([None if size is None else size + int(sum(width)) for size, width in zip(sizes, widths)])


def _pad_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    """The part inside the margin."""
    tensor, paddings = op.inputs[:2]
    begin = apply_op("Unpack", paddings, num=2, axis=1)[0]
    inner = part_of(grad, begin, shape(tensor, out_type=begin.dtype))
    if op.type == "Pad":
        return [inner, None]
    total = apply_op("Sum", grad, _all_axes(grad), keep_dims=False)
    inside = apply_op("Sum", inner, _all_axes(inner), keep_dims=False)
    return [inner, None, apply_op("Sub", total, inside)]


def _all_axes(tensor: Tensor) -> Tensor:
    if tensor.shape.ndims is not None:
        return constant(np.arange(tensor.shape.ndims, dtype=np.int32))
    axes: Tensor = apply_op("Range", constant(0), apply_op("Rank", tensor), constant(1))
    return axes


register("Pad", _pad, shape=_pad_shape, gradient=_pad_grad, types={"T": 0, "Tpaddings": 1})
register("PadV2", _pad, shape=_pad_shape, gradient=_pad_grad, types={"T": 0, "Tpaddings": 1})


def _mirror_pad(x: Array, paddings: Array, *, mode: str) -> Array:
    limit = 1 if mode == "REFLECT" else 0
    for axis, widths in enumerate(paddings.tolist()):
        if max(widths) > x.shape[axis] - limit:
            raise ValueError(
                f"paddings must be no greater than the dimension size (less {limit}): {widths[0]}, {widths[1]} "
                f"greater than {x.shape[axis] - limit}"
            )
    return np.pad(x, paddings.tolist(), mode="reflect" if mode == "REFLECT" else "symmetric")


register(
    "MirrorPad",
    _mirror_pad,
    shape=_pad_shape,
    gradient=lambda op, grad: [apply_op("MirrorPadGrad", grad, op.inputs[1], mode=op.get_attr("mode")), None],
    types={"T": 0, "Tpaddings": 1},
)


def _mirror_pad_grad(grad: Array, paddings: Array, *, mode: str) -> Array:
    """Folds the margins back onto the elements that they mirror, one axis after the other."""
    edge = 1 if mode == "REFLECT" else 0
    for axis, (before, after) in enumerate(paddings.tolist()):
        rows = np.moveaxis(grad, axis, 0)
        inner = rows[before : rows.shape[0] - after].copy()
        size = inner.shape[0]
        inner[edge : edge + before] += rows[:before][::-1]
        inner[size - edge - after : size - edge] += rows[rows.shape[0] - after :][::-1]
        grad = np.moveaxis(inner, 0, axis)
    return grad


def _unpadded_shape(op: Operation) -> TensorShape:
    tensor, paddings = op.inputs
    widths = constant_value(paddings)
    if tensor.shape.sizes is None or widths is None:
        return TensorShape(None if tensor.shape.ndims is None else [None] * tensor.shape.ndims)
    sizes = zip(tensor.shape.sizes, widths)
    return TensorShape([None if size is None else size - int(sum(width)) for size, width in sizes])


register(
    "MirrorPadGrad",
    _mirror_pad_grad,
    shape=_unpadded_shape,
    gradient=lambda op, grad: [apply_op("MirrorPad", grad, op.inputs[1], mode=op.get_attr("mode")), None],
    types={"T": 0, "Tpaddings": 1},
)
