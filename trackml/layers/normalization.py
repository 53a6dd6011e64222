"""Batch normalization."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trackml import dtypes
from trackml.graph.operation import Operation, Tensor
from trackml.initializers import Ones, Zeros
from trackml.layers.base import Layer
from trackml.layers.core import known_bool
from trackml.layers.input_spec import InputSpec
from trackml.ops import array, gathering, math, nn
from trackml.ops.framework import name_scope
from trackml.shapes import as_shape
from trackml.variables import Variable


class BatchNormalization(Layer):
    """Gives each feature mean `beta` and standard deviation `gamma`.

        (inputs - mean) / sqrt(variance + epsilon) * gamma + beta

    While training, mean and variance are those of the batch, and moving averages follow them; otherwise they are the
    moving averages. The operations that move these are in UPDATE_OPS: make the training operation wait for them.

    Args:
        axis: The dimension of the features, or a list of dimensions.
        momentum: How much of a moving average stays at each step.
        epsilon: Keeps the divisor from zero.
        center: Whether there is a `beta`.
        scale: Whether there is a `gamma`.
        beta_initializer: First values of `beta`.
        gamma_initializer: First values of `gamma`.
        moving_mean_initializer: First values of the moving mean.
        moving_variance_initializer: First values of the moving variance.
        beta_regularizer: A function from `beta` to a scalar penalty.
        gamma_regularizer: A function from `gamma` to a scalar penalty.
        beta_constraint: A function applied to `beta` after an optimizer's update.
        gamma_constraint: The same for `gamma`.
        fused: Accepted for TensorFlow's sake. As in TensorFlow's fused operation, the moving variance of images
            (inputs of rank 4) is unbiased unless this is False.
        trainable: Whether optimizers change the weights.
        name: Name of the scope.

    Source: Ioffe and Szegedy, Batch Normalization (2015), algorithms 1 and 2.
    """

    def __init__(
        self,
        axis: int | list[int] = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = Zeros(),  # noqa: B008  these have no state
        gamma_initializer: Any = Ones(),  # noqa: B008
        moving_mean_initializer: Any = Zeros(),  # noqa: B008
        moving_variance_initializer: Any = Ones(),  # noqa: B008
        beta_regularizer: Callable[[Any], Any] | None = None,
        gamma_regularizer: Callable[[Any], Any] | None = None,
        beta_constraint: Callable[[Any], Any] | None = None,
        gamma_constraint: Callable[[Any], Any] | None = None,
        fused: bool | None = None,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(trainable=trainable, name=name, **kwargs)
        self.axis = list(axis) if isinstance(axis, (list, tuple)) else [axis]
        self.momentum = momentum
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.beta_initializer = beta_initializer
        self.gamma_initializer = gamma_initializer
        self.moving_mean_initializer = moving_mean_initializer
        self.moving_variance_initializer = moving_variance_initializer
        self.beta_regularizer = beta_regularizer
        self.gamma_regularizer = gamma_regularizer
        self.beta_constraint = beta_constraint
        self.gamma_constraint = gamma_constraint
        self.fused = fused
        self.gamma: Variable | None = None
        self.beta: Variable | None = None

    def build(self, input_shape: Any) -> None:
        """Makes `gamma`, `beta`, `moving_mean` and `moving_variance`, each in the shape of the features."""
        shape = as_shape(input_shape)
        if not shape.ndims:
            raise ValueError(f"Input has undefined rank: {shape}")
        self.axis = _checked_axes(self.axis, shape.ndims)
        sizes = {axis: shape.as_list()[axis] for axis in self.axis}
        if None in sizes.values():
            raise ValueError(f"Input has undefined `axis` dimension. Input shape: {shape}")
        self.input_spec = InputSpec(ndim=shape.ndims, axes=sizes)
        features = [sizes.get(axis, 1) for axis in range(shape.ndims)] if len(sizes) > 1 else list(sizes.values())
        if self.scale:
            self.gamma = self._feature_weight(
                "gamma", features, self.gamma_initializer, self.gamma_regularizer, True, self.gamma_constraint
            )
        if self.center:
            self.beta = self._feature_weight(
                "beta", features, self.beta_initializer, self.beta_regularizer, True, self.beta_constraint
            )
        self.moving_mean = self._feature_weight("moving_mean", features, self.moving_mean_initializer)
        self.moving_variance = self._feature_weight("moving_variance", features, self.moving_variance_initializer)
        super().build(input_shape)

    def _feature_weight(
        self,
        name: str,
        shape: Any,
        initializer: Any,
        regularizer: Callable[[Any], Any] | None = None,
        trainable: bool = False,
        constraint: Callable[[Any], Any] | None = None,
    ) -> Variable:
        # Half precision is too coarse for averages.
        dtype = dtypes.float32 if self._dtype is dtypes.float16 else self._float_dtype()
        return self.add_weight(name, shape, dtype, initializer, regularizer, trainable, constraint)

    def call(self, inputs: Tensor, training: Any = False) -> Tensor:
        """The normalized inputs; `training` is a Python bool or a boolean scalar tensor."""
        known = known_bool(training)
        if known is False:
            mean, variance = self.moving_mean.value(), self.moving_variance.value()
        else:
            mean, variance = self._batch_moments(inputs)
            self._add_moving_averages(inputs, mean, variance, None if known else training)
        if known is None:
            mean = gathering.where(training, mean, self.moving_mean.value())
            variance = gathering.where(training, variance, self.moving_variance.value())
        return self._normalized(inputs, mean, variance)

    def _batch_moments(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        others = [axis for axis in range(len(inputs.shape)) if axis not in self.axis]
        values = math.cast(inputs, self.moving_mean.dtype)
        mean, variance = nn.moments(values, others, keep_dims=len(self.axis) > 1)
        return mean, variance

    def _add_moving_averages(self, inputs: Tensor, mean: Tensor, variance: Tensor, training: Any) -> None:
        if len(inputs.shape) == 4 and self.fused is not False and self.axis in ([1], [3]):
            count = math.cast(array.size(inputs) / array.size(variance), variance.dtype)
            variance = variance * (count / (count - 1.0))
        self.add_update(self._move(self.moving_mean, mean, training))
        self.add_update(self._move(self.moving_variance, variance, training))

    def _move(self, average: Variable, value: Tensor, training: Any) -> Operation:
        """Moves an average towards the batch's value; not at all where `training` turns out to be false."""
        with name_scope("AssignMovingAvg"):
            delta = (average.value() - value) * (1.0 - self.momentum)
            if training is not None:
                delta = gathering.where(training, delta, array.zeros_like(delta))
            update: Operation = average.assign_sub(delta, read_value=False)
            return update

    def _normalized(self, inputs: Tensor, mean: Tensor, variance: Tensor) -> Tensor:
        rank = len(inputs.shape)

        def beside(features: Any) -> Any:
            """A vector over the features, in a shape that broadcasts to the inputs."""
            if features is None or len(self.axis) > 1 or self.axis == [rank - 1]:
                return features
            return array.reshape(features, [-1 if axis in self.axis else 1 for axis in range(rank)])

        outputs = nn.batch_normalization(
            inputs, beside(mean), beside(variance), beside(self.beta), beside(self.gamma), self.epsilon
        )
        outputs.set_shape(inputs.shape)
        return outputs


