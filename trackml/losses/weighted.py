"""How values, one for each prediction, become a loss: weights, and the kinds of reduction."""

from __future__ import annotations

from typing import Any, Final

from trackml import dtypes
from trackml.graph.conversion import constant_value, convert_to_tensor
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Tensor
from trackml.losses.collection import add_loss
from trackml.ops import array, math, reductions
from trackml.ops.framework import control_dependencies, name_scope
from trackml.ops.weights import assert_broadcastable, count_present


class Reduction:
    """What becomes of the weighted values of a batch."""

    NONE: Final = "none"
    """They stay as they are, in the shape of the values."""
    SUM: Final = "weighted_sum"
    """Their sum."""
    SUM_OVER_BATCH_SIZE: Final = "weighted_sum_over_batch_size"
    """Their sum divided by the number of values."""
    MEAN: Final = "weighted_mean"
    """Their sum divided by the sum of the weights."""
    SUM_BY_NONZERO_WEIGHTS: Final = "weighted_sum_by_nonzero_weights"
    """Their sum divided by the number of values whose weight is not zero."""
    SUM_OVER_NONZERO_WEIGHTS: Final = "weighted_sum_by_nonzero_weights"
    """The same."""

    @classmethod
    def all(cls) -> tuple[str, ...]:
        """All kinds."""
        return (
            cls.NONE,
            cls.SUM,
            cls.MEAN,
            cls.SUM_OVER_BATCH_SIZE,
            cls.SUM_OVER_NONZERO_WEIGHTS,
            cls.SUM_BY_NONZERO_WEIGHTS,
        )

    @classmethod
    def validate(cls, key: str) -> None:
        """Raises ValueError unless `key` is one of the kinds."""
        if key not in cls.all():
            raise ValueError(f"Invalid Reduction Key {key}. Use one of {sorted(set(cls.all()))}.")


def compute_weighted_loss(
    losses: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The values of a batch, weighted and reduced.

    Args:
        losses: One value for each prediction, `[batch, ...]`.
        weights: A scalar, or a tensor of the rank of `losses` whose sizes are those of `losses` or 1.
        scope: Name of the scope.
        loss_collection: Collection that the loss is put into; None for none.
        reduction: A kind of `Reduction`.

    Returns:
        A scalar in the type of `losses`; with `Reduction.NONE`, a tensor in their shape. Zero where a divisor is.

    Raises:
        ValueError: `weights` is None or does not fit `losses`, or there is no such reduction.
    """
    Reduction.validate(reduction)
    if weights is None:
        raise ValueError("weights must not be None.")
    with name_scope(scope, "weighted_loss", [losses, weights]):
        losses, weights = convert_to_tensor(losses), convert_to_tensor(weights)
        with control_dependencies(assert_broadcastable(weights, losses)):
            values = math.cast(losses, dtypes.float32)
            loss = _reduced(values, math.cast(weights, dtypes.float32), reduction)
            loss = math.cast(loss, losses.dtype)
        add_loss(loss, loss_collection)
        return loss


def _reduced(values: Tensor, weights: Tensor, reduction: str) -> Tensor:
    weight = _known_weight(weights)
    if reduction == Reduction.NONE:
        return math.multiply(values, weights)
    total = reductions.reduce_sum(values if weight == 1.0 else math.multiply(values, weights))
    if reduction == Reduction.SUM:
        return total
    if reduction == Reduction.MEAN:
        divisor = reductions.reduce_sum(math.multiply(array.ones_like(values), weights))
    elif reduction == Reduction.SUM_OVER_BATCH_SIZE or weight:
        divisor = _count(values)
    else:
        divisor = count_present(values, weights)
    return math.div_no_nan(total, divisor, name="value")


def _known_weight(weights: Tensor) -> float | None:
    """The one weight of all values, where it is known while the graph is built."""
    value = constant_value(weights) if weights.shape.ndims == 0 else None
    return None if value is None else float(value)


def _count(values: Tensor) -> Tensor:
    with name_scope(None, "num_elements", [values]) as scope:
        return math.cast(array.size(values, name=scope), dtypes.float32)
