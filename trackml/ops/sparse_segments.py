"""Segments of rows that are picked from a tensor first: what combines the embeddings of an example.

The rows are gathered and reduced in one operation, so that its gradient is one too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.graph.conversion import constant_value, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import register
from trackml.ops.array import as_indices, shape
from trackml.ops.framework import name_scope
from trackml.ops.gathering import gather
from trackml.ops.segment_reductions import checked_segments
from trackml.ops.segments import all_below, sum_by_id, unsorted_segment_sum
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]


def sparse_segment_sum(
    data: Any, indices: Any, segment_ids: Any, name: str | None = None, num_segments: Any = None
) -> Tensor:
    """The sum of the picked rows of each segment.

    Args:
        data: Rows, `[n, ...]`.
        indices: Which rows are picked, `[k]`; a row may be picked often.
        segment_ids: The segment of each picked row, `[k]`, int32; they never fall.
        name: Name of the operation.
        num_segments: How many segments there are; the last id and one more if not given.

    Returns:
        A tensor `[segments, ...]`, zero where a segment has no rows.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     print(session.run(tf.sparse_segment_sum([1.0, 2.0, 5.0], [0, 2, 2], [0, 0, 1])))
        [6. 5.]
    """
    return _reduced("SparseSegmentSum", data, indices, segment_ids, num_segments, name)


def sparse_segment_mean(
    data: Any, indices: Any, segment_ids: Any, name: str | None = None, num_segments: Any = None
) -> Tensor:
    """The mean of the picked rows of each segment; arguments as for `sparse_segment_sum`."""
    return _reduced("SparseSegmentMean", data, indices, segment_ids, num_segments, name)


def sparse_segment_sqrt_n(
    data: Any, indices: Any, segment_ids: Any, name: str | None = None, num_segments: Any = None
) -> Tensor:
    """The sum of the picked rows of each segment, divided by the root of their number.

    Arguments as for `sparse_segment_sum`.
    """
    return _reduced("SparseSegmentSqrtN", data, indices, segment_ids, num_segments, name)


def _reduced(type: str, data: Any, indices: Any, segment_ids: Any, num_segments: Any, name: str | None) -> Tensor:
    sized = num_segments is not None
    type = type + ("WithNumSegments" if sized else "")
    with name_scope(name, type, [data, indices, segment_ids]) as scope:
        rows, picked = convert_to_tensor(data, name="data"), as_indices(indices, "indices")
        ids = convert_to_tensor(segment_ids, dtypes.int32, name="segment_ids")
        count = [as_indices(num_segments, "num_segments")] if sized else []
        reduced: Tensor = apply_op(type, rows, picked, ids, *count, name=scope)
    return reduced


def _weights(ids: Array, count: int, power: float, dtype: np.dtype[Any], rank: int) -> Array:
    """What the sum of each segment is multiplied by: a power of the number of its rows, `[count, 1, ...]`."""
    number = np.maximum(np.bincount(ids, minlength=count), 1).astype(dtype)
    return np.asarray(number**-power, dtype).reshape([count] + [1] * (rank - 1))


def _counts_up(ids: Array, count: int) -> bool:
    """Whether the segments are 0, 1, 2 ... of one row each, as where each example has one value."""
    if not count or ids.shape != (count,) or ids[0] or ids[-1] != count - 1:
        return False
    return bool((ids[1:] > ids[:-1]).all())


def _kernel(power: float) -> Callable[..., Any]:
    def kernel(data: Array, indices: Array, segment_ids: Array, num_segments: Array | None = None) -> Array:
        is_pick = not power and num_segments is None and _counts_up(segment_ids, len(indices))
        if is_pick and all_below(indices, len(data)):
            return data.take(indices, 0, mode="clip")
        ids = checked_segments(segment_ids, len(indices))
        last = int(ids[-1]) + 1 if ids.size else 0
        count = last if num_segments is None else int(num_segments)
        if last > count:
            raise ValueError("segment ids must be < num_segments")
        if not all_below(indices, len(data)):
            at = int(np.argmax((indices < 0) | (indices >= len(data))))
            raise ValueError(f"indices[{at}] == {indices[at]} out of range [0, {len(data)})")
        total = sum_by_id(data.take(indices, 0, mode="clip"), ids, count)
        return total * _weights(ids, count, power, data.dtype, data.ndim) if power else total

    return kernel


def _shape(op: Operation) -> TensorShape:
    data, indices, ids = (tensor.shape for tensor in op.inputs[:3])
    indices.with_rank(1).assert_is_compatible_with(ids.with_rank(1))
    if data.sizes is None:
        return TensorShape(None)
    count = constant_value(op.inputs[3]) if len(op.inputs) > 3 else None
    return TensorShape([None if count is None else int(count), *data.with_rank_at_least(1)[1:].as_list()])


def _sum_grad(op: Operation, grad: Tensor) -> list[Any]:
    data, indices, ids = op.inputs[:3]
    back = unsorted_segment_sum(gather(grad, ids), indices, shape(data)[0])
    return [back] + [None] * (len(op.inputs) - 1)


def _scaled_grad(type: str) -> Callable[..., Any]:
    def gradient(op: Operation, grad: Tensor) -> list[Any]:
        data, indices, ids = op.inputs[:3]
        return [apply_op(type, grad, indices, ids, shape(data)[0])] + [None] * (len(op.inputs) - 1)

    return gradient


def _grad_kernel(power: float) -> Callable[..., Any]:
    def kernel(grad: Array, indices: Array, segment_ids: Array, output_dim0: Array) -> Array:
        ids = checked_segments(segment_ids, len(indices))
        scaled = grad * _weights(ids, len(grad), power, grad.dtype, grad.ndim)
        return sum_by_id(scaled[ids], indices, int(output_dim0))

    return kernel


def _grad_shape(op: Operation) -> TensorShape:
    count = constant_value(op.inputs[3])
    if op.inputs[0].shape.sizes is None:
        return TensorShape(None)
    return TensorShape([None if count is None else int(count), *op.inputs[0].shape.sizes[1:]])


def _grad_grad(type: str) -> Callable[..., Any]:
    """Each step of the gradient is linear in it, so back it goes the way that the values came."""

    def gradient(op: Operation, grad: Tensor) -> list[Any]:
        start, indices, ids = op.inputs[:3]
        return [apply_op(type, grad, indices, ids, shape(start)[0]), None, None, None]

    return gradient


for _type, _power in (("SparseSegmentSum", 0.0), ("SparseSegmentMean", 1.0), ("SparseSegmentSqrtN", 0.5)):
    _gradient = _scaled_grad(_type + "Grad") if _power else _sum_grad
    register(_type, _kernel(_power), shape=_shape, gradient=_gradient, types={"T": 0, "Tidx": 1})
    register(
        _type + "WithNumSegments",
        _kernel(_power),
        shape=_shape,
        gradient=_gradient,
        types={"T": 0, "Tidx": 1, "Tnumsegments": 3},
    )
    if _power:
        register(
            _type + "Grad",
            _grad_kernel(_power),
            shape=_grad_shape,
            gradient=_grad_grad(_type + "WithNumSegments"),
            types={"T": 0, "Tidx": 1},
        )
