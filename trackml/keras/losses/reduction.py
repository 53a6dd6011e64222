"""From one value an example to one a batch: weights, masks, reductions."""

from __future__ import annotations

from typing import Any

from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.keras.losses.alignment import beside
from trackml.ops import array, math, reductions


class Reduction:
    """How the values of examples become the loss of a batch.

    `SUM_OVER_BATCH_SIZE`, which `AUTO` stands for, is their mean; weights do not count for its divisor. With `NONE`
    they stay as they are.
    """

    AUTO = "auto"
    NONE = "none"
    SUM = "sum"
    SUM_OVER_BATCH_SIZE = "sum_over_batch_size"

    @classmethod
    def all(cls) -> tuple[str, ...]:
        """All reductions."""
        return (cls.AUTO, cls.NONE, cls.SUM, cls.SUM_OVER_BATCH_SIZE)

    @classmethod
    def validate(cls, key: Any) -> None:
        """Refuses what is no reduction with a ValueError."""
        if key not in cls.all():
            raise ValueError(f"Invalid Reduction Key: {key!r}. Expected one of: {', '.join(map(repr, cls.all()))}.")


def compute_weighted_loss(losses: Any, sample_weight: Any = None, reduction: str = Reduction.AUTO) -> Tensor:
    """The loss of a batch.

    Args:
        losses: One value an example, `[batch, ...]`.
        sample_weight: How much each of them counts, in the shape of `losses` less some of its last axes.
        reduction: One of `Reduction`.

    Raises:
        ValueError: There is no such reduction.
    """
    Reduction.validate(reduction)
    values = convert_to_tensor(losses)
    if not values.dtype.is_floating:
        values = math.cast(values, "float32")
    if sample_weight is not None:
        values = values * beside(sample_weight, values)
    if reduction == Reduction.NONE:
        return values
    return reductions.reduce_sum(values) if reduction == Reduction.SUM else reductions.reduce_mean(values)


def masked_weights(values: Tensor, mask: Any, sample_weight: Any, reduction: str = Reduction.AUTO) -> Any:
    """Weights that leave out what is masked; None when there is neither mask nor weight.

    Where the mean over the batch is taken, the others count for more, so that it is the mean of the others.
    """
    if mask is None or values.shape.ndims == 0:
        return sample_weight
    counted = math.cast(mask, values.dtype)
    if reduction in (Reduction.AUTO, Reduction.SUM_OVER_BATCH_SIZE):
        valid = reductions.reduce_sum(counted)
        counted = counted * math.div_no_nan(math.cast(array.size(counted), values.dtype), valid)
    if sample_weight is None:
        return counted
    weight = math.cast(convert_to_tensor(sample_weight), values.dtype)
    if (weight.shape.ndims or 0) > (counted.shape.ndims or 0):
        return weight * beside(counted, weight)
    return beside(weight, counted) * counted
