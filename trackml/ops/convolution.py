"""Convolutions of images, and their gradients, which are convolutions too.

A convolution is one matrix product: all windows of the images as rows, by the kernel as columns. The windows are
copied for a few images at a time, so that the copy is still in the cache when it is multiplied. Several threads do
that, each for images of its own. Where `winograd` is faster it is done there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml.graph.conversion import constant_value_as_shape, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import register
from trackml.graph.workers import for_each
from trackml.ops import array, winograd
from trackml.ops.elementwise import FLOATS, elementwise
from trackml.ops.framework import name_scope
from trackml.ops.products import multiply_rows, summed_products
from trackml.ops.scratch import scratch
from trackml.ops.windows import (
    Array,
    Padding,
    Windows,
    batches,
    checked_format,
    counts_of,
    four,
    of_op,
    over_images_alone,
    padding_attrs,
    windows_of,
)
from trackml.shapes import TensorShape

_Grads = list[Tensor | None]

_GEOMETRY = ("strides", "padding", "explicit_paddings", "dilations")
_FEW_CHANNELS = 3
"""Up to here it costs less to copy the windows column by column."""
_GROUPS = 4
"""Parts of a batch whose gradients by the kernel are summed up each on their own."""
_ATTRS = (*_GEOMETRY, "data_format", "use_cudnn_on_gpu")


def conv2d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Padding | None = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str | None = "NHWC",
    dilations: Any = (1, 1, 1, 1),
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """The products of a kernel with each window of images, summed: a cross-correlation.

    Args:
        input: `[batch, height, width, channels]`.
        filter: The kernel, `[height, width, channels, outputs]`.
        strides: From one window to the next: a number, one for height and one for width, or one an axis.
        padding: `"SAME"` (a margin of zeros, so that each stride has its window), `"VALID"` (windows inside the image
            alone), or the margin before and behind each axis.
        use_cudnn_on_gpu: Accepted for TensorFlow's sake.
        data_format: `"NHWC"`, the only one on CPUs.
        dilations: From one position of the window to the next, as `strides`.
        name: Name of the operation.
        filters: Another name of `filter`.

    Returns:
        `[batch, windows down, windows across, outputs]`.

    Raises:
        ValueError: Sizes do not fit, or an argument is none of what it may be.

    Example:
        >>> import numpy as np
        >>> import trackml as tf
        >>> images = np.arange(9, dtype=np.float32).reshape(1, 3, 3, 1)
        >>> with tf.Session() as session:
        ...     print(session.run(tf.nn.conv2d(images, np.ones([2, 2, 1, 1]), 1, "VALID"))[0, :, :, 0])
        [[ 8. 12.]
         [20. 24.]]
    """
    attrs = _attrs(strides, padding, use_cudnn_on_gpu, data_format, dilations)
    with name_scope(name, "Conv2D", [input, filter, filters]) as scope:
        kernel = array.either("filters", filters, "filter", filter)
        return elementwise("Conv2D", input, kernel, name=scope, allowed=FLOATS, names=("input", "filter"), **attrs)


def _attrs(strides: Any, padding: Padding | None, cudnn: bool, data_format: str | None, dilations: Any) -> Any:
    kind, margins = padding_attrs(padding)
    if strides is None:
        raise ValueError("strides must be given: a number, one for height and one for width, or one an axis.")
    return {
        "strides": over_images_alone(four(strides, "strides"), "strides"),
        "padding": kind,
        "explicit_paddings": margins,
        "use_cudnn_on_gpu": bool(cudnn),
        "data_format": checked_format(data_format),
        "dilations": over_images_alone(four(1 if dilations is None else dilations, "dilations"), "dilations"),
    }


def _conv2d(x: Array, kernel: Array, *, strides: Any, padding: Any, explicit_paddings: Any, dilations: Any) -> Array:
    windows = windows_of(x.shape[1:3], kernel.shape[:2], strides, padding, dilations, explicit_paddings)
    return _correlated(x, kernel, windows)


def _correlated(x: Array, kernel: Array, windows: Windows) -> Array:
    """The sum of products at each window."""
    if winograd.pays(x, kernel.shape[3], windows):
        return winograd.correlated(x, kernel, windows)
    matrix = kernel.reshape(-1, kernel.shape[3])
    outputs = np.empty((len(x), windows.rows.count, windows.columns.count, matrix.shape[1]), x.dtype)
    patches = _Patches(x, windows)

    def multiply(part: slice) -> None:
        rows = patches.rows(part)
        multiply_rows(rows, matrix, outputs[part].reshape(len(rows), -1))

    for_each(multiply, patches.parts)
    return outputs


class _Patches:
    """The windows of images as the rows of matrices, one for each part of the batch.

    Args:
        x: The images.
        windows: Where the windows lie.
    """

    def __init__(self, x: Array, windows: Windows) -> None:
        rows, columns = windows
        self._x = x
        self._windows = windows
        self._width = rows.size * columns.size * x.shape[3]
        self._height = rows.count * columns.count
        if windows.reads_each_pixel_once:
            self.parts = list(batches(len(x), x[:1].nbytes))
        else:
            self.parts = list(batches(len(x), self._height * self._width * x.itemsize))

    def rows(self, part: slice) -> Array:
        """The windows of that part, which the calling thread's next call overwrites."""
        images = self._x[part]
        if self._windows.reads_each_pixel_once:
            return images.reshape(-1, self._width)
        size = len(images) * self._height * self._width
        if self._windows.needs_margin:
            images = self._windows.framed(images, scratch(1, self._windows.framed_shape(images.shape), images.dtype))
        return _copied(self._windows.patches(images), scratch(0, (size,), images.dtype))


