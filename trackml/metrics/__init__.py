"""Metrics over many batches: each a value and the operation that takes a batch in (`tf.metrics`)."""

from __future__ import annotations

from trackml.metrics.counts import (
    false_negatives,
    false_positives,
    precision,
    recall,
    true_negatives,
    true_positives,
)
from trackml.metrics.curves import auc
from trackml.metrics.means import (
    accuracy,
    mean,
    mean_absolute_error,
    mean_squared_error,
    mean_tensor,
    percentage_below,
    root_mean_squared_error,
)

__all__ = [
    "accuracy",
    "auc",
    "false_negatives",
    "false_positives",
    "mean",
    "mean_absolute_error",
    "mean_squared_error",
    "mean_tensor",
    "percentage_below",
    "precision",
    "recall",
    "root_mean_squared_error",
    "true_negatives",
    "true_positives",
]
