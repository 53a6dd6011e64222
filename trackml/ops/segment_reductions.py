"""Rows that belong together by index, reduced: sums, means, products, and extremes of segments.

The sorted kinds (`segment_*`) take ids that never fall and end with the last id; the unsorted ones take ids in any
order, leave out rows with a negative one, and are told how many segments there are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.graph.conversion import constant, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import register
from trackml.ops.array import as_indices, fill, ones_like, rank, reshape, shape, zeros_like
from trackml.ops.comparison import equal, greater, greater_equal, logical_and
from trackml.ops.framework import name_scope
from trackml.ops.gathering import gather, where
from trackml.ops.joining import concat
from trackml.ops.math import cast, divide, maximum, sqrt
from trackml.ops.segments import combined_by_id, rows_with_ids, unsorted_segment_shape, unsorted_segment_sum
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]
Grads = list[Any]


def segment_sum(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """The sum of the rows of each segment.

    Args:
        data: Rows, `[n, ...]`.
        segment_ids: The segment of each row, `[n]`; they never fall.
        name: Name of the operation.

    Returns:
        A tensor `[last id + 1, ...]`, zero where a segment has no rows.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     print(session.run(tf.segment_sum([1.0, 2.0, 5.0], [0, 0, 2])))
        [3. 0. 5.]
    """
    return _segments("SegmentSum", data, segment_ids, name)


def segment_mean(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """The mean of the rows of each segment; arguments as for `segment_sum`."""
    return _segments("SegmentMean", data, segment_ids, name)


def segment_prod(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """The product of the rows of each segment, 1 where it has none; arguments as for `segment_sum`.

    Unlike TensorFlow's, it has a gradient.
    """
    return _segments("SegmentProd", data, segment_ids, name)


def segment_max(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """The greatest of the rows of each segment, 0 where it has none; arguments as for `segment_sum`."""
    return _segments("SegmentMax", data, segment_ids, name)


def segment_min(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """The least of the rows of each segment, 0 where it has none; arguments as for `segment_sum`."""
    return _segments("SegmentMin", data, segment_ids, name)


def _segments(type: str, data: Any, segment_ids: Any, name: str | None) -> Tensor:
    with name_scope(name, type, [data, segment_ids]) as scope:
        rows = convert_to_tensor(data, name="data")
        reduced: Tensor = apply_op(type, rows, as_indices(segment_ids, "segment_ids"), name=scope)
    return reduced


def checked_segments(segment_ids: Array, rows: int) -> Array:
    """Sorted segment ids, checked; ValueError when there are more or fewer of them than rows, or one falls."""
    ids = np.asarray(segment_ids)
    if ids.shape != (rows,):
        raise ValueError("segment_ids should be the same size as dimension 0 of input.")
    if ids.size and ids[0] < 0:
        raise ValueError("segment ids must be >= 0")
    if (ids[1:] < ids[:-1]).any():
        raise ValueError("segment ids are not increasing")
    return ids


def _sorted_kernel(combine: np.ufunc, empty: int) -> Callable[..., Any]:
    def kernel(data: Array, segment_ids: Array) -> Array:
        ids = checked_segments(segment_ids, data.shape[0])
        return combined_by_id(combine, data, ids, int(ids[-1]) + 1 if ids.size else 0, empty)

    return kernel


def _segment_mean(data: Array, segment_ids: Array) -> Array:
    ids = checked_segments(segment_ids, data.shape[0])
    count = int(ids[-1]) + 1 if ids.size else 0
    rows = np.maximum(np.bincount(ids, minlength=count), 1).reshape([count] + [1] * (data.ndim - 1))
    total = combined_by_id(np.add, data, ids, count, 0)
    means = total / rows if data.dtype.kind == "f" else total // rows
    return np.asarray(means, data.dtype)


def segment_shape(op: Operation) -> TensorShape:
    """Any number of rows: as many as the last id says."""
    data, ids = op.inputs[0].shape.with_rank_at_least(1), op.inputs[1].shape.with_rank(1)
    if data.sizes is None:
        return TensorShape(None)
    TensorShape(data.sizes[:1]).assert_is_compatible_with(ids)
    return TensorShape([None, *data.sizes[1:]])


def row_counts(segment_ids: Tensor, data: Tensor, num_segments: Any = None) -> Tensor:
    """How many rows each segment has, in the type of `data` and with its rank: `[segments, 1, ...]`."""
    sizes = concat([shape(segment_ids), fill(reshape(rank(data) - constant(1), [1]), constant(1))], 0)
    ones = fill(sizes, constant(1, data.dtype))
    if num_segments is None:
        return segment_sum(ones, segment_ids)
    return unsorted_segment_sum(ones, segment_ids, num_segments)


def _segment_mean_grad(op: Operation, grad: Tensor) -> Grads:
    data, ids = op.inputs
    return [gather(divide(grad, row_counts(ids, data)), ids), None]


def _segment_extreme_grad(op: Operation, grad: Tensor) -> Grads:
    """Rows that tie share the gradient evenly, as in TensorFlow."""
    data, ids = op.inputs
    selected = equal(data, gather(op.outputs[0], ids))
    shared = divide(grad, segment_sum(cast(selected, grad.dtype), ids))
    return [where(selected, gather(shared, ids), zeros_like(data)), None]


def _segment_prod_grad(op: Operation, grad: Tensor) -> Grads:
    data, ids = op.inputs
    return [_product_grad(data, ids, shape(grad)[0], op.outputs[0], grad), None]


register(
    "SegmentSum",
    _sorted_kernel(np.add, 0),
    shape=segment_shape,
    gradient=lambda op, grad: [gather(grad, op.inputs[1]), None],
    types={"T": 0, "Tindices": 1},
)
for _type, _kernel, _gradient in (
    ("SegmentMean", _segment_mean, _segment_mean_grad),
    ("SegmentProd", _sorted_kernel(np.multiply, 1), _segment_prod_grad),
    ("SegmentMax", _sorted_kernel(np.maximum, 0), _segment_extreme_grad),
    ("SegmentMin", _sorted_kernel(np.minimum, 0), _segment_extreme_grad),
):
    register(_type, _kernel, shape=segment_shape, gradient=_gradient, types={"T": 0, "Tindices": 1})


def unsorted_segment_prod(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Tensor:
    """The product of the rows of each segment, 1 where it has none; arguments as for `unsorted_segment_sum`."""
    return _unsorted("UnsortedSegmentProd", data, segment_ids, num_segments, name)


def unsorted_segment_max(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Tensor:
    """The greatest of the rows of each segment, the least number of the type where it has none.

    Arguments as for `unsorted_segment_sum`.
    """
    return _unsorted("UnsortedSegmentMax", data, segment_ids, num_segments, name)


def unsorted_segment_min(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Tensor:
    """The least of the rows of each segment, the greatest number of the type where it has none.

    Arguments as for `unsorted_segment_sum`.
    """
    return _unsorted("UnsortedSegmentMin", data, segment_ids, num_segments, name)


def unsorted_segment_mean(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Tensor:
    """The mean of the rows of each segment, 0 where it has none; arguments as for `unsorted_segment_sum`."""
    with name_scope(name, "UnsortedSegmentMean"):
        rows, ids = convert_to_tensor(data), as_indices(segment_ids)
        return unsorted_segment_sum(rows, ids, num_segments) / _at_least_one(rows, ids, num_segments)


def unsorted_segment_sqrt_n(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Tensor:
    """The sum of the rows of each segment, divided by the root of their number.

    Arguments as for `unsorted_segment_sum`.
    """
    with name_scope(name, "UnsortedSegmentSqrtN"):
        rows, ids = convert_to_tensor(data), as_indices(segment_ids)
        return unsorted_segment_sum(rows, ids, num_segments) / sqrt(_at_least_one(rows, ids, num_segments))


def _at_least_one(data: Tensor, ids: Tensor, num_segments: Any) -> Tensor:
    """The number of rows of each segment, 1 where it has none, shaped to divide the segments."""
    count = as_indices(num_segments, "num_segments")
    number = unsorted_segment_sum(fill(shape(ids), constant(1, data.dtype)), ids, count)
    inner = fill(reshape(rank(data) - rank(ids), [1]), constant(1))
    return maximum(
        reshape(number, concat([reshape(cast(count, dtypes.int32), [1]), inner], 0)), constant(1, data.dtype)
    )


def _unsorted(type: str, data: Any, segment_ids: Any, num_segments: Any, name: str | None) -> Tensor:
    with name_scope(name, type, [data, segment_ids, num_segments]) as scope:
        rows = convert_to_tensor(data, name="data")
        ids, count = as_indices(segment_ids, "segment_ids"), as_indices(num_segments, "num_segments")
        reduced: Tensor = apply_op(type, rows, ids, count, name=scope)
    return reduced


def _unsorted_kernel(combine: np.ufunc, empty: Callable[[np.dtype[Any]], Any]) -> Callable[..., Any]:
    def kernel(data: Array, segment_ids: Array, num_segments: Array) -> Array:
        rows, ids = rows_with_ids(data, segment_ids, int(num_segments))
        return combined_by_id(combine, rows, ids, int(num_segments), empty(data.dtype))

    return kernel


def _least(dtype: np.dtype[Any]) -> Any:
    return np.finfo(dtype).min if dtype.kind == "f" else np.iinfo(dtype).min


def _greatest(dtype: np.dtype[Any]) -> Any:
    return np.finfo(dtype).max if dtype.kind == "f" else np.iinfo(dtype).max


def _gathered(params: Tensor, ids: Tensor) -> tuple[Tensor, Tensor]:
    """The row of each id, zeros for negative ones; and a mask of its shape that tells which ids are not."""
    zero = zeros_like(ids)
    rows = gather(params, maximum(ids, zero))
    inner = fill(reshape(rank(rows) - rank(ids), [1]), constant(1))
    kept = reshape(greater_equal(ids, zero), concat([shape(ids), inner], 0))
    kept = logical_and(kept, ones_like(rows, dtypes.bool_))
    return where(kept, rows, zeros_like(rows)), kept


def _unsorted_extreme_grad(op: Operation, grad: Tensor) -> Grads:
    data, ids, count = op.inputs
    extremes, kept = _gathered(op.outputs[0], ids)
    selected = logical_and(equal(data, extremes), kept)
    shared = divide(grad, unsorted_segment_sum(cast(selected, grad.dtype), ids, count))
    return [where(selected, _gathered(shared, ids)[0], zeros_like(data)), None, None]


def _unsorted_prod_grad(op: Operation, grad: Tensor) -> Grads:
    data, ids, count = op.inputs
    return [_product_grad(data, ids, count, op.outputs[0], grad), None, None]


def _product_grad(data: Tensor, ids: Tensor, count: Tensor, product: Tensor, grad: Tensor) -> Tensor:
    """The product of the other rows of the segment.

    That is the product divided by the row; for a row that is zero, the product of those that are not; and zero
    where another row of the segment is zero too.
    """
    zero, ones = equal(data, zeros_like(data)), ones_like(data)
    zeros = unsorted_segment_sum(cast(zero, dtypes.int32), ids, count)
    grad = where(greater(zeros, ones_like(zeros)), zeros_like(grad), grad)
    nonzero = where(zero, ones, data)
    others = _gathered(unsorted_segment_prod(nonzero, ids, count), ids)[0]
    partial = where(zero, others, divide(_gathered(product, ids)[0], nonzero))
    return _gathered(grad, ids)[0] * partial


for _type, _kernel, _gradient in (
    ("UnsortedSegmentProd", _unsorted_kernel(np.multiply, lambda dtype: 1), _unsorted_prod_grad),
    ("UnsortedSegmentMax", _unsorted_kernel(np.maximum, _least), _unsorted_extreme_grad),
    ("UnsortedSegmentMin", _unsorted_kernel(np.minimum, _greatest), _unsorted_extreme_grad),
):
    register(
        _type,
        _kernel,
        shape=unsorted_segment_shape,
        gradient=_gradient,
        types={"T": 0, "Tindices": 1, "Tnumsegments": 2},
    )
