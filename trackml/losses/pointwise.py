"""Losses that compare predictions with labels element by element."""

from __future__ import annotations

from typing import Any

from trackml import dtypes
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Tensor
from trackml.losses.weighted import Reduction, compute_weighted_loss
from trackml.ops import activations, array, math, reductions
from trackml.ops.framework import name_scope


def mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean of `(predictions - labels) ** 2`.

    Args:
        labels: What is right, in the shape of `predictions`.
        predictions: What was predicted, `[batch, ...]`.
        weights: A scalar, or a tensor of the rank of `predictions` whose sizes are those of `predictions` or 1.
        scope: Name of the scope.
        loss_collection: Collection that the loss is put into; None for none.
        reduction: A kind of `Reduction`.

    Returns:
        A float32 scalar; with `Reduction.NONE`, a tensor in the shape of `predictions`.

    Raises:
        ValueError: `labels` or `predictions` is None, or shapes do not fit.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     print(session.run(tf.losses.mean_squared_error([1.0, 2.0], [1.0, 4.0])))
        2.0
    """
    with name_scope(scope, "mean_squared_error", [predictions, labels, weights]) as scope:
        labels, predictions = _as_floats(labels=labels, predictions=predictions)
        losses = math.squared_difference(predictions, labels)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def absolute_difference(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean of `abs(predictions - labels)`; arguments as for `mean_squared_error`."""
    with name_scope(scope, "absolute_difference", [predictions, labels, weights]) as scope:
        labels, predictions = _as_floats(labels=labels, predictions=predictions)
        losses = math.abs(math.subtract(predictions, labels))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def huber_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    delta: float = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean of half the squared error, which goes on as a straight line where the error is larger than `delta`.

        error ** 2 / 2                     where abs(error) <= delta
        delta * abs(error) - delta ** 2 / 2  elsewhere

    The other arguments are those of `mean_squared_error`.
    """
    with name_scope(scope, "huber_loss", [predictions, labels, weights]) as scope:
        labels, predictions = _as_floats(labels=labels, predictions=predictions)
        error = math.abs(math.subtract(predictions, labels))
        quadratic = math.minimum(error, delta)
        linear = math.subtract(error, quadratic)
        losses = math.add(math.multiply(0.5, math.multiply(quadratic, quadratic)), math.multiply(delta, linear))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def log_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    epsilon: float = 1e-7,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean of `-labels * log(predictions) - (1 - labels) * log(1 - predictions)`, for probabilities.

    `epsilon` is added inside both logarithms; the other arguments are those of `mean_squared_error`.
    """
    with name_scope(scope, "log_loss", [predictions, labels, weights]) as scope:
        labels, predictions = _as_floats(labels=labels, predictions=predictions)
        ones = math.multiply(labels, math.log(predictions + epsilon))
        zeros = math.multiply(1 - labels, math.log(1 - predictions + epsilon))
        return compute_weighted_loss(-ones - zeros, weights, scope, loss_collection, reduction)


def hinge_loss(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The mean of `max(0, 1 - sign * logits)`, where sign is -1 for labels of 0 and 1 for labels of 1.

    The other arguments are those of `mean_squared_error`.
    """
    with name_scope(scope, "hinge_loss", [logits, labels, weights]) as scope:
        labels, logits = _as_floats(labels=labels, logits=logits)
        ones = array.ones_like(labels)
        signs = math.subtract(2 * labels, ones)
        losses = activations.relu(math.subtract(ones, math.multiply(signs, logits)))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def cosine_distance(
    labels: Any,
    predictions: Any,
    axis: int | None = None,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
    dim: int | None = None,
) -> Tensor:
    """The mean of one minus the inner product of `labels` and `predictions`, which are of unit length along `axis`.

    `dim` is an old name of `axis`; the other arguments are those of `mean_squared_error`.

    Raises:
        ValueError: There is no axis, or both names of it are given.
    """
    axis = array.either("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("You must specify 'axis'.")
    with name_scope(scope, "cosine_distance_loss", [predictions, labels, weights]) as scope:
        labels, predictions = _as_floats(labels=labels, predictions=predictions)
        products = math.multiply(predictions, labels)
        losses = 1 - reductions.reduce_sum(products, axis=[axis], keepdims=True)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def _as_floats(**values: Any) -> list[Tensor]:
    """Labels and predictions as float32, of one shape."""
    require(**values)
    (first, labels), (second, predictions) = (
        (name, math.cast(value, dtypes.float32)) for name, value in values.items()
    )
    check_shapes(**{second: predictions, first: labels})
    return [labels, predictions]


def require(**values: Any) -> None:
    """Raises ValueError when one of the arguments is None."""
    for name, value in values.items():
        if value is None:
            raise ValueError(f"{name} must not be None.")


def check_shapes(**tensors: Tensor) -> None:
    """Raises ValueError unless two tensors may be of one shape."""
    (first, one), (second, other) = tensors.items()
    if not one.shape.is_compatible_with(other.shape):
        raise ValueError(
            f"Shapes {one.shape} and {other.shape} are incompatible: {first} and {second} must have one shape. "
            "Use tf.reshape, or x[:, tf.newaxis] for a vector."
        )
