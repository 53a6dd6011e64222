"""Sparse tensors: made from dense ones and turned back, put in order, reshaped, filled, multiplied."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.graph.conversion import constant, constant_value, constant_value_as_shape, convert_to_tensor, placeholder
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.sparse_tensor import SparseTensor, as_sparse_tensor
from trackml.ops.array import (
    as_indices,
    expand_dims,
    fill,
    identity,
    invert_permutation,
    reshape,
    shape,
    transpose,
    zeros,
)
from trackml.ops.comparison import not_equal
from trackml.ops.framework import name_scope
from trackml.ops.gathering import gather, gather_nd, where
from trackml.ops.joining import concat
from trackml.ops.math import cast
from trackml.ops.ranges import range as range_of
from trackml.ops.reductions import reduce_sum
from trackml.ops.segments import all_below, sum_by_id
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]


def sparse_placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> SparseTensor:
    """A sparse tensor whose value is given to each `Session.run`, as a `SparseTensorValue`.

    Args:
        dtype: The type of the values.
        shape: The size of the whole; None, or a list in which sizes are None, for one that is fed too.
        name: Prefix of the placeholders' names.
    """
    rank = None if shape is None else int(shape.shape[0]) if isinstance(shape, Tensor) else len(shape)
    names = {part: None if name is None else f"{name}/{part}" for part in ("shape", "values", "indices")}
    if shape is None or (not isinstance(shape, Tensor) and None in list(shape)):
        size = placeholder(dtypes.int64, [rank], name=names["shape"])
    else:
        size = convert_to_tensor(shape, dtypes.int64, name=names["shape"])
    values = placeholder(dtype, [None], name=names["values"])
    indices = placeholder(dtypes.int64, [None, rank], name=names["indices"])
    return SparseTensor(indices, values, size)


def from_dense(tensor: Any, name: str | None = None) -> SparseTensor:
    """The elements of a tensor that are not zero (or not empty texts), as a sparse tensor."""
    with name_scope(name, "dense_to_sparse"):
        dense = convert_to_tensor(tensor)
        indices = where(not_equal(dense, zeros([], dense.dtype)))
        return SparseTensor(indices, gather_nd(dense, indices), shape(dense, out_type=dtypes.int64))


def sparse_to_dense(
    sparse_indices: Any,
    output_shape: Any,
    sparse_values: Any,
    default_value: Any = 0,
    validate_indices: bool = True,
    name: str | None = None,
) -> Tensor:
    """A dense tensor with values at some positions and a default elsewhere.

    Args:
        sparse_indices: Positions `[n, rank]`; for a vector also `[n]`.
        output_shape: The size of the result, `[rank]`.
        sparse_values: A value for each position, `[n]`, or one for all.
        default_value: What is put elsewhere.
        validate_indices: Whether positions must be in order and differ.
        name: Name of the operation.
    """
    with name_scope(name, "SparseToDense", [sparse_indices, output_shape, sparse_values]) as scope:
        size = as_indices(output_shape, "output_shape")
        positions = as_indices(sparse_indices, "sparse_indices")
        if positions.dtype is not size.dtype:
            positions, size = cast(positions, dtypes.int64), cast(size, dtypes.int64)
        values = convert_to_tensor(sparse_values, name="sparse_values")
        default = convert_to_tensor(default_value, values.dtype, name="default_value")
        dense: Tensor = apply_op(
            "SparseToDense", positions, size, values, default, name=scope, validate_indices=validate_indices
        )
    return dense


def _sparse_to_dense(indices: Array, size: Array, values: Array, default: Array, *, validate_indices: bool) -> Array:
    sizes = size.tolist()
    positions = indices.reshape((-1, len(sizes)))
    _check_positions(positions, sizes, validate_indices)
    dense = np.empty(sizes, np.asarray(values).dtype)
    dense[...] = default
    dense[tuple(positions.T)] = values
    return dense


def _check_positions(positions: Array, sizes: list[int], ordered: bool) -> None:
    outside = ((positions < 0) | (positions >= sizes)).any(axis=1)
    if outside.any():
        raise ValueError(_position(positions, int(outside.argmax())) + f" is out of bounds: need 0 <= index < {sizes}")
    if ordered and len(positions) > 1:
        flat = np.ravel_multi_index(tuple(positions.T), sizes)
        if (flat[1:] <= flat[:-1]).any():
            at = int((flat[1:] <= flat[:-1]).argmax()) + 1
            fault = "is repeated" if flat[at] == flat[at - 1] else "is out of order. Use tf.sparse.reorder first"
            raise ValueError(f"{_position(positions, at)} {fault}")


def _position(positions: Array, at: int) -> str:
    return f"indices[{at}] = {positions[at].tolist()}"


def _sparse_to_dense_grad(op: Operation, grad: Tensor) -> list[Any]:
    positions, _, values, _ = op.inputs
    if positions.shape.ndims == 1:
        positions = expand_dims(positions, -1)
    back = gather_nd(grad, positions)
    total = reduce_sum(back)
    return [None, None, total if values.shape.ndims == 0 else back, reduce_sum(grad) - total]


register(
    "SparseToDense",
    _sparse_to_dense,
    shape=lambda op: constant_value_as_shape(op.inputs[1]),
    dtypes=lambda op: [op.inputs[2].dtype],
    gradient=_sparse_to_dense_grad,
    types={"T": 2, "Tindices": 0},
)


def sparse_tensor_to_dense(
    sp_input: Any, default_value: Any = None, validate_indices: bool = True, name: str | None = None
) -> Tensor:
    """A sparse tensor as a dense one, with `default_value` (zero, an empty text) where it has nothing.

    Arguments as for `sparse_to_dense`.
    """
    sparse = as_sparse_tensor(sp_input)
    default = zeros([], sparse.dtype) if default_value is None else default_value
    return sparse_to_dense(sparse.indices, sparse.dense_shape, sparse.values, default, validate_indices, name)


def sparse_reorder(sp_input: Any, name: str | None = None) -> SparseTensor:
    """A sparse tensor with its positions in order, row by row."""
    sparse = as_sparse_tensor(sp_input)
    indices, values = apply_op(
        "SparseReorder", sparse.indices, sparse.values, sparse.dense_shape, name=name or "SparseReorder"
    )
    known = sparse.shape
    size = known.as_list() if known.is_fully_defined() else identity(sparse.dense_shape)
    return SparseTensor(indices, values, size)


def _sparse_reorder(indices: Array, values: Array, size: Array) -> tuple[Array, Array]:
    order = np.lexsort(indices.T[::-1]) if indices.shape[1] else np.arange(len(indices))
    return indices[order], values[order]


def _sparse_reorder_grad(op: Operation, _: Any, grad: Tensor) -> list[Any]:
    indices, _, size = op.inputs
    _, places = apply_op("SparseReorder", indices, range_of(shape(indices)[0]), size)
    return [None, gather(grad, invert_permutation(places)), None]


register(
    "SparseReorder",
    _sparse_reorder,
    shape=lambda op: [op.inputs[0].shape, op.inputs[1].shape],
    dtypes=lambda op: [dtypes.int64, op.inputs[1].dtype],
    gradient=_sparse_reorder_grad,
    types={"T": 1},
)


def sparse_reshape(sp_input: Any, shape: Any, name: str | None = None) -> SparseTensor:
    """A sparse tensor with the same elements under another shape.

    Args:
        sp_input: A sparse tensor.
        shape: The other shape; -1 stands for the size that is left over.
        name: Name of the operation.

    Raises:
        ValueError: The other shape has more or fewer elements, or more than one -1.
    """
    sparse = as_sparse_tensor(sp_input)
    wanted = cast(shape, dtypes.int64)
    with name_scope(name, "SparseReshape", [sparse]) as scope:
        indices, size = apply_op("SparseReshape", sparse.indices, sparse.dense_shape, wanted, name=scope)
        sizes = constant_value(wanted)
        if sizes is not None and sparse.shape.is_fully_defined():
            size = constant(_resolved(sparse.shape.as_list(), sizes.tolist()), dtypes.int64)
        return SparseTensor(indices, identity(sparse.values), size)


def _resolved(sizes: list[Any], wanted: list[int]) -> list[int]:
    """`wanted` with the size for its -1."""
    missing = [axis for axis, size in enumerate(wanted) if size == -1]
    if len(missing) > 1:
        raise ValueError(f"At most one dimension can be inferred (-1). Found: {wanted}")
    count, rest = prod(sizes), prod(size for size in wanted if size != -1)
    full = [count // max(rest, 1) if size == -1 else size for size in wanted]
    if prod(full) != count:
        raise ValueError(f"Cannot reshape a tensor with {count} elements to shape {wanted} ({prod(full)} elements).")
    return full


def _sparse_reshape(indices: Array, size: Array, wanted: Array) -> tuple[Array, Array]:
    old = size.tolist()
    new = _resolved(old, wanted.tolist())
    if new == old:
        return indices, size
    flat = np.ravel_multi_index(tuple(indices.T), old) if len(indices) else np.zeros(0, np.int64)
    moved = np.stack(np.unravel_index(flat, new), axis=1) if len(indices) else np.zeros((0, len(new)))
    return moved.astype(np.int64), np.array(new, np.int64)


def _sparse_reshape_shapes(op: Operation) -> list[TensorShape]:
    count, rank = op.inputs[0].shape.with_rank(2)[:1], op.inputs[2].shape.with_rank(1)
    return [count.concatenate(rank), rank]


register(
    "SparseReshape",
    _sparse_reshape,
    shape=_sparse_reshape_shapes,
    dtypes=lambda op: [dtypes.int64, dtypes.int64],
    gradient=NOT_DIFFERENTIABLE,
    types={},
)


def sparse_fill_empty_rows(sp_input: Any, default_value: Any, name: str | None = None) -> tuple[SparseTensor, Tensor]:
    """A sparse tensor in which every row has a value, and which rows had none.

    Args:
        sp_input: A sparse tensor, `[rows, ...]`.
        default_value: What an empty row gets, at its first place.
        name: Name scope.

    Returns:
        The sparse tensor, and booleans `[rows]`.
    """
    sparse = as_sparse_tensor(sp_input)
    with name_scope(name, "SparseFillEmptyRows", [sparse]):
        default = convert_to_tensor(default_value, sparse.dtype)
        indices, values, empty, _ = apply_op(
            "SparseFillEmptyRows",
            sparse.indices,
            sparse.values,
            sparse.dense_shape,
            default,
            name="SparseFillEmptyRows",
        )
        return SparseTensor(indices, values, sparse.dense_shape), empty


def _sparse_fill_empty_rows(indices: Array, values: Array, size: Array, default: Array) -> tuple[Array, ...]:
    count, rows = int(size[0]), indices[:, 0]
    every = np.arange(count)
    if len(rows) == count and (rows == every).all():
        return indices, values, np.zeros(count, np.bool_), every
    if not all_below(rows, count):
        at = int(((rows < 0) | (rows >= count)).argmax())
        raise ValueError(f"indices({at}, 0) is invalid: {rows[at]} >= {count}")
    empty = np.bincount(rows, minlength=count) == 0
    in_order = not (rows[1:] < rows[:-1]).any()
    if in_order and not empty.any():
        return indices, values, empty, np.arange(len(rows))
    order = None if in_order else np.argsort(rows, kind="stable")
    if order is not None:
        indices, values, rows = indices[order], values[order], rows[order]
    # An entry has as many added ones before it as there are empty rows before its own.
    places = np.arange(len(rows)) + np.cumsum(empty)[rows]
    total = len(rows) + np.count_nonzero(empty)
    is_added = np.ones(total, np.bool_)
    is_added[places] = False
    filled_indices, filled = np.zeros((total, indices.shape[1]), np.int64), np.empty(total, values.dtype)
    filled_indices[places], filled[places] = indices, values
    filled_indices[is_added, 0], filled[is_added] = empty.nonzero()[0], default
    if order is not None:
        places[order] = places.copy()
    return filled_indices, filled, empty, places


def _sparse_fill_shapes(op: Operation) -> list[TensorShape]:
    indices, values, size, _ = op.inputs
    rank = indices.shape.with_rank(2)[1:].merge_with(size.shape.with_rank(1))
    unknown = TensorShape([None])
    return [unknown.concatenate(rank), unknown, constant_value_as_shape(size)[:1], values.shape]


def _sparse_fill_grad(op: Operation, *grads: Any) -> list[Any]:
    back = gather(grads[1], op.outputs[3])
    return [None, back, None, reduce_sum(grads[1]) - reduce_sum(back)]


register(
    "SparseFillEmptyRows",
    _sparse_fill_empty_rows,
    shape=_sparse_fill_shapes,
    dtypes=lambda op: [dtypes.int64, op.inputs[1].dtype, dtypes.bool_, dtypes.int64],
    gradient=_sparse_fill_grad,
    types={"T": 1},
)


def sparse_tensor_dense_matmul(
    sp_a: Any, b: Any, adjoint_a: bool = False, adjoint_b: bool = False, name: str | None = None
) -> Tensor:
    """The product of a sparse matrix and a dense one.

    Args:
        sp_a: A sparse matrix, `[m, k]`; its positions need no order.
        b: A matrix, `[k, n]`.
        adjoint_a: Take `sp_a` transposed.
        adjoint_b: Take `b` transposed.
        name: Name of the operation.
    """
    sparse = as_sparse_tensor(sp_a)
    with name_scope(name, "SparseTensorDenseMatMul", [sparse, b]):
        dense = convert_to_tensor(b, sparse.dtype, name="b")
        parts = (sparse.indices, sparse.values, sparse.dense_shape, dense)
        product: Tensor = apply_op(
            "SparseTensorDenseMatMul",
            *parts,
            name="SparseTensorDenseMatMul",
            adjoint_a=adjoint_a,
            adjoint_b=adjoint_b,
        )
    return product


def _sparse_matmul(indices: Array, values: Array, size: Array, b: Array, *, adjoint_a: bool, adjoint_b: bool) -> Array:
    rows, columns = indices.T[::-1] if adjoint_a else indices.T
    count, depth = size.tolist()[::-1] if adjoint_a else size.tolist()
    dense = b.T if adjoint_b else b
    if dense.shape[0] != depth:
        raise ValueError(f"Cannot multiply A and B because inner dimension does not match: {depth} vs. {len(dense)}.")
    for name, places, limit in (("k", columns, depth), ("m", rows, count)):
        if places.size and not 0 <= places.min() <= places.max() < limit:
            raise ValueError(f"{name} ({places.max()}) from index[{int(places.argmax())}] out of bounds (>={limit})")
    return sum_by_id(values[:, None] * dense[columns], rows, count)


def _sparse_matmul_shape(op: Operation) -> TensorShape:
    left, right = constant_value_as_shape(op.inputs[2]), op.inputs[3].shape
    left, right = left.merge_with([None, None]), right.merge_with([None, None])
    (m, k), (inner, n) = left.as_list(), right.as_list()
    m, k = (k, m) if op.attrs["adjoint_a"] else (m, k)
    inner, n = (n, inner) if op.attrs["adjoint_b"] else (inner, n)
    TensorShape([k]).assert_is_compatible_with([inner])
    return TensorShape([m, n])


def _sparse_matmul_grad(op: Operation, grad: Tensor) -> list[Any]:
    indices, values, size, b = op.inputs
    flip_a, flip_b = op.get_attr("adjoint_a"), op.get_attr("adjoint_b")
    b_grad = apply_op(op.type, indices, values, size, grad, adjoint_a=not flip_a, adjoint_b=False)
    rows, columns = indices[:, 0], indices[:, 1]
    left = gather(grad, columns if flip_a else rows)
    right = gather(transpose(b) if flip_b else b, rows if flip_a else columns)
    return [None, reduce_sum(left * right, 1), None, transpose(b_grad) if flip_b else b_grad]


register(
    "SparseTensorDenseMatMul",
    _sparse_matmul,
    shape=_sparse_matmul_shape,
    dtypes=lambda op: [op.inputs[1].dtype],
    gradient=_sparse_matmul_grad,
    types={"T": 1, "Tindices": 0},
)


def sparse_retain(sp_input: Any, to_retain: Any) -> SparseTensor:
    """The values of a sparse tensor for which `to_retain` (booleans, `[n]`) is true, in the same shape."""
    sparse = as_sparse_tensor(sp_input)
    keep = convert_to_tensor(to_retain, dtypes.bool_)
    keep.shape.with_rank(1).assert_is_compatible_with(sparse.values.shape)
    kept = reshape(where(keep), [-1])
    return SparseTensor(gather(sparse.indices, kept), gather(sparse.values, kept), identity(sparse.dense_shape))


def sparse_merge(
    sp_ids: Any, sp_values: Any, vocab_size: Any, name: str | None = None, already_sorted: bool = False
) -> SparseTensor:
    """Ids and values of the same rows, as one sparse tensor whose last axis is the id.

    Args:
        sp_ids: A sparse tensor of ids, `[rows, ...]`, or a list of them.
        sp_values: A sparse tensor of the same positions.
        vocab_size: How many ids there are, one number for each of `sp_ids`.
        name: Name scope.
        already_sorted: Whether the ids of a row rise, so that nothing is put in order.
    """
    several = isinstance(sp_ids, (list, tuple)) and not hasattr(sp_ids, "dense_shape")
    ids, sizes = (sp_ids, vocab_size) if several else ([sp_ids], [vocab_size])
    if len(ids) != len(sizes):
        raise ValueError("sp_ids and vocab_size have to have equal lengths.")
    with name_scope(name, "SparseMerge"):
        sparse = [as_sparse_tensor(item) for item in ids]
        columns = [expand_dims(cast(item.values, dtypes.int64), 1) for item in sparse]
        indices = concat([sparse[0].indices[:, :-1], *columns], 1)
        limits = [reshape(cast(size, dtypes.int64), [1]) for size in sizes]
        size = concat([sparse[0].dense_shape[:-1], *limits], 0)
        merged = SparseTensor(indices, as_sparse_tensor(sp_values).values, size)
        if already_sorted:
            return merged
        ordered = sparse_reorder(merged)
        return SparseTensor(ordered.indices, ordered.values, size)


def sparse_to_indicator(sp_input: Any, vocab_size: int, name: str | None = None) -> Tensor:
    """Booleans `[rows, vocab_size]` that tell which ids each row of a sparse tensor has."""
    sparse = as_sparse_tensor(sp_input)
    with name_scope(name, "SparseToIndicator", [sparse]) as scope:
        yes = fill(expand_dims(shape(sparse.indices)[0], 0), True)
        merged = sparse_merge(sparse, SparseTensor(sparse.indices, yes, sparse.dense_shape), vocab_size, scope)
        return sparse_tensor_to_dense(merged, False, validate_indices=False, name=scope)
