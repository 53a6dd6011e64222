"""Cross entropies of logits.

Those after a softmax have the gradient by the logits, `softmax(logits) - labels`, as a second output, so that the
backward pass is one product.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.errors import InvalidArgumentError
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import register
from trackml.ops import activations, array, comparison, math
from trackml.ops.framework import name_scope
from trackml.ops.gathering import where
from trackml.ops.softmax import FEW, log_softmax, shifted_down, softmax, through_softmax
from trackml.ops.sums import Array, column_sums, row_sums
from trackml.shapes import TensorShape

_Grads = list[Tensor | None]

# The cross entropy with a distribution for each row.


def softmax_cross_entropy_with_logits_v2(
    labels: Any, logits: Any, axis: int | None = None, name: str | None = None, dim: int | None = None
) -> Tensor:
    """`-sum(labels * log(softmax(logits)))` along one axis; gradients flow into the labels too.

    Args:
        labels: A distribution along `axis` for each row, in the shape of `logits`.
        logits: Scores before the softmax.
        axis: The axis of the classes; the last one if not given.
        name: Name of the operation.
        dim: The old name of `axis`.

    Returns:
        The loss of each row: the shape of `logits` without the axis.
    """
    axis = array.either("axis", axis, "dim", dim)
    with name_scope(name, "softmax_cross_entropy_with_logits", [logits, labels]) as scope:
        scores = convert_to_tensor(logits, name="logits")
        targets = convert_to_tensor(labels, name="labels")
        return _in_full_precision(scores, lambda x: _dense_cross_entropy(math.cast(targets, x.dtype), x, axis, scope))


def softmax_cross_entropy_with_logits(
    _sentinel: Any = None,
    labels: Any = None,
    logits: Any = None,
    dim: int | None = None,
    name: str | None = None,
    axis: int | None = None,
) -> Tensor:
    """As `softmax_cross_entropy_with_logits_v2`, but no gradient flows into the labels.

    Raises:
        ValueError: An argument was given by position, or labels or logits are missing.
    """
    labels, logits = _named_arguments("softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    axis = array.either("axis", axis, "dim", dim)
    with name_scope(name, "softmax_cross_entropy_with_logits_sg", [logits, labels]) as scope:
        fixed = array.stop_gradient(labels, name="labels_stop_gradient")
        return softmax_cross_entropy_with_logits_v2(labels=fixed, logits=logits, axis=axis, name=scope)


def _named_arguments(function: str, sentinel: Any, labels: Any, logits: Any) -> tuple[Any, Any]:
    if sentinel is not None:
        raise ValueError(f"Only call `{function}` with named arguments (labels=..., logits=..., ...)")
    if labels is None or logits is None:
        raise ValueError("Both labels and logits must be provided.")
    return labels, logits


def _in_full_precision(logits: Tensor, loss: Callable[[Tensor], Tensor]) -> Tensor:
    """`loss(logits)`, computed in float32 where the logits have half of it."""
    if logits.dtype is not dtypes.float16:
        return loss(logits)
    return math.cast(loss(math.cast(logits, dtypes.float32)), dtypes.float16)


def _dense_cross_entropy(labels: Tensor, logits: Tensor, axis: int | None, name: str) -> Tensor:
    if axis not in (None, -1, (logits.shape.ndims or 0) - 1):
        order = _axis_moved_to_end(logits, axis or 0)
        logits, labels = array.transpose(logits, order), array.transpose(labels, order)
    if logits.shape.ndims == 2:
        loss: Tensor = apply_op("SoftmaxCrossEntropyWithLogits", logits, labels, name=name)[0]
        return loss
    rows = array.shape(logits)
    flat = [array.reshape(x, [-1, rows[-1]]) for x in (logits, labels)]
    loss = array.reshape(apply_op("SoftmaxCrossEntropyWithLogits", *flat)[0], rows[:-1], name=name)
    loss.set_shape(logits.shape[:-1])
    return loss


def _axis_moved_to_end(x: Tensor, axis: int) -> list[int]:
    rank = x.shape.ndims
    if rank is None:
        raise ValueError(f"An axis other than the last one needs a known rank; '{x.name}' has unknown shape.")
    axis = array.checked_axis(axis, rank)
    return [*(other for other in range(rank) if other != axis), axis]


def _softmax_cross_entropy(logits: Array, labels: Array) -> tuple[Array, Array]:
    shifted = shifted_down(logits)
    e = np.exp(shifted)
    total = row_sums(e)[:, np.newaxis]
    losses = np.multiply(labels, np.subtract(np.log(total), shifted))
    return row_sums(losses), np.subtract(np.true_divide(e, total), labels)


def _cross_entropy_shapes(op: Operation) -> list[TensorShape]:
    both = op.inputs[0].shape.merge_with(op.inputs[1].shape).with_rank(2)
    return [both[:1], both]


def _softmax_cross_entropy_grad(op: Operation, loss_grad: Tensor | None, slope_grad: Tensor | None) -> _Grads:
    logits = op.inputs[0]
    by_logits = by_labels = None
    if loss_grad is not None:
        column = array.expand_dims(loss_grad, -1)
        by_logits, by_labels = column * op.outputs[1], -(column * log_softmax(logits))
    if slope_grad is not None:
        # Second derivatives: the other output is softmax(logits) - labels.
        through = through_softmax(softmax(logits), slope_grad)
        by_logits = through if by_logits is None else by_logits + through
        by_labels = -slope_grad if by_labels is None else by_labels - slope_grad
    return [by_logits, by_labels]


register(
    "SoftmaxCrossEntropyWithLogits",
    _softmax_cross_entropy,
    shape=_cross_entropy_shapes,
    gradient=_softmax_cross_entropy_grad,
)

# The cross entropy with one class for each row.


def sparse_softmax_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """`-log(softmax(logits)[label])` for each row.

    Args:
        _sentinel: Keeps arguments from being given by position.
        labels: The class of each row, int32 or int64: the shape of `logits` without its last axis.
        logits: `[..., classes]`.
        name: Name of the operation.

    Returns:
        The loss of each row, in the shape of `labels`. Running it fails with InvalidArgumentError when a label
        is not a class.

    Raises:
        ValueError: An argument was given by position or is missing, or the shapes do not go together.
    """
    labels, logits = _named_arguments("sparse_softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    with name_scope(name, "SparseSoftmaxCrossEntropyWithLogits", [labels, logits]):
        scores, classes = convert_to_tensor(logits), convert_to_tensor(labels)
        _check_label_shape(classes, scores)
        return _in_full_precision(scores, lambda x: _sparse_cross_entropy(classes, x))


def _check_label_shape(labels: Tensor, logits: Tensor) -> None:
    rank = logits.shape.ndims
    if rank == 0:
        raise ValueError(f"Logits cannot be scalars - received shape {logits.shape}.")
    if rank is not None and labels.shape.ndims not in (None, rank - 1):
        raise ValueError(
            f"Rank mismatch: Rank of labels (received {labels.shape.ndims}) should equal rank of logits minus 1 "
            f"(received {rank})."
        )
    if not labels.shape.is_compatible_with(logits.shape[:-1]):
        raise ValueError(
            f"Shape mismatch: The shape of labels (received {labels.shape}) should equal the shape of logits "
            f"except for the last dimension (received {logits.shape})."
        )


def _sparse_cross_entropy(labels: Tensor, logits: Tensor) -> Tensor:
    type = "SparseSoftmaxCrossEntropyWithLogits"
    if logits.shape.ndims == 2:
        loss: Tensor = apply_op(type, logits, labels)[0]
        return loss
    rows = array.reshape(logits, [-1, array.shape(logits)[-1]])
    loss = array.reshape(apply_op(type, rows, array.reshape(labels, [-1]))[0], array.shape(labels))
    loss.set_shape(labels.shape)
    return loss


def _sparse_softmax_cross_entropy(logits: Array, labels: Array) -> tuple[Array, Array]:
    count, classes = logits.shape
    _check_labels(labels, count, classes)
    if classes <= FEW and logits.size:
        losses, slope = _of_few_classes(count, classes, logits.dtype.char, labels.dtype.char)(logits, labels)
        return losses, slope
    shifted = shifted_down(logits)
    e = np.exp(shifted)
    total = row_sums(e)
    # Positions in the flattened matrix: one index is several times as fast as a pair of them.
    own = np.add(np.arange(0, count * classes, classes), labels)
    losses = np.subtract(np.log(total), shifted.reshape(-1)[own])
    slope = np.true_divide(e, total[:, np.newaxis])
    slope.reshape(-1)[own] -= 1
    return losses, slope


@functools.lru_cache(maxsize=16)
def _of_few_classes(count: int, classes: int, kind: str, label_kind: str) -> Callable[[Array, Array], Any]:
    """The same with one row for each class, so that numpy's loops are as long as the batch and not as the classes."""
    rows, width = np.arange(count, dtype=label_kind), np.array(count, label_kind)
    one = np.array(1, kind)  # numpy takes twice as long for a number of Python's

    def cross_entropy(logits: Array, labels: Array) -> tuple[Array, Array]:
        columns = logits.T.copy()
        np.subtract(columns, np.maximum.reduce(columns, 0), columns)
        e = np.exp(columns)
        total = column_sums(e)
        own = np.add(np.multiply(labels, width), rows)
        losses = np.subtract(np.log(total), columns.reshape(-1)[own])
        np.true_divide(e, total, e)
        e.reshape(-1)[own] -= one
        return losses, e.T

    return cross_entropy


