"""Running sums and products along an axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import register
from trackml.graph.shape_rules import same_as_input
from trackml.ops import array
from trackml.ops.framework import name_scope


def cumsum(x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None) -> Tensor:
    """The sum of all elements so far along `axis`.

    Args:
        x: Numbers.
        axis: The axis along which they are summed.
        exclusive: Whether an element's own value is left out, so that the first sum is 0.
        reverse: Whether to begin at the end of the axis.
        name: Name of the operation.

    Returns:
        A tensor like `x`.
    """
    return _scan("Cumsum", x, axis, exclusive, reverse, name)


def cumprod(x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None) -> Tensor:
    """The product of all elements so far along `axis`, see `cumsum`."""
    return _scan("Cumprod", x, axis, exclusive, reverse, name)


def _scan(type: str, x: Any, axis: Any, exclusive: bool, reverse: bool, name: str | None) -> Tensor:
    with name_scope(name, type, [x]) as scope:
        tensor = convert_to_tensor(x, name="x")
        where = array.as_indices(axis, "axis")
        array.constant_axis(where, tensor.shape.ndims)
        result: Tensor = apply_op(type, tensor, where, name=scope, exclusive=exclusive, reverse=reverse)
        return result


def _scanned(ufunc: np.ufunc, x: Any, axis: int, exclusive: bool, reverse: bool) -> Any:
    values = np.flip(x, axis) if reverse else x
    scanned = ufunc.accumulate(values, axis=axis, dtype=x.dtype)
    if exclusive and scanned.shape[axis]:
        shifted = np.empty_like(scanned)
        moved, kept = np.moveaxis(shifted, axis, 0), np.moveaxis(scanned, axis, 0)
        moved[0] = ufunc.identity
        moved[1:] = kept[:-1]
        scanned = shifted
    return np.flip(scanned, axis) if reverse else scanned


def _cumsum(x: Any, axis: Any, *, exclusive: bool, reverse: bool) -> Any:
    return _scanned(np.add, x, int(axis), exclusive, reverse)


def _cumprod(x: Any, axis: Any, *, exclusive: bool, reverse: bool) -> Any:
    return _scanned(np.multiply, x, int(axis), exclusive, reverse)


def _cumsum_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    """Each element is in all sums from its own on: a running sum in the other direction."""
    reverse = not op.get_attr("reverse")
    return [cumsum(grad, op.inputs[1], op.get_attr("exclusive"), reverse), None]


def _cumprod_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    """As TensorFlow's: exact unless an element is 0."""
    x, axis = op.inputs
    reverse = not op.get_attr("reverse")
    return [cumsum(op.outputs[0] * grad, axis, op.get_attr("exclusive"), reverse) / x, None]


_TYPES = {"T": 0, "Tidx": 1}
register("Cumsum", _cumsum, shape=same_as_input, gradient=_cumsum_grad, types=_TYPES)
register("Cumprod", _cumprod, shape=same_as_input, gradient=_cumprod_grad, types=_TYPES)
