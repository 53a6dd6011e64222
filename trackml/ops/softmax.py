"""Softmax and its logarithm.

Both subtract the largest logit of a row first, so that no exponential overflows.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import register
from trackml.graph.shape_rules import same_as_input
from trackml.ops import array, math
from trackml.ops.elementwise import REALS, elementwise
from trackml.ops.framework import name_scope
from trackml.ops.reductions import reduce_sum
from trackml.ops.sums import Array, row_sums


def softmax(logits: Any, axis: int | None = None, name: str | None = None, dim: int | None = None) -> Tensor:
    """`exp(x) / sum(exp(x))` along one axis.

    Args:
        logits: Numbers.
        axis: The axis along which the result sums to 1; the last one if not given.
        name: Name of the operation.
        dim: The old name of `axis`.
    """
    axis = array.either("axis", axis, "dim", dim)
    return _along_axis("Softmax", logits, -1 if axis is None else axis, name)


def log_softmax(logits: Any, axis: int | None = None, name: str | None = None, dim: int | None = None) -> Tensor:
    """`log(softmax(x))` along one axis, exact where the softmax is tiny; see `softmax`."""
    axis = array.either("axis", axis, "dim", dim)
    return _along_axis("LogSoftmax", logits, -1 if axis is None else axis, name)


def _along_axis(type: str, logits: Any, axis: int, name: str | None) -> Tensor:
    x = convert_to_tensor(logits, name="logits")
    if x.shape.ndims == 0:
        raise ValueError(f"{type} needs at least one axis; got a scalar, {x!r}.")
    if x.shape.ndims is not None:
        axis = array.checked_axis(axis, x.shape.ndims)
    if axis in (-1, (x.shape.ndims or 0) - 1):
        return elementwise(type, x, name=name, allowed=REALS, names=("logits",))
    with name_scope(name, type.lower(), [x]) as scope:
        order = _axis_swapped_to_end(x, axis)
        return array.transpose(elementwise(type, array.transpose(x, order), allowed=REALS), order, name=scope)


def _axis_swapped_to_end(x: Tensor, axis: int) -> list[int]:
    rank = x.shape.ndims
    if rank is None:
        raise ValueError(f"An axis other than the last one needs a known rank; '{x.name}' has unknown shape.")
    order = list(range(rank))
    order[axis], order[-1] = order[-1], order[axis]
    return order


FEW = 64
"""Up to so many classes it is faster to copy the matrix and to compare its columns than to go along each row."""


def shifted_down(logits: Array) -> Array:
    """The rows of `[batch, classes]` with the largest logit of each at 0, in row order."""
    if not logits.size:
        return logits
    if logits.shape[1] <= FEW:
        largest = np.maximum.reduce(np.ascontiguousarray(logits.T), axis=0)
    else:
        largest = np.maximum.reduce(logits, axis=1)
    shifted: Array = np.subtract(logits, largest[:, np.newaxis], order="C")
    return shifted


def _softmax(x: Any) -> Any:
    e = np.exp(shifted_down(x.reshape(-1, x.shape[-1])))
    return np.true_divide(e, row_sums(e)[:, np.newaxis]).reshape(x.shape)


def _log_softmax(x: Any) -> Any:
    shifted = shifted_down(x.reshape(-1, x.shape[-1]))
    return np.subtract(shifted, np.log(row_sums(np.exp(shifted)))[:, np.newaxis]).reshape(x.shape)


def _softmax_grad(op: Operation, grad: Tensor) -> Tensor:
    return through_softmax(op.outputs[0], grad)


def through_softmax(y: Tensor, grad: Tensor) -> Tensor:
    """The gradient by the logits, from the softmax `y` and its gradient."""
    return (grad - reduce_sum(grad * y, -1, keepdims=True)) * y


def _log_softmax_grad(op: Operation, grad: Tensor) -> Tensor:
    return grad - math.exp(op.outputs[0]) * reduce_sum(grad, -1, keepdims=True)


register("Softmax", _softmax, shape=same_as_input, gradient=_softmax_grad)
register("LogSoftmax", _log_softmax, shape=same_as_input, gradient=_log_softmax_grad)