def _check_labels(labels: Array, count: int, classes: int) -> None:
    if len(labels) != count:
        raise InvalidArgumentError(
            None,
            None,
            f"logits and labels must have the same first dimension, got logits shape [{count},{classes}] and "
            f"labels shape [{len(labels)}]",
        )
    # As unsigned numbers negative labels are large, so that one pass finds both kinds.
    unsigned = labels.view(np.uint32 if labels.dtype.itemsize == 4 else np.uint64)
    if labels.size and np.maximum.reduce(unsigned) >= classes:
        wrong = labels[unsigned >= classes][0]
        raise InvalidArgumentError(
            None,
            None,
            f"Received a label value of {wrong} which is outside the valid range of [0, {classes}).  "
            f"Label values: {' '.join(map(str, labels[:32]))}",
        )


def _sparse_cross_entropy_shapes(op: Operation) -> list[TensorShape]:
    logits = op.inputs[0].shape.with_rank(2)
    rows = logits[:1].merge_with(op.inputs[1].shape)
    return [rows, rows.concatenate(logits[1:])]


def _sparse_softmax_cross_entropy_grad(op: Operation, loss_grad: Tensor | None, slope_grad: Tensor | None) -> _Grads:
    return [_softmax_cross_entropy_grad(op, loss_grad, slope_grad)[0], None]


