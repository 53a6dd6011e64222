"""Metrics of probabilities over all thresholds at once: areas under curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from trackml import dtypes, logging
from trackml.graph.conversion import constant, convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.metrics.streaming import Collections, Metric, collected, fitted, metric_variable
from trackml.ops import array, checks, comparison, gathering, joining, math, reductions
from trackml.ops.framework import control_dependencies
from trackml.ops.matmul import matmul
from trackml.ops.weights import broadcast_weights
from trackml.variables import variable_scope

_OUTSIDE = 1e-7
"""How far the first and the last threshold are outside [0, 1], so that nothing is on them."""
_EPSILON = 1e-6
"""Keeps rates from being 0 / 0."""


class ConfusionCounts(NamedTuple):
    """Counts of right and wrong predictions at each threshold, each `[thresholds]`."""

    tp: Tensor
    """True positives."""
    fn: Tensor
    """False negatives."""
    tn: Tensor
    """True negatives."""
    fp: Tensor
    """False positives."""


def auc(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    curve: str = "ROC",
    name: str | None = None,
    summation_method: str = "trapezoidal",
    thresholds: Sequence[float] | None = None,
) -> Metric:
    """The area under the ROC or precision-recall curve, approximated at evenly spaced thresholds.

    Args:
        labels: What is right; cast to bool.
        predictions: Probabilities in [0, 1], in the shape of `labels`.
        weights: A scalar, or a tensor of the rank of `labels` whose sizes are those of `labels` or 1; 1 by default.
        num_thresholds: How many thresholds there are.
        metrics_collections: Collections that the value is put into.
        updates_collections: Collections that the update is put into.
        curve: `"ROC"` or `"PR"`.
        name: Name of the scope of the four variables, one for each count.
        summation_method: `"trapezoidal"`; `"careful_interpolation"`, which is exact between the thresholds of a PR
            curve and the same as trapezoidal for ROC; `"minoring"` or `"majoring"`, which take the smaller or the
            larger height of each step.
        thresholds: Thresholds in place of the evenly spaced ones; 0 and 1 are added.

    Returns:
        `(value, update_op)`, float32 scalars: the area so far, and what takes the batch in and gives the new area.

    Raises:
        ValueError: There is no such curve or method, or shapes do not fit.
        InvalidArgumentError: When it runs: a prediction is outside [0, 1].

    Source: Davis and Goadrich, The Relationship Between Precision-Recall and ROC Curves (2006), for
        `careful_interpolation`.
    """
    if curve not in ("ROC", "PR"):
        raise ValueError(f"curve must be either ROC or PR, {curve} unknown")
    if summation_method not in ("trapezoidal", "careful_interpolation", "minoring", "majoring"):
        raise ValueError(f"Invalid summation_method: {summation_method}")
    if curve == "PR" and summation_method == "trapezoidal":
        logging.warning(
            'Trapezoidal rule is known to produce incorrect PR-AUCs; please switch to "careful_interpolation" instead.'
        )
    with variable_scope(name, "auc", [labels, predictions, weights]):
        inner = sorted(thresholds) if thresholds is not None else _even(num_thresholds)
        values, updates = confusion_at_thresholds(
            labels, predictions, [0.0 - _OUTSIDE, *inner, 1.0 + _OUTSIDE], weights
        )
        value = _area(values, curve, summation_method, "value")
        update_op = _area(updates, curve, summation_method, "update_op")
        return collected(value, update_op, metrics_collections, updates_collections)


def _even(count: int) -> list[float]:
    return [(index + 1) * 1.0 / (count - 1) for index in range(count - 2)]


COUNTS = {"tp": "true_positives", "fn": "false_negatives", "tn": "true_negatives", "fp": "false_positives"}
"""The counts of a threshold, and the names of their variables."""


def confusion_at_thresholds(
    labels: Any, predictions: Any, thresholds: Sequence[float], weights: Any = None
) -> tuple[ConfusionCounts, ConfusionCounts]:
    """All four counts so far, and those after the current batch."""
    values, updates = counts_at_thresholds(labels, predictions, thresholds, weights, tuple(COUNTS))
    return ConfusionCounts(**values), ConfusionCounts(**updates)


def counts_at_thresholds(
    labels: Any, predictions: Any, thresholds: Sequence[float], weights: Any, includes: Sequence[str]
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Of the counts `includes` those so far, and those after the current batch, each `[thresholds]`.

    A prediction counts as true above a threshold. The counts of a batch are one product of matrices: for each
    threshold which predictions are above it, times for each example its weight as a positive and as a negative.
    """
    predictions = convert_to_tensor(predictions)
    predictions, labels, weights = fitted(
        math.cast(_probabilities(predictions), dtypes.float32), math.cast(labels, dtypes.bool_), weights
    )
    weighted = _by_label(labels, predictions, weights)
    above = comparison.greater(
        array.reshape(predictions, [1, -1]), constant(list(thresholds), dtypes.float32, shape=[len(thresholds), 1])
    )
    made = {}
    for side in {kind[1]: None for kind in includes}:
        chosen = above if side == "p" else comparison.logical_not(above)
        made[side] = matmul(math.cast(chosen, dtypes.float32), weighted)
    totals, updates = {}, {}
    for kind in includes:
        total = metric_variable([len(thresholds)], COUNTS[kind])
        # True ones are positives by label where they are positives by prediction, and so on.
        positive_label = kind in ("tp", "fn")
        updates[kind] = total.assign_add(made[kind[1]][:, 0 if positive_label else 1])
        totals[kind] = total
    return {kind: total.value() for kind, total in totals.items()}, updates


