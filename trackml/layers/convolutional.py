"""Convolution layers: the same small kernel at each place of images or sequences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np

from trackml.graph.conversion import constant
from trackml.graph.operation import Tensor
from trackml.initializers import Zeros
from trackml.layers.arguments import checked_padding, numbers_of, refuse_channels_first
from trackml.layers.base import Layer
from trackml.layers.core import Activation, activation_function
from trackml.layers.input_spec import InputSpec
from trackml.ops import convolution, nn
from trackml.ops.windows import counts_of
from trackml.shapes import TensorShape, as_shape
from trackml.variables import Variable

_Numbers = int | Sequence[int]
_Penalty = Callable[[Any], Any] | None


class _Convolution(Layer):
    """What convolution layers share: the window lies over `_rank` axes, `_convolve` makes the operation."""

    _rank: ClassVar[int]
    _convolve: ClassVar[Callable[..., Tensor]]

    def __init__(
        self,
        filters: int,
        kernel_size: _Numbers,
        strides: _Numbers = 1,
        padding: str = "valid",
        data_format: str | None = "channels_last",
        dilation_rate: _Numbers = 1,
        activation: Activation = None,
        use_bias: bool = True,
        kernel_initializer: Any = None,
        bias_initializer: Any = Zeros(),  # noqa: B008  it has no state
        kernel_regularizer: _Penalty = None,
        bias_regularizer: _Penalty = None,
        activity_regularizer: _Penalty = None,
        kernel_constraint: _Penalty = None,
        bias_constraint: _Penalty = None,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(trainable=trainable, name=name, activity_regularizer=activity_regularizer, **kwargs)
        self.filters = int(filters)
        self.kernel_size = numbers_of(kernel_size, self._rank, "kernel_size")
        self.strides = numbers_of(strides, self._rank, "strides")
        self.padding = checked_padding(padding)
        self.data_format = refuse_channels_first(data_format)
        self.dilation_rate = numbers_of(dilation_rate, self._rank, "dilation_rate")
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError("strides > 1 not supported in conjunction with dilation_rate > 1")
        self.activation = activation_function(activation)
        self.use_bias = use_bias
        self.kernel_initializer = kernel_initializer
        self.bias_initializer = bias_initializer
        self.kernel_regularizer = kernel_regularizer
        self.bias_regularizer = bias_regularizer
        self.kernel_constraint = kernel_constraint
        self.bias_constraint = bias_constraint
        self.input_spec = InputSpec(ndim=self._rank + 2)
        self.bias: Variable | None = None

    def build(self, input_shape: Any) -> None:
        """Makes `kernel`, `[*kernel_size, channels, filters]`, and `bias`, `[filters]`."""
        channels = as_shape(input_shape).as_list()[-1]
        if channels is None:
            raise ValueError("The channel dimension of the inputs should be defined. Found `None`.")
        self.input_spec = InputSpec(ndim=self._rank + 2, axes={-1: channels})
        self.kernel = self.add_weight(
            "kernel",
            [*self.kernel_size, channels, self.filters],
            self._float_dtype(),
            self.kernel_initializer,
            self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self._build_bias()
        super().build(input_shape)

    def _build_bias(self) -> None:
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                [self.filters],
                self._float_dtype(),
                self.bias_initializer,
                self.bias_regularizer,
                constraint=self.bias_constraint,
            )

    def call(self, inputs: Tensor) -> Any:
        """The outputs, `[batch, ..., filters]`."""
        outputs = self._convolved(inputs)
        if self.bias is not None:
            outputs = nn.bias_add(outputs, self.bias)
        return outputs if self.activation is None else self.activation(outputs)

    def _convolved(self, inputs: Tensor) -> Tensor:
        # Nobody uses it, but TensorFlow's graphs have it, and seeds go by the number of operations.
        constant(np.array(self.dilation_rate, np.int32), name="dilation_rate")
        return self._convolve(inputs, self.kernel, self.strides, self.padding.upper(), dilations=self.dilation_rate)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The number of windows along each axis, and `filters` as the last size."""
        batch, *image, _ = as_shape(input_shape).with_rank(self._rank + 2).as_list()
        kernel, strides, dilations = (
            [*numbers, 1][:2] for numbers in (self.kernel_size, self.strides, self.dilation_rate)
        )
        counts = counts_of([*image, 1][:2], kernel, [1, *strides, 1], self.padding.upper(), [1, *dilations, 1])
        return TensorShape([batch, *counts[: self._rank], self.filters])


