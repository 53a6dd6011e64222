"""Layers that scale to mean 0 and variance 1, over the batch or over the features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trackml.graph.operation import Tensor
from trackml.keras.engine.base_layer import Layer
from trackml.layers import normalization
from trackml.layers.core import known_bool
from trackml.ops import array, math, nn, reductions
from trackml.shapes import as_shape
from trackml.variables import Variable


class BatchNormalization(Layer, normalization.BatchNormalization):
    """Scales each feature to mean 0 and variance 1 over the batch while training, by moving averages otherwise.

    Args:
        axis: The axis of the features, or a list of axes.
        momentum: How much of the moving averages stays at each step.
        epsilon: Keeps the divisor from zero.
        center: Whether an offset is learned, `beta`.
        scale: Whether a factor is learned, `gamma`.
        beta_initializer: First values of `beta`.
        gamma_initializer: First values of `gamma`.
        moving_mean_initializer: First values of the moving mean.
        moving_variance_initializer: First values of the moving variance.
        beta_regularizer: A penalty on `beta`.
        gamma_regularizer: A penalty on `gamma`.
        beta_constraint: A bound on `beta`, applied after each update.
        gamma_constraint: The same for `gamma`.
        kwargs: What `Layer` takes; `fused=False` for a moving variance of images that is not made up for its bias.

    Raises:
        ValueError: `renorm`, `virtual_batch_size`, `adjustment` or `synchronized` are asked for.

    Source: Ioffe and Szegedy, Batch Normalization (2015), algorithms 1 and 2.
    """

    supports_masking = True

    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        _refuse_others(kwargs)
        super().__init__(
            axis=axis,
            momentum=momentum,
            epsilon=epsilon,
            center=center,
            scale=scale,
            beta_initializer=beta_initializer,
            gamma_initializer=gamma_initializer,
            moving_mean_initializer=moving_mean_initializer,
            moving_variance_initializer=moving_variance_initializer,
            beta_regularizer=beta_regularizer,
            gamma_regularizer=gamma_regularizer,
            beta_constraint=beta_constraint,
            gamma_constraint=gamma_constraint,
            **kwargs,
        )

    def call(self, inputs: Tensor, training: Any = False, mask: Any = None) -> Tensor:
        """The normalized inputs; a layer that is not trainable goes by its moving averages.

        Args:
            inputs: `[batch, ..., features]`, or with the features on another axis.
            training: Whether the batch's own mean and variance are used.
            mask: What counts in these, in the shape of the inputs without the last axis; images count as a whole.
        """
        learns = training and self.trainable
        if mask is None or len(inputs.shape) == 4 or not known_bool(learns):
            return super().call(inputs, training=learns)
        mean, variance = self._moments_of_what_counts(inputs, mask)
        self._add_moving_averages(inputs, mean, variance, None)
        return self._normalized(inputs, mean, variance)

    def _moments_of_what_counts(self, inputs: Tensor, mask: Any) -> tuple[Tensor, Tensor]:
        others = [axis for axis in range(len(inputs.shape)) if axis not in self.axis]
        counts = math.cast(array.expand_dims(mask, -1), inputs.dtype) * array.ones_like(inputs)
        number = reductions.reduce_sum(counts, others, keepdims=True)
        mean = reductions.reduce_sum(counts * inputs, others, keepdims=True) / number
        variance = reductions.reduce_sum(counts * math.square(inputs - mean), others, keepdims=True) / number
        if len(self.axis) > 1:
            return mean, variance
        return array.squeeze(mean, others), array.squeeze(variance, others)


def _refuse_others(settings: dict[str, Any]) -> None:
    """Takes settings of TensorFlow's layer out that change nothing; ValueError for those that would."""
    settings.pop("renorm_clipping", None)
    settings.pop("renorm_momentum", None)
    for name in ("renorm", "virtual_batch_size", "adjustment", "synchronized"):
        if settings.pop(name, None):
            raise ValueError(f"BatchNormalization does not have `{name}`: leave it out.")


class LayerNormalization(Layer):
    """Scales the features of each example to mean 0 and variance 1.

    Args:
        axis: The axis of the features, or a list of axes.
        epsilon: Keeps the divisor from zero.
        center: Whether an offset is learned, `beta`.
        scale: Whether a factor is learned, `gamma`.
        beta_initializer: First values of `beta`, in the shape of the features.
        gamma_initializer: First values of `gamma`.
        beta_regularizer: A penalty on `beta`.
        gamma_regularizer: A penalty on `gamma`.
        beta_constraint: A bound on `beta`, applied after each update.
        gamma_constraint: The same for `gamma`.
        kwargs: What `Layer` takes.

    Source: Ba et al., Layer Normalization (2016), equations 2 to 4.
    """

    supports_masking = True

    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.axis: Any = list(axis) if isinstance(axis, (list, tuple)) else axis
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.beta_initializer = beta_initializer
        self.gamma_initializer = gamma_initializer
        self.beta_regularizer = beta_regularizer
        self.gamma_regularizer = gamma_regularizer
        self.beta_constraint = beta_constraint
        self.gamma_constraint = gamma_constraint
        self.gamma: Variable | None = None
        self.beta: Variable | None = None

    def build(self, input_shape: Any) -> None:
        """Makes `gamma` and `beta`, each in the shape of the features."""
        shape = as_shape(input_shape).as_list()
        sizes = [shape[axis] for axis in _axes_of(self.axis, len(shape))]
        if self.scale:
            self.gamma = self.add_weight(
                "gamma", sizes, None, self.gamma_initializer, self.gamma_regularizer, constraint=self.gamma_constraint
            )
        if self.center:
            self.beta = self.add_weight(
                "beta", sizes, None, self.beta_initializer, self.beta_regularizer, constraint=self.beta_constraint
            )
        super().build(input_shape)

    def call(self, inputs: Tensor) -> Tensor:
        """The normalized inputs."""
        rank = len(inputs.shape)
        axes = _axes_of(self.axis, rank)
        mean, variance = nn.moments(inputs, axes, keep_dims=True)
        sizes = inputs.shape.as_list()
        beside = [sizes[axis] if axis in axes else 1 for axis in range(rank)]

        def spread(weight: Any) -> Any:
            return weight if weight is None or axes == [rank - 1] else array.reshape(weight, beside)

        outputs = nn.batch_normalization(inputs, mean, variance, spread(self.beta), spread(self.gamma), self.epsilon)
        outputs.set_shape(inputs.shape)
        return outputs


class UnitNormalization(Layer):
    """Scales the features of each example to length 1.

    Args:
        axis: The axis of the features, or a list of axes.
        kwargs: What `Layer` takes.
    """

    supports_masking = True

    def __init__(self, axis: int | Sequence[int] = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis: Any = list(axis) if isinstance(axis, (list, tuple)) else axis

    def call(self, inputs: Tensor) -> Tensor:
        """The scaled inputs."""
        return nn.l2_normalize(inputs, axis=self.axis)


def _axes_of(axis: Any, rank: int) -> list[int]:
    """The axes counted from the front; ValueError when one is not there, or twice."""
    found = [item + rank if item < 0 else item for item in (axis if isinstance(axis, list) else [axis])]
    if any(not 0 <= item < rank for item in found) or len(set(found)) < len(found):
        raise ValueError(f"Invalid value for `axis` argument: {axis} for inputs of rank {rank}.")
    return found
