"""Ids of several columns as vectors that the columns share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
from trackml.feature_column.checkpoint_values import start_from_checkpoint
from trackml.feature_column.embedding import check_embedding, default_initializer
from trackml.feature_column.features import Features
from trackml.feature_column.sequence_length import check_is_no_sequence, check_is_sequence, sequence_length
from trackml.feature_column.state import StateManager
from trackml.feature_column.weighted import WeightedCategoricalColumn
from trackml.graph.operation import Tensor
from trackml.ops.embedding import safe_embedding_lookup_sparse
from trackml.ops.framework import add_to_collection, get_collection, name_scope
from trackml.shapes import TensorShape


@dataclass(frozen=True)
class SharedEmbeddingColumn(DenseColumn, SequenceDenseColumn):
    """Ids as vectors that other columns have too; make them with `shared_embedding_columns`."""

    categorical_column: CategoricalColumn
    """The ids."""
    dimension: int
    """The size of the vectors."""
    combiner: str
    """How the vectors of an example's ids become one."""
    initializer: Any
    """What the vectors start from."""
    shared_embedding_collection_name: str
    """The collection in which the columns find the vectors, and the name of their scope."""
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
        """The ids' name with `_shared_embedding`."""
        return f"{self.categorical_column.name}_shared_embedding"

    @property
    def _var_scope_name(self) -> str:
        return self.shared_embedding_collection_name

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
        """Makes `embedding_weights`, `[ids, dimension]`, for all columns that share it."""
        weights = state_manager.create_variable(
            self,
            "embedding_weights",
            self._shape,
            dtypes.float32,
            self.trainable,
            initializer=self.initializer,
        )
        start_from_checkpoint(weights, self.ckpt_to_load_from, self.tensor_name_in_ckpt)
        add_to_collection(self.shared_embedding_collection_name, weights)

    def get_dense_tensor(self, transformation_cache: Features, state_manager: StateManager) -> Tensor:
        """The combined vectors of each example, float32 `[batch, dimension]`.

        Raises:
            ValueError: The ids are those of sequences, or the collection holds something else.
        """
        check_is_no_sequence("embedding_column", self.name, self.categorical_column)
        with name_scope(None, self.name):
            pair = self.categorical_column.get_sparse_tensors(transformation_cache, state_manager)
            return self._looked_up(pair, state_manager)

    def get_sequence_dense_tensor(
        self, transformation_cache: Features, state_manager: StateManager
    ) -> TensorSequenceLengthPair:
        """The combined vectors of each step, float32 `[batch, steps, dimension]`.

        Raises:
            ValueError: The ids are not those of sequences, or the collection holds something else.
        """
        check_is_sequence("embedding_column", self.name, self.categorical_column)
        with name_scope(None, self.name):
            pair = self.categorical_column.get_sparse_tensors(transformation_cache, state_manager)
            dense = self._looked_up(pair, state_manager)
        return TensorSequenceLengthPair(dense, sequence_length(pair.id_tensor))

    @property
    def _shape(self) -> list[int]:
        return [self.categorical_column.num_buckets, self.dimension]

    def _weights(self, state_manager: StateManager) -> Any:
        shared = get_collection(self.shared_embedding_collection_name)
        if not shared:
            return state_manager.get_variable(self, "embedding_weights")
        advice = (
            "Suggested fix A: Choose a unique name for this collection. Suggested fix B: Do not add any variables to "
            "this collection. The feature_column library already adds a variable under the hood."
        )
        if len(shared) > 1:
            raise ValueError(f"Collection {shared} can only contain one variable. {advice}")
        if shared[0].shape.as_list() != self._shape:
            raise ValueError(
                f"Shared embedding collection {self.shared_embedding_collection_name} contains variable "
                f"{shared[0].name} of unexpected shape {shared[0].shape}. Expected shape is {tuple(self._shape)}. "
                f"{advice}"
            )
        return shared[0]

    def _looked_up(self, pair: IdWeightPair, state_manager: StateManager) -> Tensor:
        return safe_embedding_lookup_sparse(
            self._weights(state_manager),
            pair.id_tensor,
            pair.weight_tensor,
            combiner=self.combiner,
            name=f"{self.name}_weights",
            max_norm=self.max_norm,
        )