def _copied(patches: Array, memory: Array) -> Array:
    """The windows as the rows of a matrix in `memory`.

    Numpy copies in runs along the last axis. A window's row of few channels is a short run; the rows of an image are
    longer, so then the matrix is laid out column by column.
    """
    width = patches[0, 0, 0].size
    if patches.shape[5] > _FEW_CHANNELS:
        memory.reshape(patches.shape)[...] = patches
        return memory.reshape(-1, width)
    turned = patches.transpose(3, 4, 5, 0, 1, 2)
    memory.reshape(turned.shape)[...] = turned
    by_column: Array = memory.reshape(width, -1).T
    return by_column


def _conv2d_shape(op: Operation) -> TensorShape:
    images, kernel = (_rank_four(tensor) for tensor in op.inputs)
    if None not in (images[3], kernel[2]) and images[3] != kernel[2]:
        raise ValueError(f"Depth of input ({images[3]}) must be the input depth of filter ({kernel[2]})")
    return TensorShape([images[0], *counts_of(images[1:3], kernel[:2], **of_op(op, *_GEOMETRY)), kernel[3]])


def _rank_four(tensor: Tensor) -> list[int | None]:
    if tensor.shape.ndims not in (None, 4):
        raise ValueError(f"Shape must be rank 4 but is rank {tensor.shape.ndims}")
    return tensor.shape.with_rank(4).as_list()


def _conv2d_grad(op: Operation, grad: Tensor) -> _Grads:
    x, kernel = op.inputs
    return [_input_grad(op, array.shape(x), kernel, grad), _filter_grad(op, x, array.shape(kernel), grad)]


def _convolved(op: Operation, x: Tensor, kernel: Tensor) -> Tensor:
    """The convolution whose gradient `op` is."""
    result: Tensor = apply_op("Conv2D", x, kernel, **of_op(op, *_ATTRS))
    return result


def _input_grad(op: Operation, sizes: Tensor, kernel: Tensor, grad: Tensor) -> Tensor:
    result: Tensor = apply_op("Conv2DBackpropInput", sizes, kernel, grad, **of_op(op, *_ATTRS))
    return result


def _filter_grad(op: Operation, x: Tensor, sizes: Tensor, grad: Tensor) -> Tensor:
    result: Tensor = apply_op("Conv2DBackpropFilter", x, sizes, grad, **of_op(op, *_ATTRS))
    return result


register("Conv2D", _conv2d, shape=_conv2d_shape, gradient=_conv2d_grad, fresh=True)


