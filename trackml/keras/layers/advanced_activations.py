"""Activations that are layers: with settings, or with weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trackml.graph.operation import Tensor
from trackml.keras import activations
from trackml.keras.engine.base_layer import Layer
from trackml.layers.input_spec import InputSpec
from trackml.ops import comparison, math, reductions
from trackml.ops.softmax import softmax
from trackml.shapes import as_shape


class ReLU(Layer):
    """`x` from `threshold` to `max_value`, `max_value` above, `negative_slope * (x - threshold)` below.

    Args:
        max_value: The largest value; None for no bound.
        negative_slope: The slope below the threshold.
        threshold: From where on `x` is taken as it is.
        kwargs: What `Layer` takes.

    Raises:
        ValueError: One of them is negative, or None where it must not be.
    """

    supports_masking = True

    def __init__(
        self, max_value: float | None = None, negative_slope: float = 0.0, threshold: float = 0.0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        for name, value in (("max_value", max_value), ("negative_slope", negative_slope), ("threshold", threshold)):
            if (value is None and name != "max_value") or (value is not None and value < 0.0):
                raise ValueError(f"`{name}` of a ReLU layer cannot be a negative value or None. Received: {value}")
        self.max_value = max_value
        self.negative_slope = negative_slope
        self.threshold = threshold

    def call(self, inputs: Tensor) -> Tensor:
        """The function's values."""
        return activations.relu(inputs, self.negative_slope, self.max_value, self.threshold)


class LeakyReLU(Layer):
    """`x` where positive, `alpha * x` elsewhere.

    Args:
        alpha: The slope below zero.
        kwargs: What `Layer` takes.
    """

    supports_masking = True

    def __init__(self, alpha: float = 0.3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.alpha = _number(alpha, "LeakyReLU", "alpha")

    def call(self, inputs: Tensor) -> Tensor:
        """The function's values."""
        return activations.relu(inputs, self.alpha)


class PReLU(Layer):
    """`x` where positive, `alpha * x` elsewhere, with slopes that are learned.

    Args:
        alpha_initializer: First values of `alpha`, in the shape of an example.
        alpha_regularizer: A penalty on `alpha`.
        alpha_constraint: A bound on `alpha`, applied after each update.
        shared_axes: Axes along which there is one slope for all, counted from 1.
        kwargs: What `Layer` takes.

    Source: He et al., Delving Deep into Rectifiers (2015), equation 1.
    """

    supports_masking = True

    def __init__(
        self,
        alpha_initializer: Any = "zeros",
        alpha_regularizer: Any = None,
        alpha_constraint: Any = None,
        shared_axes: int | Sequence[int] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.alpha_initializer = alpha_initializer
        self.alpha_regularizer = alpha_regularizer
        self.alpha_constraint = alpha_constraint
        self.shared_axes = [shared_axes] if isinstance(shared_axes, int) else shared_axes and list(shared_axes)

    def build(self, input_shape: Any) -> None:
        """Makes `alpha`, in the shape of an example, 1 along shared axes."""
        sizes = as_shape(input_shape).as_list()
        shape = [1 if axis in (self.shared_axes or ()) else size for axis, size in enumerate(sizes)][1:]
        self.alpha = self.add_weight(
            "alpha", shape, None, self.alpha_initializer, self.alpha_regularizer, constraint=self.alpha_constraint
        )
        axes = {axis: size for axis, size in enumerate(sizes) if axis and axis not in (self.shared_axes or ())}
        self.input_spec = InputSpec(ndim=len(sizes), axes=axes)
        super().build(input_shape)

    def call(self, inputs: Tensor) -> Tensor:
        """The function's values."""
        return activations.relu(inputs) - self.alpha * activations.relu(-inputs)


class ELU(Layer):
    """`x` where positive, `alpha * (exp(x) - 1)` elsewhere.

    Args:
        alpha: The size of the lower bound.
        kwargs: What `Layer` takes.
    """

    supports_masking = True

    def __init__(self, alpha: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.alpha = _number(alpha, "ELU", "alpha")

    def call(self, inputs: Tensor) -> Tensor:
        """The function's values."""
        return activations.elu(inputs, self.alpha)


class ThresholdedReLU(Layer):
    """`x` above `theta`, zero elsewhere.

    Args:
        theta: The threshold.
        kwargs: What `Layer` takes.
    """

    supports_masking = True

    def __init__(self, theta: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.theta = _number(theta, "ThresholdedReLU", "theta")
        if self.theta < 0:
            raise ValueError(f"Theta of a ThresholdedReLU layer cannot be negative. Received: {theta}")

    def call(self, inputs: Tensor) -> Tensor:
        """The function's values."""
        return inputs * math.cast(comparison.greater(inputs, self.theta), inputs.dtype)


class Softmax(Layer):
    """`exp(x) / sum(exp(x))` along an axis, or several.

    Args:
        axis: The axis, or a list of axes.
        kwargs: What `Layer` takes.
    """

    supports_masking = True

    def __init__(self, axis: int | Sequence[int] = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs: Tensor, mask: Any = None) -> Tensor:
        """The shares.

        Args:
            inputs: The numbers.
            mask: Of the shape of the inputs: what is False has no share.
        """
        if mask is not None:
            inputs = inputs + (1.0 - math.cast(mask, inputs.dtype)) * -1e9
        if isinstance(self.axis, int):
            return softmax(inputs, axis=self.axis)
        if len(self.axis) > 1:
            return math.exp(inputs - reductions.reduce_logsumexp(inputs, axis=list(self.axis), keepdims=True))
        return softmax(inputs, axis=self.axis[0])


def _number(value: Any, layer: str, name: str) -> float:
    if value is None:
        raise ValueError(f"The {name} value of a {layer} layer cannot be None. Expecting a float. Received: {value}")
    return float(value)
