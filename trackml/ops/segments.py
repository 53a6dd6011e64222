"""Sums over rows that belong together by index."""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml.graph.conversion import constant, constant_value, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import register
from trackml.ops.array import as_indices, zeros_like
from trackml.ops.framework import name_scope
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]


def unsorted_segment_sum(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Tensor:
    """The sum of the rows of each segment.

    Args:
        data: Rows; its first axes are those of `segment_ids`.
        segment_ids: The segment of each row; rows with a negative one are left out.
        num_segments: How many segments there are.
        name: Name of the operation.

    Returns:
        A tensor `[num_segments, ...]`, zero where a segment has no rows.
    """
    with name_scope(name, "UnsortedSegmentSum", [data, segment_ids, num_segments]) as scope:
        rows = convert_to_tensor(data, name="data")
        ids = as_indices(segment_ids, "segment_ids")
        count = as_indices(num_segments, "num_segments")
        total: Tensor = apply_op("UnsortedSegmentSum", rows, ids, count, name=scope)
    return total


def _unsorted_segment_sum(data: Array, segment_ids: Array, num_segments: Array) -> Array:
    return sum_by_id(*rows_with_ids(data, segment_ids, int(num_segments)), int(num_segments))


def rows_with_ids(data: Array, segment_ids: Array, count: int) -> tuple[Array, Array]:
    """The rows that belong to a segment, `[n, ...]`, and the segment of each, `[n]`.

    Raises:
        ValueError: A segment is not below `count`.
    """
    ids = np.ravel(segment_ids)
    rows = data.reshape((ids.size, *data.shape[np.ndim(segment_ids) :]))
    if all_below(ids, count):
        return rows, ids
    if ids.max() >= count:
        raise ValueError(f"segment_ids[{int(ids.argmax())}] = {ids.max()} is out of range [0, {count})")
    return rows[ids >= 0], ids[ids >= 0]


_UNSIGNED = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}


def all_below(indices: Array, size: int) -> bool:
    """Whether all indices are in `[0, size)`. Negative numbers are great ones without their sign: one pass does."""
    return not indices.size or bool(np.maximum.reduce(indices.view(_UNSIGNED[indices.itemsize]), None) < size)


def sum_by_id(rows: Array, ids: Array, count: int) -> Array:
    """Rows with equal ids summed, `[count, ...]`.

    Sorting the ids and adding up runs of equal ones costs about a tenth of `np.add.at` on rows. Rows of one number
    are counted up, in float64, which costs a tenth of that.
    """
    if rows.size == len(ids) and rows.dtype.kind == "f" and len(ids):
        total = np.bincount(ids, rows.reshape(-1), count)
        return total.astype(rows.dtype).reshape((count, *rows.shape[1:]))
    return combined_by_id(np.add, rows, ids, count, 0)


def combined_by_id(combine: np.ufunc, rows: Array, ids: Array, count: int, empty: Any) -> Array:
    """Rows with equal ids combined by `combine`, `[count, ...]`; `empty` where an id does not come."""
    if count == len(ids) and ids.size and (ids == np.arange(count)).all():
        return rows
    combined = np.full((count, *rows.shape[1:]), empty, rows.dtype)
    if not ids.size:
        return combined
    if (ids[1:] < ids[:-1]).any():
        order = np.argsort(ids, kind="stable")
        rows, ids = rows[order], ids[order]
    starts = np.flatnonzero(np.concatenate([[True], ids[1:] != ids[:-1]]))
    combined[ids[starts]] = combine.reduceat(rows, starts, axis=0)
    return combined


def unsorted_segment_shape(op: Operation) -> TensorShape:
    """As many rows as there are segments, where that is known."""
    data, ids, num = op.inputs
    if ids.shape.sizes is None or data.shape.sizes is None:
        return TensorShape(None)
    depth = len(ids.shape.sizes)
    data.shape[:depth].assert_is_compatible_with(ids.shape)
    count = constant_value(num)
    return TensorShape([None if count is None else int(count), *data.shape.sizes[depth:]])


def _segment_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    """Each row gets the gradient of its segment; rows that were left out get zeros."""
    ids = op.inputs[1]
    zero = zeros_like(ids)
    rows = apply_op("GatherV2", grad, apply_op("Maximum", ids, zero), constant(0), batch_dims=0)
    kept = apply_op("GreaterEqual", ids, zero)
    ones = apply_op("Cast", kept, DstT=grad.dtype, Truncate=False)
    missing = (op.inputs[0].shape.with_rank_at_least(0).ndims or 0) - (ids.shape.ndims or 0)
    for _ in range(missing):
        ones = apply_op("ExpandDims", ones, constant(-1))
    return [apply_op("Mul", rows, ones), None, None]


register(
    "UnsortedSegmentSum",
    _unsorted_segment_sum,
    shape=unsorted_segment_shape,
    gradient=_segment_grad,
    types={"T": 0, "Tindices": 1, "Tnumsegments": 2},
)