register(
    "SparseSoftmaxCrossEntropyWithLogits",
    _sparse_softmax_cross_entropy,
    shape=_sparse_cross_entropy_shapes,
    gradient=_sparse_softmax_cross_entropy_grad,
    types={"T": 0, "Tlabels": 1},
)

# Cross entropies of independent classes.


def sigmoid_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """`-labels * log(sigmoid(logits)) - (1 - labels) * log(1 - sigmoid(logits))`, element by element.

    Computed as `max(x, 0) - x * z + log(1 + exp(-|x|))`, which neither overflows nor loses digits.

    Args:
        _sentinel: Keeps arguments from being given by position.
        labels: Numbers between 0 and 1, of the type and shape of `logits`.
        logits: Scores before the sigmoid.
        name: Name of the operation.

    Returns:
        Losses in the shape of `logits`.

    Raises:
        ValueError: An argument was given by position or is missing, or the shapes differ.
    """
    labels, logits = _named_arguments("sigmoid_cross_entropy_with_logits", _sentinel, labels, logits)
    with name_scope(name, "logistic_loss", [logits, labels]) as scope:
        x = convert_to_tensor(logits, name="logits")
        z = convert_to_tensor(labels, name="labels")
        if not x.shape.is_compatible_with(z.shape):
            raise ValueError(f"logits and labels must have the same shape ({x.shape} vs {z.shape})")
        # Both choices take the same side at 0, where the derivatives of max and |x| add up to the right one.
        positive = comparison.greater_equal(x, array.zeros_like(x))
        rectified = where(positive, x, array.zeros_like(x))
        negative_size = where(positive, -x, x)
        return math.add(rectified - x * z, math.log1p(math.exp(negative_size)), name=scope)


def weighted_cross_entropy_with_logits(
    labels: Any = None, logits: Any = None, pos_weight: Any = None, name: str | None = None, targets: Any = None
) -> Tensor:
    """The sigmoid cross entropy with the part of positive labels multiplied by `pos_weight`.

    Args:
        labels: Numbers between 0 and 1, of the type and shape of `logits`.
        logits: Scores before the sigmoid.
        pos_weight: The weight of positive labels.
        name: Name of the operation.
        targets: The old name of `labels`.

    Raises:
        ValueError: The shapes differ.
    """
    labels = array.either("labels", labels, "targets", targets)
    with name_scope(name, "logistic_loss", [logits, labels]) as scope:
        x = convert_to_tensor(logits, name="logits")
        z = convert_to_tensor(labels, name="labels")
        if not x.shape.is_compatible_with(z.shape):
            raise ValueError(f"logits and labels must have the same shape ({x.shape} vs {z.shape})")
        weight = (pos_weight - 1) * z + 1.0
        tail = math.log1p(math.exp(-math.abs(x))) + activations.relu(-x)
        return math.add((1.0 - z) * x, weight * tail, name=scope)


def log_poisson_loss(targets: Any, log_input: Any, compute_full_loss: bool = False, name: str | None = None) -> Tensor:
    """`exp(log_input) - log_input * targets`: the Poisson loss without its constant.

    Args:
        targets: Counts, of the type and shape of `log_input`.
        log_input: The logarithm of the expected count.
        compute_full_loss: Whether to add Stirling's approximation of the constant `log(targets!)`.
        name: Name of the operation.

    Raises:
        ValueError: The shapes differ.
    """
    with name_scope(name, "log_poisson_loss", [log_input, targets]) as scope:
        x = convert_to_tensor(log_input, name="log_input")
        z = convert_to_tensor(targets, name="targets")
        if not x.shape.is_compatible_with(z.shape):
            raise ValueError(f"log_input and targets must have the same shape ({x.shape} vs {z.shape})")
        loss = math.exp(x) - x * z
        if compute_full_loss:
            stirling = z * math.log(z) - z + 0.5 * math.log(2.0 * np.pi * z)
            small = comparison.logical_and(z >= 0.0, z <= 1.0)
            loss = loss + where(small, array.zeros_like(z), stirling)
        return array.identity(loss, name=scope)
