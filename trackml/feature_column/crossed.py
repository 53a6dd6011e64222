"""Columns of combinations: one id for each combination of the values that an example has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from trackml import dtypes
from trackml.feature_column.base import CategoricalColumn, IdWeightPair
from trackml.feature_column.categorical import HashedCategoricalColumn
from trackml.feature_column.features import Features
from trackml.feature_column.state import StateManager
from trackml.graph.sparse_tensor import SparseTensor
from trackml.ops.example_features import VarLenFeature
from trackml.ops.sparse_cross import sparse_cross_hashed


@dataclass(frozen=True)
class CrossedColumn(CategoricalColumn):
    """Combinations of values; make one with `crossed_column`."""

    keys: tuple[Any, ...]
    """What is combined: keys of features, and columns of ids."""
    hash_bucket_size: int
    """How many buckets there are."""
    hash_key: int | None
    """Where the chain of hashes starts; None for TensorFlow's number."""

    @property
    def name(self) -> str:
        """The names of what is combined, sorted, with `_X_` between them."""
        return "_X_".join(sorted(leaf if isinstance(leaf, str) else leaf.name for leaf in self._leaves()))

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """Those of the columns, and any number of texts for each key."""
        spec: dict[str, Any] = {}
        for key in self.keys:
            spec.update({key: VarLenFeature(dtypes.string)} if isinstance(key, str) else key.parse_example_spec)
        return spec

    @property
    def parents(self) -> list[Any]:
        """What is combined."""
        return list(self.keys)

    @property
    def num_buckets(self) -> int:
        """The number of buckets."""
        return self.hash_bucket_size

    def transform_feature(self, transformation_cache: Features, state_manager: StateManager | None) -> SparseTensor:
        """The bucket of each combination, `[batch, largest number of combinations]`.

        Raises:
            ValueError: A column has weights, or a feature is neither texts nor integers.
        """
        parts = [self._part(leaf, transformation_cache, state_manager) for leaf in self._leaves()]
        return sparse_cross_hashed(parts, num_buckets=self.hash_bucket_size, hash_key=self.hash_key)

    def _part(self, leaf: Any, features: Features, state_manager: StateManager | None) -> Any:
        if isinstance(leaf, str):
            values = features.get(leaf, state_manager)
            if not (values.dtype.is_integer or values.dtype is dtypes.string):
                raise ValueError(
                    f"crossed_column {self.name} takes texts and integers; feature {leaf} is {values.dtype.name}. "
                    "Use a bucketized_column of it in its place."
                )
            return values
        ids, weights = leaf.get_sparse_tensors(features, state_manager or StateManager())
        if weights is not None:
            raise ValueError(
                "crossed_column does not support weight_tensor, but the given column populates weight_tensor. "
                f"Given column: {leaf.name}"
            )
        return ids

    def get_sparse_tensors(self, transformation_cache: Features, state_manager: StateManager) -> IdWeightPair:
        """The buckets; each counts once."""
        return IdWeightPair(transformation_cache.get(self, state_manager), None)

    def _leaves(self) -> Iterator[Any]:
        """Keys and columns, with those of inner crosses in their place."""
        for key in self.keys:
            if isinstance(key, CrossedColumn):
                yield from key._leaves()
            else:
                yield key


def crossed_column(keys: Iterable[Any], hash_bucket_size: int, hash_key: int | None = None) -> CrossedColumn:
    """Combinations of values, as buckets of their hashes; the ids are TensorFlow's.

    An example with two values of one feature and three of another has six combinations.
    As in TensorFlow, sparse features are chained before dense ones: give a key that is crossed with a column the same
    kind of tensor in training and in serving.

    Args:
        keys: What is combined, at least two: keys of features (texts or integers), and columns of ids, such as
            bucketized ones. Combining a key and combining a vocabulary column of it give different ids.
        hash_bucket_size: How many buckets there are.
        hash_key: Where the chain of hashes starts, to have other collisions; TensorFlow's number if not given.

    Raises:
        ValueError: There are fewer than two keys or no buckets, or a key is neither a string nor a column of ids,
            or hashes already.

    Example:
        >>> import trackml as tf
        >>> column = tf.feature_column.crossed_column(["day", "hour"], 24 * 7)
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     model = tf.feature_column.linear_model({"day": [3, 3], "hour": [9, 10]}, [column])
        ...     print(tf.global_variables()[0].name, tf.global_variables()[0].shape)
        linear_model/day_X_hour/weights:0 (168, 1)
    """
    if not hash_bucket_size or hash_bucket_size < 1:
        raise ValueError(f"hash_bucket_size must be > 1. hash_bucket_size: {hash_bucket_size}")
    given = tuple(keys) if keys else ()
    if len(given) < 2:
        raise ValueError(f"keys must be a list with length > 1. Given: {keys}")
    for key in given:
        _check_key(key)
    return CrossedColumn(given, hash_bucket_size, hash_key)


def _check_key(key: Any) -> None:
    if isinstance(key, HashedCategoricalColumn):
        raise ValueError(
            "categorical_column_with_hash_bucket is not supported for crossing. Hashing before crossing will "
            f"increase probability of collision. Instead, use the feature name as a string. Given: {key}"
        )
    if not isinstance(key, str) and not isinstance(key, CategoricalColumn):
        raise ValueError(
            "Unsupported key type. All keys must be either string, or categorical column except "
            f"HashedCategoricalColumn. Given: {key}"
        )
