"""What feature columns are: how a model takes things out of the features.

A column is hashable and made of plain values. What it makes of a batch is asked for through `Features`, which makes
each thing once; its variables through a `StateManager`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from trackml.feature_column.state import StateManager
from trackml.graph.operation import Tensor
from trackml.graph.sparse_tensor import SparseTensor
from trackml.shapes import TensorShape

if TYPE_CHECKING:
    from trackml.feature_column.features import Features


class IdWeightPair(NamedTuple):
    """The ids of a batch, and a weight for each."""

    id_tensor: SparseTensor
    """Ids, a sparse matrix `[batch, n]`."""
    weight_tensor: SparseTensor | None
    """A weight at each position of an id; None where every id counts once."""


class TensorSequenceLengthPair(NamedTuple):
    """The steps of a batch of sequences, and how many each has."""

    dense_tensor: Tensor
    """Values, `[batch, steps, ...]`."""
    sequence_length: Tensor
    """int64, `[batch]`."""


class FeatureColumn(ABC):
    """How a model takes one thing out of the features.

    A column of one's own is a subclass of `DenseColumn`, `CategoricalColumn` or both. The methods with a leading
    underscore are those of older columns; programs that call them get what the newer ones give.
    """

    @property
    @abstractmethod
    def name(self) -> str:
        """The name, unique among the columns of a model; it also names the column's scope."""

    @abstractmethod
    def transform_feature(self, transformation_cache: Features, state_manager: StateManager | None) -> Any:
        """The feature as this column sees it.

        Args:
            transformation_cache: Ask it for the features, and for what other columns make of them.
            state_manager: Keeps variables.
        """

    @property
    @abstractmethod
    def parse_example_spec(self) -> dict[str, Any]:
        """What `tf.parse_example` must read for this column: features by key."""

    @property
    def parents(self) -> list[Any]:
        """The keys and columns that this column is made from."""
        return []

    def create_state(self, state_manager: StateManager) -> None:  # noqa: B027  most columns have no variables
        """Makes the column's variables by `state_manager.create_variable`."""

    @property
    def _is_v2_column(self) -> bool:
        return True

    @property
    def _var_scope_name(self) -> str:
        """The name of the scope of the column's variables."""
        return self.name

    def _transform_feature(self, inputs: Features) -> Any:
        return self.transform_feature(inputs, None)

    @property
    def _parse_example_spec(self) -> dict[str, Any]:
        return self.parse_example_spec

    def __lt__(self, other: Any) -> bool:
        return str(self) < str(other)

    def __gt__(self, other: Any) -> bool:
        return str(self) > str(other)


class DenseColumn(FeatureColumn):
    """A column that gives a dense tensor, as `input_layer` takes it."""

    @property
    @abstractmethod
    def variable_shape(self) -> TensorShape:
        """The shape of one example."""

    @abstractmethod
    def get_dense_tensor(self, transformation_cache: Features, state_manager: StateManager) -> Tensor:
        """The values, `[batch, *variable_shape]`."""

    @property
    def _variable_shape(self) -> TensorShape:
        return self.variable_shape

    def _get_dense_tensor(
        self, inputs: Features, weight_collections: Sequence[str] | None = None, trainable: bool | None = None
    ) -> Tensor:
        return self.get_dense_tensor(inputs, StateManager(weight_collections, trainable))


class CategoricalColumn(FeatureColumn):
    """A column that gives ids, as `linear_model`, `indicator_column` and `embedding_column` take them."""

    IdWeightPair: ClassVar[Any] = IdWeightPair

    @property
    @abstractmethod
    def num_buckets(self) -> int:
        """How many ids there are."""

    @abstractmethod
    def get_sparse_tensors(self, transformation_cache: Features, state_manager: StateManager) -> IdWeightPair:
        """The ids of the batch, and their weights if they have any."""

    @property
    def _num_buckets(self) -> int:
        return self.num_buckets

    def _get_sparse_tensors(
        self, inputs: Features, weight_collections: Sequence[str] | None = None, trainable: bool | None = None
    ) -> IdWeightPair:
        return self.get_sparse_tensors(inputs, StateManager(weight_collections, trainable))


class SequenceDenseColumn(FeatureColumn):
    """A column that gives the steps of sequences, as `sequence_input_layer` takes them."""

    TensorSequenceLengthPair: ClassVar[Any] = TensorSequenceLengthPair

    @abstractmethod
    def get_sequence_dense_tensor(
        self, transformation_cache: Features, state_manager: StateManager
    ) -> TensorSequenceLengthPair:
        """The values, `[batch, steps, ...]`, and the number of steps of each example."""

    def _get_sequence_dense_tensor(
        self, inputs: Features, weight_collections: Sequence[str] | None = None, trainable: bool | None = None
    ) -> TensorSequenceLengthPair:
        return self.get_sequence_dense_tensor(inputs, StateManager(weight_collections, trainable))
