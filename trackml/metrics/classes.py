"""Metrics of each class by itself, and then the mean over the classes."""

from __future__ import annotations

from typing import Any

from trackml import dtypes
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.metrics.streaming import Collections, Metric, collected, metric_variable
from trackml.ops import array, comparison, gathering, math, reductions, segments
from trackml.ops.confusion_matrix import confusion_matrix
from trackml.variables import variable_scope


def mean_iou(
    labels: Any,
    predictions: Any,
    num_classes: int,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """The mean over the classes of intersection over union: `tp / (tp + fp + fn)`.

    Classes that neither labels nor predictions have are left out.

    Args:
        labels: Classes from 0, of any shape.
        predictions: Classes from 0, in the shape of `labels`.
        num_classes: How many there are.
        weights: What each example counts, in the shape of `labels`.
        metrics_collections: Collections that the value is put into.
        updates_collections: Collections that the update is put into.
        name: Name of the scope of the variable `total_confusion_matrix`.

    Returns:
        `(value, update_op)`: a float32 scalar, and what takes the batch in and gives the new confusion matrix.

    Raises:
        ValueError: Shapes do not fit.
    """
    with variable_scope(name, "mean_iou", [predictions, labels, weights]):
        labels, predictions = convert_to_tensor(labels), convert_to_tensor(predictions)
        predictions.shape.assert_is_compatible_with(labels.shape)
        total = metric_variable([num_classes, num_classes], "total_confusion_matrix", dtypes.float64)
        current = confusion_matrix(
            _flat(math.cast(labels, dtypes.int64)),
            _flat(math.cast(predictions, dtypes.int64)),
            num_classes,
            dtype=dtypes.float64,
            weights=None if weights is None else _flat(convert_to_tensor(weights)),
        )
        update_op = total.assign_add(current)
        return collected(_mean_iou(total.value(), num_classes), update_op, metrics_collections, updates_collections)


def _flat(tensor: Tensor) -> Tensor:
    return array.reshape(tensor, [-1]) if tensor.shape.ndims is None or tensor.shape.ndims > 1 else tensor


def _mean_iou(matrix: Tensor, num_classes: int) -> Tensor:
    predicted = math.cast(reductions.reduce_sum(matrix, 0), dtypes.float32)
    labeled = math.cast(reductions.reduce_sum(matrix, 1), dtypes.float32)
    both = math.cast(gathering.gather_nd(matrix, [[index, index] for index in range(num_classes)]), dtypes.float32)
    either = predicted + labeled - both
    count = reductions.reduce_sum(math.cast(comparison.not_equal(either, 0), dtypes.float32))
    divisor = gathering.where(comparison.greater(either, 0), either, array.ones_like(either))
    whole = reductions.reduce_sum(math.div(both, divisor), name="mean_iou")
    return gathering.where(comparison.greater(count, 0), whole / count, array.zeros_like(whole))


def mean_per_class_accuracy(
    labels: Any,
    predictions: Any,
    num_classes: int,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """The mean over the classes of the share of their examples that are predicted right.

    Args:
        labels: Classes from 0, of any shape.
        predictions: Classes from 0, in the shape of `labels`.
        num_classes: How many there are; classes without examples count as 0.
        weights: What each example counts, in the shape of `labels`.
        metrics_collections: Collections that the value is put into.
        updates_collections: Collections that the update is put into.
        name: Name of the scope of the variables `total` and `count`, `mean_accuracy` by default.

    Returns:
        `(value, update_op)`: a float32 scalar, and what takes the batch in and gives each class' accuracy.

    Raises:
        ValueError: Shapes do not fit.
    """
    with variable_scope(name, "mean_accuracy", [predictions, labels, weights]):
        labels = _flat(math.cast(convert_to_tensor(labels), dtypes.int64))
        predictions = _flat(convert_to_tensor(predictions))
        predictions.shape.assert_is_compatible_with(labels.shape)
        total, count = metric_variable([num_classes], "total"), metric_variable([num_classes], "count")
        examples = array.ones_like(labels, dtypes.float32)
        correct = math.cast(comparison.equal(math.cast(predictions, dtypes.int64), labels), dtypes.float32)
        if weights is not None:
            amounts = math.cast(_flat(convert_to_tensor(weights)), dtypes.float32)
            correct, examples = correct * amounts, examples * amounts
        new_total = total.assign_add(segments.unsorted_segment_sum(examples, labels, num_classes))
        new_count = count.assign_add(segments.unsorted_segment_sum(correct, labels, num_classes))
        shares = math.div_no_nan(count.value(), math.maximum(total.value(), 0))
        value = reductions.reduce_mean(shares, name="mean_accuracy")
        update_op = math.div_no_nan(new_count, math.maximum(new_total, 0), name="update_op")
        return collected(value, update_op, metrics_collections, updates_collections)
