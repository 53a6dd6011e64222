"""Metrics of probabilities that count as true above given thresholds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from trackml import dtypes
from trackml.graph.operation import Tensor
from trackml.metrics.curves import COUNTS, counts_at_thresholds
from trackml.metrics.streaming import Collections, Metric, collected
from trackml.ops import comparison, math, reductions, scans
from trackml.variables import variable_scope

_EPSILON = 1e-7
"""Keeps rates from being 0 / 0."""
_Rate = Callable[[Mapping[str, Tensor], str], Tensor]


def true_positives_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """How many examples whose label is true have a prediction above each threshold.

    Args:
        labels: What is right; cast to bool.
        predictions: Probabilities in [0, 1], in the shape of `labels`.
        thresholds: Python floats.
        weights: A scalar, or a tensor of the rank of `labels` whose sizes are those of `labels` or 1; 1 by default.
        metrics_collections: Collections that the value is put into.
        updates_collections: Collections that the update is put into.
        name: Name of the scope of the variables.

    Returns:
        `(value, update_op)`, float32 `[thresholds]`: the counts so far, and what takes the batch in and gives the new.

    Raises:
        ValueError: Shapes do not fit.
        InvalidArgumentError: When it runs: a prediction is outside [0, 1].
    """
    return _counted("tp", labels, predictions, thresholds, weights, metrics_collections, updates_collections, name)


def true_negatives_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """How many examples whose label is false are not above each threshold; as `true_positives_at_thresholds`."""
    return _counted("tn", labels, predictions, thresholds, weights, metrics_collections, updates_collections, name)


def false_positives_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """How many examples whose label is false are above each threshold; as `true_positives_at_thresholds`."""
    return _counted("fp", labels, predictions, thresholds, weights, metrics_collections, updates_collections, name)


def false_negatives_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """How many examples whose label is true are not above each threshold; as `true_positives_at_thresholds`."""
    return _counted("fn", labels, predictions, thresholds, weights, metrics_collections, updates_collections, name)


def _counted(
    kind: str,
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any,
    metrics_collections: Collections,
    updates_collections: Collections,
    name: str | None,
) -> Metric:
    with variable_scope(name, COUNTS[kind], [predictions, labels, weights]):
        values, updates = counts_at_thresholds(labels, predictions, thresholds, weights, [kind])
        return collected(values[kind], updates[kind], metrics_collections, updates_collections)


def precision_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """The share of right ones among predictions above each threshold; as `true_positives_at_thresholds`."""
    with variable_scope(name, "precision_at_thresholds", [predictions, labels, weights]):
        values, updates = counts_at_thresholds(labels, predictions, thresholds, weights, ["tp", "fp"])
        return _rated(_share_of("fp", "precision"), values, updates, metrics_collections, updates_collections)


def recall_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """The share of true labels whose prediction is above each threshold; as `true_positives_at_thresholds`."""
    with variable_scope(name, "recall_at_thresholds", [predictions, labels, weights]):
        values, updates = counts_at_thresholds(labels, predictions, thresholds, weights, ["tp", "fn"])
        return _rated(_share_of("fn", "recall"), values, updates, metrics_collections, updates_collections)


def _share_of(other: str, prefix: str) -> _Rate:
    """True positives over themselves and the counts `other`."""

    def share(counts: Mapping[str, Tensor], name: str) -> Tensor:
        return math.div(counts["tp"], _EPSILON + counts["tp"] + counts[other], name=f"{prefix}_{name}")

    return share


def _rated(
    rate: _Rate,
    values: Mapping[str, Tensor],
    updates: Mapping[str, Tensor],
    metrics_collections: Collections,
    updates_collections: Collections,
) -> Metric:
    return collected(rate(values, "value"), rate(updates, "update_op"), metrics_collections, updates_collections)


def sensitivity_at_specificity(
    labels: Any,
    predictions: Any,
    specificity: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """The share of true labels that are found at the threshold whose specificity is nearest to the one given.

    Args:
        labels: What is right; cast to bool.
        predictions: Probabilities in [0, 1], in the shape of `labels`.
        specificity: The share of false labels that shall not be above the threshold, in [0, 1].
        weights: A scalar, or a tensor of the rank of `labels` whose sizes are those of `labels` or 1; 1 by default.
        num_thresholds: How many evenly spaced thresholds there are.
        metrics_collections: Collections that the value is put into.
        updates_collections: Collections that the update is put into.
        name: Name of the scope of the four variables.

    Returns:
        `(value, update_op)`, float32 scalars.

    Raises:
        ValueError: `specificity` is not in [0, 1], or shapes do not fit.
    """
    if not 0 <= specificity <= 1:
        raise ValueError("`specificity` must be in the range [0, 1].")

    def rate(counts: Mapping[str, Tensor], name: str) -> Tensor:
        found = math.div(counts["tn"], counts["tn"] + counts["fp"] + _EPSILON)
        index = math.cast(reductions.argmin(math.abs(found - specificity), 0), dtypes.int32)
        tp, fn = counts["tp"][index], counts["fn"][index]
        return math.div(tp, tp + fn + _EPSILON, name)

    with variable_scope(name, "sensitivity_at_specificity", [predictions, labels, weights]):
        thresholds = _even(num_thresholds, 1.0 + _EPSILON)
        values, updates = counts_at_thresholds(labels, predictions, thresholds, weights, tuple(COUNTS))
        return _rated(rate, values, updates, metrics_collections, updates_collections)


def specificity_at_sensitivity(
    labels: Any,
    predictions: Any,
    sensitivity: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """The share of false labels that are left out at the threshold whose sensitivity is nearest to the one given.

    Of several such thresholds it is the highest. Arguments are those of `sensitivity_at_specificity`.
    """
    if not 0 <= sensitivity <= 1:
        raise ValueError("`sensitivity` must be in the range [0, 1].")

    def rate(counts: Mapping[str, Tensor], name: str) -> Tensor:
        found = math.div(counts["tp"], counts["tp"] + counts["fn"] + _EPSILON)
        distance = math.abs(found - sensitivity)
        nearest = math.cast(comparison.equal(distance, reductions.reduce_min(distance)), dtypes.int64)
        index = math.cast(reductions.argmax(scans.cumsum(nearest), 0), dtypes.int32)
        tn, fp = counts["tn"][index], counts["fp"][index]
        return math.div(tn, tn + fp + _EPSILON, name)

    with variable_scope(name, "specificity_at_sensitivity", [predictions, labels, weights]):
        # The last threshold is TensorFlow's: predictions of 1 are above it.
        thresholds = _even(num_thresholds, 1.0 - _EPSILON)
        values, updates = counts_at_thresholds(labels, predictions, thresholds, weights, tuple(COUNTS))
        return _rated(rate, values, updates, metrics_collections, updates_collections)


def _even(count: int, last: float) -> list[float]:
    return [0.0 - _EPSILON, *((index + 1) * 1.0 / (count - 1) for index in range(count - 2)), last]
