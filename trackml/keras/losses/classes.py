"""The losses of Keras as classes, each around the function of its name."""

from __future__ import annotations

from typing import Any

from trackml.keras.losses import crossentropies, hinges, regression
from trackml.keras.losses.loss import LossFunctionWrapper
from trackml.keras.losses.reduction import Reduction

_AUTO = Reduction.AUTO


class MeanSquaredError(LossFunctionWrapper):
    """The mean of `mean_squared_error` over the batch.

    Args:
        reduction: How the values of examples become one; see `Reduction`.
        name: Its name.
    """

    def __init__(self, reduction: str = _AUTO, name: str | None = "mean_squared_error") -> None:
        super().__init__(regression.mean_squared_error, reduction, name)


class MeanAbsoluteError(LossFunctionWrapper):
    """The mean of `mean_absolute_error` over the batch; arguments as of `MeanSquaredError`."""

    def __init__(self, reduction: str = _AUTO, name: str | None = "mean_absolute_error") -> None:
        super().__init__(regression.mean_absolute_error, reduction, name)


class MeanAbsolutePercentageError(LossFunctionWrapper):
    """The mean of `mean_absolute_percentage_error` over the batch; arguments as of `MeanSquaredError`."""

    def __init__(self, reduction: str = _AUTO, name: str | None = "mean_absolute_percentage_error") -> None:
        super().__init__(regression.mean_absolute_percentage_error, reduction, name)


class MeanSquaredLogarithmicError(LossFunctionWrapper):
    """The mean of `mean_squared_logarithmic_error` over the batch; arguments as of `MeanSquaredError`."""

    def __init__(self, reduction: str = _AUTO, name: str | None = "mean_squared_logarithmic_error") -> None:
        super().__init__(regression.mean_squared_logarithmic_error, reduction, name)


class Huber(LossFunctionWrapper):
    """The mean of `huber` over the batch.

    Args:
        delta: Up to which error the loss is a square.
        reduction: How the values of examples become one; see `Reduction`.
        name: Its name.
    """

    def __init__(self, delta: float = 1.0, reduction: str = _AUTO, name: str | None = "huber_loss") -> None:
        super().__init__(regression.huber, reduction, name, delta=delta)


class LogCosh(LossFunctionWrapper):
    """The mean of `log_cosh` over the batch; arguments as of `MeanSquaredError`."""

    def __init__(self, reduction: str = _AUTO, name: str | None = "log_cosh") -> None:
        super().__init__(regression.log_cosh, reduction, name)


class KLDivergence(LossFunctionWrapper):
    """The mean of `kl_divergence` over the batch; arguments as of `MeanSquaredError`."""

    def __init__(self, reduction: str = _AUTO, name: str | None = "kl_divergence") -> None:
        super().__init__(regression.kl_divergence, reduction, name)


class Poisson(LossFunctionWrapper):
    """The mean of `poisson` over the batch; arguments as of `MeanSquaredError`."""

    def __init__(self, reduction: str = _AUTO, name: str | None = "poisson") -> None:
        super().__init__(regression.poisson, reduction, name)


class CosineSimilarity(LossFunctionWrapper):
    """The mean of `cosine_similarity` over the batch.

    Args:
        axis: Along which axis the angle is taken.
        reduction: How the values of examples become one; see `Reduction`.
        name: Its name.
    """

    def __init__(self, axis: int = -1, reduction: str = _AUTO, name: str | None = "cosine_similarity") -> None:
        super().__init__(regression.cosine_similarity, reduction, name, axis=axis)


class Hinge(LossFunctionWrapper):
    """The mean of `hinge` over the batch; arguments as of `MeanSquaredError`."""

    def __init__(self, reduction: str = _AUTO, name: str | None = "hinge") -> None:
        super().__init__(hinges.hinge, reduction, name)


class SquaredHinge(LossFunctionWrapper):
    """The mean of `squared_hinge` over the batch; arguments as of `MeanSquaredError`."""

    def __init__(self, reduction: str = _AUTO, name: str | None = "squared_hinge") -> None:
        super().__init__(hinges.squared_hinge, reduction, name)


class CategoricalHinge(LossFunctionWrapper):
    """The mean of `categorical_hinge` over the batch; arguments as of `MeanSquaredError`."""

    def __init__(self, reduction: str = _AUTO, name: str | None = "categorical_hinge") -> None:
        super().__init__(hinges.categorical_hinge, reduction, name)


class BinaryCrossentropy(LossFunctionWrapper):
    """The mean of `binary_crossentropy` over the batch.

    Args:
        from_logits: Whether predictions are logits.
        label_smoothing: How far labels are moved towards a half.
        axis: Along which axis the mean of an example is taken.
        reduction: How the values of examples become one; see `Reduction`.
        name: Its name.
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str = _AUTO,
        name: str | None = "binary_crossentropy",
    ) -> None:
        settings: dict[str, Any] = {"from_logits": from_logits, "label_smoothing": label_smoothing, "axis": axis}
        super().__init__(crossentropies.binary_crossentropy, reduction, name, **settings)


class BinaryFocalCrossentropy(LossFunctionWrapper):
    """The mean of `binary_focal_crossentropy` over the batch; see there for what it takes."""

    def __init__(
        self,
        apply_class_balancing: bool = False,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str = _AUTO,
        name: str | None = "binary_focal_crossentropy",
    ) -> None:
        super().__init__(
            crossentropies.binary_focal_crossentropy,
            reduction,
            name,
            apply_class_balancing=apply_class_balancing,
            alpha=alpha,
            gamma=gamma,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


class CategoricalCrossentropy(LossFunctionWrapper):
    """The mean of `categorical_crossentropy` over the batch; see there for what it takes."""

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str = _AUTO,
        name: str | None = "categorical_crossentropy",
    ) -> None:
        settings: dict[str, Any] = {"from_logits": from_logits, "label_smoothing": label_smoothing, "axis": axis}
        super().__init__(crossentropies.categorical_crossentropy, reduction, name, **settings)


class CategoricalFocalCrossentropy(LossFunctionWrapper):
    """The mean of `categorical_focal_crossentropy` over the batch; see there for what it takes."""

    def __init__(
        self,
        alpha: Any = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str = _AUTO,
        name: str | None = "categorical_focal_crossentropy",
    ) -> None:
        super().__init__(
            crossentropies.categorical_focal_crossentropy,
            reduction,
            name,
            alpha=alpha,
            gamma=gamma,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


class SparseCategoricalCrossentropy(LossFunctionWrapper):
    """The mean of `sparse_categorical_crossentropy` over the batch.

    Args:
        from_logits: Whether predictions are logits.
        ignore_class: A number whose examples cost nothing and are not counted.
        reduction: How the values of examples become one; see `Reduction`.
        name: Its name.
    """

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: str = _AUTO,
        name: str | None = "sparse_categorical_crossentropy",
    ) -> None:
        function = crossentropies.sparse_categorical_crossentropy
        super().__init__(function, reduction, name, from_logits=from_logits, ignore_class=ignore_class)
