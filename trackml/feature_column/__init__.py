"""Feature columns: how a model takes its inputs out of the features (`tf.feature_column`)."""

from __future__ import annotations

from trackml.feature_column.base import CategoricalColumn, DenseColumn, FeatureColumn, SequenceDenseColumn
from trackml.feature_column.bucketized import BucketizedColumn, bucketized_column
from trackml.feature_column.categorical import (
    HashedCategoricalColumn,
    IdentityCategoricalColumn,
    categorical_column_with_hash_bucket,
    categorical_column_with_identity,
)
from trackml.feature_column.crossed import CrossedColumn, crossed_column
from trackml.feature_column.embedding import EmbeddingColumn, embedding_column
from trackml.feature_column.indicator import IndicatorColumn, indicator_column
from trackml.feature_column.input_layer import input_layer
from trackml.feature_column.linear_model import linear_model
from trackml.feature_column.numeric import NumericColumn, numeric_column
from trackml.feature_column.old import _CategoricalColumn as _CategoricalColumn
from trackml.feature_column.old import _DenseColumn as _DenseColumn
from trackml.feature_column.old import _FeatureColumn as _FeatureColumn
from trackml.feature_column.old import _SequenceDenseColumn as _SequenceDenseColumn
from trackml.feature_column.parse_spec import make_parse_example_spec
from trackml.feature_column.sequence import (
    SequenceCategoricalColumn,
    SequenceNumericColumn,
    sequence_categorical_column_with_hash_bucket,
    sequence_categorical_column_with_identity,
    sequence_categorical_column_with_vocabulary_file,
    sequence_categorical_column_with_vocabulary_list,
    sequence_numeric_column,
)
from trackml.feature_column.shared_embedding import SharedEmbeddingColumn, shared_embedding_columns
from trackml.feature_column.vocabulary import (
    VocabularyFileCategoricalColumn,
    VocabularyListCategoricalColumn,
    categorical_column_with_vocabulary_file,
    categorical_column_with_vocabulary_list,
)
from trackml.feature_column.weighted import WeightedCategoricalColumn, weighted_categorical_column

__all__ = [
    "BucketizedColumn",
    "CategoricalColumn",
    "CrossedColumn",
    "DenseColumn",
    "EmbeddingColumn",
    "FeatureColumn",
    "HashedCategoricalColumn",
    "IdentityCategoricalColumn",
    "IndicatorColumn",
    "NumericColumn",
    "SequenceCategoricalColumn",
    "SequenceDenseColumn",
    "SequenceNumericColumn",
    "SharedEmbeddingColumn",
    "VocabularyFileCategoricalColumn",
    "VocabularyListCategoricalColumn",
    "WeightedCategoricalColumn",
    "bucketized_column",
    "categorical_column_with_hash_bucket",
    "categorical_column_with_identity",
    "categorical_column_with_vocabulary_file",
    "categorical_column_with_vocabulary_list",
    "crossed_column",
    "embedding_column",
    "indicator_column",
    "input_layer",
    "linear_model",
    "make_parse_example_spec",
    "numeric_column",
    "sequence_categorical_column_with_hash_bucket",
    "sequence_categorical_column_with_identity",
    "sequence_categorical_column_with_vocabulary_file",
    "sequence_categorical_column_with_vocabulary_list",
    "sequence_numeric_column",
    "shared_embedding_columns",
    "weighted_categorical_column",
]