def batch_normalization(
    inputs: Any,
    axis: int | list[int] = -1,
    momentum: float = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
    beta_initializer: Any = Zeros(),  # noqa: B008  these have no state
    gamma_initializer: Any = Ones(),  # noqa: B008
    moving_mean_initializer: Any = Zeros(),  # noqa: B008
    moving_variance_initializer: Any = Ones(),  # noqa: B008
    beta_regularizer: Callable[[Any], Any] | None = None,
    gamma_regularizer: Callable[[Any], Any] | None = None,
    beta_constraint: Callable[[Any], Any] | None = None,
    gamma_constraint: Callable[[Any], Any] | None = None,
    training: Any = False,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
    renorm: bool = False,
    renorm_clipping: Any = None,
    renorm_momentum: float = 0.99,
    fused: bool | None = None,
    virtual_batch_size: int | None = None,
    adjustment: Any = None,
) -> Tensor:
    """Gives each feature mean `beta` and standard deviation `gamma`; arguments are those of `BatchNormalization`.

    Args:
        inputs: `[batch, ..., features]`, or with the features in dimension `axis`.
        training: Whether the batch's own mean and variance are used, and the moving averages follow them.
        reuse: Whether to share the weights of an earlier layer of that `name`.
        renorm: Not supported: batch renormalization.
        virtual_batch_size: Not supported.
        adjustment: Not supported.

    Returns:
        The inputs' shape and type.

    Raises:
        ValueError: Something that is not supported was asked for.
    """
    if renorm or virtual_batch_size is not None or adjustment is not None:
        raise ValueError("batch_normalization does not support renorm, virtual_batch_size and adjustment.")
    layer = BatchNormalization(
        axis,
        momentum,
        epsilon,
        center,
        scale,
        beta_initializer,
        gamma_initializer,
        moving_mean_initializer,
        moving_variance_initializer,
        beta_regularizer,
        gamma_regularizer,
        beta_constraint,
        gamma_constraint,
        fused,
        trainable,
        name,
        _scope=name,
        _reuse=reuse,
    )
    outputs: Tensor = layer.apply(inputs, training=training)
    return outputs


def _checked_axes(axes: list[int], rank: int) -> list[int]:
    """The axes counted from the front; ValueError when one is not there, or twice."""
    found = [axis + rank if axis < 0 else axis for axis in axes]
    for axis in found:
        if not 0 <= axis < rank:
            raise ValueError(f"Invalid axis: {axis} for inputs of rank {rank}")
    if len(set(found)) < len(found):
        raise ValueError(f"Duplicate axis: {found}")
    return found
