"""What losses and metrics do with weights and with ranks that differ by one.

Weights go with values in a stricter way than numpy's broadcasting: they are a scalar, or have the rank of the values
and in each dimension either their size or 1.
"""

from __future__ import annotations

from typing import Any

from trackml import dtypes
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Operation, Tensor
from trackml.ops import array, checks, comparison, joining, math, reductions
from trackml.ops.framework import control_dependencies, name_scope

_CANNOT = "weights can not be broadcast to values."


def assert_broadcastable(weights: Any, values: Any) -> list[Operation]:
    """The operations to wait for before `weights` and `values` may meet; none where the static shapes say enough.

    Raises:
        ValueError: The static shapes do not fit.
    """
    weights, values = convert_to_tensor(weights), convert_to_tensor(values)
    if _fits(weights, values):
        return []
    with name_scope(None, "assert_broadcastable", [weights, values]) as scope:
        weights_shape = array.shape(weights, name="weights_shape")
        values_shape = array.shape(values, name="values_shape")
        fits = _fits_at_run_time(weights, values, weights_shape, values_shape)
        data = [_CANNOT, "weights.shape=", weights.name, weights_shape, "values.shape=", values.name, values_shape]
        return [checks.Assert(fits, data, name=scope)]


def _fits(weights: Tensor, values: Tensor) -> bool:
    """Whether the static shapes fit for certain; ValueError when they do not for certain."""
    ours, theirs = weights.shape, values.shape
    if ours.ndims == 0:
        return True
    if ours.sizes is None or theirs.sizes is None:
        return False
    if len(ours.sizes) != len(theirs.sizes):
        raise ValueError(
            f"{_CANNOT} values.rank={theirs.ndims}. weights.rank={ours.ndims}. "
            f"values.shape={theirs}. weights.shape={ours}."
        )
    for axis, (size, wanted) in enumerate(zip(ours.sizes, theirs.sizes)):
        if size not in (1, None) and wanted is not None and size != wanted:
            raise ValueError(f"{_CANNOT} Mismatch at dim {axis}. values.shape={theirs} weights.shape={ours}.")
    return all(size == 1 or (size is not None and size == wanted) for size, wanted in zip(ours.sizes, theirs.sizes))


def _fits_at_run_time(weights: Tensor, values: Tensor, weights_shape: Tensor, values_shape: Tensor) -> Tensor:
    if weights.shape.ndims is not None and values.shape.ndims is not None:
        return _sizes_fit(weights_shape, values_shape)
    rank = array.rank(values)
    # Of the weights' sizes, as many as the values have; what is missing is taken from the values and fits.
    sizes = joining.concat([weights_shape, values_shape], 0)[:rank]
    same_rank = comparison.logical_and(comparison.equal(array.rank(weights), rank), _sizes_fit(sizes, values_shape))
    return comparison.logical_or(comparison.equal(array.rank(weights), 0), same_rank)


def _sizes_fit(sizes: Tensor, wanted: Tensor) -> Tensor:
    return reductions.reduce_all(comparison.logical_or(comparison.equal(sizes, 1), comparison.equal(sizes, wanted)))


def broadcast_weights(weights: Any, values: Any) -> Tensor:
    """`weights` in the shape of `values`.

    Raises:
        ValueError: The static shapes do not fit.
    """
    with name_scope(None, "broadcast_weights", [weights, values]) as scope:
        target = convert_to_tensor(values)
        given = convert_to_tensor(weights, target.dtype)
        if given.shape.is_fully_defined() and given.shape == target.shape:
            return given
        with control_dependencies(assert_broadcastable(given, target)):
            return math.multiply(given, array.ones_like(target), name=scope)


def count_present(values: Tensor, weights: Tensor) -> Tensor:
    """How many of `values` have a weight other than zero, as a float32 scalar."""
    with name_scope(None, "num_present", [values, weights]) as scope:
        present = math.cast(comparison.not_equal(weights, 0), dtypes.float32)
        return reductions.reduce_sum(broadcast_weights(present, values), name=scope)


def remove_squeezable_dimensions(
    labels: Any, predictions: Any, expected_rank_diff: int = 0, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """Labels and predictions, without a last dimension of 1 that one has and the other does not.

    Args:
        labels: Labels of any shape.
        predictions: Predictions, of a shape like the labels', or with one more dimension than these or fewer.
        expected_rank_diff: How many dimensions more than labels predictions should have.
        name: Name of the scope.

    Returns:
        Labels and predictions. Where a rank is not known before the graph runs, both are as they came.

    Raises:
        ValueError: The last dimension of what has one too many is not 1.
    """
    with name_scope(name, "remove_squeezable_dimensions", [labels, predictions]):
        labels, predictions = convert_to_tensor(labels), convert_to_tensor(predictions)
        if labels.shape.ndims is None or predictions.shape.ndims is None:
            return labels, predictions
        extra = predictions.shape.ndims - labels.shape.ndims - expected_rank_diff
        if extra == 1:
            predictions = array.squeeze(predictions, [-1])
        elif extra == -1:
            labels = array.squeeze(labels, [-1])
        return labels, predictions