def _probabilities(predictions: Tensor) -> Tensor:
    """The predictions, once it is known that all of them are in [0, 1]."""
    message = "predictions must be in [0, 1]"
    zero, one = math.cast(0.0, predictions.dtype), math.cast(1.0, predictions.dtype)
    inside = [
        checks.assert_greater_equal(predictions, zero, message=message),
        checks.assert_less_equal(predictions, one, message=message),
    ]
    with control_dependencies(inside):
        return array.identity(predictions)


def _by_label(labels: Tensor, predictions: Tensor, weights: Tensor | None) -> Tensor:
    """The weight of each example as a positive and as a negative, `[examples, 2]`."""
    sides = [math.cast(side, dtypes.float32) for side in (labels, comparison.logical_not(labels))]
    if weights is not None:
        weights = broadcast_weights(math.cast(weights, dtypes.float32), predictions)
        sides = [math.multiply(side, weights) for side in sides]
    return joining.stack([array.reshape(side, [-1]) for side in sides], axis=1)


def _area(counts: ConfusionCounts, curve: str, summation_method: str, name: str) -> Tensor:
    if curve == "PR" and summation_method == "careful_interpolation":
        return _interpolated_area(counts, name)
    tp, fn, tn, fp = counts
    recall = math.div(tp + _EPSILON, tp + fn + _EPSILON)
    if curve == "ROC":
        x, y = math.div(fp, fp + tn + _EPSILON), recall
    else:
        x, y = recall, math.div(tp + _EPSILON, tp + fp + _EPSILON)
    heights = {
        "minoring": lambda: math.minimum(y[:-1], y[1:]),
        "majoring": lambda: math.maximum(y[:-1], y[1:]),
    }.get(summation_method, lambda: (y[:-1] + y[1:]) / 2.0)()
    return reductions.reduce_sum(math.multiply(x[:-1] - x[1:], heights), name=name)


def _interpolated_area(counts: ConfusionCounts, name: str) -> Tensor:
    """The area under a PR curve on which true positives, not precision, go in a straight line between thresholds.

    Between two thresholds the precision at p predictions of true is slope + intercept / p, and the recall grows with
    the true positives, so the area of a step is an integral with a logarithm.
    """
    tp, fn, _, fp = counts
    gained = tp[:-1] - tp[1:]
    p = tp + fp
    slope = math.div_no_nan(gained, math.maximum(p[:-1] - p[1:], 0))
    intercept = tp[1:] - math.multiply(slope, p[1:])
    both = comparison.logical_and(comparison.greater(p[:-1], 0), comparison.greater(p[1:], 0))
    ratio = gathering.where(both, math.div_no_nan(p[:-1], math.maximum(p[1:], 0)), array.ones_like(p[1:]))
    steps = math.div_no_nan(slope * (gained + intercept * math.log(ratio)), math.maximum(tp[1:] + fn[1:], 0))
    return reductions.reduce_sum(steps, name=name)