def conv2d_backprop_input(
    input_sizes: Any,
    filter: Any = None,
    out_backprop: Any = None,
    strides: Any = None,
    padding: Padding | None = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str | None = "NHWC",
    dilations: Any = (1, 1, 1, 1),
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """The gradient of a convolution with respect to its images.

    Args:
        input_sizes: The shape of the images.
        filter: The kernel; the other arguments are those of `conv2d`.
        out_backprop: The gradient with respect to the result of the convolution.
    """
    attrs = _attrs(strides, padding, use_cudnn_on_gpu, data_format, dilations)
    with name_scope(name, "Conv2DBackpropInput", [input_sizes, filter, out_backprop, filters]) as scope:
        sizes = array.as_indices(input_sizes, "input_sizes")
        kernel = convert_to_tensor(array.either("filters", filters, "filter", filter), name="filter")
        grad = convert_to_tensor(out_backprop, kernel.dtype, name="out_backprop")
        result: Tensor = apply_op("Conv2DBackpropInput", sizes, kernel, grad, name=scope, **attrs)
        return result


def _input_gradient(
    sizes: Array, kernel: Array, grad: Array, *, strides: Any, padding: Any, explicit_paddings: Any, dilations: Any
) -> Array:
    shape = tuple(int(size) for size in sizes)
    windows = windows_of(shape[1:3], kernel.shape[:2], strides, padding, dilations, explicit_paddings)
    _check_grad(grad.shape, (shape[0], windows.rows.count, windows.columns.count, kernel.shape[3]))
    if windows.turnable:
        turned = windows.turned(shape[1:3])
        # Turned windows read each gradient for every pixel that it reaches; scattering adds one instead, at about three
        # times the cost.
        if kernel.shape[3] < 3 * kernel.shape[2] or winograd.pays(grad, kernel.shape[2], turned):
            return _correlated(grad, np.ascontiguousarray(kernel[::-1, ::-1].transpose(0, 1, 3, 2)), turned)
    return _scattered(shape, kernel, grad, windows)


def _scattered(shape: tuple[int, ...], kernel: Array, grad: Array, windows: Windows) -> Array:
    """The gradient of each window, added up where windows overlap."""
    result = np.empty(shape, grad.dtype)
    matrix = np.ascontiguousarray(kernel.reshape(-1, kernel.shape[3]).T)
    count = windows.rows.count * windows.columns.count

    def scatter(part: slice) -> None:
        patches = np.matmul(grad[part].reshape(-1, len(matrix)), matrix)
        patches = patches.reshape(*grad[part].shape[:3], *kernel.shape[:3])
        framed = np.zeros(windows.framed_shape(result[part].shape), grad.dtype)
        for row, column in windows.positions():
            place = windows.part(framed, row, column)
            np.add(place, patches[:, :, :, row, column], out=place)
        result[part] = windows.inner(framed)

    for_each(scatter, list(batches(len(grad), count * len(kernel) * matrix.shape[1] * grad.itemsize)))
    return result


def _check_grad(shape: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    if shape != wanted:
        raise ValueError(f"out_backprop must have shape {list(wanted)}, that of the convolution; got {list(shape)}.")


def _input_gradient_shape(op: Operation) -> TensorShape:
    return constant_value_as_shape(op.inputs[0]).with_rank(4)


register(
    "Conv2DBackpropInput",
    _input_gradient,
    shape=_input_gradient_shape,
    dtypes=lambda op: [op.inputs[1].dtype],
    gradient=lambda op, grad: [
        None,
        _filter_grad(op, grad, array.shape(op.inputs[1]), op.inputs[2]),
        _convolved(op, grad, op.inputs[1]),
    ],
    types={"T": 1},
    fresh=True,
)


def conv2d_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any = None,
    padding: Padding | None = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str | None = "NHWC",
    dilations: Any = (1, 1, 1, 1),
    name: str | None = None,
) -> Tensor:
    """The gradient of a convolution with respect to its kernel.

    Args:
        input: The images; the other arguments are those of `conv2d`.
        filter_sizes: The shape of the kernel.
        out_backprop: The gradient with respect to the result of the convolution.
    """
    attrs = _attrs(strides, padding, use_cudnn_on_gpu, data_format, dilations)
    with name_scope(name, "Conv2DBackpropFilter", [input, filter_sizes, out_backprop]) as scope:
        x = convert_to_tensor(input, name="input")
        sizes = array.as_indices(filter_sizes, "filter_sizes")
        grad = convert_to_tensor(out_backprop, x.dtype, name="out_backprop")
        result: Tensor = apply_op("Conv2DBackpropFilter", x, sizes, grad, name=scope, **attrs)
        return result


def _filter_gradient(
    x: Array, sizes: Array, grad: Array, *, strides: Any, padding: Any, explicit_paddings: Any, dilations: Any
) -> Array:
    shape = tuple(int(size) for size in sizes)
    windows = windows_of(x.shape[1:3], shape[:2], strides, padding, dilations, explicit_paddings)
    _check_grad(grad.shape, (len(x), windows.rows.count, windows.columns.count, shape[3]))
    if winograd.pays(x, shape[3], windows):
        return winograd.kernel_gradient(x, grad, windows)
    patches = _Patches(x, windows)
    # Groups, and the order in which their sums are added, do not depend on which thread is first: nor do the digits.
    groups = [patches.parts[first::_GROUPS] for first in range(_GROUPS)]
    sums = np.zeros((_GROUPS, shape[0] * shape[1] * shape[2], shape[3]), x.dtype)

    def add_up(group: int) -> None:
        for part in groups[group]:
            rows = patches.rows(part)
            sums[group] += summed_products(rows, grad[part].reshape(len(rows), -1))

    for_each(add_up, range(min(_GROUPS, len(patches.parts))))
    total: Array = np.add.reduce(sums, axis=0)
    return total.reshape(shape)


register(
    "Conv2DBackpropFilter",
    _filter_gradient,
    shape=lambda op: constant_value_as_shape(op.inputs[1]).with_rank(4),
    gradient=lambda op, grad: [
        _input_grad(op, array.shape(op.inputs[0]), grad, op.inputs[2]),
        None,
        _convolved(op, op.inputs[0], grad),
    ],
    fresh=True,
)


def conv2d_transpose(
    value: Any = None,
    filter: Any = None,
    output_shape: Any = None,
    strides: Any = None,
    padding: Padding = "SAME",
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """The transpose of a convolution: each pixel spreads over a window.

    Args:
        value: `[batch, height, width, channels]`.
        filter: `[height, width, outputs, channels]`.
        output_shape: Shape of the result; the other arguments are those of `conv2d`.
        input: Another name of `value`.

    Returns:
        A tensor of that shape.
    """
    with name_scope(name, "conv2d_transpose", [value, filter, output_shape]) as scope:
        x = array.either("input", input, "value", value)
        kernel = array.either("filters", filters, "filter", filter)
        return conv2d_backprop_input(
            output_shape,
            kernel,
            x,
            strides,
            padding,
            data_format=data_format,
            dilations=1 if dilations is None else dilations,
            name=scope,
        )


def conv1d(
    value: Any = None,
    filters: Any = None,
    stride: Any = None,
    padding: str | None = None,
    use_cudnn_on_gpu: bool | None = None,
    data_format: str | None = None,
    name: str | None = None,
    input: Any = None,
    dilations: Any = None,
) -> Tensor:
    """The products of a kernel with each window of sequences, summed.

    Args:
        value: `[batch, length, channels]`.
        filters: The kernel, `[length, channels, outputs]`.
        stride: From one window to the next.
        padding: `"SAME"` or `"VALID"`.
        use_cudnn_on_gpu: Accepted for TensorFlow's sake.
        data_format: `"NWC"`, the only one on CPUs.
        name: Name of the operation.
        input: Another name of `value`.
        dilations: From one position of the window to the next.

    Returns:
        `[batch, windows, outputs]`.
    """
    checked_format(data_format, "NWC")
    with name_scope(name, "conv1d", [value, filters, input]) as scope:
        images = array.expand_dims(array.either("input", input, "value", value), 1)
        kernel = array.expand_dims(filters, 0)
        across = [1, _one(stride, "stride")]
        apart = [1, _one(1 if dilations is None else dilations, "dilations")]
        outputs = conv2d(images, kernel, across, padding, dilations=apart, name=scope)
        return array.squeeze(outputs, [1])


def _one(value: Any, name: str) -> int:
    """The number for the length, of one or of one for each axis of NWC."""
    numbers: Sequence[Any] = value if isinstance(value, Sequence) else [value]
    if len(numbers) not in (1, 3) or any(number is None for number in numbers):
        raise ValueError(f"{name} must be one number, or one for each axis; got {value!r}.")
    return int(numbers[len(numbers) // 2])


def convolution(
    input: Any,
    filter: Any,
    padding: Padding,
    strides: Any = None,
    dilation_rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """The convolution of sequences or images: `conv1d` or `conv2d` by the rank of `input`.

    Args:
        input: `[batch, length, channels]` or `[batch, height, width, channels]`.
        filter: The kernel, `[..., channels, outputs]`.
        padding: `"SAME"` or `"VALID"`.
        strides: One number an axis of the window; 1 by default.
        dilation_rate: The same for the dilation.
        name: Name of the scope.
        data_format: Channels last, the only one on CPUs.
        filters: Another name of `filter`.
        dilations: Another name of `dilation_rate`.

    Raises:
        ValueError: The input is neither of rank 3 nor of rank 4.
    """
    kernel = array.either("filters", filters, "filter", filter)
    apart = array.either("dilations", dilations, "dilation_rate", dilation_rate)
    with name_scope(name, "convolution", [input, kernel]) as scope:
        x = convert_to_tensor(input, name="input")
        if x.shape.ndims == 4:
            checked_format(data_format)
            return conv2d(x, kernel, strides or 1, padding, dilations=apart or 1, name=scope)
        if x.shape.ndims == 3:
            return conv1d(x, kernel, strides or 1, str(padding), None, data_format, scope, dilations=apart)
        raise ValueError(f"input must have rank 3 (sequences) or 4 (images); got shape {x.shape}.")
