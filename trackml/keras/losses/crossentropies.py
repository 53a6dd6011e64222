"""Losses of probabilities: how unlikely the labels are by what was predicted, and the focal kinds of it."""

from __future__ import annotations

import warnings
from typing import Any

from trackml import dtypes
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.keras.engine.nodes import set_mask
from trackml.keras.losses.alignment import alike
from trackml.ops import array, comparison, cross_entropy, gathering, math, reductions, softmax

EPSILON = 1e-7


def binary_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, label_smoothing: float = 0.0, axis: int = -1
) -> Tensor:
    """`mean(-y_true * log(y_pred) - (1 - y_true) * log(1 - y_pred))` along an axis.

    Args:
        y_true: Zeros and ones, or shares between them.
        y_pred: Probabilities; clipped to [1e-7, 1 - 1e-7].
        from_logits: Whether `y_pred` are logits.
        label_smoothing: How far labels are moved towards a half.
        axis: Along which axis the mean is taken.
    """
    true, pred = alike(y_true, y_pred)
    values = _binary(_towards_a_half(true, label_smoothing), pred, from_logits)
    return reductions.reduce_mean(values, axis=axis)


def binary_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """`mean((1 - p) ** gamma * binary_crossentropy)` along an axis, p being the probability of the label.

    Args:
        y_true: Zeros and ones, or shares between them.
        y_pred: Probabilities.
        apply_class_balancing: Whether ones count by `alpha` and zeros by `1 - alpha`.
        alpha: How much ones count.
        gamma: How little examples count that are predicted well.
        from_logits: Whether `y_pred` are logits.
        label_smoothing: How far labels are moved towards a half.
        axis: Along which axis the mean is taken.

    Source: Lin et al., Focal Loss for Dense Object Detection (2017), equations 4 and 5.
    """
    true, pred = alike(y_true, y_pred)
    true = _towards_a_half(true, label_smoothing)
    ones = math.sigmoid(pred) if from_logits else pred
    of_label = true * ones + (1.0 - true) * (1.0 - ones)
    values = math.pow(1.0 - of_label, gamma) * _binary(true, pred, from_logits)
    if apply_class_balancing:
        values = (true * alpha + (1.0 - true) * (1.0 - alpha)) * values
    return reductions.reduce_mean(values, axis=axis)


def categorical_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, label_smoothing: float = 0.0, axis: int = -1
) -> Tensor:
    """`-sum(y_true * log(y_pred))` along the axis of classes.

    Args:
        y_true: One number a class: one-hot, or probabilities.
        y_pred: Probabilities, scaled to a sum of 1 and clipped.
        from_logits: Whether `y_pred` are logits.
        label_smoothing: How far labels are moved towards the same number for each class.
        axis: The axis of classes.
    """
    true, pred = alike(y_true, y_pred)
    true = _towards_all(true, label_smoothing, axis)
    logits = _logits(pred, from_logits, "Softmax", "categorical_crossentropy")
    if logits is not None:
        return cross_entropy.softmax_cross_entropy_with_logits_v2(labels=true, logits=logits, axis=axis)
    return -reductions.reduce_sum(true * math.log(_scaled(pred, axis)), axis=axis)


def categorical_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """`-alpha * sum((1 - y_pred) ** gamma * y_true * log(y_pred))` along the axis of classes.

    Args:
        y_true: One number a class: one-hot, or probabilities.
        y_pred: Probabilities, scaled to a sum of 1 and clipped.
        alpha: How much all classes count; or one number a class.
        gamma: How little examples count that are predicted well.
        from_logits: Whether `y_pred` are logits.
        label_smoothing: How far labels are moved towards the same number for each class.
        axis: The axis of classes.

    Source: Lin et al., Focal Loss for Dense Object Detection (2017), equation 5.
    """
    true, pred = alike(y_true, y_pred)
    true = _towards_all(true, label_smoothing, -1)
    logits = _logits(pred, from_logits, "Softmax", "categorical_focal_crossentropy")
    chances = _scaled(pred if logits is None else softmax.softmax(logits, axis=axis), axis)
    values = math.pow(1.0 - chances, gamma) * alpha * (-true * math.log(chances))
    return reductions.reduce_sum(values, axis=axis)


def sparse_categorical_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, axis: int = -1, ignore_class: int | None = None
) -> Tensor:
    """`-log(y_pred[y_true])` along the axis of classes.

    Args:
        y_true: Numbers of classes, in the shape of `y_pred` without the axis of classes, or with 1 for it at the end.
        y_pred: Probabilities, clipped.
        from_logits: Whether `y_pred` are logits.
        axis: The axis of classes.
        ignore_class: A number whose examples cost nothing, and are not counted where a mean is taken.
    """
    pred = convert_to_tensor(y_pred)
    logits = _logits(pred, from_logits, "Softmax", "sparse_categorical_crossentropy")
    if logits is None:
        logits = math.log(_clipped(pred))
    logits = _classes_last(logits, axis)
    numbers = convert_to_tensor(y_true)
    true = math.cast(array.squeeze(numbers, [-1]) if numbers.shape.ndims == pred.shape.ndims else numbers, dtypes.int64)
    if ignore_class is None:
        return cross_entropy.sparse_softmax_cross_entropy_with_logits(labels=true, logits=logits)
    counted = comparison.not_equal(true, ignore_class)
    known = true * math.cast(counted, true.dtype)
    values = cross_entropy.sparse_softmax_cross_entropy_with_logits(labels=known, logits=logits)
    found = gathering.where(counted, values, array.zeros_like(values))
    set_mask(found, counted)
    return found


def _binary(true: Tensor, pred: Tensor, from_logits: bool) -> Tensor:
    """The crossentropy of each element."""
    logits = _logits(pred, from_logits, "Sigmoid", "binary_crossentropy")
    if logits is not None:
        return cross_entropy.sigmoid_cross_entropy_with_logits(labels=true, logits=logits)
    clipped = _clipped(pred)
    return -(true * math.log(clipped + EPSILON) + (1.0 - true) * math.log(1.0 - clipped + EPSILON))


def _logits(pred: Tensor, from_logits: bool, activation: str, name: str) -> Tensor | None:
    """Logits, or what an activation made probabilities of: exact where these have run into 0 or 1. None: no logits."""
    if pred.op.type != activation:
        return pred if from_logits else None
    if from_logits:
        warnings.warn(
            f"{name} got from_logits=True, but the predictions are the output of a {activation.lower()} and no "
            "logits. What the activation was given is taken for the logits.",
            stacklevel=4,
        )
    return pred.op.inputs[0]


def _classes_last(logits: Tensor, axis: int) -> Tensor:
    rank = logits.shape.ndims
    if rank is None or axis % rank == rank - 1:
        return logits
    order = [place for place in range(rank) if place != axis % rank]
    return array.transpose(logits, [*order, axis % rank])


def _towards_a_half(true: Tensor, share: float) -> Tensor:
    return true * (1.0 - share) + 0.5 * share if share else true


def _towards_all(true: Tensor, share: float, axis: int) -> Tensor:
    if not share:
        return true
    classes = math.cast(array.shape(true)[axis], true.dtype)
    return true * (1.0 - share) + share / classes


def _scaled(chances: Tensor, axis: int) -> Tensor:
    return _clipped(chances / reductions.reduce_sum(chances, axis=axis, keepdims=True))


def _clipped(values: Tensor) -> Tensor:
    return math.minimum(math.maximum(values, EPSILON), 1.0 - EPSILON)
