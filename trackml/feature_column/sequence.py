"""Columns of sequences: ids of steps, and numbers of steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from trackml import dtypes
from trackml.dtypes import DType, as_dtype
from trackml.feature_column.base import (
    CategoricalColumn,
    IdWeightPair,
    SequenceDenseColumn,
    TensorSequenceLengthPair,
)
from trackml.feature_column.categorical import categorical_column_with_hash_bucket, categorical_column_with_identity
from trackml.feature_column.features import Features
from trackml.feature_column.numeric import checked_shape
from trackml.feature_column.sequence_length import SequenceIds, sequence_length
from trackml.feature_column.state import StateManager
from trackml.feature_column.vocabulary import (
    categorical_column_with_vocabulary_file,
    categorical_column_with_vocabulary_list,
)
from trackml.graph.sparse_tensor import SparseTensor
from trackml.ops import array
from trackml.ops.example_features import VarLenFeature
from trackml.ops.joining import concat
from trackml.ops.reductions import reduce_prod
from trackml.ops.sparse import sparse_reshape, sparse_tensor_to_dense
from trackml.shapes import TensorShape


@dataclass(frozen=True)
class SequenceCategoricalColumn(SequenceIds):
    """The ids of sequences, one or more a step; make one with `sequence_categorical_column_with_identity` and such."""

    categorical_column: CategoricalColumn
    """The ids."""

    @property
    def name(self) -> str:
        """The ids' name."""
        return self.categorical_column.name

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """That of the ids."""
        return self.categorical_column.parse_example_spec

    @property
    def parents(self) -> list[Any]:
        """The ids."""
        return [self.categorical_column]

    @property
    def num_buckets(self) -> int:
        """The number of ids."""
        return self.categorical_column.num_buckets

    def transform_feature(self, transformation_cache: Features, state_manager: StateManager | None) -> Any:
        """The ids."""
        return self.categorical_column.transform_feature(transformation_cache, state_manager)

    def get_sparse_tensors(self, transformation_cache: Features, state_manager: StateManager) -> IdWeightPair:
        """The ids, `[batch, steps, n]`: a matrix has one id a step."""
        ids, weights = self.categorical_column.get_sparse_tensors(transformation_cache, state_manager)
        sizes = array.shape(ids)
        by_step = [sizes[0], sizes[1], reduce_prod(sizes[2:])]
        return IdWeightPair(sparse_reshape(ids, by_step), None if weights is None else sparse_reshape(weights, by_step))


