"""Columns of ids, each with a weight of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trackml import dtypes
from trackml.dtypes import DType, as_dtype
from trackml.feature_column.base import CategoricalColumn, IdWeightPair
from trackml.feature_column.features import Features, to_sparse
from trackml.feature_column.state import StateManager
from trackml.graph.sparse_tensor import SparseTensor
from trackml.ops.example_features import VarLenFeature
from trackml.ops.math import cast


@dataclass(frozen=True)
class WeightedCategoricalColumn(CategoricalColumn):
    """Ids with weights; make one with `weighted_categorical_column`."""

    categorical_column: CategoricalColumn
    """The ids."""
    weight_feature_key: str
    """The key of the weights."""
    dtype: DType
    """The type of the weights."""

    @property
    def name(self) -> str:
        """The names of ids and weights, with `_weighted_by_` between them."""
        return f"{self.categorical_column.name}_weighted_by_{self.weight_feature_key}"

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """That of the ids, and any number of weights.

        Raises:
            ValueError: Ids and weights have one key.
        """
        spec = dict(self.categorical_column.parse_example_spec)
        if self.weight_feature_key in spec:
            found = spec[self.weight_feature_key]
            raise ValueError(f"Parse config {found} already exists for {self.weight_feature_key}.")
        return {**spec, self.weight_feature_key: VarLenFeature(self.dtype)}

    @property
    def parents(self) -> list[Any]:
        """The ids, and the key of the weights."""
        return [self.categorical_column, self.weight_feature_key]

    @property
    def num_buckets(self) -> int:
        """The number of ids."""
        return self.categorical_column.num_buckets

    def transform_feature(
        self, transformation_cache: Features, state_manager: StateManager | None
    ) -> tuple[SparseTensor, SparseTensor]:
        """The ids and their weights.

        Raises:
            ValueError: The weights are not of the column's type.
        """
        weights = transformation_cache.get(self.weight_feature_key, state_manager)
        if weights.dtype is not self.dtype:
            raise ValueError(f"Bad dtype, expected {self.dtype}, but got {weights.dtype}.")
        sparse = to_sparse(weights, ignore_value=0)
        if not sparse.dtype.is_floating:
            sparse = SparseTensor(sparse.indices, cast(sparse.values, dtypes.float32), sparse.dense_shape)
        return transformation_cache.get(self.categorical_column, state_manager), sparse

    def get_sparse_tensors(self, transformation_cache: Features, state_manager: StateManager) -> IdWeightPair:
        """The ids and their weights."""
        return IdWeightPair(*transformation_cache.get(self, state_manager))


def weighted_categorical_column(
    categorical_column: CategoricalColumn, weight_feature_key: str, dtype: Any = dtypes.float32
) -> WeightedCategoricalColumn:
    """Ids, each with a weight that another feature gives.

    Args:
        categorical_column: The ids.
        weight_feature_key: The key of the weights: as many as ids, at the same positions. Weights of 0 in a dense
            tensor are none, so that ids and weights then no longer fit together.
        dtype: The type of the weights, a number.

    Raises:
        ValueError: The type is no number.

    Example:
        >>> import trackml as tf
        >>> word = tf.feature_column.categorical_column_with_identity("word", 3)
        >>> column = tf.feature_column.weighted_categorical_column(word, "frequency")
        >>> features = {"word": [[0, 2]], "frequency": [[0.5, 2.0]]}
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     net = tf.feature_column.input_layer(features, tf.feature_column.indicator_column(column))
        ...     print(session.run(net))
        [[0.5 0.  2. ]]
    """
    known = None if dtype is None else as_dtype(dtype)
    if known is None or not (known.is_integer or known.is_floating):
        raise ValueError(f"dtype {dtype} is not convertible to float.")
    return WeightedCategoricalColumn(categorical_column, weight_feature_key, known)
