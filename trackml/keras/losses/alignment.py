"""Labels, predictions and weights brought to shapes that go with each other."""

from __future__ import annotations

from typing import Any

from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.ops import array, math


def alike(y_true: Any, y_pred: Any) -> tuple[Tensor, Tensor]:
    """Both as tensors of the predictions' type; a last axis of size 1 that one of them lacks is given to the other.

    TensorFlow's functions broadcast `[batch]` against `[batch, 1]` to `[batch, batch]`, which draws each prediction
    to all labels of the batch; here `[batch]` labels are a column beside `[batch, 1]` predictions.
    """
    pred = convert_to_tensor(y_pred)
    true = math.cast(convert_to_tensor(y_true), pred.dtype)
    return squeezed(true, pred)


def squeezed(true: Tensor, pred: Tensor) -> tuple[Tensor, Tensor]:
    """Labels in the rank of the predictions, where they differ by a last axis of size 1."""
    if true.shape.ndims is None or pred.shape.ndims is None:
        return true, pred
    difference = pred.shape.ndims - true.shape.ndims
    if difference == 1 and pred.shape.as_list()[-1] == 1:
        return array.expand_dims(true, -1), pred
    if difference == -1 and true.shape.as_list()[-1] in (1, None):
        return array.squeeze(true, [-1]), pred
    return true, pred


def without_last(true: Tensor, pred: Tensor) -> Tensor:
    """Numbers of classes without the last axis of size 1 that they have beside `[..., classes]` predictions."""
    return array.squeeze(true, [-1]) if true.shape.ndims == pred.shape.ndims else true


def beside(weights: Any, values: Tensor) -> Tensor:
    """Weights in the type and rank of values: one for each of them, from the left.

    Args:
        weights: A scalar, or `values` less some of its last axes; one axis of size 1 too many is left out.
        values: What is weighted.

    Raises:
        ValueError: There is one value for the whole batch, so that its examples have nothing to be weighted.
    """
    weight = math.cast(convert_to_tensor(weights), values.dtype)
    if weight.shape.ndims in (0, None) or values.shape.ndims is None:
        return weight
    if values.shape.ndims == 0:
        raise ValueError(
            f"Weights of examples, {weight.shape}, need one value an example, but the function gave one value for the "
            "whole batch: take the mean along the last axis alone."
        )
    missing = values.shape.ndims - weight.shape.ndims
    if missing == -1:
        return array.squeeze(weight, [-1])
    for _ in range(max(missing, 0)):
        weight = array.expand_dims(weight, -1)
    return weight