def shared_embedding_columns(
    categorical_columns: Iterable[CategoricalColumn],
    dimension: int,
    combiner: str = "mean",
    initializer: Callable[..., Any] | None = None,
    shared_embedding_collection_name: str | None = None,
    ckpt_to_load_from: str | None = None,
    tensor_name_in_ckpt: str | None = None,
    max_norm: float | None = None,
    trainable: bool = True,
) -> list[SharedEmbeddingColumn]:
    """Ids of several columns as vectors that the columns share, such as words of a title and of a text.

    Args:
        categorical_columns: Columns of ids, of one kind and with as many ids; they may have weights.
        dimension: The size of the vectors.
        combiner: As for `embedding_column`.
        initializer: As for `embedding_column`.
        shared_embedding_collection_name: The collection in which the columns find the vectors, and the name of their
            scope; the columns' names, sorted, with `_shared_embedding` if not given.
        ckpt_to_load_from: A checkpoint that the vectors start from, or a directory of checkpoints.
        tensor_name_in_ckpt: The name of the vectors in that checkpoint.
        max_norm: Vectors with a greater L2 norm are shortened to it.
        trainable: Whether the vectors are learned.

    Returns:
        A column for each of `categorical_columns`, in their order.

    Raises:
        ValueError: The columns differ in kind or number of ids, or an argument is wrong as for `embedding_column`.

    Example:
        >>> import trackml as tf
        >>> words = [tf.feature_column.categorical_column_with_hash_bucket(key, 100) for key in ("title", "text")]
        >>> columns = tf.feature_column.shared_embedding_columns(words, 4)
        >>> with tf.Graph().as_default():
        ...     net = tf.feature_column.input_layer({"title": ["a"], "text": ["b"]}, columns)
        ...     print(net.shape, [variable.name for variable in tf.global_variables()])
        (1, 8) ['input_layer/text_title_shared_embedding/embedding_weights:0']
    """
    columns = list(categorical_columns)
    name = shared_embedding_collection_name
    check_embedding(dimension, initializer, ckpt_to_load_from, tensor_name_in_ckpt, ", ".join(map(_name, columns)))
    ordered = sorted(columns, key=_name)
    _check_alike(ordered)
    start = default_initializer(dimension) if initializer is None else initializer
    return [
        SharedEmbeddingColumn(
            column,
            dimension,
            combiner,
            start,
            name or "_".join(map(_name, ordered)) + "_shared_embedding",
            ckpt_to_load_from,
            tensor_name_in_ckpt,
            max_norm,
            trainable,
        )
        for column in columns
    ]


def _name(column: Any) -> str:
    return str(getattr(column, "name", column))


def _check_alike(columns: list[CategoricalColumn]) -> None:
    if not columns:
        raise ValueError("categorical_columns must not be empty.")
    for column in columns:
        if not isinstance(column, CategoricalColumn):
            raise ValueError(
                "All categorical_columns must be subclasses of _CategoricalColumn. "
                f"Given: {column}, of type: {type(column)}"
            )
    first, ids = _without_weights(columns[0]), columns[0].num_buckets
    for other in map(_without_weights, columns[1:]):
        if not isinstance(other, type(first)):
            raise ValueError(
                "To use shared_embedding_column, all categorical_columns must have the same type, or be "
                f"weighted_categorical_column of the same type. Given column: {first} of type: {type(first)} does not "
                f"match given column: {other} of type: {type(other)}"
            )
        if other.num_buckets != ids:
            raise ValueError(
                "To use shared_embedding_column, all categorical_columns must have the same number of buckets. "
                f"Given column: {first} with buckets: {ids} does  not match column: {other} with buckets: "
                f"{other.num_buckets}"
            )


def _without_weights(column: CategoricalColumn) -> CategoricalColumn:
    return column.categorical_column if isinstance(column, WeightedCategoricalColumn) else column
