"""How often predictions are right: functions of one value an example, and their means over batches."""

from __future__ import annotations

from typing import Any

from trackml import dtypes
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.keras.losses.alignment import alike, without_last
from trackml.keras.metrics.means import MeanMetricWrapper
from trackml.ops import array, comparison, math, nn, reductions


def accuracy(y_true: Any, y_pred: Any) -> Tensor:
    """1 where both are equal, 0 elsewhere."""
    true, pred = alike(y_true, y_pred)
    return math.cast(comparison.equal(true, pred), dtypes.float32)


def binary_accuracy(y_true: Any, y_pred: Any, threshold: float = 0.5) -> Tensor:
    """The share along the last axis of predictions on the right side of `threshold`."""
    true, pred = alike(y_true, y_pred)
    said = math.cast(comparison.greater(pred, threshold), true.dtype)
    return reductions.reduce_mean(math.cast(comparison.equal(true, said), dtypes.float32), axis=-1)


def categorical_accuracy(y_true: Any, y_pred: Any) -> Tensor:
    """1 where the largest prediction is that of the class, given as one number a class."""
    true, said = (reductions.argmax(convert_to_tensor(value), axis=-1) for value in (y_true, y_pred))
    return math.cast(comparison.equal(true, said), dtypes.float32)


def sparse_categorical_accuracy(y_true: Any, y_pred: Any) -> Tensor:
    """1 where the largest prediction is that of the class, given as its number."""
    pred = convert_to_tensor(y_pred)
    true = math.cast(without_last(convert_to_tensor(y_true), pred), dtypes.int64)
    return math.cast(comparison.equal(true, reductions.argmax(pred, axis=-1)), dtypes.float32)


def top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> Tensor:
    """1 where the class, given as one number a class, is among the `k` largest predictions."""
    return sparse_top_k_categorical_accuracy(reductions.argmax(convert_to_tensor(y_true), axis=-1), y_pred, k)


def sparse_top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> Tensor:
    """1 where the class, given as its number, is among the `k` largest predictions.

    Args:
        y_true: Numbers of classes, `[...]` or `[..., 1]`.
        y_pred: One number a class, `[..., classes]`.
        k: How many predictions count.
    """
    pred = convert_to_tensor(y_pred)
    true = without_last(convert_to_tensor(y_true), pred)
    flat = array.reshape(pred, [-1, array.shape(pred)[-1]])
    found = nn.in_top_k(flat, math.cast(array.reshape(true, [-1]), dtypes.int32), k)
    return math.cast(array.reshape(found, array.shape(true)), dtypes.float32)


class Accuracy(MeanMetricWrapper):
    """How often predictions equal labels.

    Args:
        name: Its name.
        dtype: Type of the mean.
    """

    def __init__(self, name: str | None = "accuracy", dtype: Any = None) -> None:
        super().__init__(accuracy, name, dtype)


class BinaryAccuracy(MeanMetricWrapper):
    """How often predictions are on the right side of a threshold.

    Args:
        name: Its name.
        dtype: Type of the mean.
        threshold: Above which a prediction says 1.
    """

    def __init__(self, name: str | None = "binary_accuracy", dtype: Any = None, threshold: float = 0.5) -> None:
        super().__init__(binary_accuracy, name, dtype, threshold=threshold)


class CategoricalAccuracy(MeanMetricWrapper):
    """How often the largest prediction is that of the class, given as zeros and a one; arguments as of `Accuracy`."""

    def __init__(self, name: str | None = "categorical_accuracy", dtype: Any = None) -> None:
        super().__init__(categorical_accuracy, name, dtype)


class SparseCategoricalAccuracy(MeanMetricWrapper):
    """How often the largest prediction is that of the class, given as its number; arguments as of `Accuracy`."""

    def __init__(self, name: str | None = "sparse_categorical_accuracy", dtype: Any = None) -> None:
        super().__init__(sparse_categorical_accuracy, name, dtype)


class TopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the class, given as one number a class, is among the largest predictions.

    Args:
        k: How many predictions count.
        name: Its name.
        dtype: Type of the mean.
    """

    def __init__(self, k: int = 5, name: str | None = "top_k_categorical_accuracy", dtype: Any = None) -> None:
        super().__init__(top_k_categorical_accuracy, name, dtype, k=k)


class SparseTopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the class, given as its number, is among the largest predictions.

    Args:
        k: How many predictions count.
        name: Its name.
        dtype: Type of the mean.
    """

    def __init__(self, k: int = 5, name: str | None = "sparse_top_k_categorical_accuracy", dtype: Any = None) -> None:
        super().__init__(sparse_top_k_categorical_accuracy, name, dtype, k=k)
