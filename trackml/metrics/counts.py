"""Metrics of yes-or-no predictions: how many are right and wrong, precision and recall."""

from __future__ import annotations

from typing import Any

from trackml import dtypes
from trackml.graph.operation import Tensor
from trackml.metrics.streaming import Collections, Metric, collected, fitted, metric_variable
from trackml.ops import array, comparison, gathering, math, reductions
from trackml.ops.framework import control_dependencies
from trackml.ops.weights import assert_broadcastable
from trackml.variables import variable_scope


def true_positives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """How many predictions are true of labels that are true.

    Args:
        labels: What is right; cast to bool.
        predictions: What was predicted, in the shape of `labels`; cast to bool.
        weights: A scalar, or a tensor of the rank of `labels` whose sizes are those of `labels` or 1; 1 by default.
        metrics_collections: Collections that the value is put into.
        updates_collections: Collections that the update is put into.
        name: Name of the scope of the variable `count`.

    Returns:
        `(value, update_op)`, float32 scalars: the count so far, and what takes the batch in and gives the new count.

    Raises:
        ValueError: Shapes do not fit.
    """
    return _counted(
        True, True, "true_positives", labels, predictions, weights, metrics_collections, updates_collections, name
    )


def true_negatives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """How many predictions are false of labels that are false; arguments as for `true_positives`."""
    return _counted(
        False, False, "true_negatives", labels, predictions, weights, metrics_collections, updates_collections, name
    )


def false_positives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """How many predictions are true of labels that are false; arguments as for `true_positives`."""
    return _counted(
        False, True, "false_positives", labels, predictions, weights, metrics_collections, updates_collections, name
    )


def false_negatives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """How many predictions are false of labels that are true; arguments as for `true_positives`."""
    return _counted(
        True, False, "false_negatives", labels, predictions, weights, metrics_collections, updates_collections, name
    )


def precision(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """The share of right ones among predictions of true, 0 while there is none; arguments as for `true_positives`."""
    with variable_scope(name, "precision", [predictions, labels, weights]):
        right, new_right = true_positives(labels, predictions, weights)
        wrong, new_wrong = false_positives(labels, predictions, weights)
        value, update_op = _share(right, wrong, "value"), _share(new_right, new_wrong, "update_op")
        return collected(value, update_op, metrics_collections, updates_collections)


def recall(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """The share of found ones among labels of true, 0 while there is none; arguments as for `true_positives`."""
    with variable_scope(name, "recall", [predictions, labels, weights]):
        found, new_found = true_positives(labels, predictions, weights)
        missed, new_missed = false_negatives(labels, predictions, weights)
        value, update_op = _share(found, missed, "value"), _share(new_found, new_missed, "update_op")
        return collected(value, update_op, metrics_collections, updates_collections)


def _share(part: Tensor, rest: Tensor, name: str) -> Tensor:
    whole = part + rest
    return gathering.where(comparison.greater(whole, 0), math.div(part, whole), array.zeros_like(whole), name)


def _counted(
    label: bool,
    prediction: bool,
    default_name: str,
    labels: Any,
    predictions: Any,
    weights: Any,
    metrics_collections: Collections,
    updates_collections: Collections,
    name: str | None,
) -> Metric:
    """Counts the examples with that label and that prediction."""
    with variable_scope(name, default_name, [predictions, labels, weights]):
        predictions, labels, weights = fitted(
            math.cast(predictions, dtypes.bool_), math.cast(labels, dtypes.bool_), weights
        )
        hits = comparison.logical_and(
            labels if label else comparison.logical_not(labels),
            predictions if prediction else comparison.logical_not(predictions),
        )
        count = metric_variable([], "count")
        update_op = count.assign_add(_weighted_count(hits, weights))
        return collected(array.identity(count.value()), update_op, metrics_collections, updates_collections)


def _weighted_count(hits: Tensor, weights: Tensor | None) -> Tensor:
    values = math.cast(hits, dtypes.float32)
    if weights is None:
        return reductions.reduce_sum(values)
    with control_dependencies(assert_broadcastable(weights, values)):
        return reductions.reduce_sum(math.multiply(values, math.cast(weights, dtypes.float32)))
