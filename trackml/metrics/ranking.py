"""Metrics of the `k` best of many classes, where an example may have several labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trackml import dtypes
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import get_default_graph
from trackml.graph.operation import Tensor
from trackml.graph.sparse_tensor import SparseTensor
from trackml.metrics.streaming import Collections, Metric, collected, metric_variable
from trackml.ops import array, comparison, gathering, joining, math, nn, reductions, scans, sets
from trackml.ops.framework import control_dependencies, name_scope
from trackml.ops.sparse import sparse_reshape, sparse_retain, sparse_tensor_to_dense
from trackml.ops.weights import assert_broadcastable, broadcast_weights
from trackml.variables import Variable

_Labels = Tensor | SparseTensor


def precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """The share of right ones among the `k` classes with the highest predictions.

    Args:
        labels: int64 classes `[..., labels]` or `[...]`, dense or sparse.
        predictions: Scores `[..., classes]`.
        k: How many classes count as predicted.
        class_id: If given, only this class is looked at, where it is predicted.
        weights: A weight for each example, which broadcasts to `[...]`.
        metrics_collections: Collections that the value is put into.
        updates_collections: Collections that the update is put into.
        name: Name of the scope, `precision_at_<k>` by default.

    Returns:
        `(value, update_op)`, float64 scalars.

    Raises:
        ValueError: Shapes do not fit.
    """
    with name_scope(name, _at_k("precision", k, class_id), [predictions, labels, weights]) as scope:
        best = nn.top_k(predictions, k).indices
        return precision_at_top_k(labels, best, k, class_id, weights, metrics_collections, updates_collections, scope)


def precision_at_top_k(
    labels: Any,
    predictions_idx: Any,
    k: int | None = None,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """`precision_at_k` of the classes `predictions_idx`, `[..., k]`; `k` is only for the name."""
    with name_scope(name, _at_k("precision", k, class_id), [predictions_idx, labels, weights]) as scope:
        return _share(
            ("false_positive", lambda a, b: sets.set_difference(a, b, aminusb=True)),
            labels, predictions_idx, k, class_id, weights, metrics_collections, updates_collections, scope,
        )  # fmt: skip


def recall_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """The share of labels that are among the `k` classes with the highest predictions; as `precision_at_k`."""
    with name_scope(name, _at_k("recall", k, class_id), [predictions, labels, weights]) as scope:
        best = nn.top_k(predictions, k).indices
        return recall_at_top_k(labels, best, k, class_id, weights, metrics_collections, updates_collections, scope)


def recall_at_top_k(
    labels: Any,
    predictions_idx: Any,
    k: int | None = None,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """`recall_at_k` of the classes `predictions_idx`, `[..., k]`; `k` is only for the name."""
    with name_scope(name, _at_k("recall", k, class_id), [predictions_idx, labels, weights]) as scope:
        return _share(
            ("false_negative", lambda a, b: sets.set_difference(a, b, aminusb=False)),
            labels, predictions_idx, k, class_id, weights, metrics_collections, updates_collections, scope,
        )  # fmt: skip


def _at_k(name: str, k: int | None, class_id: int | None = None) -> str:
    at = f"{name}_at_{'k' if k is None else int(k)}"
    return at if class_id is None else f"{at}_class{class_id}"


def _share(
    other: tuple[str, Callable[[_Labels, _Labels], SparseTensor]],
    labels: Any,
    predictions_idx: Any,
    k: int | None,
    class_id: int | None,
    weights: Any,
    metrics_collections: Collections,
    updates_collections: Collections,
    scope: str,
) -> Metric:
    """True positives over themselves and another count."""
    best = math.cast(convert_to_tensor(predictions_idx), dtypes.int64)
    expanded = _expanded(labels, best)
    counted = [
        _counted(kind, combine, expanded, best, k, class_id, weights)
        for kind, combine in (("true_positive", sets.set_intersection), other)
    ]
    (tp, new_tp), (rest, new_rest) = counted
    value = math.div(tp.value(), math.add(tp.value(), rest.value()), name=scope)
    update_op = math.div(new_tp, math.add(new_tp, new_rest), name="update")
    return collected(value, update_op, metrics_collections, updates_collections)


def _expanded(labels: Any, predictions: Tensor) -> _Labels:
    """The labels with the rank of the predictions: one label an example gets an axis of its own."""
    found = sets.as_sparse_or_dense(labels, None)
    rank = predictions.shape.ndims
    own = found.shape.ndims
    if rank is None or own is None:
        raise ValueError(f"The ranks of labels and predictions must be known; got {own} and {rank}.")
    if own not in (rank, rank - 1):
        raise ValueError(f"Unexpected labels shape {found.shape} for predictions shape {predictions.shape}.")
    if isinstance(found, SparseTensor):
        whole = SparseTensor(found.indices, math.cast(found.values, dtypes.int64), found.dense_shape)
        return whole if own == rank else sparse_reshape(whole, joining.concat([whole.dense_shape, [1]], 0))
    found = math.cast(found, dtypes.int64)
    return found if own == rank else array.expand_dims(found, -1)


def _counted(
    kind: str,
    combine: Callable[[_Labels, _Labels], SparseTensor],
    labels: _Labels,
    best: Tensor,
    k: int | None,
    class_id: int | None,
    weights: Any,
) -> tuple[Variable, Tensor]:
    """The variable that counts what `combine` leaves of predictions and labels, and its update."""
    with name_scope(None, _at_k(kind, k, class_id), [best]) as scope:
        with name_scope(None, f"{kind}s"):
            left = combine(_only(best, class_id), _only(labels, class_id))
            count = math.cast(sets.set_size(left), dtypes.float64)
            if weights is not None:
                with control_dependencies(assert_broadcastable(weights, count)):
                    count = math.multiply(count, math.cast(weights, dtypes.float64))
        total = metric_variable([], scope, dtypes.float64)
        return total, total.assign_add(reductions.reduce_sum(count), name="update")


def _only(ids: _Labels, class_id: int | None) -> _Labels:
    """The sets with nothing but `class_id` in them."""
    if class_id is None:
        return ids
    if isinstance(ids, SparseTensor):
        return sparse_retain(ids, comparison.equal(ids.values, class_id))
    sizes = array.shape(ids, out_type=dtypes.int64)
    wanted = array.fill(joining.concat([sizes[:-1], [1]], 0), math.cast(class_id, dtypes.int64))
    found = sets.set_intersection(wanted, ids)
    return SparseTensor(found.indices, found.values, sizes)


def average_precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """The mean over the examples of average precision: of the precision at each place that has a right class.

    Args:
        labels: int64 classes `[..., labels]` or `[...]`, dense or sparse.
        predictions: Scores `[..., classes]`.
        k: How many classes count as predicted.
        weights: A weight for each example, which broadcasts to `[...]`.
        metrics_collections: Collections that the value is put into.
        updates_collections: Collections that the update is put into.
        name: Name of the scope, `average_precision_at_<k>` by default.

    Returns:
        `(value, update_op)`, float64 scalars.

    Raises:
        ValueError: `k` is below 1, or shapes do not fit.
    """
    if k < 1:
        raise ValueError(f"Invalid k={k}.")
    with name_scope(name, _at_k("average_precision", k), [predictions, labels, weights]) as scope:
        scores = convert_to_tensor(predictions)
        best = nn.top_k(scores, k).indices
        count = math.cast(array.shape(scores)[-1], dtypes.int64)
        precision = _average_precision(_within(labels, count, best), best, k)
        amounts = None
        if weights is not None:
            amounts = broadcast_weights(math.cast(weights, dtypes.float64), precision)
            precision = math.multiply(precision, amounts)
        # TensorFlow has a node "Max" in this scope, so that its variable is called "max_1".
        get_default_graph().unique_name("max")
        with name_scope(None, "max", [precision]) as max_scope:
            most = metric_variable([], max_scope, dtypes.float64)
            if amounts is None:
                amounts = array.ones_like(precision)
            whole = reductions.reduce_sum(amounts)
            new_most = most.assign_add(whole, name="update")
        with name_scope(None, "total", [precision]) as total_scope:
            total = metric_variable([], total_scope, dtypes.float64)
            new_total = total.assign_add(reductions.reduce_sum(precision), name="update")
        value = math.div_no_nan(total.value(), most.value(), name="mean")
        update_op = math.div_no_nan(new_total, new_most, name=scope)
        return collected(value, update_op, metrics_collections, updates_collections)


def _within(labels: Any, num_classes: Tensor, best: Tensor) -> Tensor:
    """The labels as a dense tensor, with -1 in place of what is no class."""
    found = _expanded(labels, best)
    dense = sparse_tensor_to_dense(found, -1) if isinstance(found, SparseTensor) else found
    return gathering.where(comparison.less(dense, num_classes), dense, -array.ones_like(dense))


def _average_precision(labels: Tensor, best: Tensor, k: int) -> Tensor:
    same = comparison.equal(array.expand_dims(math.cast(best, dtypes.int64), -1), array.expand_dims(labels, -2))
    relevant = math.cast(reductions.reduce_any(same, axis=-1), dtypes.float64)
    retrieved = scans.cumsum(array.ones_like(relevant), axis=-1)
    precision = math.div(scans.cumsum(relevant, axis=-1), retrieved)
    whole = reductions.reduce_sum(math.multiply(precision, relevant), axis=-1)
    count = reductions.reduce_sum(math.cast(comparison.greater_equal(labels, 0), dtypes.int64), axis=-1)
    return math.div(whole, math.cast(math.minimum(count, k), dtypes.float64))


def sparse_precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """`precision_at_k` under its older name."""
    return precision_at_k(labels, predictions, k, class_id, weights, metrics_collections, updates_collections, name)


def sparse_average_precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    weights: Any = None,
    metrics_collections: Collections = None,
    updates_collections: Collections = None,
    name: str | None = None,
) -> Metric:
    """`average_precision_at_k` under its older name."""
    return average_precision_at_k(labels, predictions, k, weights, metrics_collections, updates_collections, name)
