"""What all metrics share: totals in local variables, and the pair of a value and the operation that updates it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trackml import dtypes
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Tensor
from trackml.ops import array
from trackml.ops.framework import add_to_collections
from trackml.ops.weights import remove_squeezable_dimensions
from trackml.shapes import TensorShape
from trackml.variables import Variable

Collections = Sequence[str] | str | None
Metric = tuple[Tensor, Tensor]
"""The value over everything seen so far, and the tensor that takes in the current batch and gives the new value."""


def metric_variable(shape: Any, name: str, dtype: Any = dtypes.float32) -> Variable:
    """A total: zeros that last for one session."""
    collections = [GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES]
    return Variable(lambda: array.zeros(shape, dtype), trainable=False, collections=collections, name=name)


def collected(value: Tensor, update_op: Tensor, metrics: Collections, updates: Collections) -> Metric:
    """The pair, put into the collections that were asked for."""
    add_to_collections(metrics or (), value)
    add_to_collections(updates or (), update_op)
    return value, update_op


def fitted(predictions: Any, labels: Any = None, weights: Any = None) -> tuple[Tensor, Any, Any]:
    """Predictions, labels and weights in ranks that go together.

    A last dimension of 1 that only labels or only predictions have is dropped; weights of a rank that is one off get
    a last dimension of 1, or lose it.

    Returns:
        Predictions, labels and weights as tensors; None for what is None.

    Raises:
        ValueError: The shapes of predictions and labels do not fit.
    """
    predictions = convert_to_tensor(predictions)
    if labels is not None:
        labels, predictions = remove_squeezable_dimensions(labels, predictions)
        predictions.shape.assert_is_compatible_with(labels.shape)
    return predictions, labels, None if weights is None else _of_rank(convert_to_tensor(weights), predictions.shape)


def _of_rank(weights: Tensor, shape: TensorShape) -> Tensor:
    if not weights.shape.ndims or shape.ndims is None:
        return weights
    extra = weights.shape.ndims - shape.ndims
    if extra == 1:
        return array.squeeze(weights, [-1])
    return array.expand_dims(weights, [-1]) if extra == -1 else weights
