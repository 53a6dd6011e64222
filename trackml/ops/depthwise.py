"""Convolutions of each channel by itself, and those followed by a mix of the channels.

There is no sum over channels, so no matrix product: each position of the window is one product of whole arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml.graph.conversion import constant_value_as_shape
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import register
from trackml.ops import array
from trackml.ops.convolution import conv2d
from trackml.ops.elementwise import FLOATS, elementwise
from trackml.ops.framework import name_scope
from trackml.ops.windows import (
    Array,
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

_GEOMETRY = ("strides", "padding", "dilations")
_ATTRS = (*_GEOMETRY, "data_format")


def depthwise_conv2d(
    input: Any,
    filter: Any,
    strides: Any,
    padding: str,
    rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Tensor:
    """Each channel of images convolved with kernels of its own.

    Args:
        input: `[batch, height, width, channels]`.
        filter: The kernels, `[height, width, channels, multiplier]`.
        strides: From one window to the next: a number, one for height and one for width, or one an axis.
        padding: `"SAME"` or `"VALID"`.
        rate: From one position of the window to the next, for height and width.
        name: Name of the operation.
        data_format: `"NHWC"`, the only one on CPUs.
        dilations: Another name of `rate`.

    Returns:
        `[batch, windows down, windows across, channels * multiplier]`; output `c * multiplier + m` is channel `c`
        by its kernel `m`.

    Raises:
        ValueError: Sizes do not fit, or an argument is none of what it may be.
    """
    attrs = {
        "strides": over_images_alone(four(strides, "strides"), "strides"),
        "padding": padding_attrs(str(padding))[0],
        "data_format": checked_format(data_format),
        "dilations": over_images_alone(
            four(array.either("dilations", dilations, "rate", rate) or 1, "dilations"), "dilations"
        ),
    }
    with name_scope(name, "depthwise", [input, filter]) as scope:
        return elementwise(
            "DepthwiseConv2dNative", input, filter, name=scope, allowed=FLOATS, names=("input", "filter"), **attrs
        )


def separable_conv2d(
    input: Any,
    depthwise_filter: Any,
    pointwise_filter: Any,
    strides: Any,
    padding: str,
    rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Tensor:
    """`depthwise_conv2d`, and then at each place a mix of all its outputs.

    Args:
        input: `[batch, height, width, channels]`.
        depthwise_filter: `[height, width, channels, multiplier]`.
        pointwise_filter: `[1, 1, channels * multiplier, outputs]`; the other arguments are those of
            `depthwise_conv2d`.

    Returns:
        `[batch, windows down, windows across, outputs]`.
    """
    with name_scope(name, "separable_conv2d", [input, depthwise_filter, pointwise_filter]) as scope:
        channels = depthwise_conv2d(
            input, depthwise_filter, strides, padding, rate, "depthwise", data_format, dilations
        )
        return conv2d(channels, pointwise_filter, 1, "VALID", name=scope)


def _depthwise(x: Array, kernel: Array, *, strides: Any, padding: str, dilations: Any) -> Array:
    windows = windows_of(x.shape[1:3], kernel.shape[:2], strides, padding, dilations)
    shape = (len(x), windows.rows.count, windows.columns.count, x.shape[3], kernel.shape[3])
    result = np.zeros(shape, x.dtype)
    for part in batches(len(x), result[:1].nbytes):
        framed = windows.with_margin(x[part])
        for row, column in windows.positions():
            seen = windows.part(framed, row, column)[..., np.newaxis]
            np.add(result[part], seen * kernel[row, column], out=result[part])
    return result.reshape(*shape[:3], -1)


def _depthwise_shape(op: Operation) -> TensorShape:
    for tensor in op.inputs:
        if tensor.shape.ndims not in (None, 4):
            raise ValueError(f"Shape must be rank 4 but is rank {tensor.shape.ndims}")
    images, kernel = (tensor.shape.with_rank(4).as_list() for tensor in op.inputs)
    if None not in (images[3], kernel[2]) and images[3] != kernel[2]:
        raise ValueError(f"Dimensions must be equal, but are {images[3]} and {kernel[2]}")
    channels, multiplier = images[3] or kernel[2], kernel[3]
    outputs = None if channels is None or multiplier is None else channels * multiplier
    return TensorShape([images[0], *counts_of(images[1:3], kernel[:2], **of_op(op, *_GEOMETRY)), outputs])


def _depthwise_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    x, kernel = op.inputs
    return [_input_grad(op, array.shape(x), kernel, grad), _filter_grad(op, x, array.shape(kernel), grad)]


def _convolved(op: Operation, x: Tensor, kernel: Tensor) -> Tensor:
    """The convolution whose gradient `op` is."""
    result: Tensor = apply_op("DepthwiseConv2dNative", x, kernel, **of_op(op, *_ATTRS))
    return result


def _input_grad(op: Operation, sizes: Tensor, kernel: Tensor, grad: Tensor) -> Tensor:
    type = "DepthwiseConv2dNativeBackpropInput"
    result: Tensor = apply_op(type, sizes, kernel, grad, **of_op(op, *_ATTRS))
    return result


def _filter_grad(op: Operation, x: Tensor, sizes: Tensor, grad: Tensor) -> Tensor:
    type = "DepthwiseConv2dNativeBackpropFilter"
    result: Tensor = apply_op(type, x, sizes, grad, **of_op(op, *_ATTRS))
    return result


register("DepthwiseConv2dNative", _depthwise, shape=_depthwise_shape, gradient=_depthwise_grad)


def _input_gradient(sizes: Array, kernel: Array, grad: Array, *, strides: Any, padding: str, dilations: Any) -> Array:
    shape = tuple(int(size) for size in sizes)
    windows = windows_of(shape[1:3], kernel.shape[:2], strides, padding, dilations)
    slopes = grad.reshape(*grad.shape[:3], *kernel.shape[2:])
    framed = np.zeros(windows.framed_shape(shape), grad.dtype)
    for row, column in windows.positions():
        place = windows.part(framed, row, column)
        np.add(place, np.add.reduce(slopes * kernel[row, column], axis=4), out=place)
    return windows.inner(framed)


register(
    "DepthwiseConv2dNativeBackpropInput",
    _input_gradient,
    shape=lambda op: constant_value_as_shape(op.inputs[0]).with_rank(4),
    dtypes=lambda op: [op.inputs[1].dtype],
    gradient=lambda op, grad: [
        None,
        _filter_grad(op, grad, array.shape(op.inputs[1]), op.inputs[2]),
        _convolved(op, grad, op.inputs[1]),
    ],
    types={"T": 1},
)


def _filter_gradient(x: Array, sizes: Array, grad: Array, *, strides: Any, padding: str, dilations: Any) -> Array:
    shape = tuple(int(size) for size in sizes)
    windows = windows_of(x.shape[1:3], shape[:2], strides, padding, dilations)
    slopes = grad.reshape(*grad.shape[:3], *shape[2:])
    framed = windows.with_margin(x)
    result = np.empty(shape, x.dtype)
    for row, column in windows.positions():
        seen = windows.part(framed, row, column)[..., np.newaxis]
        np.add.reduce(seen * slopes, axis=(0, 1, 2), out=result[row, column])
    return result


register(
    "DepthwiseConv2dNativeBackpropFilter",
    _filter_gradient,
    shape=lambda op: constant_value_as_shape(op.inputs[1]).with_rank(4),
    gradient=lambda op, grad: [
        _input_grad(op, array.shape(op.inputs[0]), grad, op.inputs[2]),
        None,
        _convolved(op, op.inputs[0], grad),
    ],
)
