"""Columns of ids that need no vocabulary: numbers that are ids already, and hashes."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

from trackml import dtypes
from trackml.dtypes import DType, as_dtype
from trackml.feature_column.base import CategoricalColumn, IdWeightPair
from trackml.feature_column.checks import check_key, check_same_kind, check_string_or_integer
from trackml.feature_column.features import Features, to_sparse
from trackml.feature_column.state import StateManager
from trackml.graph.conversion import constant
from trackml.graph.sparse_tensor import SparseTensor
from trackml.ops import array
from trackml.ops.checks import assert_greater_equal, assert_less
from trackml.ops.comparison import logical_or
from trackml.ops.example_features import VarLenFeature
from trackml.ops.framework import control_dependencies
from trackml.ops.gathering import where
from trackml.ops.hashing import string_to_hash_bucket_fast
from trackml.ops.math import cast
from trackml.ops.strings import as_string


class KeyedCategoricalColumn(CategoricalColumn):
    """A column of ids made from the feature of one key."""

    key: str

    @property
    def name(self) -> str:
        """The key."""
        return self.key

    @property
    def parents(self) -> list[Any]:
        """The key."""
        return [self.key]

    def get_sparse_tensors(self, transformation_cache: Features, state_manager: StateManager) -> IdWeightPair:
        """The ids; each counts once."""
        return IdWeightPair(transformation_cache.get(self, state_manager), None)

    def transform_feature(self, transformation_cache: Features, state_manager: StateManager | None) -> SparseTensor:
        """The ids, a sparse tensor."""
        return self._ids(to_sparse(transformation_cache.get(self.key, state_manager)))

    @abstractmethod
    def _ids(self, values: SparseTensor) -> SparseTensor:
        """The ids of values."""


@dataclass(frozen=True)
class HashedCategoricalColumn(KeyedCategoricalColumn):
    """Values as the buckets of their hashes; make one with `categorical_column_with_hash_bucket`."""

    key: str
    """The feature's key."""
    hash_bucket_size: int
    """How many buckets there are."""
    dtype: DType
    """The type of the feature: string or an integer."""

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """Any number of values of the column's type."""
        return {self.key: VarLenFeature(self.dtype)}

    @property
    def num_buckets(self) -> int:
        """The number of buckets."""
        return self.hash_bucket_size

    def _ids(self, values: SparseTensor) -> SparseTensor:
        check_same_kind(self.key, self.dtype, values.dtype)
        texts = values.values if values.dtype is dtypes.string else as_string(values.values)
        buckets = string_to_hash_bucket_fast(texts, self.hash_bucket_size, name="lookup")
        return SparseTensor(values.indices, buckets, values.dense_shape)


def categorical_column_with_hash_bucket(
    key: str, hash_bucket_size: int, dtype: Any = dtypes.string
) -> HashedCategoricalColumn:
    """Values as the buckets of their hashes: Fingerprint64 of the text, modulo the number of buckets.

    Args:
        key: The feature's key; also the column's name.
        hash_bucket_size: How many buckets there are.
        dtype: The type of the feature: string or an integer, of which the decimal text is hashed.

    Raises:
        ValueError: There is no bucket, or the type is neither string nor integer.

    Example:
        >>> import trackml as tf
        >>> column = tf.feature_column.categorical_column_with_hash_bucket("word", 10)
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     net = tf.feature_column.input_layer({"word": ["house"]}, tf.feature_column.indicator_column(column))
        ...     print(session.run(net))
        [[0. 0. 0. 0. 0. 1. 0. 0. 0. 0.]]
    """
    if hash_bucket_size is None:
        raise ValueError(f"hash_bucket_size must be set. key: {key}")
    if hash_bucket_size < 1:
        raise ValueError(f"hash_bucket_size must be at least 1. hash_bucket_size: {hash_bucket_size}, key: {key}")
    check_key(key)
    known = as_dtype(dtype)
    check_string_or_integer(known, f"column_name: {key}")
    return HashedCategoricalColumn(key, hash_bucket_size, known)


@dataclass(frozen=True)
class IdentityCategoricalColumn(KeyedCategoricalColumn):
    """Numbers that are ids; make one with `categorical_column_with_identity`."""

    key: str
    """The feature's key."""
    number_buckets: int
    """How many ids there are."""
    default_value: int | None
    """Stands for numbers out of range; None where they are an error."""

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """Any number of integers."""
        return {self.key: VarLenFeature(dtypes.int64)}

    @property
    def num_buckets(self) -> int:
        """The number of ids."""
        return self.number_buckets

    def _ids(self, values: SparseTensor) -> SparseTensor:
        if not values.dtype.is_integer:
            raise ValueError(f"Invalid input, not integer. key: {self.key} dtype: {values.dtype}")
        ids = cast(values.values, dtypes.int64, name="values")
        count = constant(self.num_buckets, dtypes.int64, name="num_buckets")
        zero = constant(0, dtypes.int64, name="zero")
        if self.default_value is None:
            ids = self._checked(ids, count, zero)
        else:
            outside = logical_or(ids < zero, ids >= count, name="out_of_range")
            default = constant(self.default_value, dtypes.int64)
            ids = where(outside, array.fill(array.shape(ids), default, name="default_values"), ids)
        return SparseTensor(values.indices, ids, values.dense_shape)

    def _checked(self, ids: Any, count: Any, zero: Any) -> Any:
        too_great = f'Bucket index for categorical column "{self.name}" exceeds number of buckets'
        negative = f'Negative bucket index for categorical column "{self.name}"'
        checks = [
            assert_less(ids, count, [ids, count], message=too_great, name="assert_less_than_num_buckets"),
            assert_greater_equal(ids, zero, [ids], message=negative, name="assert_greater_or_equal_0"),
        ]
        with control_dependencies(checks):
            return array.identity(ids)


def categorical_column_with_identity(
    key: str, num_buckets: int, default_value: int | None = None
) -> IdentityCategoricalColumn:
    """Numbers that are ids.

    Args:
        key: The feature's key; also the column's name.
        num_buckets: How many ids there are: they are in `[0, num_buckets)`. In dense features -1 stands for none.
        default_value: Stands for numbers out of range; these are an error when the graph runs if it is None.

    Raises:
        ValueError: There are no ids, or the default is none of them.

    Example:
        >>> import trackml as tf
        >>> column = tf.feature_column.categorical_column_with_identity("day", 3)
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     net = tf.feature_column.input_layer({"day": [2, 0]}, tf.feature_column.indicator_column(column))
        ...     print(session.run(net))
        [[0. 0. 1.]
         [1. 0. 0.]]
    """
    if num_buckets < 1:
        raise ValueError(f"num_buckets {num_buckets} < 1, column_name {key}")
    if default_value is not None and not 0 <= default_value < num_buckets:
        raise ValueError(f"default_value {default_value} not in range [0, {num_buckets}), column_name {key}")
    check_key(key)
    return IdentityCategoricalColumn(key, num_buckets, default_value)
