"""Sets: the last axis of a tensor holds the elements of one set, those before it count sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.sparse_tensor import SparseTensor, SparseTensorValue, as_sparse_tensor
from trackml.ops.framework import name_scope
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]
Row = tuple[int, ...]


def as_sparse_or_dense(value: Any, dtype: Any = None) -> Tensor | SparseTensor:
    """`value` as a sparse tensor where it is sparse, else as a tensor."""
    if isinstance(value, (SparseTensor, SparseTensorValue)):
        return as_sparse_tensor(value)
    return convert_to_tensor(value, dtype)


def set_size(a: Any, validate_indices: bool = True) -> Tensor:
    """How many elements each set of a sparse tensor has, int32, in the shape of all axes but the last."""
    sets = as_sparse_tensor(a)
    size: Tensor = apply_op("SetSize", sets.indices, sets.values, sets.dense_shape, validate_indices=validate_indices)
    return size


def set_intersection(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """The elements that are in both of each pair of sets.

    Args:
        a: Sets, a tensor or a sparse tensor of integers or strings.
        b: As many sets, of the same type.
        validate_indices: Kept in the graph.

    Returns:
        A sparse tensor whose sets are in rising order.
    """
    first, second = as_sparse_or_dense(a), as_sparse_or_dense(b)
    if isinstance(first, SparseTensor) and isinstance(second, Tensor):
        first, second = second, first
    return _combined(first, second, "intersection", validate_indices)


def set_union(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """The elements that are in one of each pair of sets; arguments as `set_intersection`."""
    first, second = as_sparse_or_dense(a), as_sparse_or_dense(b)
    if isinstance(first, SparseTensor) and isinstance(second, Tensor):
        first, second = second, first
    return _combined(first, second, "union", validate_indices)


def set_difference(a: Any, b: Any, aminusb: bool = True, validate_indices: bool = True) -> SparseTensor:
    """The elements of `a` that are not in `b`, or with `aminusb` false those of `b` that are not in `a`."""
    first, second = as_sparse_or_dense(a), as_sparse_or_dense(b)
    if isinstance(first, SparseTensor) and isinstance(second, Tensor):
        first, second, aminusb = second, first, not aminusb
    return _combined(first, second, "a-b" if aminusb else "b-a", validate_indices)


def _combined(
    a: Tensor | SparseTensor, b: Tensor | SparseTensor, operation: str, validate_indices: bool
) -> SparseTensor:
    kinds = ["Sparse" if isinstance(item, SparseTensor) else "Dense" for item in (a, b)]
    type = f"{kinds[0]}To{kinds[1]}SetOperation"
    parts = [part for item in (a, b) for part in (item._components() if isinstance(item, SparseTensor) else [item])]
    with name_scope(None, type, parts) as scope:
        options = {"set_operation": operation, "validate_indices": validate_indices}
        return SparseTensor(*apply_op(type, *parts, name=scope, **options))


def _rows_of_dense(sets: Array) -> dict[Row, set[Any]]:
    flat = sets.reshape(-1, sets.shape[-1]).tolist()
    return dict(zip(np.ndindex(sets.shape[:-1]), map(set, flat)))


def _rows_of_sparse(indices: Array, values: Array) -> dict[Row, set[Any]]:
    rows: dict[Row, set[Any]] = {}
    for place, value in zip(map(tuple, indices[:, :-1].tolist()), values.tolist()):
        rows.setdefault(place, set()).add(value)
    return rows


_OPERATIONS: dict[str, Callable[[set[Any], set[Any]], set[Any]]] = {
    "intersection": lambda a, b: a & b,
    "union": lambda a, b: a | b,
    "a-b": lambda a, b: a - b,
    "b-a": lambda a, b: b - a,
}


def _result(
    a: dict[Row, set[Any]], b: dict[Row, set[Any]], groups: Sequence[int], dtype: Any, operation: str
) -> list[Array]:
    combine, empty = _OPERATIONS[operation], set[Any]()
    rows = [(place, sorted(combine(a.get(place, empty), b.get(place, empty)))) for place in sorted({*a, *b})]
    indices = [(*place, number) for place, row in rows for number in range(len(row))]
    values = np.empty(len(indices), dtype)
    values[:] = [value for _, row in rows for value in row]
    longest = max((len(row) for _, row in rows), default=0)
    return [
        np.array(indices, np.int64).reshape(-1, len(groups) + 1),
        values,
        np.array([*groups, longest], np.int64),
    ]


def _check_groups(a: Sequence[int], b: Sequence[int]) -> list[int]:
    if list(a) != list(b):
        raise ValueError(f"Mismatched group shapes: {list(a)} vs {list(b)}")
    return list(a)


def _dense_to_dense(a: Array, b: Array, *, set_operation: str) -> list[Array]:
    groups = _check_groups(a.shape[:-1], b.shape[:-1])
    return _result(_rows_of_dense(a), _rows_of_dense(b), groups, a.dtype, set_operation)


def _dense_to_sparse(a: Array, indices: Array, values: Array, shape: Array, *, set_operation: str) -> list[Array]:
    groups = _check_groups(a.shape[:-1], shape[:-1].tolist())
    return _result(_rows_of_dense(a), _rows_of_sparse(indices, values), groups, a.dtype, set_operation)


def _sparse_to_sparse(
    indices: Array, values: Array, shape: Array, others: Array, other_values: Array, other_shape: Array,
    *, set_operation: str,
) -> list[Array]:  # fmt: skip
    groups = _check_groups(shape[:-1].tolist(), other_shape[:-1].tolist())
    a, b = _rows_of_sparse(indices, values), _rows_of_sparse(others, other_values)
    return _result(a, b, groups, values.dtype, set_operation)


def _result_shapes(op: Operation) -> list[TensorShape]:
    rank = op.inputs[0].shape.ndims
    if op.type == "SparseToSparseSetOperation":
        rank = None if op.inputs[0].shape.sizes is None else op.inputs[0].shape.as_list()[1]
    return [TensorShape([None, rank]), TensorShape([None]), TensorShape([rank])]


for _type, _kernel, _typed in (
    ("DenseToDenseSetOperation", _dense_to_dense, 0),
    ("DenseToSparseSetOperation", _dense_to_sparse, 0),
    ("SparseToSparseSetOperation", _sparse_to_sparse, 1),
):
    register(
        _type,
        _kernel,
        shape=_result_shapes,
        dtypes=lambda op: [dtypes.int64, op.get_attr("T"), dtypes.int64],
        gradient=NOT_DIFFERENTIABLE,
        types={"T": _typed},
    )


def _set_size(indices: Array, values: Array, shape: Array) -> Array:
    sizes = np.zeros(shape[:-1], np.int32)
    for place, row in _rows_of_sparse(indices, values).items():
        sizes[place] = len(row)
    return sizes


def _set_size_shape(op: Operation) -> TensorShape:
    rank = op.inputs[2].shape.with_rank(1).as_list()[0]
    return TensorShape(None if rank is None else [None] * (rank - 1))


register("SetSize", _set_size, shape=_set_size_shape, dtypes=dtypes.int32, gradient=NOT_DIFFERENTIABLE, types={"T": 1})