class Conv2D(_Convolution):
    """The products of one kernel with each window of images, summed: `activation(conv2d(inputs, kernel) + bias)`.

    Args:
        filters: The number of outputs at each place.
        kernel_size: Size of the window along each axis, or one number for all.
        strides: From one window to the next, likewise.
        padding: `"valid"` (windows inside the input alone) or `"same"` (a margin of zeros, so that each stride has its
            window).
        data_format: `"channels_last"`.
        dilation_rate: From one position of the window to the next; with strides of 1 alone.
        activation: A function applied to the result, or its name in `tf.nn`; None for none.
        use_bias: Whether a bias is added.
        kernel_initializer: First values of the kernel; the scope's default (Glorot, uniform) if None.
        bias_initializer: First values of the bias.
        kernel_regularizer: A function from the kernel to a scalar penalty.
        bias_regularizer: A function from the bias to a scalar penalty.
        activity_regularizer: A function from the output to a scalar penalty.
        kernel_constraint: A function applied to the kernel after an optimizer's update.
        bias_constraint: The same for the bias.
        trainable: Whether optimizers change the weights.
        name: Name of the scope.

    Raises:
        ValueError: An argument is none of what it may be; at the first call: the number of channels is not known.
        TypeError: At the first call: the input is not of floating point.
    """

    _rank = 2
    _convolve = staticmethod(convolution.conv2d)


class Conv1D(_Convolution):
    """The same for sequences, `[batch, length, channels]`; arguments are those of `Conv2D`."""

    _rank = 1
    _convolve = staticmethod(convolution.conv1d)


def conv2d(
    inputs: Any,
    filters: int,
    kernel_size: _Numbers,
    strides: _Numbers = (1, 1),
    padding: str = "valid",
    data_format: str | None = "channels_last",
    dilation_rate: _Numbers = (1, 1),
    activation: Activation = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = Zeros(),  # noqa: B008  it has no state
    kernel_regularizer: _Penalty = None,
    bias_regularizer: _Penalty = None,
    activity_regularizer: _Penalty = None,
    kernel_constraint: _Penalty = None,
    bias_constraint: _Penalty = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """The products of one kernel with each window of images, summed.

    Args:
        inputs: `[batch, height, width, channels]`.
        filters: The number of outputs at each place; the other arguments are those of `Conv2D`.
        reuse: Whether to share the weights of an earlier layer of that `name`.

    Returns:
        `[batch, windows down, windows across, filters]`.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default():
        ...     images = tf.placeholder(tf.float32, [None, 28, 28, 1])
        ...     print(tf.layers.conv2d(images, 32, 3, padding="same", activation=tf.nn.relu))
        Tensor("conv2d/Relu:0", shape=(?, 28, 28, 32), dtype=float32)
    """
    layer = Conv2D(
        filters,
        kernel_size,
        strides,
        padding,
        data_format,
        dilation_rate,
        activation,
        use_bias,
        kernel_initializer,
        bias_initializer,
        kernel_regularizer,
        bias_regularizer,
        activity_regularizer,
        kernel_constraint,
        bias_constraint,
        trainable,
        name,
        _scope=name,
        _reuse=reuse,
    )
    outputs: Tensor = layer.apply(inputs)
    return outputs


def conv1d(
    inputs: Any,
    filters: int,
    kernel_size: _Numbers,
    strides: _Numbers = 1,
    padding: str = "valid",
    data_format: str | None = "channels_last",
    dilation_rate: _Numbers = 1,
    activation: Activation = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = Zeros(),  # noqa: B008  it has no state
    kernel_regularizer: _Penalty = None,
    bias_regularizer: _Penalty = None,
    activity_regularizer: _Penalty = None,
    kernel_constraint: _Penalty = None,
    bias_constraint: _Penalty = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """The products of one kernel with each window of sequences, summed.

    Args:
        inputs: `[batch, length, channels]`.
        filters: The number of outputs at each place; the other arguments are those of `Conv2D`.
        reuse: Whether to share the weights of an earlier layer of that `name`.

    Returns:
        `[batch, windows, filters]`.
    """
    layer = Conv1D(
        filters,
        kernel_size,
        strides,
        padding,
        data_format,
        dilation_rate,
        activation,
        use_bias,
        kernel_initializer,
        bias_initializer,
        kernel_regularizer,
        bias_regularizer,
        activity_regularizer,
        kernel_constraint,
        bias_constraint,
        trainable,
        name,
        _scope=name,
        _reuse=reuse,
    )
    outputs: Tensor = layer.apply(inputs)
    return outputs
