"""Rows of embeddings by id, and the rows of an example combined.

The gradient of a lookup is `IndexedSlices` of the rows that were looked up, each once: ids that come more than once
are made unique before the lookup, and combining sends their gradients to the one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trackml import dtypes
from trackml.graph.conversion import constant, constant_value_as_shape, convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.graph.sparse_tensor import SparseTensor, SparseTensorValue, as_sparse_tensor
from trackml.ops.array import (
    as_indices,
    fill,
    identity,
    invert_permutation,
    rank,
    reshape,
    shape,
    zeros_like,
)
from trackml.ops.clipping import clip_by_norm
from trackml.ops.comparison import equal, greater, greater_equal, less
from trackml.ops.framework import name_scope
from trackml.ops.gathering import gather, where
from trackml.ops.joining import concat, stack
from trackml.ops.math import cast, div, floordiv, maximum, mod, sqrt, square
from trackml.ops.ranges import range as range_of
from trackml.ops.reductions import reduce_prod
from trackml.ops.segment_reductions import segment_sum
from trackml.ops.sparse import sparse_fill_empty_rows, sparse_reshape, sparse_retain
from trackml.ops.sparse_segments import sparse_segment_mean, sparse_segment_sqrt_n, sparse_segment_sum
from trackml.ops.unique import unique

_COMBINERS = ("mean", "sqrtn", "sum")
_NEVER_NEGATIVE = ("SparseCross", "StringToHashBucketFast")
"""Operations whose ids are all good ones, so that none needs to be left out."""
_PICKED = {"mean": sparse_segment_mean, "sqrtn": sparse_segment_sqrt_n, "sum": sparse_segment_sum}


def embedding_lookup(
    params: Any,
    ids: Any,
    partition_strategy: str = "mod",
    name: str | None = None,
    validate_indices: bool = True,
    max_norm: float | None = None,
) -> Tensor:
    """The row of each id.

    Args:
        params: A tensor or variable `[ids, ...]`, or a list of parts of one.
        ids: Integers of any shape.
        partition_strategy: How ids are dealt to several parts: `"mod"` one after the other, `"div"` in blocks.
        name: Name of the operation.
        validate_indices: Accepted for TensorFlow's sake; ids are always checked.
        max_norm: Rows with a greater L2 norm are shortened to it.

    Returns:
        A tensor of shape `ids.shape + params.shape[1:]`.

    Raises:
        ValueError: There are no params, or the strategy is unknown.
    """
    parts = _parts(params)
    with name_scope(name, "embedding_lookup", [*parts, ids]) as scope:
        numbers = as_indices(ids, "ids")
        if len(parts) == 1:
            return identity(_clipped(gather(parts[0], numbers, name=scope), numbers, max_norm))
        if partition_strategy not in ("mod", "div"):
            raise ValueError(f"Unrecognized partition strategy: {partition_strategy}")
        flat = reshape(numbers, [-1])
        with name_scope("parts"):
            rows = _from_parts(parts, flat, partition_strategy)
        whole = reshape(rows, concat([shape(numbers), shape(rows)[1:]], 0))
        whole.set_shape(numbers.shape.concatenate(rows.shape[1:]))
        return _clipped(whole, numbers, max_norm)


def _parts(params: Any) -> list[Any]:
    if params is None:
        raise ValueError("params must be specified")
    parts = list(params) if isinstance(params, (list, tuple)) else [params]
    if not parts:
        raise ValueError("Need at least one param")
    return [part if hasattr(part, "sparse_read") else convert_to_tensor(part, name="params") for part in parts]


def _clipped(rows: Tensor, ids: Tensor, max_norm: float | None) -> Tensor:
    if max_norm is None:
        return rows
    known = rows.shape.ndims is not None and ids.shape.ndims is not None
    axes = list(range(ids.shape.ndims or 0, rows.shape.ndims or 0)) if known else range_of(rank(ids), rank(rows))
    return convert_to_tensor(clip_by_norm(rows, max_norm, axes=axes))


def _from_parts(parts: Sequence[Any], ids: Tensor, strategy: str) -> Tensor:
    """The rows of flat ids: looked up part by part, then put back into the order of the ids."""
    part_of, place = _by_mod(parts, ids) if strategy == "mod" else _by_div(parts, ids)
    rows, positions = [], []
    for number, part in enumerate(parts):
        mine = reshape(where(equal(part_of, constant(number, part_of.dtype))), [-1])
        rows.append(gather(part, gather(place, mine)))
        positions.append(mine)
    order = invert_permutation(concat(positions, 0))
    return gather(concat(rows, 0), order)


def _by_mod(parts: Sequence[Any], ids: Tensor) -> tuple[Tensor, Tensor]:
    count = constant(len(parts), ids.dtype)
    return mod(ids, count), floordiv(ids, count)


def _by_div(parts: Sequence[Any], ids: Tensor) -> tuple[Tensor, Tensor]:
    """Blocks of equal length, the first ones longer by one where that does not come out even."""
    total = sum(int(part.shape[0]) for part in parts)
    least, extras = (constant(number, ids.dtype) for number in divmod(total, len(parts)))
    longer = least + constant(1, ids.dtype)
    part_of = maximum(floordiv(ids, longer), floordiv(ids - extras, least))
    return part_of, where(less(part_of, extras), mod(ids, longer), mod(ids - extras, least))


def embedding_lookup_sparse(
    params: Any,
    sp_ids: Any,
    sp_weights: Any,
    partition_strategy: str = "mod",
    name: str | None = None,
    combiner: str | None = None,
    max_norm: float | None = None,
) -> Tensor:
    """The rows of the ids of each example, combined.

    Args:
        params: A tensor or variable `[ids, ...]`, or a list of parts of one.
        sp_ids: A sparse matrix of ids, `[batch, n]`, with at least one id a row, in order.
        sp_weights: A sparse matrix of a weight for each id, or None.
        partition_strategy: As for `embedding_lookup`.
        name: Name of the operation.
        combiner: `"sum"` of the weighted rows, `"mean"`: that divided by the sum of the weights, or `"sqrtn"`: by
            the root of the sum of their squares; `"mean"` if not given.
        max_norm: Rows with a greater L2 norm are shortened to it, before they are combined.

    Returns:
        A tensor `[batch, ...]`.

    Raises:
        TypeError: Ids or weights are no sparse tensors.
        ValueError: The combiner is unknown.
    """
    combiner = "mean" if combiner is None else combiner
    if combiner not in _COMBINERS:
        raise ValueError("combiner must be one of 'mean', 'sqrtn' or 'sum'")
    ids = _checked(sp_ids, "sp_ids must be SparseTensor")
    weights = None if sp_weights is None else _checked(sp_weights, "sp_weights must be either None or SparseTensor")
    parts = _parts(params)
    with name_scope(name, "embedding_lookup_sparse", [*parts, ids]) as scope:
        rows = cast(ids.indices[:, 0], dtypes.int32)
        different, places = unique(ids.values)
        embeddings = embedding_lookup(parts, different, partition_strategy, max_norm=max_norm)
        if weights is None:
            return _PICKED[combiner](embeddings, places, rows, name=scope)
        return _weighted(gather(embeddings, places), weights.values, rows, combiner, scope)


def _checked(value: Any, message: str) -> SparseTensor:
    if not isinstance(value, (SparseTensor, SparseTensorValue)):
        raise TypeError(message)
    return as_sparse_tensor(value)


def _weighted(rows: Tensor, weights: Tensor, segment_ids: Tensor, combiner: str, name: str) -> Tensor:
    inner = fill(reshape(rank(rows) - constant(1), [1]), constant(1))
    columns = reshape(cast(weights, rows.dtype), concat([shape(weights), inner], 0))
    if combiner == "sum":
        return segment_sum(rows * columns, segment_ids, name=name)
    total = segment_sum(rows * columns, segment_ids)
    if combiner == "mean":
        return div(total, segment_sum(columns, segment_ids), name=name)
    return div(total, sqrt(segment_sum(square(columns), segment_ids)), name=name)


def safe_embedding_lookup_sparse(
    embedding_weights: Any,
    sparse_ids: Any,
    sparse_weights: Any = None,
    combiner: str = "mean",
    default_id: int | None = None,
    name: str | None = None,
    partition_strategy: str = "div",
    max_norm: float | None = None,
) -> Tensor:
    """The rows of the ids of each example, combined; examples may have no ids, and bad ids are left out.

    Args:
        embedding_weights: A tensor or variable `[ids, units]`, or a list of parts of one.
        sparse_ids: A sparse tensor of ids, `[..., n]`; negative ones are left out.
        sparse_weights: A sparse tensor of a weight for each id, or None. Unless the combiner is `"sum"`, ids whose
            weight is not above 0 are left out.
        combiner: As for `embedding_lookup_sparse`.
        default_id: The id of examples that have none; they give zeros if it is None.
        name: Name of the operation.
        partition_strategy: As for `embedding_lookup`.
        max_norm: Rows with a greater L2 norm are shortened to it, before they are combined.

    Returns:
        A tensor `[..., units]`.

    Raises:
        ValueError: There are no embeddings.
    """
    if embedding_weights is None or (isinstance(embedding_weights, (list, tuple)) and not embedding_weights):
        raise ValueError(f"Missing embedding_weights {embedding_weights}.")
    parts = _parts(embedding_weights)
    ids = as_sparse_tensor(sparse_ids)
    weights = None if sparse_weights is None else as_sparse_tensor(sparse_weights)
    with name_scope(name, "embedding_lookup", [*parts, ids]) as scope:
        outer = ids.dense_shape
        ids, weights = _pruned(_as_matrix(ids), weights, combiner)
        ids, empty = sparse_fill_empty_rows(ids, default_id or 0)
        if weights is not None:
            weights, _ = sparse_fill_empty_rows(weights, 1.0)
        own_name = None if default_id is None else scope
        rows = embedding_lookup_sparse(parts, ids, weights, partition_strategy, own_name, combiner, max_norm)
        if default_id is None:
            rows = where(empty, zeros_like(rows), rows, name=scope)
        return _with_outer_shape(rows, outer)


def _as_matrix(sparse: SparseTensor) -> SparseTensor:
    """All axes but the last as one."""
    if sparse.shape.ndims == 2:
        return sparse
    sizes = sparse.dense_shape
    return sparse_reshape(sparse, stack([reduce_prod(sizes[:-1]), sizes[-1]]))


def _pruned(ids: SparseTensor, weights: SparseTensor | None, combiner: str) -> tuple[SparseTensor, SparseTensor | None]:
    if weights is None:
        if ids.values.op.type in _NEVER_NEGATIVE:
            return ids, None
        return sparse_retain(ids, greater_equal(ids.values, constant(0, ids.dtype))), None
    aligned = SparseTensor(ids.indices, weights.values, ids.dense_shape)
    valid = greater_equal(ids.values, constant(0, ids.dtype))
    ids, aligned = sparse_retain(ids, valid), sparse_retain(aligned, valid)
    if combiner == "sum":
        return ids, aligned
    positive = greater(aligned.values, constant(0, aligned.dtype))
    return sparse_retain(ids, positive), sparse_retain(aligned, positive)


def _with_outer_shape(rows: Tensor, sizes: Tensor) -> Tensor:
    known = constant_value_as_shape(sizes)
    if known.ndims == 2:
        rows.set_shape(known[:1].concatenate(rows.shape[1:]))
        return rows
    outer = cast(sizes, dtypes.int32)[:-1]
    result = reshape(rows, concat([outer, shape(rows)[1:]], 0))
    if known.ndims is not None:
        result.set_shape(known[:-1].concatenate(rows.shape[1:]))
    return result
