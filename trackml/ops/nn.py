"""Parts of neural networks: biases, norms, moments, the largest entries."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from trackml import dtypes
from trackml.graph.conversion import constant_value, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.shape_rules import scalar
from trackml.ops import array, comparison, math
from trackml.ops.elementwise import FLOATS, NUMBERS, elementwise
from trackml.ops.framework import name_scope
from trackml.ops.gathering import scatter_nd
from trackml.ops.joining import stack
from trackml.ops.matmul import matmul
from trackml.ops.passes import add_bias, with_bias
from trackml.ops.ranges import range as range_
from trackml.ops.reductions import reduce_mean, reduce_sum
from trackml.ops.sums import channel_sums, column_sums
from trackml.shapes import TensorShape

_Grads = list[Tensor | None]

# Biases.


def bias_add(value: Any, bias: Any, data_format: str | None = None, name: str | None = None) -> Tensor:
    """`value + bias` along the axis of channels.

    Args:
        value: `[batch, ..., channels]`, or `[batch, channels, ...]` for NCHW.
        bias: `[channels]`.
        data_format: `"NHWC"` (channels last, the default) or `"NCHW"` (channels second).
        name: Name of the operation.

    Raises:
        ValueError: The format is none of these, or the sizes do not fit.
    """
    if data_format is not None and not data_format.startswith("N"):
        raise ValueError(f"data_format must be of the form `N...C` or `NC...`; got {data_format!r}.")
    layout = "NCHW" if data_format is not None and data_format.startswith("NC") else "NHWC"
    with name_scope(name, "BiasAdd", [value, bias]) as scope:
        x = convert_to_tensor(value, name="input")
        b = convert_to_tensor(bias, None if hasattr(bias, "dtype") else x.dtype, name="bias")
        return elementwise("BiasAdd", x, b, name=scope, allowed=NUMBERS, names=("value", "bias"), data_format=layout)


def _bias_add(x: Any, bias: Any, *, data_format: str) -> Any:
    if data_format == "NCHW":
        return np.add(x, bias.reshape([-1] + [1] * (x.ndim - 2)))
    return with_bias(x, bias)


def _bias_add_in_place(x: Any, bias: Any, *, data_format: str) -> Any:
    return add_bias(x, bias) if data_format == "NHWC" else _bias_add(x, bias, data_format=data_format)


def _bias_add_shape(op: Operation) -> TensorShape:
    shape, bias = op.inputs[0].shape, op.inputs[1].shape.with_rank(1)
    if shape.sizes is None:
        return shape
    shape = shape.with_rank_at_least(2)
    axis = 1 if op.attrs["data_format"] == "NCHW" else len(shape) - 1
    channels = shape[axis : axis + 1].merge_with(bias)
    return shape[:axis].concatenate(channels).concatenate(shape[axis + 1 :])


def _bias_add_grad(op: Operation, grad: Tensor) -> _Grads:
    data_format = op.get_attr("data_format")
    bias_grad: Tensor = apply_op("BiasAddGrad", grad, data_format=data_format)
    return [grad, bias_grad]


def _sum_but_channels(grad: Any, *, data_format: str) -> Any:
    if grad.ndim == 2:
        return column_sums(grad)
    if data_format == "NHWC":
        return channel_sums(grad)
    return np.add.reduce(grad, axis=tuple(axis for axis in range(grad.ndim) if axis != 1))


def _channels_shape(op: Operation) -> TensorShape:
    shape = op.inputs[0].shape
    if shape.sizes is None:
        return TensorShape([None])
    return shape[1:2] if op.attrs["data_format"] == "NCHW" else shape[-1:]


def _bias_add_grad_grad(op: Operation, grad: Tensor) -> Tensor:
    x = op.inputs[0]
    if op.get_attr("data_format") == "NCHW":
        ones = [1] * (len(x.shape.as_list()) - 2)
        grad = array.reshape(grad, [-1, *ones])
    return array.broadcast_to(grad, array.shape(x))


register(
    "BiasAdd",
    _bias_add,
    shape=_bias_add_shape,
    gradient=_bias_add_grad,
    fresh=True,
    in_place=_bias_add_in_place,
)
register("BiasAddGrad", _sum_but_channels, shape=_channels_shape, gradient=_bias_add_grad_grad, fresh=True)


def xw_plus_b(x: Any, weights: Any, biases: Any, name: str | None = None) -> Tensor:
    """`matmul(x, weights) + biases`."""
    with name_scope(name, "xw_plus_b", [x, weights, biases]) as scope:
        return bias_add(matmul(x, weights), biases, name=scope)


def relu_layer(x: Any, weights: Any, biases: Any, name: str | None = None) -> Tensor:
    """`max(matmul(x, weights) + biases, 0)`."""
    with name_scope(name, "relu_layer", [x, weights, biases]) as scope:
        return elementwise("Relu", xw_plus_b(x, weights, biases), name=scope)


# Norms.


def l2_loss(t: Any, name: str | None = None) -> Tensor:
    """Half the sum of squares: `sum(t ** 2) / 2`."""
    return elementwise("L2Loss", t, name=name, allowed=FLOATS, names=("t",))


def _l2_loss(x: Any) -> Any:
    flat = x.ravel()
    return np.multiply(np.dot(flat, flat), x.dtype.type(0.5))


register("L2Loss", _l2_loss, shape=scalar, gradient=lambda op, grad: op.inputs[0] * grad)


def l2_normalize(x: Any, axis: Any = None, epsilon: float = 1e-12, name: str | None = None, dim: Any = None) -> Tensor:
    """`x / sqrt(max(sum(x ** 2), epsilon))`, with the sum along `axis`.

    Args:
        x: Numbers.
        axis: An axis or a list of axes; None means all of them.
        epsilon: What the sum is at least, so that zeros stay zeros.
        name: Name of the operation.
        dim: The old name of `axis`.
    """
    axis = array.either("axis", axis, "dim", dim)
    with name_scope(name, "l2_normalize", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        total = reduce_sum(math.square(x), axis, keepdims=True)
        return math.multiply(x, math.rsqrt(math.maximum(total, epsilon)), name=scope)


def zero_fraction(value: Any, name: str | None = None) -> Tensor:
    """Which part of the elements is 0, float32 of shape `[]`; NaN when there are none."""
    with name_scope(name, "zero_fraction", [value]):
        x = convert_to_tensor(value, name="value")
        zeros = math.cast(comparison.equal(x, array.zeros_like(x)), dtypes.float32)
        return reduce_mean(zeros, name="fraction")


# Moments.


def moments(
    x: Any,
    axes: Any,
    shift: Any = None,
    name: str | None = None,
    keep_dims: bool | None = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor]:
    """The mean and the variance along `axes`.

    As in TensorFlow, second derivatives of the variance take the mean for a constant; `reduce_variance` has exact
    ones.

    Args:
        x: Numbers.
        axes: The axes to reduce.
        shift: Accepted for TensorFlow's sake.
        name: Scope of the operations.
        keep_dims: The old name of `keepdims`.
        keepdims: Whether reduced axes stay, with size 1.

    Returns:
        Two tensors of the type of `x`.
    """
    keep = bool(array.either("keepdims", keepdims, "keep_dims", keep_dims))
    with name_scope(name, "moments", [x, axes]):
        x = convert_to_tensor(x, name="x")
        y = math.cast(x, dtypes.float32) if x.dtype is dtypes.float16 else x
        mean = reduce_mean(y, axes, keepdims=True, name="mean")
        # The derivative of the variance by the mean is 0, so the backward pass may leave it out.
        distance = math.squared_difference(y, array.stop_gradient(mean))
        variance = reduce_mean(distance, axes, keepdims=True, name="variance")
        if not keep:
            mean, variance = (array.squeeze(item, axes) for item in (mean, variance))
        return math.cast(mean, x.dtype), math.cast(variance, x.dtype)


def normalize_moments(
    counts: Any, mean_ss: Any, variance_ss: Any, shift: Any, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """The mean and the variance from a count, a sum and a sum of squares, both of which `shift` was subtracted from."""
    with name_scope(name, "normalize", [counts, mean_ss, variance_ss, shift]):
        divisor = math.reciprocal(counts, name="divisor")
        shifted = math.multiply(mean_ss, divisor, name="shifted_mean")
        mean = shifted if shift is None else math.add(shifted, shift, name="mean")
        variance = math.subtract(math.multiply(variance_ss, divisor), math.square(shifted), name="variance")
        return mean, variance


def batch_normalization(
    x: Any, mean: Any, variance: Any, offset: Any, scale: Any, variance_epsilon: Any, name: str | None = None
) -> Tensor:
    """`scale * (x - mean) / sqrt(variance + variance_epsilon) + offset`; `scale` and `offset` may be None."""
    with name_scope(name, "batchnorm", [x, mean, variance, scale, offset]):
        factor = math.rsqrt(convert_to_tensor(variance) + variance_epsilon)
        if scale is not None:
            factor = factor * scale
        shift = -mean * factor if offset is None else offset - mean * factor
        values = convert_to_tensor(x, name="x")
        return values * math.cast(factor, values.dtype) + math.cast(shift, values.dtype)


# The largest entries.


class TopK(NamedTuple):
    """The largest entries of each row."""

    values: Tensor
    """Entries, the largest first, `[..., k]`."""
    indices: Tensor
    """Their positions in the row, int32, `[..., k]`."""


def top_k(input: Any, k: Any = 1, sorted: bool = True, name: str | None = None) -> TopK:
    """The `k` largest entries along the last axis, the largest first; of equal ones the first comes first.

    Args:
        input: `[..., n]`.
        k: How many, at most n.
        sorted: Accepted for TensorFlow's sake; the entries are always sorted.
        name: Name of the operation.

    Returns:
        `values` and `indices`.

    Raises:
        ValueError: A row is known to have fewer than `k` entries.
    """
    with name_scope(name, "TopKV2", [input]) as scope:
        x = convert_to_tensor(input, name="input")
        return TopK(*apply_op("TopKV2", x, array.as_indices(k, "k"), name=scope, sorted=sorted))


def _top_k(x: Any, k: Any) -> tuple[Any, Any]:
    count = x.shape[-1]
    if k > count:
        raise ValueError(f"input must have at least k columns. Had {count}, needed {k}")
    # A stable sort of the reversed row, read backwards, has the first of equal entries first.
    ascending = np.argsort(x[..., ::-1], axis=-1, kind="stable")
    indices = (count - 1 - ascending[..., ::-1])[..., : int(k)]
    return np.take_along_axis(x, indices, axis=-1), indices.astype(np.int32)


def _top_k_shapes(op: Operation) -> list[TensorShape]:
    shape = op.inputs[0].shape.with_rank_at_least(1)
    k = constant_value(op.inputs[1])
    if shape.sizes is None:
        return [shape, shape]
    if k is not None and shape.sizes[-1] is not None and shape.sizes[-1] < k:
        raise ValueError(f"input must have last dimension >= k = {int(k)} but is {shape.sizes[-1]}")
    result = shape[:-1].concatenate([None if k is None else int(k)])
    return [result, result]


def _top_k_grad(op: Operation, grad: Tensor | None, _: Tensor | None) -> _Grads:
    if grad is None:
        return [None, None]
    x, indices = op.inputs[0], op.outputs[1]
    sizes = array.shape(x)
    rows = array.reshape(indices, [-1, array.shape(indices)[-1]])
    row_numbers = array.zeros_like(rows) + array.expand_dims(range_(array.shape(rows)[0]), 1)
    places = array.reshape(stack([row_numbers, rows], axis=2), [-1, 2])
    flat = scatter_nd(places, array.reshape(grad, [-1]), stack([array.shape(rows)[0], sizes[-1]]))
    return [array.reshape(flat, sizes), None]


register(
    "TopKV2",
    _top_k,
    shape=_top_k_shapes,
    dtypes=lambda op: [op.inputs[0].dtype, dtypes.int32],
    gradient=_top_k_grad,
)


def in_top_k(predictions: Any, targets: Any, k: Any, name: str | None = None) -> Tensor:
    """Whether fewer than `k` predictions of the row are larger than that of its target.

    Args:
        predictions: `[batch, classes]`, float32.
        targets: The class of each row, int32 or int64, `[batch]`.
        k: How many places count.
        name: Name of the operation.

    Returns:
        bool `[batch]`; false where the target is no class or any prediction of the row is not finite.
    """
    with name_scope(name, "in_top_k", [predictions, targets]):
        scores = convert_to_tensor(predictions, dtypes.float32 if not hasattr(predictions, "dtype") else None)
        classes = array.as_indices(targets, "targets")
        places = math.cast(array.as_indices(k, "k"), classes.dtype)
        result: Tensor = apply_op("InTopKV2", scores, classes, places)
        return result


def _in_top_k(predictions: Any, targets: Any, k: Any) -> Any:
    classes = predictions.shape[1]
    valid = np.logical_and(targets >= 0, targets < classes)
    own = predictions[np.arange(len(targets)), np.where(valid, targets, 0)]
    larger = np.add.reduce(predictions > own[:, np.newaxis], axis=1)
    finite = np.logical_and.reduce(np.isfinite(predictions), axis=1)
    return valid & finite & (larger < k)


register(
    "InTopKV2",
    _in_top_k,
    shape=lambda op: op.inputs[0].shape.with_rank(2)[:1].merge_with(op.inputs[1].shape),
    dtypes=dtypes.bool_,
    gradient=NOT_DIFFERENTIABLE,
    types={"T": 1},
)
