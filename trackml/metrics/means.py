"""Metrics that are a mean over all examples."""

from __future__ import annotations

from typing import Any

from trackml import dtypes
from trackml.graph.operation import Tensor
from trackml.metrics.streaming import Collections, Metric, collected, fitted, metric_variable
from trackml.ops import array, comparison, gathering, math, reductions
from trackml.ops.framework import control_dependencies
from trackml.ops.weights import broadcast_weights, remove_squeezable_dimensions
from trackml.variables import Variable, variable_scope


def mean(
    values: Any,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """The weighted mean of all elements of `values`, over all batches.

    Args:
        values: Values of any shape and type that casts to float32.
        weights: A scalar, or a tensor of the rank of `values` (or one off by a dimension of 1) whose sizes are those
            of `values` or 1; 1 by default.
        metrics_collections: Collections that the value is put into.
        updates_collections: Collections that the update is put into.
        name: Name of the scope of the variables `total` and `count`.

    Returns:
        `(value, update_op)`, float32 scalars: the mean so far, and what takes the batch in and gives the new mean.
        0 while nothing was seen.

    Raises:
        ValueError: `weights` do not fit `values`.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     x = tf.placeholder(tf.float32, [None])
        ...     value, update_op = tf.metrics.mean(x)
        ...     session.run(tf.local_variables_initializer())
        ...     for batch in ([1.0, 2.0], [6.0]):
        ...         print(session.run(update_op, {x: batch}))
        1.5
        3.0
    """
    with variable_scope(name, "mean", [values, weights]):
        values = math.cast(values, dtypes.float32)
        total, count = metric_variable([], "total"), metric_variable([], "count")
        if weights is None:
            num_values = math.cast(array.size(values), dtypes.float32)
        else:
            values, weights = _weighted(values, weights)
            num_values = reductions.reduce_sum(weights)
        return _mean_of(
            total, count, reductions.reduce_sum(values), num_values, metrics_collections, updates_collections
        )


def mean_tensor(
    values: Any,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """The weighted mean of each element of `values` over all batches, in the static shape of `values`.

    Arguments and results are those of `mean`; the variables are `total_tensor` and `count_tensor`.
    """
    with variable_scope(name, "mean", [values, weights]):
        values = math.cast(values, dtypes.float32)
        total, count = metric_variable(values.shape, "total_tensor"), metric_variable(values.shape, "count_tensor")
        num_values = array.ones_like(values)
        if weights is not None:
            values, num_values = _weighted(values, weights)
        return _mean_of(total, count, values, num_values, metrics_collections, updates_collections)


def _weighted(values: Tensor, weights: Any) -> tuple[Tensor, Tensor]:
    """The values times their weights, and the weights in their shape."""
    values, _, weights = fitted(values, None, weights)
    weights = broadcast_weights(math.cast(weights, dtypes.float32), values)
    return math.multiply(values, weights), weights


def _mean_of(
    total: Variable,
    count: Variable,
    batch_total: Tensor,
    batch_count: Tensor,
    metrics_collections: Collections,
    updates_collections: Collections,
) -> Metric:
    new_total = total.assign_add(batch_total)
    with control_dependencies([batch_total]):
        new_count = count.assign_add(batch_count)
    value = math.div_no_nan(total.value(), math.maximum(count.value(), 0), name="value")
    update_op = math.div_no_nan(new_total, math.maximum(new_count, 0), name="update_op")
    return collected(value, update_op, metrics_collections, updates_collections)


def accuracy(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """How often `predictions` equal `labels`, which have one shape; the other arguments are those of `mean`."""
    predictions, labels, weights = fitted(predictions, labels, weights)
    if labels.dtype is not predictions.dtype:
        predictions = math.cast(predictions, labels.dtype)
    is_correct = math.cast(comparison.equal(predictions, labels), dtypes.float32)
    return mean(is_correct, weights, metrics_collections, updates_collections, name or "accuracy")


def mean_absolute_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """The mean of `abs(predictions - labels)`, which have one shape; the other arguments are those of `mean`."""
    predictions, labels, weights = fitted(predictions, labels, weights)
    errors = math.abs(predictions - labels)
    return mean(errors, weights, metrics_collections, updates_collections, name or "mean_absolute_error")


def mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """The mean of `(predictions - labels) ** 2`, which have one shape; the other arguments are those of `mean`."""
    predictions, labels, weights = fitted(predictions, labels, weights)
    errors = math.squared_difference(labels, predictions)
    return mean(errors, weights, metrics_collections, updates_collections, name or "mean_squared_error")


def root_mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """The root of `mean_squared_error`; arguments as there."""
    value, update_op = mean_squared_error(labels, predictions, weights, name=name or "root_mean_squared_error")
    return collected(math.sqrt(value), math.sqrt(update_op), metrics_collections, updates_collections)


def percentage_below(
    values: Any,
    threshold: Any,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """The share of `values` below `threshold`, in [0, 1]; the other arguments are those of `mean`."""
    is_below = math.cast(comparison.less(values, threshold), dtypes.float32)
    return mean(is_below, weights, metrics_collections, updates_collections, name or "percentage_below_threshold")


def mean_relative_error(
    labels: Any,
    predictions: Any,
    normalizer: Any,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """The mean of `abs(predictions - labels) / normalizer`, 0 where the normalizer is 0.

    `labels`, `predictions` and `normalizer` have one shape; the other arguments are those of `mean`.
    """
    predictions, labels, weights = fitted(predictions, labels, weights)
    predictions, normalizer = remove_squeezable_dimensions(predictions, normalizer)
    predictions.shape.assert_is_compatible_with(normalizer.shape)
    relative = math.div(math.abs(labels - predictions), normalizer)
    errors = gathering.where(comparison.equal(normalizer, 0.0), array.zeros_like(labels), relative)
    return mean(errors, weights, metrics_collections, updates_collections, name or "mean_relative_error")


def mean_cosine_distance(
    labels: Any,
    predictions: Any,
    dim: int,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """1 less the mean of the products of `labels` and `predictions`, summed along the axis `dim`.

    Both have one shape and unit length along `dim`; the other arguments are those of `mean`.
    """
    predictions, labels, weights = fitted(predictions, labels, weights)
    products = reductions.reduce_sum(math.multiply(predictions, labels), axis=[dim], keepdims=True)
    value, update_op = mean(products, weights, name=name or "mean_cosine_distance")
    return collected(math.subtract(1.0, value), math.subtract(1.0, update_op), metrics_collections, updates_collections)