def sequence_categorical_column_with_identity(
    key: str, num_buckets: int, default_value: int | None = None
) -> SequenceCategoricalColumn:
    """Sequences of numbers that are ids; arguments as for `categorical_column_with_identity`.

    Example:
        >>> import trackml as tf
        >>> watched = tf.feature_column.sequence_categorical_column_with_identity("watched", 3)
        >>> columns = [tf.feature_column.indicator_column(watched)]
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     features = {"watched": tf.SparseTensor([[0, 0], [0, 1], [1, 0]], [2, 0, 1], [2, 2])}
        ...     steps, lengths = tf.contrib.feature_column.sequence_input_layer(features, columns)
        ...     print(session.run(lengths), session.run(steps)[0].tolist())
        [2 1] [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    return SequenceCategoricalColumn(categorical_column_with_identity(key, num_buckets, default_value))


def sequence_categorical_column_with_hash_bucket(
    key: str, hash_bucket_size: int, dtype: Any = dtypes.string
) -> SequenceCategoricalColumn:
    """Sequences of values as buckets of their hashes; arguments as for `categorical_column_with_hash_bucket`."""
    return SequenceCategoricalColumn(categorical_column_with_hash_bucket(key, hash_bucket_size, dtype))


def sequence_categorical_column_with_vocabulary_file(
    key: str,
    vocabulary_file: Any,
    vocabulary_size: int | None = None,
    num_oov_buckets: int = 0,
    default_value: int | None = None,
    dtype: Any = dtypes.string,
) -> SequenceCategoricalColumn:
    """Sequences of words of a file; arguments as for `categorical_column_with_vocabulary_file`."""
    return SequenceCategoricalColumn(
        categorical_column_with_vocabulary_file(
            key, vocabulary_file, vocabulary_size, num_oov_buckets, default_value, dtype
        )
    )


def sequence_categorical_column_with_vocabulary_list(
    key: str,
    vocabulary_list: Sequence[Any],
    dtype: Any = None,
    default_value: int = -1,
    num_oov_buckets: int = 0,
) -> SequenceCategoricalColumn:
    """Sequences of words of a list; arguments as for `categorical_column_with_vocabulary_list`."""
    return SequenceCategoricalColumn(
        categorical_column_with_vocabulary_list(key, vocabulary_list, dtype, default_value, num_oov_buckets)
    )


@dataclass(frozen=True)
class SequenceNumericColumn(SequenceDenseColumn):
    """The numbers of sequences; make one with `sequence_numeric_column`."""

    key: str
    """The feature's key."""
    shape: tuple[int, ...]
    """The shape of one step."""
    default_value: float
    """What shorter sequences are filled up with."""
    dtype: DType
    """The type in a serialized example."""
    normalizer_fn: Callable[[Any], Any] | None
    """A function applied to the sparse feature."""

    @property
    def name(self) -> str:
        """The key."""
        return self.key

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """Any number of numbers."""
        return {self.key: VarLenFeature(self.dtype)}

    @property
    def parents(self) -> list[Any]:
        """The key."""
        return [self.key]

    @property
    def variable_shape(self) -> TensorShape:
        """The shape of one step."""
        return TensorShape(self.shape)

    @property
    def _variable_shape(self) -> TensorShape:
        return self.variable_shape

    def transform_feature(self, transformation_cache: Features, state_manager: StateManager | None) -> SparseTensor:
        """The numbers, normalized, a sparse tensor.

        Raises:
            ValueError: The feature is dense.
        """
        values = transformation_cache.get(self.key, state_manager)
        if not isinstance(values, SparseTensor):
            raise ValueError(
                f"sequence_numeric_column takes a SparseTensor, whose rows may differ in length. key: {self.key}, "
                f"given: {values}"
            )
        normalized: SparseTensor = values if self.normalizer_fn is None else self.normalizer_fn(values)
        return normalized

    def get_sequence_dense_tensor(
        self, transformation_cache: Features, state_manager: StateManager
    ) -> TensorSequenceLengthPair:
        """The numbers, `[batch, steps, *shape]`: a matrix holds the numbers of all steps one after the other."""
        sparse = transformation_cache.get(self, state_manager)
        dense = sparse_tensor_to_dense(sparse, default_value=self.default_value)
        steps = array.reshape(dense, concat([array.shape(dense)[:1], [-1, *self.shape]], 0))
        count = self.variable_shape.num_elements() or 1
        return TensorSequenceLengthPair(steps, sequence_length(sparse, count if sparse.shape.ndims == 2 else 1))


def sequence_numeric_column(
    key: str,
    shape: Any = (1,),
    default_value: float = 0.0,
    dtype: Any = dtypes.float32,
    normalizer_fn: Callable[[Any], Any] | None = None,
) -> SequenceNumericColumn:
    """Sequences of numbers.

    Args:
        key: The feature's key; also the column's name.
        shape: The shape of one step; a size alone stands for a vector.
        default_value: What shorter sequences are filled up with.
        dtype: The type of the feature, integer or floating point.
        normalizer_fn: A function applied to the feature, a sparse tensor.

    Raises:
        TypeError: A size is no integer, or the normalizer is no function.
        ValueError: A size is not positive, or the type is not numeric.
    """
    sizes = checked_shape(shape, key)
    known = as_dtype(dtype)
    if not (known.is_integer or known.is_floating):
        raise ValueError(f"dtype must be convertible to float. dtype: {known}, key: {key}")
    if normalizer_fn is not None and not callable(normalizer_fn):
        raise TypeError(f"normalizer_fn must be a callable. Given: {normalizer_fn}")
    return SequenceNumericColumn(key, sizes, default_value, known, normalizer_fn)
