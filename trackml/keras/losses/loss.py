"""`Loss`: a loss of a batch, made of one value an example."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.keras.engine.nodes import mask_of
from trackml.keras.losses.alignment import squeezed
from trackml.keras.losses.reduction import Reduction, compute_weighted_loss, masked_weights
from trackml.ops import comparison


class Loss:
    """A loss of a batch. A subclass says in `call` what each example costs.

    Args:
        reduction: How the values of examples become one: `"sum_over_batch_size"` (or `"auto"`), `"sum"`, `"none"`.
        name: Its name.

    Raises:
        ValueError: There is no such reduction.

    Example:
        >>> import trackml as tf
        >>> class Doubled(tf.keras.losses.Loss):
        ...     def call(self, y_true, y_pred):
        ...         return 2.0 * tf.reduce_mean(tf.abs(y_true - y_pred), axis=-1)
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     float(session.run(Doubled()(tf.constant([[1.0], [2.0]]), tf.constant([[1.0], [4.0]]))))
        2.0
    """

    def __init__(self, reduction: str = Reduction.AUTO, name: str | None = None) -> None:
        Reduction.validate(reduction)
        self.reduction = reduction
        self.name = name

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """What each example costs: `[batch, ...]`, mostly `y_pred` less its last axis."""
        raise TypeError(f"{type(self).__name__} must define call(y_true, y_pred).")

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Tensor:
        """The loss of the batch.

        Args:
            y_true: What should have been predicted.
            y_pred: What was predicted.
            sample_weight: How much each example counts; a scalar, or in the shape of `y_pred` less its last axes.
        """
        pred = convert_to_tensor(y_pred)
        values = convert_to_tensor(self.call(convert_to_tensor(y_true), pred))
        weights = masked_weights(values, both_masks(pred, values), sample_weight, self.reduction)
        return compute_weighted_loss(values, weights, self.reduction)

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        return {"reduction": self.reduction, "name": self.name}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Any:
        """A loss of a configuration."""
        return cls(**config)


class LossFunctionWrapper(Loss):
    """A function of one value an example as a loss.

    Args:
        fn: Called with labels, predictions and `kwargs`.
        reduction: As of `Loss`.
        name: Its name.
        kwargs: Passed on to the function.
    """

    def __init__(
        self, fn: Callable[..., Any], reduction: str = Reduction.AUTO, name: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(reduction, name)
        self.fn = fn
        self._fn_kwargs = kwargs

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """The values of the function."""
        pred = convert_to_tensor(y_pred)
        true, pred = squeezed(convert_to_tensor(y_true), pred)
        return self.fn(true, pred, **self._fn_kwargs)

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        return {**super().get_config(), **self._fn_kwargs}


def both_masks(pred: Tensor, values: Tensor) -> Any:
    """The mask of predictions and of the values made of them; None when nothing is masked."""
    masks = [mask for mask in (mask_of(pred), mask_of(values)) if mask is not None]
    return comparison.logical_and(*masks) if len(masks) == 2 else masks[0] if masks else None
