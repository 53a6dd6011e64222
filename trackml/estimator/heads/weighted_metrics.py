"""Metrics of probabilities that several heads share."""

from __future__ import annotations

from typing import Any

from trackml import dtypes, metrics
from trackml.estimator.heads.base import Metric
from trackml.estimator.heads.keys import MetricKeys
from trackml.graph.operation import Tensor
from trackml.ops import array, comparison, math
from trackml.ops.framework import name_scope
from trackml.ops.weights import broadcast_weights


def weighted_mean(values: Tensor, weights: Any, name: str) -> Metric:
    """The mean, each value weighted with the weight of its example."""
    with name_scope(name, None, [values]) as scope:
        numbers = math.cast(values, dtypes.float32)
        return metrics.mean(numbers, broadcast_weights(weights, numbers), name=scope)


def area(labels: Tensor, probabilities: Tensor, weights: Any, curve: str, name: str) -> Metric:
    """The area under a curve, `"ROC"` or `"PR"`."""
    with name_scope(name, None, [labels, probabilities]) as scope:
        numbers = math.cast(probabilities, dtypes.float32)
        return metrics.auc(labels, numbers, broadcast_weights(weights, numbers), curve=curve, name=scope)


def at_threshold(labels: Tensor, probabilities: Tensor, weights: Any, threshold: float) -> dict[str, Metric]:
    """Accuracy, precision and recall of saying yes from a probability of `threshold` on."""
    names = [
        key % threshold
        for key in (
            MetricKeys.ACCURACY_AT_THRESHOLD,
            MetricKeys.PRECISION_AT_THRESHOLD,
            MetricKeys.RECALL_AT_THRESHOLD,
        )
    ]
    says_yes = math.cast(comparison.greater_equal(probabilities, threshold), dtypes.float32)
    precisions = metrics.precision_at_thresholds(labels, probabilities, (threshold,), weights, name=names[1])
    recalls = metrics.recall_at_thresholds(labels, probabilities, (threshold,), weights, name=names[2])
    return {
        names[0]: metrics.accuracy(labels, says_yes, weights, name=names[0]),
        names[1]: _alone(precisions),
        names[2]: _alone(recalls),
    }


def _alone(metric: Metric) -> Metric:
    value, update = metric
    return array.squeeze(value), array.squeeze(update)
