"""Ids as vectors that are learned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import Any

from trackml import dtypes
from trackml.feature_column.base import (
    CategoricalColumn,
    DenseColumn,
    IdWeightPair,
    SequenceDenseColumn,
    TensorSequenceLengthPair,
)
from trackml.feature_column.checkpoint_values import start_from_checkpoint
from trackml.feature_column.features import Features
from trackml.feature_column.indicator import check_is_categorical
from trackml.feature_column.sequence_length import check_is_no_sequence, check_is_sequence, sequence_length
from trackml.feature_column.state import StateManager
from trackml.graph.operation import Tensor
from trackml.initializers import TruncatedNormal
from trackml.ops.embedding import safe_embedding_lookup_sparse
from trackml.shapes import TensorShape


@dataclass(frozen=True)
class EmbeddingColumn(DenseColumn, SequenceDenseColumn):
    """Ids as vectors; make one with `embedding_column`."""

    categorical_column: CategoricalColumn
    """The ids."""
    dimension: int
    """The size of the vectors."""
    combiner: str
    """How the vectors of an example's ids become one."""
    initializer: Any
    """What the vectors start from."""
    ckpt_to_load_from: str | None
    """A checkpoint that the vectors start from, or None."""
    tensor_name_in_ckpt: str | None
    """The name of the vectors in that checkpoint."""
    max_norm: float | None
    """Vectors with a greater L2 norm are shortened to it."""
    trainable: bool
    """Whether the vectors are learned."""

    @property
    def name(self) -> str:
        """The ids' name with `_embedding`."""
        return f"{self.categorical_column.name}_embedding"

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
        """`[dimension]`."""
        return TensorShape([self.dimension])

    def transform_feature(self, transformation_cache: Features, state_manager: StateManager | None) -> Any:
        """The ids."""
        return transformation_cache.get(self.categorical_column, state_manager)

    def create_state(self, state_manager: StateManager) -> None:
        """Makes `embedding_weights`, `[ids, dimension]`."""
        weights = state_manager.create_variable(
            self,
            "embedding_weights",
            [self.categorical_column.num_buckets, self.dimension],
            dtypes.float32,
            self.trainable,
            initializer=self.initializer,
        )
        start_from_checkpoint(weights, self.ckpt_to_load_from, self.tensor_name_in_ckpt)

    def get_dense_tensor(self, transformation_cache: Features, state_manager: StateManager) -> Tensor:
        """The combined vectors of each example, float32 `[batch, dimension]`.

        Raises:
            ValueError: The ids are those of sequences.
        """
        check_is_no_sequence("embedding_column", self.name, self.categorical_column)
        pair = self.categorical_column.get_sparse_tensors(transformation_cache, state_manager)
        return self._looked_up(pair, state_manager)

    def get_sequence_dense_tensor(
        self, transformation_cache: Features, state_manager: StateManager
    ) -> TensorSequenceLengthPair:
        """The combined vectors of each step, float32 `[batch, steps, dimension]`.

        Raises:
            ValueError: The ids are not those of sequences.
        """
        check_is_sequence("embedding_column", self.name, self.categorical_column)
        pair = self.categorical_column.get_sparse_tensors(transformation_cache, state_manager)
        return TensorSequenceLengthPair(self._looked_up(pair, state_manager), sequence_length(pair.id_tensor))

    def _looked_up(self, pair: IdWeightPair, state_manager: StateManager) -> Tensor:
        return safe_embedding_lookup_sparse(
            state_manager.get_variable(self, "embedding_weights"),
            pair.id_tensor,
            pair.weight_tensor,
            combiner=self.combiner,
            name=f"{self.name}_weights",
            max_norm=self.max_norm,
        )


def embedding_column(
    categorical_column: CategoricalColumn,
    dimension: int,
    combiner: str = "mean",
    initializer: Callable[..., Any] | None = None,
    ckpt_to_load_from: str | None = None,
    tensor_name_in_ckpt: str | None = None,
    max_norm: float | None = None,
    trainable: bool = True,
) -> EmbeddingColumn:
    """Ids as vectors that are learned: what a network takes where there are many ids.

    Args:
        categorical_column: A column of ids.
        dimension: The size of the vectors.
        combiner: How the vectors of an example's ids become one: `"mean"`, `"sqrtn"` (their sum divided by the root
            of their number) or `"sum"`; with weights, as `tf.nn.embedding_lookup_sparse` says.
        initializer: What the vectors start from; a truncated normal distribution with a standard deviation of
            `1 / sqrt(dimension)` if not given.
        ckpt_to_load_from: A checkpoint that the vectors start from, or a directory of checkpoints.
        tensor_name_in_ckpt: The name of the vectors in that checkpoint.
        max_norm: Vectors with a greater L2 norm are shortened to it.
        trainable: Whether the vectors are learned.

    Raises:
        ValueError: The dimension is not positive, only one of checkpoint and name is given, or the initializer is no
            function.

    Example:
        >>> import trackml as tf
        >>> word = tf.feature_column.categorical_column_with_hash_bucket("word", 1000)
        >>> with tf.Graph().as_default():
        ...     net = tf.feature_column.input_layer({"word": ["a"]}, [tf.feature_column.embedding_column(word, 8)])
        ...     print(net.shape, tf.global_variables()[0].name)
        (1, 8) input_layer/word_embedding/embedding_weights:0
    """
    check_is_categorical("embedding_column", categorical_column)
    check_embedding(dimension, initializer, ckpt_to_load_from, tensor_name_in_ckpt, categorical_column.name)
    return EmbeddingColumn(
        categorical_column,
        dimension,
        combiner,
        default_initializer(dimension) if initializer is None else initializer,
        ckpt_to_load_from,
        tensor_name_in_ckpt,
        max_norm,
        trainable,
    )


def check_embedding(
    dimension: int | None, initializer: Any, checkpoint: str | None, tensor_name: str | None, name: str
) -> None:
    """Raises ValueError for a dimension, an initializer or a checkpoint that no embedding can have."""
    if dimension is None or dimension < 1:
        raise ValueError(f"Invalid dimension {dimension}.")
    if (checkpoint is None) != (tensor_name is None):
        raise ValueError("Must specify both `ckpt_to_load_from` and `tensor_name_in_ckpt` or none of them.")
    if initializer is not None and not callable(initializer):
        raise ValueError(f"initializer must be callable if specified. Embedding of column_name: {name}")


def default_initializer(dimension: int) -> TruncatedNormal:
    """A truncated normal distribution that keeps the length of vectors about 1."""
    return TruncatedNormal(mean=0.0, stddev=1 / sqrt(dimension))
