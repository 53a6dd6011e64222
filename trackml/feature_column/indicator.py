"""Ids as the numbers of times that an example has each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trackml import dtypes
from trackml.feature_column.base import (
    CategoricalColumn,
    DenseColumn,
    IdWeightPair,
    SequenceDenseColumn,
    TensorSequenceLengthPair,
)
from trackml.feature_column.features import Features
from trackml.feature_column.sequence_length import check_is_no_sequence, check_is_sequence, sequence_length
from trackml.feature_column.state import StateManager
from trackml.graph.conversion import constant
from trackml.graph.operation import Tensor
from trackml.ops.gathering import one_hot, scatter_nd
from trackml.ops.joining import concat
from trackml.ops.math import cast
from trackml.ops.reductions import reduce_sum
from trackml.ops.sparse import sparse_merge, sparse_retain, sparse_tensor_to_dense
from trackml.shapes import TensorShape


@dataclass(frozen=True)
class IndicatorColumn(DenseColumn, SequenceDenseColumn):
    """How often an example has each id; make one with `indicator_column`."""

    categorical_column: CategoricalColumn
    """The ids."""

    @property
    def name(self) -> str:
        """The ids' name with `_indicator`."""
        return f"{self.categorical_column.name}_indicator"

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """That of the ids."""
        return self.categorical_column.parse_example_spec

    @property
    def parents(self) -> list[Any]:
        """The ids."""
        return [self.categorical_column]

    @property
    def variable_shape(self) -> TensorShape:
        """`[1, ids]`."""
        return TensorShape([1, self.categorical_column.num_buckets])

    def transform_feature(self, transformation_cache: Features, state_manager: StateManager | None) -> Tensor:
        """How often each example has each id (the sum of their weights), float32 `[batch, ids]`."""
        pair = self.categorical_column.get_sparse_tensors(transformation_cache, state_manager or StateManager())
        if pair.weight_tensor is not None:
            return self._weighted(pair)
        ids = sparse_tensor_to_dense(pair.id_tensor, default_value=-1)
        return reduce_sum(one_hot(ids, self._count, on_value=1.0, off_value=0.0), axis=[-2])

    def _weighted(self, pair: IdWeightPair) -> Tensor:
        ids = pair.id_tensor
        merged = sparse_merge(ids, pair.weight_tensor, vocab_size=self._count)
        known = sparse_retain(merged, merged.indices[:, -1] >= constant(0, dtypes.int64))
        size = concat([cast(ids.dense_shape, dtypes.int64)[:-1], [self._count]], 0)
        return scatter_nd(known.indices, known.values, size)

    @property
    def _count(self) -> int:
        return self.categorical_column.num_buckets

    def get_dense_tensor(self, transformation_cache: Features, state_manager: StateManager) -> Tensor:
        """How often each example has each id, float32 `[batch, ids]`.

        Raises:
            ValueError: The ids are those of sequences.
        """
        check_is_no_sequence("indicator_column", self.name, self.categorical_column)
        dense: Tensor = transformation_cache.get(self, state_manager)
        return dense

    def get_sequence_dense_tensor(
        self, transformation_cache: Features, state_manager: StateManager
    ) -> TensorSequenceLengthPair:
        """How often each step has each id, float32 `[batch, steps, ids]`.

        Raises:
            ValueError: The ids are not those of sequences.
        """
        check_is_sequence("indicator_column", self.name, self.categorical_column)
        dense = transformation_cache.get(self, state_manager)
        ids = self.categorical_column.get_sparse_tensors(transformation_cache, state_manager).id_tensor
        return TensorSequenceLengthPair(dense, sequence_length(ids))


def indicator_column(categorical_column: CategoricalColumn) -> IndicatorColumn:
    """How often an example has each id of a column: what a network takes where there are few ids.

    Args:
        categorical_column: A column of ids.

    Raises:
        ValueError: It is no column of ids.

    Example:
        >>> import trackml as tf
        >>> word = tf.feature_column.categorical_column_with_identity("word", 4)
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     columns = [tf.feature_column.indicator_column(word)]
        ...     print(session.run(tf.feature_column.input_layer({"word": [[1, 3], [1, 1]]}, columns)))
        [[0. 1. 0. 1.]
         [0. 2. 0. 0.]]
    """
    check_is_categorical("indicator_column", categorical_column)
    return IndicatorColumn(categorical_column)


def check_is_categorical(function: str, column: Any) -> None:
    """Raises ValueError unless a column gives ids."""
    if not isinstance(column, CategoricalColumn):
        raise ValueError(
            f"{function} takes a categorical column, such as categorical_column_with_vocabulary_list gives. "
            f"Given (type {type(column)}): {column}"
        )
