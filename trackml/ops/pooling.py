"""The largest and the mean of each window of images, and their gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml.graph.conversion import constant_value_as_shape, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import Kernel, register, spec_of
from trackml.graph.rewriting import Between, Line, Lines, Uses, register_rewriting
from trackml.graph.shape_rules import same_as_input
from trackml.graph.workers import for_each
from trackml.ops import array, pool_routes
from trackml.ops.elementwise import FLOATS, ORDERED, elementwise
from trackml.ops.framework import name_scope
from trackml.ops.passes import masked, rectified, rectified_in_place
from trackml.ops.windows import (
    Array,
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
_ATTRS = ("ksize", "strides", "padding", "data_format")


def max_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """The largest element of each window.

    Args:
        value: `[batch, height, width, channels]`.
        ksize: Size of the window: a number, one for height and one for width, or one an axis.
        strides: From one window to the next, likewise.
        padding: `"SAME"` (each stride has its window, the part outside the image does not count) or `"VALID"`.
        data_format: `"NHWC"`, the only one on CPUs.
        name: Name of the operation.
        input: Another name of `value`.

    Returns:
        `[batch, windows down, windows across, channels]`.

    Raises:
        ValueError: Sizes do not fit, or an argument is none of what it may be.
    """
    return _pooled("MaxPool", value, ksize, strides, padding, data_format, name, input)


def avg_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """The mean of each window; arguments are those of `max_pool`."""
    return _pooled("AvgPool", value, ksize, strides, padding, data_format, name, input)


def max_pool2d(
    input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = "NHWC", name: str | None = None
) -> Tensor:
    """The same as `max_pool`."""
    return _pooled("MaxPool", input, ksize, strides, padding, data_format, name, scope="MaxPool2d")


def avg_pool2d(
    input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = "NHWC", name: str | None = None
) -> Tensor:
    """The same as `avg_pool`."""
    return _pooled("AvgPool", input, ksize, strides, padding, data_format, name, scope="AvgPool")


def max_pool1d(
    input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = "NWC", name: str | None = None
) -> Tensor:
    """The largest element of each window of sequences `[batch, length, channels]`; arguments as for `max_pool`."""
    return _pooled_sequences("MaxPool", "MaxPool1d", input, ksize, strides, padding, data_format, name)


def avg_pool1d(
    input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = "NWC", name: str | None = None
) -> Tensor:
    """The mean of each window of sequences `[batch, length, channels]`; arguments as for `max_pool`."""
    return _pooled_sequences("AvgPool", "AvgPool1D", input, ksize, strides, padding, data_format, name)


def _pooled(
    type: str,
    value: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None,
    name: str | None,
    other: Any = None,
    scope: str | None = None,
) -> Tensor:
    attrs = {
        "ksize": over_images_alone(four(ksize, "ksize"), "ksize"),
        "strides": over_images_alone(four(strides, "strides"), "strides"),
        "padding": padding_attrs(str(padding))[0],
        "data_format": checked_format(data_format),
    }
    with name_scope(name, scope or type, [value, other]) as own:
        images = array.either("input", other, "value", value)
        allowed = ORDERED if type == "MaxPool" else FLOATS
        return elementwise(type, images, name=own, allowed=allowed, names=("value",), **attrs)


def _pooled_sequences(
    type: str,
    scope: str,
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None,
    name: str | None,
) -> Tensor:
    checked_format(data_format, "NWC")
    with name_scope(name, scope, [input]) as own:
        sizes, steps = ([1, int(np.ravel(value)[np.size(value) // 2])] for value in (ksize, strides))
        images = array.expand_dims(convert_to_tensor(input, name="input"), 1)
        return array.squeeze(_pooled(type, images, sizes, steps, padding, "NHWC", own), [1])


def _windows(image: Any, ksize: Any, strides: Any, padding: str) -> Windows:
    return windows_of(image, ksize[1:3], strides, padding)


def _pool_shape(op: Operation) -> TensorShape:
    if op.inputs[0].shape.ndims not in (None, 4):
        raise ValueError(f"Shape must be rank 4 but is rank {op.inputs[0].shape.ndims}")
    batch, height, width, channels = op.inputs[0].shape.with_rank(4).as_list()
    ksize, strides, padding = (op.attrs[name] for name in _ATTRS[:3])
    return TensorShape([batch, *counts_of((height, width), ksize[1:3], strides, padding), channels])


def _least(dtype: Any) -> Any:
    """What no element is below."""
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def _reduced(images: Array, windows: Windows, combine: Any) -> Array:
    """What `combine` makes of each window of images that have their margin: of its rows first, then of its columns."""
    rows, columns = windows
    result = images[:, rows.part(0)]
    for row in range(1, rows.size):
        result = combine(result, images[:, rows.part(row)])
    across = result[:, :, columns.part(0)]
    for column in range(1, columns.size):
        across = combine(across, result[:, :, columns.part(column)])
    return across


def _max_pool(x: Array, *, ksize: Any, strides: Any, padding: str) -> Array:
    windows = _windows(x.shape[1:3], ksize, strides, padding)
    result = np.empty((len(x), windows.rows.count, windows.columns.count, x.shape[3]), x.dtype)

    def pool(part: slice) -> None:
        result[part] = _reduced(windows.with_margin(x[part], _least(x.dtype)), windows, np.maximum)

    for_each(pool, list(batches(len(x), 2 * x[:1].nbytes)))
    return result


def _max_pool_grad(op: Operation, grad: Tensor) -> Tensor:
    result: Tensor = apply_op("MaxPoolGrad", op.inputs[0], op.outputs[0], grad, **of_op(op, *_ATTRS))
    return result


register("MaxPool", _max_pool, shape=_pool_shape, gradient=_max_pool_grad, fresh=True)


def _routed(uses: Uses) -> Lines:
    """Pooling that remembers the way back for its gradient."""
    lines: Lines = {}
    for op in uses.operations:
        if op.type == "MaxPool":
            lines.update(_pool_first(op, uses) or _with_route(op, uses))
    return lines


def _with_route(pool: Operation, uses: Uses) -> Lines:
    """`MaxPoolGrad` from what `MaxPool` found, not from the images, which are not needed any longer then."""
    grads = _grads_of(pool, uses)
    if not grads:
        return {}
    way = Between()
    lines: Lines = {pool: Line(_pooled_with_route(pool), pool.inputs, (pool.outputs[0], way))}
    lines.update({op: Line(_along, (way, op.inputs[2]), op.outputs) for op in grads})
    return lines


def _grads_of(pool: Operation, uses: Uses) -> list[Operation]:
    users = uses.of(pool.inputs[0])
    return [op for op in users if op.type == "MaxPoolGrad" and op.inputs[:2] == (pool.inputs[0], pool.outputs[0])]


def _pool_first(pool: Operation, uses: Uses) -> Lines:
    """`MaxPool(Relu(x))` as `Relu(MaxPool(x))`, with `ReluGrad(MaxPoolGrad(...))` turned round likewise.

    That leaves a fraction of the elements to rectify. The gradient goes to where `x` is largest in its window, if that
    is positive. Where it is, `Relu(x)` is `x`; so this is exact, also where elements tie.
    """
    relu, largest = pool.inputs[0].op, pool.outputs[0]
    features = pool.inputs[0]
    if relu.type != "Relu" or relu not in uses.operations or not uses.inside(features):
        return {}
    grads = _grads_of(pool, uses)
    masks = [user for op in grads for user in uses.of(op.outputs[0])]
    ours = {pool, *grads, *masks}
    alone = all(uses.inside(op.outputs[0]) for op in grads) and set(uses.of(features)) <= ours
    if not alone or any(not _masks(mask, features, grads) for mask in masks):
        return {}
    lines: Lines = {relu: None, **dict.fromkeys(grads)}
    if not masks:
        lines[pool] = Line(_pooled_first(pool.spec.pure_kernel(pool)), relu.inputs, (largest,))
        return lines
    way = Between()
    lines[pool] = Line(_rectified_with_route(pool), relu.inputs, (largest, way))
    lines.update({op: Line(_masked_along, (way, op.inputs[0].op.inputs[2], largest), op.outputs) for op in masks})
    return lines


def _masks(mask: Operation, features: Tensor, grads: Sequence[Operation]) -> bool:
    return mask.type == "ReluGrad" and mask.inputs[0].op in grads and mask.inputs[1] is features


def _pooled_first(pool: Kernel) -> Kernel:
    return lambda x: (rectified_in_place(pool(x)),)


def _pooled_with_route(pool: Operation) -> Kernel:
    """The largest elements, and what takes their gradient to that by the images."""
    pure, back = pool.spec.pure_kernel(pool), spec_of("MaxPoolGrad").pure_kernel(pool)
    ksize, strides, padding = (pool.attrs[name] for name in _ATTRS[:3])

    def kernel(x: Array) -> tuple[Array, pool_routes.Route]:
        windows = _windows(x.shape[1:3], ksize, strides, padding)
        if windows.tile(x.shape):
            return pool_routes.pooled(x, windows)
        largest = pure(x)
        return largest, lambda grad: back(x, largest, grad)

    return kernel


def _rectified_with_route(pool: Operation) -> Kernel:
    with_route = _pooled_with_route(pool)

    def kernel(x: Array) -> tuple[Array, pool_routes.Route]:
        largest, way = with_route(x)
        return rectified(largest), way

    return kernel


def _along(way: pool_routes.Route, grad: Array) -> tuple[Array]:
    return (way(grad),)


def _masked_along(way: pool_routes.Route, grad: Array, features: Array) -> tuple[Array]:
    return (way(masked(grad, features)),)


register_rewriting("MaxPool", _routed)


def _first_hits(x: Array, largest: Array, windows: Windows) -> Any:
    """Each position of the window, and where it is the first that holds the largest element."""
    framed = windows.with_margin(x, _least(x.dtype))
    left: Array | None = None
    for row, column in windows.positions():
        hits = np.equal(windows.part(framed, row, column), largest)
        if left is None:
            left = np.logical_not(hits)
        else:
            hits &= left
            left ^= hits
        yield row, column, hits


def _max_gradient(x: Array, largest: Array, grad: Array, *, ksize: Any, strides: Any, padding: str) -> Array:
    """`grad` where the largest element of its window came from: of equal ones, from the first."""
    windows = _windows(x.shape[1:3], ksize, strides, padding)
    if windows.tile(x.shape):
        return pool_routes.route(x, largest, windows)(grad)
    result = np.empty(x.shape, grad.dtype)

    def route(part: slice) -> None:
        framed = np.zeros(windows.framed_shape(x[part].shape), grad.dtype)
        for row, column, hits in _first_hits(x[part], largest[part], windows):
            place = windows.part(framed, row, column)
            if windows.overlap:
                np.add(place, np.multiply(grad[part], hits), out=place)
            else:
                np.multiply(grad[part], hits, out=place)
        result[part] = windows.inner(framed)

    for_each(route, list(batches(len(x), x[:1].nbytes)))
    return result


def _max_gradient_grad(op: Operation, grad: Tensor) -> _Grads:
    x, largest, _ = op.inputs
    return [None, None, apply_op("MaxPoolGradGrad", x, largest, grad, **of_op(op, *_ATTRS))]


register("MaxPoolGrad", _max_gradient, shape=same_as_input, gradient=_max_gradient_grad, fresh=True)


def _at_largest(x: Array, largest: Array, grad: Array, *, ksize: Any, strides: Any, padding: str) -> Array:
    """The element of `grad` (of the shape of `x`) where the largest element of each window of `x` is."""
    windows = _windows(x.shape[1:3], ksize, strides, padding)
    result = np.zeros(largest.shape, grad.dtype)
    framed = windows.with_margin(grad)
    for row, column, hits in _first_hits(x, largest, windows):
        np.add(result, np.multiply(windows.part(framed, row, column), hits), out=result)
    return result


def _at_largest_grad(op: Operation, grad: Tensor) -> _Grads:
    x, largest, _ = op.inputs
    return [None, None, apply_op("MaxPoolGrad", x, largest, grad, **of_op(op, *_ATTRS))]


register("MaxPoolGradGrad", _at_largest, shape=lambda op: op.inputs[1].shape, gradient=_at_largest_grad)


def _avg_pool(x: Array, *, ksize: Any, strides: Any, padding: str) -> Array:
    windows = _windows(x.shape[1:3], ksize, strides, padding)
    result = np.empty((len(x), windows.rows.count, windows.columns.count, x.shape[3]), x.dtype)
    for part in batches(len(x), 2 * x[:1].nbytes):
        result[part] = _reduced(windows.with_margin(x[part]), windows, np.add)
    result *= _shares(x.shape[1:3], windows, x.dtype)
    return result


def _shares(image: tuple[int, ...], windows: Windows, dtype: Any) -> Array:
    """One by the number of pixels inside the image, for each window, `[rows, columns, 1]`."""
    down, across = (_pixels(size, window) for size, window in zip(image, windows))
    shares: Array = np.divide(1.0, np.multiply.outer(down, across))[..., np.newaxis].astype(dtype)
    return shares


def _pixels(size: int, window: Any) -> Array:
    first = np.arange(window.count) * window.stride - window.before
    inside: Array = np.minimum(first + window.size, size) - np.maximum(first, 0)
    return inside


def _avg_pool_grad(op: Operation, grad: Tensor) -> Tensor:
    result: Tensor = apply_op("AvgPoolGrad", array.shape(op.inputs[0]), grad, **of_op(op, *_ATTRS))
    return result


register("AvgPool", _avg_pool, shape=_pool_shape, gradient=_avg_pool_grad)


def _avg_gradient(sizes: Array, grad: Array, *, ksize: Any, strides: Any, padding: str) -> Array:
    """Each gradient shared out over its window."""
    shape = tuple(int(size) for size in sizes)
    windows = _windows(shape[1:3], ksize, strides, padding)
    shares = grad * _shares(shape[1:3], windows, grad.dtype)
    framed = np.zeros(windows.framed_shape(shape), grad.dtype)
    for row, column in windows.positions():
        place = windows.part(framed, row, column)
        np.add(place, shares, out=place)
    return windows.inner(framed)


def _avg_gradient_grad(op: Operation, grad: Tensor) -> _Grads:
    return [None, apply_op("AvgPool", grad, **of_op(op, *_ATTRS))]


register(
    "AvgPoolGrad",
    _avg_gradient,
    shape=lambda op: constant_value_as_shape(op.inputs[0]).with_rank(4),
    dtypes=lambda op: [op.inputs[1].dtype],
    gradient=_avg_gradient_grad,
    types={"T": 1},
)
