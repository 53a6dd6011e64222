"""Convolutions: one kernel, or one a channel, over each window of sequences and images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from trackml.graph.operation import Tensor
from trackml.keras import activations
from trackml.keras.engine.base_layer import Layer
from trackml.layers.arguments import numbers_of, refuse_channels_first
from trackml.layers.input_spec import InputSpec
from trackml.ops import array, convolution, joining, nn, padding
from trackml.shapes import as_shape
from trackml.variables import Variable

_Numbers = int | Sequence[int]


class _Windowed(Layer):
    """What convolutions share: windows over `_rank` axes, a bias, an activation."""

    _rank: ClassVar[int]
    _paddings: ClassVar[tuple[str, ...]] = ("valid", "same")

    def __init__(
        self,
        kernel_size: _Numbers,
        strides: _Numbers,
        padding: str,
        data_format: str | None,
        dilation_rate: _Numbers,
        activation: Any,
        use_bias: bool,
        bias: tuple[Any, Any, Any],
        **kwargs: Any,
    ) -> None:
        initializer, regularizer, constraint = bias
        super().__init__(**kwargs)
        self.kernel_size = tuple(numbers_of(kernel_size, self._rank, "kernel_size"))
        self.strides = tuple(numbers_of(strides, self._rank, "strides"))
        self.padding = padding.lower()
        if self.padding not in self._paddings:
            raise ValueError(f"The `padding` argument must be one of {self._paddings}. Received: {padding}")
        self.data_format = refuse_channels_first(data_format)
        self.dilation_rate = tuple(numbers_of(dilation_rate, self._rank, "dilation_rate"))
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError("strides > 1 not supported in conjunction with dilation_rate > 1")
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.bias_initializer, self.bias_regularizer, self.bias_constraint = initializer, regularizer, constraint
        self.input_spec = InputSpec(ndim=self._rank + 2)
        self.bias: Variable | None = None

    def _channels(self, input_shape: Any) -> int:
        channels = as_shape(input_shape).as_list()[-1]
        if channels is None:
            raise ValueError(
                "The channel dimension of the inputs should be defined. The input_shape received is "
                f"{input_shape}, where axis -1 (0-based) is the channel dimension, which found to be `None`."
            )
        self.input_spec = InputSpec(ndim=self._rank + 2, axes={-1: channels})
        return int(channels)

    def _kernel(self, name: str, shape: Sequence[int], kind: str) -> Variable:
        """A kernel with the initializer, the regularizer and the constraint of one kind."""
        settings = (getattr(self, f"{kind}_{word}") for word in ("initializer", "regularizer", "constraint"))
        initializer, regularizer, constraint = settings
        return self.add_weight(name, shape, self._float_dtype(), initializer, regularizer, constraint=constraint)

    def _make_bias(self, size: int) -> None:
        if self.use_bias:
            self.bias = self._kernel("bias", [size], "bias")

    def call(self, inputs: Tensor) -> Any:
        """The outputs, `[batch, ..., filters]`."""
        outputs = self._convolved(inputs)
        if self.bias is not None:
            outputs = nn.bias_add(outputs, self.bias)
        return self.activation(outputs)

    def _convolved(self, inputs: Tensor) -> Tensor:
        raise TypeError(f"{type(self).__name__} must define _convolved(inputs).")

    def _margined(self, inputs: Tensor) -> tuple[Tensor, str]:
        """The inputs with the zeros before them that causal windows need, and the padding that is left to do."""
        if self.padding != "causal":
            return inputs, self.padding.upper()
        before = self.dilation_rate[0] * (self.kernel_size[0] - 1)
        return padding.pad(inputs, [[0, 0], [before, 0], [0, 0]]), "VALID"


class _Convolution(_Windowed):
    def __init__(
        self,
        filters: int,
        kernel_size: _Numbers,
        strides: _Numbers = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: _Numbers = 1,
        groups: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        bias = bias_initializer, bias_regularizer, bias_constraint
        windows = kernel_size, strides, padding, data_format, dilation_rate
        super().__init__(*windows, activation, use_bias, bias, activity_regularizer=activity_regularizer, **kwargs)
        self.filters = int(filters)
        self.groups = int(groups or 1)
        if self.filters <= 0 or self.filters % self.groups:
            raise ValueError(
                "The number of filters must be positive and divisible by the number of groups. Received: "
                f"filters={filters}, groups={groups}"
            )
        self.kernel_initializer = kernel_initializer
        self.kernel_regularizer = kernel_regularizer
        self.kernel_constraint = kernel_constraint

    def build(self, input_shape: Any) -> None:
        """Makes `kernel`, `[*kernel_size, channels / groups, filters]`, and `bias`, `[filters]`."""
        channels = self._channels(input_shape)
        if channels % self.groups:
            raise ValueError(
                f"The number of input channels must be evenly divisible by the number of groups. Received "
                f"groups={self.groups}, but the input has {channels} channels (full input shape is {input_shape})."
            )
        shape = [*self.kernel_size, channels // self.groups, self.filters]
        self.kernel = self._kernel("kernel", shape, "kernel")
        self._make_bias(self.filters)
        super().build(input_shape)

    def _convolved(self, inputs: Tensor) -> Tensor:
        inputs, margin = self._margined(inputs)
        if self.groups == 1:
            return self._one_convolution(inputs, self.kernel, margin)
        parts = joining.split(inputs, self.groups, axis=-1)
        kernels = joining.split(self.kernel, self.groups, axis=-1)
        return joining.concat([self._one_convolution(*pair, margin) for pair in zip(parts, kernels)], -1)

    def _one_convolution(self, inputs: Tensor, kernel: Any, margin: str) -> Tensor:
        if self._rank == 1:
            return convolution.conv1d(inputs, kernel, self.strides[0], margin, dilations=self.dilation_rate[0])
        return convolution.conv2d(inputs, kernel, list(self.strides), margin, dilations=list(self.dilation_rate))


class Conv2D(_Convolution):
    """The products of one kernel with each window of images, summed: `activation(conv2d(inputs, kernel) + bias)`.

    Args:
        filters: How many kernels there are.
        kernel_size: Height and width of the window, or one number for both.
        strides: From one window to the next, likewise.
        padding: `"valid"` (windows inside the image alone) or `"same"`.
        data_format: `"channels_last"`.
        dilation_rate: From one element of a window to the next; with strides of 1 alone.
        groups: Into how many groups channels and filters fall: the filters of a group see its channels alone.
        activation: A function or its name.
        use_bias: Whether a bias is added.
        kernel_initializer: First values of the kernel.
        bias_initializer: First values of the bias.
        kernel_regularizer: A penalty on the kernel.
        bias_regularizer: A penalty on the bias.
        activity_regularizer: A penalty on the output.
        kernel_constraint: A bound on the kernel, applied after each update.
        bias_constraint: The same for the bias.
        kwargs: What `Layer` takes.

    Raises:
        ValueError: An argument is none of what it may be; at the first call: the channels are not known.
    """

    _rank = 2


class Conv1D(_Convolution):
    """The same for sequences, `[batch, steps, channels]`; arguments are those of `Conv2D`.

    With `padding="causal"` an output sees no step after its own.
    """

    _rank = 1
    _paddings = ("valid", "same", "causal")


class _Transposed(_Convolution):
    def __init__(
        self,
        filters: int,
        kernel_size: _Numbers,
        strides: _Numbers = 1,
        padding: str = "valid",
        output_padding: _Numbers | None = None,
        data_format: str | None = None,
        dilation_rate: _Numbers = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        windows = kernel_size, strides, padding, data_format, dilation_rate
        penalties = kernel_regularizer, bias_regularizer, activity_regularizer
        super().__init__(
            filters, *windows, 1, activation, use_bias, kernel_initializer, bias_initializer, *penalties,
            kernel_constraint, bias_constraint, **kwargs,
        )  # fmt: skip
        self.output_padding = None if output_padding is None else _margins(output_padding, self._rank)
        if self.output_padding and any(more >= step for more, step in zip(self.output_padding, self.strides)):
            raise ValueError(
                f"Strides must be greater than output padding. Received strides={self.strides}, "
                f"output_padding={output_padding}."
            )

    def build(self, input_shape: Any) -> None:
        """Makes `kernel`, `[*kernel_size, filters, channels]`, and `bias`, `[filters]`."""
        shape = [*self.kernel_size, self.filters, self._channels(input_shape)]
        self.kernel = self._kernel("kernel", shape, "kernel")
        self._make_bias(self.filters)
        Layer.build(self, input_shape)

    def _convolved(self, inputs: Tensor) -> Tensor:
        images = inputs if self._rank == 2 else array.expand_dims(inputs, 1)
        kernel = self.kernel if self._rank == 2 else array.expand_dims(self.kernel, 0)
        ones = [1] * (2 - self._rank)
        sizes = array.shape(images)
        known = images.shape.as_list()
        lengths = [self._length(sizes[axis], axis) for axis in (1, 2)]
        outputs = convolution.conv2d_transpose(
            images, kernel, joining.stack([sizes[0], *lengths, self.filters]), [*ones, *self.strides],
            self.padding.upper(), dilations=[*ones, *self.dilation_rate],
        )  # fmt: skip
        lasting = [None if size is None else self._length(size, axis) for axis, size in enumerate(known[1:3], 1)]
        outputs.set_shape([known[0], *lasting, self.filters])
        return outputs if self._rank == 2 else array.squeeze(outputs, [1])

    def _length(self, size: Any, axis: int) -> Any:
        """How long the output is along an axis of the images."""
        place = axis - 1 - (2 - self._rank)
        if place < 0:
            return 1
        stride, more = self.strides[place], (self.output_padding or [None] * self._rank)[place]
        reach = (self.kernel_size[place] - 1) * self.dilation_rate[place] + 1
        if more is None:
            return size * stride + (max(reach - stride, 0) if self.padding == "valid" else 0)
        return (size - 1) * stride + reach - 2 * (reach // 2 if self.padding == "same" else 0) + more


class Conv2DTranspose(_Transposed):
    """The way back of `Conv2D`: each pixel spreads over a window, and strides make images larger.

    Args:
        output_padding: How much longer than necessary the output is along each axis; by the padding if None. The
            other arguments are those of `Conv2D`, without groups.
    """

    _rank = 2


class Conv1DTranspose(_Transposed):
    """The same for sequences, `[batch, steps, channels]`; arguments are those of `Conv2DTranspose`."""

    _rank = 1


def _margins(value: _Numbers, rank: int) -> tuple[int, ...]:
    numbers = [value] * rank if isinstance(value, int) else [int(number) for number in value]
    if len(numbers) != rank or min(numbers) < 0:
        raise ValueError(f"output_padding must be {rank} numbers from 0 on, or one for all. Received: {value}")
    return tuple(numbers)
