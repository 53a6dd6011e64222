"""Sparse tensors as single tensors: how one is the element of a dataset.

A serialized sparse tensor is a variant vector of its three parts; several are rows of a variant matrix, so that what
moves, picks and stacks rows of tensors does so with sparse tensors.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import DType
from trackml.graph.graph import apply_op
from trackml.graph.operation import Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.sparse_tensor import SparseTensor
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]


def serialize_sparse(sparse: SparseTensor) -> Tensor:
    """A sparse tensor as a variant vector of its three parts."""
    serialized: Tensor = apply_op("SerializeSparse", *sparse._components(), out_type=dtypes.variant)
    return serialized


def serialize_many_sparse(sparse: SparseTensor) -> Tensor:
    """The slices of a sparse tensor along its first axis, a row of a variant matrix `[n, 3]` for each."""
    serialized: Tensor = apply_op("SerializeManySparse", *sparse._components(), out_type=dtypes.variant)
    return serialized


def deserialize_sparse(serialized: Tensor, dtype: DType, rank: int | None) -> SparseTensor:
    """The sparse tensor that a variant vector `[3]` holds, or the stack of those of a variant `[..., 3]`.

    Args:
        serialized: What `serialize_sparse` and its like gave.
        dtype: The type of the values.
        rank: The rank of the result, with the axes of the stack; None when it is not known.
    """
    indices, values, dense_shape = apply_op("DeserializeSparse", serialized, dtype=dtype)
    indices.set_shape([None, rank])
    dense_shape.set_shape([rank])
    return SparseTensor(indices, values, dense_shape)


def _kept(array: Array) -> Array:
    """A copy that nobody writes into: it outlives the run."""
    copied = np.array(array)
    copied.flags.writeable = False
    return copied


def _only_variant(out_type: DType) -> None:
    if out_type is not dtypes.variant:
        raise ValueError(f"Sparse tensors are serialized as tf.variant alone; out_type was {out_type.name}.")


def _serialized(indices: Array, values: Array, size: Array, *, out_type: DType) -> Array:
    _only_variant(out_type)
    row = np.empty(3, object)
    for place, part in enumerate((indices, values, size)):
        row[place] = _kept(part)
    return row


def serialized_slices(indices: Array, values: Array, size: Array, *, out_type: DType = dtypes.variant) -> Array:
    """The slices of a sparse tensor along its first axis, as rows of an object matrix."""
    _only_variant(out_type)
    if len(size) < 2:
        raise ValueError(f"Rank of input SparseTensor should be > 1, but saw rank: {len(size)}")
    count = int(size[0])
    order = np.argsort(indices[:, 0], kind="stable")
    indices, values, inner = _kept(indices[order]), _kept(values[order]), _kept(size[1:])
    if len(indices) and not 0 <= indices[0, 0] <= indices[-1, 0] < count:
        raise ValueError(f"Indices of slices must be in [0, {count}); got {indices[0, 0]} to {indices[-1, 0]}.")
    ends = np.searchsorted(indices[:, 0], np.arange(count + 1))
    rows = np.empty((count, 3), object)
    for row, (start, end) in enumerate(itertools.pairwise(ends)):
        rows[row, 0], rows[row, 1], rows[row, 2] = indices[start:end, 1:], values[start:end], inner
    return rows


def deserialized(serialized: Array) -> tuple[Array, Array, Array]:
    """Indices, values and dense shape of what rows `[..., 3]` hold; axes in front are axes of the result.

    Raises:
        ValueError: There are no rows, or they differ in rank.
    """
    if serialized.ndim == 1:
        indices, values, size = serialized
        return indices, values, size
    outer = serialized.shape[:-1]
    parts = serialized.reshape(-1, 3)
    if not len(parts):
        raise ValueError("Must have at least one serialized SparseTensor; got none.")
    ranks = [len(size) for size in parts[:, 2]]
    for number, rank in enumerate(ranks):
        if rank != ranks[0]:
            raise ValueError(
                f"Inconsistent shape across SparseTensors: rank prior to SparseTensor[{number}] was: {ranks[0]} but "
                f"rank of SparseTensor[{number}] is: {rank}"
            )
    places = np.stack(np.unravel_index(np.arange(len(parts)), outer), axis=1)
    counts = [len(values) for values in parts[:, 1]]
    indices = np.concatenate([np.repeat(places, counts, axis=0), np.concatenate(list(parts[:, 0]))], axis=1)
    size = np.concatenate([np.array(outer, np.int64), np.max(np.stack(list(parts[:, 2])), axis=0)])
    return indices, np.concatenate(list(parts[:, 1])), size


def _deserialized(serialized: Array, *, dtype: DType) -> Sequence[Array]:
    if not serialized.ndim or serialized.shape[-1] != 3:
        raise ValueError(f"Serialized sparse should have 3 as the last dimension; got shape {list(serialized.shape)}")
    if any(isinstance(part, bytes) for part in serialized.flat):
        raise ValueError("Sparse tensors serialized as strings are not read; serialize them as tf.variant.")
    parts = deserialized(serialized)
    if parts[1].dtype != dtype.as_numpy_dtype:
        raise ValueError(f"Requested SparseTensor of type {dtype.name} but its values are {parts[1].dtype}.")
    return parts


register(
    "SerializeSparse",
    _serialized,
    shape=lambda op: TensorShape([3]),
    dtypes="out_type",
    gradient=NOT_DIFFERENTIABLE,
    types={"T": 1},
)
register(
    "SerializeManySparse",
    serialized_slices,
    shape=lambda op: TensorShape([None, 3]),
    dtypes="out_type",
    gradient=NOT_DIFFERENTIABLE,
    types={"T": 1},
)
register(
    "DeserializeSparse",
    _deserialized,
    shape=lambda op: [TensorShape([None, None]), TensorShape([None]), TensorShape([None])],
    dtypes=lambda op: [dtypes.int64, op.attrs["dtype"], dtypes.int64],
    gradient=NOT_DIFFERENTIABLE,
    types={"Tserialized": 0},
)
