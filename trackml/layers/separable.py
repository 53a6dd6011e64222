"""A convolution in two steps: each channel by itself, then a mix of the channels at each place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from trackml.graph.operation import Tensor
from trackml.initializers import Zeros
from trackml.layers.base import Layer
from trackml.layers.convolutional import _Convolution
from trackml.layers.core import Activation
from trackml.layers.input_spec import InputSpec
from trackml.ops import depthwise
from trackml.shapes import as_shape

_Numbers = int | Sequence[int]
_Penalty = Callable[[Any], Any] | None


class SeparableConv2D(_Convolution):
    """Each channel of images convolved with kernels of its own, then mixed at each place.

    Args:
        filters: The number of outputs at each place.
        kernel_size: Height and width of the window, or one number for both.
        strides: From one window to the next, likewise.
        padding: `"valid"` or `"same"`.
        data_format: `"channels_last"`.
        dilation_rate: From one position of the window to the next; with strides of 1 alone.
        depth_multiplier: How many kernels each channel has.
        activation: A function applied to the result, or its name in `tf.nn`; None for none.
        use_bias: Whether a bias is added.
        depthwise_initializer: First values of the channels' kernels; the scope's default if None.
        pointwise_initializer: First values of the mix; the scope's default if None.
        bias_initializer: First values of the bias.
        depthwise_regularizer: A function from the channels' kernels to a scalar penalty.
        pointwise_regularizer: A function from the mix to a scalar penalty.
        bias_regularizer: A function from the bias to a scalar penalty.
        activity_regularizer: A function from the output to a scalar penalty.
        depthwise_constraint: A function applied to the channels' kernels after an optimizer's update.
        pointwise_constraint: The same for the mix.
        bias_constraint: The same for the bias.
        trainable: Whether optimizers change the weights.
        name: Name of the scope.

    Raises:
        ValueError: An argument is none of what it may be; at the first call: the number of channels is not known.
        TypeError: At the first call: the input is not of floating point.
    """

    _rank = 2

    def __init__(
        self,
        filters: int,
        kernel_size: _Numbers,
        strides: _Numbers = (1, 1),
        padding: str = "valid",
        data_format: str | None = "channels_last",
        dilation_rate: _Numbers = (1, 1),
        depth_multiplier: int = 1,
        activation: Activation = None,
        use_bias: bool = True,
        depthwise_initializer: Any = None,
        pointwise_initializer: Any = None,
        bias_initializer: Any = Zeros(),  # noqa: B008  it has no state
        depthwise_regularizer: _Penalty = None,
        pointwise_regularizer: _Penalty = None,
        bias_regularizer: _Penalty = None,
        activity_regularizer: _Penalty = None,
        depthwise_constraint: _Penalty = None,
        pointwise_constraint: _Penalty = None,
        bias_constraint: _Penalty = None,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            bias_constraint=bias_constraint,
            trainable=trainable,
            name=name,
            **kwargs,
        )
        self.depth_multiplier = int(depth_multiplier)
        self.depthwise_initializer = depthwise_initializer
        self.pointwise_initializer = pointwise_initializer
        self.depthwise_regularizer = depthwise_regularizer
        self.pointwise_regularizer = pointwise_regularizer
        self.depthwise_constraint = depthwise_constraint
        self.pointwise_constraint = pointwise_constraint

    def build(self, input_shape: Any) -> None:
        """Makes `depthwise_kernel`, `pointwise_kernel` and `bias`."""
        channels = as_shape(input_shape).as_list()[-1]
        if channels is None:
            raise ValueError("The channel dimension of the inputs should be defined. Found `None`.")
        self.input_spec = InputSpec(ndim=4, axes={-1: channels})
        self.depthwise_kernel = self.add_weight(
            "depthwise_kernel",
            [*self.kernel_size, channels, self.depth_multiplier],
            self._float_dtype(),
            self.depthwise_initializer,
            self.depthwise_regularizer,
            constraint=self.depthwise_constraint,
        )
        self.pointwise_kernel = self.add_weight(
            "pointwise_kernel",
            [1, 1, channels * self.depth_multiplier, self.filters],
            self._float_dtype(),
            self.pointwise_initializer,
            self.pointwise_regularizer,
            constraint=self.pointwise_constraint,
        )
        self._build_bias()
        Layer.build(self, input_shape)

    def _convolved(self, inputs: Tensor) -> Tensor:
        kernels = (self.depthwise_kernel, self.pointwise_kernel)
        return depthwise.separable_conv2d(inputs, *kernels, self.strides, self.padding.upper(), self.dilation_rate)


def separable_conv2d(
    inputs: Any,
    filters: int,
    kernel_size: _Numbers,
    strides: _Numbers = (1, 1),
    padding: str = "valid",
    data_format: str | None = "channels_last",
    dilation_rate: _Numbers = (1, 1),
    depth_multiplier: int = 1,
    activation: Activation = None,
    use_bias: bool = True,
    depthwise_initializer: Any = None,
    pointwise_initializer: Any = None,
    bias_initializer: Any = Zeros(),  # noqa: B008  it has no state
    depthwise_regularizer: _Penalty = None,
    pointwise_regularizer: _Penalty = None,
    bias_regularizer: _Penalty = None,
    activity_regularizer: _Penalty = None,
    depthwise_constraint: _Penalty = None,
    pointwise_constraint: _Penalty = None,
    bias_constraint: _Penalty = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """Each channel of images convolved with kernels of its own, then mixed at each place.

    Args:
        inputs: `[batch, height, width, channels]`.
        filters: The number of outputs at each place; the other arguments are those of `SeparableConv2D`.
        reuse: Whether to share the weights of an earlier layer of that `name`.

    Returns:
        `[batch, windows down, windows across, filters]`.
    """
    layer = SeparableConv2D(
        filters,
        kernel_size,
        strides,
        padding,
        data_format,
        dilation_rate,
        depth_multiplier,
        activation,
        use_bias,
        depthwise_initializer,
        pointwise_initializer,
        bias_initializer,
        depthwise_regularizer,
        pointwise_regularizer,
        bias_regularizer,
        activity_regularizer,
        depthwise_constraint,
        pointwise_constraint,
        bias_constraint,
        trainable,
        name,
        _scope=name,
        _reuse=reuse,
    )
    outputs: Tensor = layer.apply(inputs)
    return outputs
