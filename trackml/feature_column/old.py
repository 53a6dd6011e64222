"""The bases that columns had before TensorFlow 1.13, for columns of one's own that are written on them.

Such a column is asked by `_transform_feature(inputs)`, `_get_dense_tensor(inputs, weight_collections, trainable)` and
`_get_sparse_tensors(...)`; it makes variables with `tf.get_variable`. All columns here count as instances too.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from trackml.feature_column.base import (
    CategoricalColumn,
    DenseColumn,
    FeatureColumn,
    IdWeightPair,
    SequenceDenseColumn,
    TensorSequenceLengthPair,
)
from trackml.feature_column.bucketized import BucketizedColumn
from trackml.feature_column.categorical import HashedCategoricalColumn, IdentityCategoricalColumn
from trackml.feature_column.crossed import CrossedColumn
from trackml.feature_column.embedding import EmbeddingColumn
from trackml.feature_column.features import Features
from trackml.feature_column.indicator import IndicatorColumn
from trackml.feature_column.numeric import NumericColumn
from trackml.feature_column.sequence import SequenceCategoricalColumn, SequenceNumericColumn
from trackml.feature_column.shared_embedding import SharedEmbeddingColumn
from trackml.feature_column.state import StateManager
from trackml.feature_column.vocabulary import VocabularyFileCategoricalColumn, VocabularyListCategoricalColumn
from trackml.feature_column.weighted import WeightedCategoricalColumn
from trackml.graph.operation import Tensor
from trackml.shapes import TensorShape


class _FeatureColumn(FeatureColumn):
    @abstractmethod
    def _transform_feature(self, inputs: Features) -> Any:
        """The feature as this column sees it."""

    @property
    @abstractmethod
    def _parse_example_spec(self) -> dict[str, Any]:
        """What `tf.parse_example` must read for this column."""

    def transform_feature(self, transformation_cache: Features, state_manager: StateManager | None) -> Any:
        return self._transform_feature(transformation_cache)

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        return self._parse_example_spec

    @property
    def _is_v2_column(self) -> bool:
        return False


class _DenseColumn(_FeatureColumn, DenseColumn):
    @property
    @abstractmethod
    def _variable_shape(self) -> TensorShape:
        """The shape of one example."""

    @abstractmethod
    def _get_dense_tensor(
        self, inputs: Features, weight_collections: Sequence[str] | None = None, trainable: bool | None = None
    ) -> Tensor:
        """The values, `[batch, *_variable_shape]`."""

    @property
    def variable_shape(self) -> TensorShape:
        return self._variable_shape

    def get_dense_tensor(self, transformation_cache: Features, state_manager: StateManager) -> Tensor:
        return self._get_dense_tensor(
            transformation_cache,
            weight_collections=state_manager.weight_collections,
            trainable=state_manager.trainable,
        )


class _CategoricalColumn(_FeatureColumn, CategoricalColumn):
    @property
    @abstractmethod
    def _num_buckets(self) -> int:
        """How many ids there are."""

    @abstractmethod
    def _get_sparse_tensors(
        self, inputs: Features, weight_collections: Sequence[str] | None = None, trainable: bool | None = None
    ) -> IdWeightPair:
        """The ids of the batch, and their weights if they have any."""

    @property
    def num_buckets(self) -> int:
        return self._num_buckets

    def get_sparse_tensors(self, transformation_cache: Features, state_manager: StateManager) -> IdWeightPair:
        return self._get_sparse_tensors(
            transformation_cache,
            weight_collections=state_manager.weight_collections,
            trainable=state_manager.trainable,
        )


class _SequenceDenseColumn(_FeatureColumn, SequenceDenseColumn):
    @abstractmethod
    def _get_sequence_dense_tensor(
        self, inputs: Features, weight_collections: Sequence[str] | None = None, trainable: bool | None = None
    ) -> TensorSequenceLengthPair:
        """The values, `[batch, steps, ...]`, and the number of steps of each example."""

    def get_sequence_dense_tensor(
        self, transformation_cache: Features, state_manager: StateManager
    ) -> TensorSequenceLengthPair:
        return self._get_sequence_dense_tensor(
            transformation_cache,
            weight_collections=state_manager.weight_collections,
            trainable=state_manager.trainable,
        )


_DENSE: tuple[type, ...] = (NumericColumn, BucketizedColumn, IndicatorColumn, EmbeddingColumn, SharedEmbeddingColumn)
_CATEGORICAL: tuple[type, ...] = (
    HashedCategoricalColumn,
    IdentityCategoricalColumn,
    VocabularyListCategoricalColumn,
    VocabularyFileCategoricalColumn,
    WeightedCategoricalColumn,
    CrossedColumn,
    BucketizedColumn,
    SequenceCategoricalColumn,
)
_SEQUENCE: tuple[type, ...] = (IndicatorColumn, EmbeddingColumn, SharedEmbeddingColumn, SequenceNumericColumn)
for _column in _DENSE:
    _DenseColumn.register(_column)
for _column in _CATEGORICAL:
    _CategoricalColumn.register(_column)
for _column in _SEQUENCE:
    _SequenceDenseColumn.register(_column)
