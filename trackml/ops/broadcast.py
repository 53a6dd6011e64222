"""Broadcasting undone: the gradient of a broadcast operand, summed back to the operand's shape.

Which axes were broadcast is worked out while the graph is built wherever the static shapes tell it; only where
two unknown sizes meet is it left to `BroadcastGradientArgs` at run time, as TensorFlow does it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from trackml import dtypes
from trackml.graph.conversion import constant
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.shapes import TensorShape


class _Axes(NamedTuple):
    """The axes of a broadcast result along which one operand was repeated."""

    added: list[int]
    """Axes that the operand does not have."""
    repeated: list[int]
    """Axes along which the operand has size 1."""


def unbroadcast(grad: Tensor, like: Tensor, other: Tensor) -> Tensor:
    """Sums `grad` over the axes that broadcasting `like` against `other` added, back to the shape of `like`.

    Args:
        grad: A tensor in the shape that `like` and `other` have together.
        like: The operand whose gradient is wanted.
        other: The operand that it was broadcast against.

    Returns:
        `grad` itself where nothing was broadcast.
    """
    axes = _broadcast_axes(like.shape, other.shape)
    if axes is None:
        return _summed_at_run_time(grad, like, _reduced_axes(like, other)[0])
    return _summed(grad, like, axes)


def unbroadcast_both(
    op: Operation, x_grad: Tensor | None, y_grad: Tensor | None, *, trailing: int = 0
) -> list[Tensor | None]:
    """The gradients of a binary operation's inputs, each summed back to the shape of its input.

    Args:
        op: The operation.
        x_grad: The gradient of the first input in the shape of the result, or None.
        y_grad: That of the second.
        trailing: How many axes at the end do not take part in broadcasting: 2 for products of matrices.
    """
    x, y = op.inputs
    run_time: tuple[Tensor, Tensor] | None = None
    result: list[Tensor | None] = []
    for index, (grad, like, other) in enumerate(((x_grad, x, y), (y_grad, y, x))):
        axes = (
            None if grad is None else _broadcast_axes(_leading(like.shape, trailing), _leading(other.shape, trailing))
        )
        if grad is None:
            result.append(None)
        elif axes is not None:
            result.append(_summed(grad, like, axes))
        else:
            run_time = run_time or _reduced_axes(x, y, trailing)
            result.append(_summed_at_run_time(grad, like, run_time[index]))
    return result


def _leading(shape: TensorShape, trailing: int) -> TensorShape:
    return shape[:-trailing] if trailing else shape


def _broadcast_axes(like: TensorShape, other: TensorShape) -> _Axes | None:
    """The axes to sum over; None when that is not known before the graph runs."""
    if like.sizes is None or other.sizes is None:
        return None
    rank = max(len(like.sizes), len(other.sizes))
    first = rank - len(like.sizes)
    repeated = []
    for axis in range(first, rank):
        mine = like.sizes[axis - first]
        place = axis - (rank - len(other.sizes))
        its = other.sizes[place] if place >= 0 else 1
        if mine is None and its != 1:
            return None
        if mine == 1 and its != 1:
            repeated.append(axis)
    return _Axes(list(range(first)), repeated)


def _summed(grad: Tensor, like: Tensor, axes: _Axes) -> Tensor:
    if not axes.added and not axes.repeated:
        return grad
    if not axes.added:
        return _sum(grad, constant(axes.repeated), keep_dims=True)
    if not axes.repeated:
        return _sum(grad, constant(axes.added))
    summed = _sum(grad, constant(axes.added + axes.repeated))
    sizes = [-1 if size is None else size for size in like.shape.as_list()]
    shape = constant(sizes) if sizes.count(-1) < 2 else _shape(like)
    return _reshape(summed, shape)


def _summed_at_run_time(grad: Tensor, like: Tensor, axes: Tensor) -> Tensor:
    result = _reshape(_sum(grad, axes), _shape(like))
    result.set_shape(like.shape)
    return result


def _reduced_axes(x: Tensor, y: Tensor, trailing: int = 0) -> tuple[Tensor, Tensor]:
    shapes = [_shape(tensor)[:-trailing] if trailing else _shape(tensor) for tensor in (x, y)]
    axes: tuple[Tensor, Tensor] = apply_op("BroadcastGradientArgs", *shapes)
    return axes


def _sum(x: Tensor, axes: Tensor, keep_dims: bool = False) -> Tensor:
    result: Tensor = apply_op("Sum", x, axes, keep_dims=keep_dims)
    return result


def _shape(x: Tensor) -> Tensor:
    result: Tensor = apply_op("Shape", x, out_type=dtypes.int32)
    return result


def _reshape(x: Tensor, shape: Tensor) -> Tensor:
    result: Tensor = apply_op("Reshape", x, shape)
    return result


def _broadcast_gradient_args(x_shape: Any, y_shape: Any) -> list[Any]:
    x, y = x_shape.tolist(), y_shape.tolist()
    if x == y:
        none = np.empty(0, x_shape.dtype)
        return [none, none]
    rank = max(len(x), len(y))
    wide_x, wide_y = [1] * (rank - len(x)) + x, [1] * (rank - len(y)) + y
    axes = range(rank)
    return [
        np.array([a for a in axes if wide_x[a] == 1 and (wide_y[a] != 1 or a < rank - len(x))], x_shape.dtype),
        np.array([a for a in axes if wide_y[a] == 1 and (wide_x[a] != 1 or a < rank - len(y))], x_shape.dtype),
    ]


register(
    "BroadcastGradientArgs",
    _broadcast_gradient_args,
    shape=lambda op: [TensorShape([None])] * 2,
    gradient=NOT_DIFFERENTIABLE,
)
