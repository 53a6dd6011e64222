"""Convolutions of each channel by itself, alone or before a mix of the channels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trackml.graph.operation import Tensor
from trackml.keras.engine.base_layer import Layer
from trackml.keras.layers.convolutional import _Windowed
from trackml.ops import array, convolution, depthwise

_Numbers = int | Sequence[int]


class _Depthwise(_Windowed):
    def __init__(
        self,
        kernel_size: _Numbers,
        strides: _Numbers = 1,
        padding: str = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        dilation_rate: _Numbers = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        bias = bias_initializer, bias_regularizer, bias_constraint
        windows = kernel_size, strides, padding, data_format, dilation_rate
        super().__init__(*windows, activation, use_bias, bias, activity_regularizer=activity_regularizer, **kwargs)
        self.depth_multiplier = int(depth_multiplier)
        self.depthwise_initializer = depthwise_initializer
        self.depthwise_regularizer = depthwise_regularizer
        self.depthwise_constraint = depthwise_constraint

    def build(self, input_shape: Any) -> None:
        """Makes `depthwise_kernel`, `[*kernel_size, channels, depth_multiplier]`, and `bias`."""
        channels = self._make_depthwise(input_shape)
        self._make_bias(channels * self.depth_multiplier)
        super().build(input_shape)

    def _make_depthwise(self, input_shape: Any) -> int:
        channels = self._channels(input_shape)
        shape = [*self.kernel_size, channels, self.depth_multiplier]
        self.depthwise_kernel = self._kernel("depthwise_kernel", shape, "depthwise")
        return channels

    def _convolved(self, inputs: Tensor) -> Tensor:
        inputs, margin = self._margined(inputs)
        if self._rank == 2:
            strides, apart = list(self.strides), list(self.dilation_rate)
            return depthwise.depthwise_conv2d(inputs, self.depthwise_kernel, strides, margin, apart)
        images, kernel = array.expand_dims(inputs, 1), array.expand_dims(self.depthwise_kernel, 0)
        stride, apart = self.strides[0], [1, self.dilation_rate[0]]
        return array.squeeze(depthwise.depthwise_conv2d(images, kernel, [stride, stride], margin, apart), [1])


class DepthwiseConv2D(_Depthwise):
    """Each channel of images convolved with kernels of its own.

    Args:
        kernel_size: Height and width of the window, or one number for both.
        strides: From one window to the next, likewise.
        padding: `"valid"` or `"same"`.
        depth_multiplier: How many kernels each channel has.
        data_format: `"channels_last"`.
        dilation_rate: From one element of a window to the next; with strides of 1 alone.
        activation: A function or its name.
        use_bias: Whether a bias is added.
        depthwise_initializer: First values of the kernels; their penalty and bound have names alike.
        bias_initializer: First values of the bias; its penalty and bound have names alike.
        activity_regularizer: A penalty on the output.
        kwargs: What `Layer` takes.
    """

    _rank = 2


class DepthwiseConv1D(_Depthwise):
    """The same for sequences, `[batch, steps, channels]`; arguments are those of `DepthwiseConv2D`."""

    _rank = 1
    _paddings = ("valid", "same", "causal")


class _Separable(_Depthwise):
    def __init__(
        self,
        filters: int,
        kernel_size: _Numbers,
        strides: _Numbers = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: _Numbers = 1,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        penalties = depthwise_regularizer, bias_regularizer, activity_regularizer
        super().__init__(
            kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias,
            depthwise_initializer, bias_initializer, *penalties, depthwise_constraint, bias_constraint, **kwargs,
        )  # fmt: skip
        self.filters = int(filters)
        self.pointwise_initializer = pointwise_initializer
        self.pointwise_regularizer = pointwise_regularizer
        self.pointwise_constraint = pointwise_constraint

    def build(self, input_shape: Any) -> None:
        """Makes `depthwise_kernel`, `pointwise_kernel`, `[1, ..., channels * multiplier, filters]`, and `bias`."""
        channels = self._make_depthwise(input_shape)
        shape = [*[1] * self._rank, channels * self.depth_multiplier, self.filters]
        self.pointwise_kernel = self._kernel("pointwise_kernel", shape, "pointwise")
        self._make_bias(self.filters)
        Layer.build(self, input_shape)

    def _convolved(self, inputs: Tensor) -> Tensor:
        channels = super()._convolved(inputs)
        if self._rank == 1:
            return convolution.conv1d(channels, self.pointwise_kernel, 1, "VALID")
        return convolution.conv2d(channels, self.pointwise_kernel, 1, "VALID")


class SeparableConv2D(_Separable):
    """Each channel of images convolved with kernels of its own, then all outputs mixed at each place.

    Args:
        filters: How many outputs each place has.
        pointwise_initializer: First values of the mix; its penalty and bound have names alike. The other arguments are
            those of `DepthwiseConv2D`.
    """

    _rank = 2


class SeparableConv1D(_Separable):
    """The same for sequences, `[batch, steps, channels]`; arguments are those of `SeparableConv2D`."""

    _rank = 1
    _paddings = ("valid", "same", "causal")
