"""The features of a batch as columns see them, each made once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.feature_column.base import FeatureColumn
from trackml.feature_column.state import StateManager
from trackml.graph.conversion import constant, convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.graph.sparse_tensor import SparseTensor, SparseTensorValue, as_sparse_tensor
from trackml.ops import array
from trackml.ops.checks import assert_positive
from trackml.ops.comparison import not_equal
from trackml.ops.framework import control_dependencies, name_scope
from trackml.ops.gathering import gather_nd, where
from trackml.ops.joining import concat
from trackml.ops.math import cast, maximum
from trackml.ops.sparse import sparse_reshape


class Features:
    """The features of a batch, and what columns have made of them so far, each made once.

    Args:
        features: Tensors, sparse tensors, or what converts to them, by key. Lists of rows that differ in length
            become sparse tensors.
    """

    def __init__(self, features: Mapping[str, Any]) -> None:
        self._features = dict(features)
        self._found: dict[Any, Any] = {}

    def get(self, key: str | FeatureColumn, state_manager: StateManager | None = None) -> Any:
        """The feature of that key, of rank 2 at least, or what a column makes of the features.

        Raises:
            TypeError: `key` is neither a key nor a column.
            ValueError: There is no such feature, it is a scalar, or the column makes nothing of it.
        """
        if key not in self._found:
            self._found[key] = self._made(key, state_manager)
        return self._found[key]

    def _made(self, key: Any, state_manager: StateManager | None) -> Any:
        if key in self._features:
            return _as_rows(key, _converted(key, self._features[key]))
        if isinstance(key, str):
            raise ValueError(
                f"Feature {key} is not in features dictionary. "
                f"The input function gives {sorted(map(str, self._features))}."
            )
        if not isinstance(key, FeatureColumn):
            raise TypeError(f'"key" must be either a "str" or "_FeatureColumn". Provided: {key}')
        made = key.transform_feature(self, state_manager)
        if made is None:
            raise ValueError(f"Column {key.name} is not supported.")
        return made


def _converted(key: Any, feature: Any) -> Tensor | SparseTensor:
    try:
        return as_tensor(feature)
    except (TypeError, ValueError) as error:
        raise type(error)(f"Feature (key: {key}) is not what a tensor can hold: {error}") from error


def as_tensor(feature: Any) -> Tensor | SparseTensor:
    """A feature as a tensor; sparse if it is sparse, or if its rows differ in length."""
    if isinstance(feature, (SparseTensor, SparseTensorValue)):
        return as_sparse_tensor(feature)
    rows = _ragged_rows(feature)
    return convert_to_tensor(feature) if rows is None else _sparse(rows)


def _ragged_rows(feature: Any) -> list[Any] | None:
    """The rows of a list whose rows differ in length; None for anything else."""
    if isinstance(feature, np.ndarray):
        if feature.dtype != object or feature.ndim != 1:
            return None
    elif not isinstance(feature, (list, tuple)):
        return None
    rows = list(feature)
    if not all(isinstance(row, (list, tuple, np.ndarray)) and np.ndim(row) == 1 for row in rows if not _nested(row)):
        return None
    if any(_nested(row) for row in rows) or len({len(row) for row in rows}) < 2:
        return None
    return rows


def _nested(row: Any) -> bool:
    return isinstance(row, (list, tuple)) and any(isinstance(item, (list, tuple, np.ndarray, Tensor)) for item in row)


def _sparse(rows: list[Any]) -> SparseTensor:
    indices = [(row, place) for row, items in enumerate(rows) for place in range(len(items))]
    values = [item for items in rows for item in items]
    size = [len(rows), max(len(items) for items in rows)]
    return SparseTensor(np.array(indices, np.int64).reshape(-1, 2), values, np.array(size, np.int64))


def _as_rows(key: str, tensor: Any) -> Any:
    """A feature with one row an example: of rank 2 where it is a vector."""
    rank = tensor.get_shape().ndims
    if rank == 0:
        raise ValueError(f"Feature (key: {key}) cannot have rank 0. Given: {tensor}")
    if rank is None:
        return _of_unknown_rank(key, tensor)
    if rank > 1:
        return tensor
    if isinstance(tensor, SparseTensor):
        return sparse_reshape(tensor, [array.shape(tensor)[0], 1])
    return array.expand_dims(tensor, -1)


def _of_unknown_rank(key: str, tensor: Any) -> Any:
    """The same when the graph runs: the sizes with a 1 behind them, cut to the rank, which is 2 at least."""
    sparse = isinstance(tensor, SparseTensor)
    sizes = cast(tensor.dense_shape, dtypes.int32) if sparse else array.shape(tensor)
    count = array.size(sizes)
    message = f"Feature (key: {key}) cannot have rank 0. Given: {tensor}"
    with control_dependencies([assert_positive(count, message=message)]):
        rows = concat([sizes, constant([1], dtypes.int32)], 0)[: maximum(count, constant(2))]
    return sparse_reshape(tensor, rows) if sparse else array.reshape(tensor, rows)


def to_sparse(tensor: Any, ignore_value: Any = None) -> SparseTensor:
    """A tensor as a sparse one, without the values that mean nothing.

    Args:
        tensor: A tensor; a sparse one is given back as it is.
        ignore_value: What means nothing: by default an empty text, -1 among integers, 0 among other numbers.
    """
    if isinstance(tensor, (SparseTensor, SparseTensorValue)):
        return as_sparse_tensor(tensor)
    dense = convert_to_tensor(tensor)
    with name_scope(None, "to_sparse_input", [dense]):
        missing = _missing(dense.dtype) if ignore_value is None else ignore_value
        ignored = convert_to_tensor(missing, dense.dtype, name="ignore_value")
        indices = where(not_equal(dense, ignored), name="indices")
        return SparseTensor(
            indices,
            gather_nd(dense, indices, name="values"),
            array.shape(dense, out_type=dtypes.int64, name="dense_shape"),
        )


def _missing(dtype: dtypes.DType) -> Any:
    if dtype is dtypes.string:
        return ""
    return -1 if dtype.is_integer else 0
