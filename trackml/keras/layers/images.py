"""Layers with windows, and batch normalization: those of `trackml.layers` under Keras' names and defaults."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trackml.graph.operation import Tensor
from trackml.keras import activations
from trackml.keras.engine.base_layer import Layer
from trackml.layers import convolutional, normalization, pooling
from trackml.ops import reductions

_Numbers = int | Sequence[int]


class Conv2D(Layer, convolutional.Conv2D):
    """The products of one kernel with each window of images, summed: `activation(conv2d(inputs, kernel) + bias)`.

    Args:
        filters: How many kernels there are.
        kernel_size: Height and width of the window, or one number for both.
        strides: From one window to the next, likewise.
        padding: `"valid"` (windows inside the image alone) or `"same"`.
        data_format: `"channels_last"`.
        dilation_rate: From one element of a window to the next.
        activation: A function or its name.
        use_bias: Whether a bias is added.
        kernel_initializer: First values of the kernel.
        bias_initializer: First values of the bias.
        kwargs: Regularizers and constraints as for `Dense`, and what `Layer` takes.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: _Numbers,
        strides: _Numbers = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: _Numbers = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        **kwargs: Any,
    ) -> None:
        super().__init__(
            filters=filters,
            kernel_size=kernel_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            activation=activations.get(activation),
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
            **kwargs,
        )


class MaxPooling2D(Layer, pooling.MaxPooling2D):
    """The largest element of each window of images.

    Args:
        pool_size: Height and width of the window, or one number for both.
        strides: From one window to the next, likewise; those of `pool_size` by default.
        padding: `"valid"` or `"same"`.
        data_format: `"channels_last"`.
        kwargs: What `Layer` takes.
    """

    def __init__(
        self,
        pool_size: _Numbers = 2,
        strides: _Numbers | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size=pool_size, strides=strides, padding=padding, data_format=data_format, **kwargs)


class AveragePooling2D(Layer, pooling.AveragePooling2D):
    """The mean of each window of images; arguments are those of `MaxPooling2D`."""

    def __init__(
        self,
        pool_size: _Numbers = 2,
        strides: _Numbers | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size=pool_size, strides=strides, padding=padding, data_format=data_format, **kwargs)


class GlobalMaxPooling2D(Layer):
    """The largest element of each channel of an image, `[batch, channels]`."""

    def call(self, inputs: Tensor) -> Tensor:
        """The largest elements."""
        return reductions.reduce_max(inputs, axis=[1, 2])


class GlobalAveragePooling2D(Layer):
    """The mean of each channel of an image, `[batch, channels]`."""

    def call(self, inputs: Tensor) -> Tensor:
        """The means."""
        return reductions.reduce_mean(inputs, axis=[1, 2])


class BatchNormalization(Layer, normalization.BatchNormalization):
    """Scales each feature to mean 0 and variance 1 over the batch while training, by moving averages otherwise.

    Args:
        axis: The axis of the features.
        momentum: How much of the moving averages stays at each step.
        epsilon: Keeps the divisor from zero.
        center: Whether an offset is learned, `beta`.
        scale: Whether a factor is learned, `gamma`.
        kwargs: Initializers, regularizers and constraints of both, and what `Layer` takes.
    """

    supports_masking = True

    def __init__(
        self,
        axis: int | list[int] = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(axis=axis, momentum=momentum, epsilon=epsilon, center=center, scale=scale, **kwargs)

    def call(self, inputs: Tensor, training: Any = False) -> Tensor:
        """The normalized inputs; a layer that is not trainable goes by its moving averages."""
        return super().call(inputs, training=training and self.trainable)
