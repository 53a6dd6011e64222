"""Losses of classifiers, computed from logits."""

from __future__ import annotations

from typing import Any

from trackml.graph.conversion import convert_to_tensor
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Tensor
from trackml.losses.pointwise import check_shapes, require
from trackml.losses.weighted import Reduction, compute_weighted_loss
from trackml.ops import array, cross_entropy, math
from trackml.ops.framework import name_scope
from trackml.ops.weights import remove_squeezable_dimensions


def sparse_softmax_cross_entropy(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean of `-log(softmax(logits)[label])`, for classes by number.

    Args:
        labels: Numbers of classes, int32 or int64, `[batch]` or `[batch, 1]`.
        logits: Log-probabilities, not normalised, `[batch, classes]`.
        weights: A scalar, `[batch]` or `[batch, 1]`.
        scope: Name of the scope.
        loss_collection: Collection that the loss is put into; None for none.
        reduction: A kind of `Reduction`.

    Returns:
        A scalar in the type of `logits`; with `Reduction.NONE`, `[batch]`.

    Raises:
        ValueError: `labels` or `logits` is None, or shapes do not fit.
    """
    require(labels=labels, logits=logits)
    with name_scope(scope, "sparse_softmax_cross_entropy_loss", [logits, labels, weights]) as scope:
        labels, logits = remove_squeezable_dimensions(labels, logits, expected_rank_diff=1)
        if weights is not None:
            weights = _like_labels(convert_to_tensor(weights), labels)
        losses = cross_entropy.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def _like_labels(weights: Tensor, labels: Tensor) -> Tensor:
    """Weights without a last dimension of 1 that labels do not have."""
    if weights.shape.ndims is None or labels.shape.ndims is None or weights.shape.ndims != labels.shape.ndims + 1:
        return weights
    return array.squeeze(weights, [-1])


def softmax_cross_entropy(
    onehot_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean of `-sum(labels * log(softmax(logits)))`, for classes as probabilities.

    Args:
        onehot_labels: Probabilities of classes, `[batch, classes]`. No gradient flows into them.
        logits: Log-probabilities, not normalised, `[batch, classes]`.
        weights: A scalar or `[batch]`.
        label_smoothing: How much of each label is spread evenly over all classes, in [0, 1].
        scope: Name of the scope.
        loss_collection: Collection that the loss is put into; None for none.
        reduction: A kind of `Reduction`.

    Returns:
        A scalar in the type of `logits`; with `Reduction.NONE`, `[batch]`.

    Raises:
        ValueError: `onehot_labels` or `logits` is None, or shapes do not fit.
    """
    require(onehot_labels=onehot_labels, logits=logits)
    with name_scope(scope, "softmax_cross_entropy_loss", [logits, onehot_labels, weights]) as scope:
        logits = convert_to_tensor(logits)
        labels = math.cast(onehot_labels, logits.dtype)
        check_shapes(logits=logits, onehot_labels=labels)
        if label_smoothing > 0:
            classes = math.cast(array.shape(labels)[-1], logits.dtype)
            labels = labels * (1.0 - label_smoothing) + label_smoothing / classes
        labels = array.stop_gradient(labels, name="labels_stop_gradient")
        losses = cross_entropy.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def sigmoid_cross_entropy(
    multi_class_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean of `-labels * log(sigmoid(logits)) - (1 - labels) * log(1 - sigmoid(logits))`.

    Args:
        multi_class_labels: Probabilities, each on its own, `[batch, classes]`.
        logits: Log-odds, `[batch, classes]`.
        weights: A scalar, or a tensor of the rank of `logits` whose sizes are those of `logits` or 1.
        label_smoothing: How far labels are moved towards 1/2, in [0, 1].
        scope: Name of the scope.
        loss_collection: Collection that the loss is put into; None for none.
        reduction: A kind of `Reduction`.

    Returns:
        A scalar in the type of `logits`; with `Reduction.NONE`, a tensor in the shape of `logits`.

    Raises:
        ValueError: `multi_class_labels` or `logits` is None, or shapes do not fit.
    """
    require(multi_class_labels=multi_class_labels, logits=logits)
    with name_scope(scope, "sigmoid_cross_entropy_loss", [logits, multi_class_labels, weights]) as scope:
        logits = convert_to_tensor(logits)
        labels = math.cast(multi_class_labels, logits.dtype)
        check_shapes(logits=logits, multi_class_labels=labels)
        if label_smoothing > 0:
            labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
        losses = cross_entropy.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)
