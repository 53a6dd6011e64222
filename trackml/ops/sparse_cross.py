"""Crosses of features: one id for each combination of the values that an example has, one from each feature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import DType
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.sparse_tensor import SparseTensor, SparseTensorValue, as_sparse_tensor
from trackml.ops.fingerprint import fingerprint_cat64, fingerprints
from trackml.ops.framework import name_scope
from trackml.ops.math import cast
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]

_HASH_KEY = 0xDECAFCAFFE
_BETWEEN = b"_X_"
"""What stands between the texts of a cross that is not hashed."""


def sparse_cross_hashed(
    inputs: list[Any], num_buckets: int = 0, hash_key: int | None = None, name: str | None = None
) -> SparseTensor:
    """The bucket of each combination of the features of an example.

    The fingerprints of the values (Fingerprint64 of texts, numbers as they are) are chained in the order of the
    features, from `hash_key` on.

    Args:
        inputs: Features: sparse matrices `[batch, n]`, in order, or dense ones; texts or integers.
        num_buckets: How many buckets there are; 0 for all numbers below 2^63 - 1.
        hash_key: Where the chain starts; TensorFlow's own number if not given.
        name: Name of the operation.

    Returns:
        A sparse tensor of int64, `[batch, largest number of combinations]`.

    Raises:
        TypeError: `inputs` is no list of tensors.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     crossed = tf.sparse.cross_hashed([tf.constant([["a"]]), tf.constant([[3]])], 10)
        ...     print(session.run(crossed).values.shape)
        (1,)
    """
    return _cross(inputs, dtypes.int64, num_buckets, hash_key, name)


def sparse_cross(inputs: list[Any], name: str | None = None) -> SparseTensor:
    """The text of each combination of the features of an example, such as `a_X_b`; arguments as for the hashed one."""
    return _cross(inputs, dtypes.string, 0, None, name)


def _cross(
    inputs: list[Any], out_type: DType, num_buckets: int, hash_key: int | None, name: str | None
) -> SparseTensor:
    if not isinstance(inputs, list):
        raise TypeError("Inputs must be a list")
    if not all(isinstance(item, (SparseTensor, SparseTensorValue, Tensor)) for item in inputs):
        raise TypeError("All inputs must be SparseTensors")
    with name_scope(name, "SparseCross", [item for item in inputs if isinstance(item, Tensor)]) as scope:
        sparse = [as_sparse_tensor(item) for item in inputs if not isinstance(item, Tensor)]
        values = [_whole(item.values) for item in sparse]
        dense = [_whole(item) for item in inputs if isinstance(item, Tensor)]
        numbers = any(item.dtype is not dtypes.string for item in [*values, *dense])
        parts = apply_op(
            "SparseCross",
            *(item.indices for item in sparse),
            *values,
            *(item.dense_shape for item in sparse),
            *dense,
            name=scope,
            N=len(sparse),
            hashed_output=out_type is dtypes.int64,
            num_buckets=num_buckets,
            hash_key=hash_key or _HASH_KEY,
            sparse_types=[item.dtype for item in values],
            dense_types=[item.dtype for item in dense],
            out_type=out_type,
            internal_type=dtypes.int64 if numbers else dtypes.string,
        )
        return SparseTensor(*parts)


def _whole(tensor: Tensor) -> Tensor:
    return tensor if tensor.dtype is dtypes.string else cast(tensor, dtypes.int64)


def _sparse_cross(
    *inputs: Array, N: int, hashed_output: bool, num_buckets: int, hash_key: int
) -> tuple[Array, Array, Array]:
    dense = inputs[3 * N :]
    if not N and len({values.shape for values in dense}) == 1 and dense[0].shape[1] == 1:
        return _one_each([values.reshape(-1) for values in dense], hashed_output, num_buckets, hash_key)
    features = [
        _ragged(indices[:, 0], values, int(size[0]))
        for indices, values, size in zip(inputs[:N], inputs[N : 2 * N], inputs[2 * N : 3 * N])
    ]
    features += [(values.reshape(-1), np.full(len(values), values.shape[1])) for values in dense]
    batch = len(features[0][1])
    if all(len(values) == batch and (counts == 1).all() for values, counts in features):
        # One value of each feature in each example, as it mostly is: they are the only combination.
        rows, places, width = np.arange(batch), np.zeros(batch, np.int64), min(batch, 1)
        picked = [values for values, _ in features]
    else:
        counts = np.prod([count for _, count in features], axis=0, dtype=np.int64)
        width = counts.max(initial=0)
        rows = np.repeat(np.arange(batch), counts)
        places = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        picked = _combinations(features, rows, places)
    values = _hashed(picked, num_buckets, hash_key) if hashed_output else _joined(picked)
    return np.stack([rows, places], axis=1), values, np.array([batch, width], np.int64)


def _one_each(
    columns: Sequence[Array], hashed_output: bool, num_buckets: int, hash_key: int
) -> tuple[Array, Array, Array]:
    """The cross of features that all have one value in each example, with nothing to be counted."""
    batch = len(columns[0])
    places = np.zeros((batch, 2), np.int64)
    places[:, 0] = np.arange(batch)
    values = _hashed(columns, num_buckets, hash_key) if hashed_output else _joined(columns)
    return places, values, np.array([batch, min(batch, 1)], np.int64)


def _ragged(rows: Array, values: Array, batch: int) -> tuple[Array, Array]:
    """The values of a feature and how many each example has."""
    return values, np.bincount(rows, minlength=batch)


def _combinations(features: Sequence[tuple[Array, Array]], rows: Array, places: Array) -> list[Array]:
    """The value of each feature in each combination; the last feature changes fastest."""
    picked: list[Array] = []
    rest = places
    for values, counts in reversed(features):
        rest, at = np.divmod(rest, counts[rows])
        picked.insert(0, values[(np.cumsum(counts) - counts)[rows] + at])
    return picked


def _hashed(columns: Sequence[Array], num_buckets: int, hash_key: int) -> Array:
    chain: Any = np.uint64(hash_key)
    for column in columns:
        prints = fingerprints(column) if column.dtype == object else column.astype(np.uint64)
        chain = fingerprint_cat64(chain, prints)
    ids: Array = (chain % np.uint64(num_buckets or 2**63 - 1)).astype(np.int64)
    return ids


def _joined(columns: Sequence[Array]) -> Array:
    joined = np.empty(len(columns[0]), object)
    texts = [[item if isinstance(item, bytes) else b"%d" % item for item in column] for column in columns]
    joined[:] = [_BETWEEN.join(row) for row in zip(*texts)]
    return joined


def _shapes(op: Operation) -> list[TensorShape]:
    return [TensorShape([None, 2]), TensorShape([None]), TensorShape([2])]


register(
    "SparseCross",
    _sparse_cross,
    shape=_shapes,
    dtypes=lambda op: [dtypes.int64, op.attrs["out_type"], dtypes.int64],
    gradient=NOT_DIFFERENTIABLE,
    types={},
)
