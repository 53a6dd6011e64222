"""What feature columns have in common, and the features of a batch as they see them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.ops import array
from trackml.shapes import TensorShape


class FeatureColumn(ABC):
    """How a model takes one thing out of the features; hashable, and made of plain values."""

    @property
    @abstractmethod
    def name(self) -> str:
        """The name, which also is that of its scope."""

    @abstractmethod
    def transform(self, features: Features) -> Any:
        """The feature as this column sees it; ask `features` for it, which keeps it."""


class DenseColumn(FeatureColumn):
    """A column that gives a dense tensor, as `input_layer` takes it."""

    @property
    @abstractmethod
    def variable_shape(self) -> TensorShape:
        """The shape of one example."""

    @abstractmethod
    def dense_tensor(self, features: Features, weight_collections: Sequence[str], trainable: bool) -> Tensor:
        """The values, `[batch, *variable_shape]`.

        Args:
            features: The features of the batch.
            weight_collections: Collections for variables that the column makes.
            trainable: Whether optimizers change these.
        """


class Features:
    """The features of a batch, and what columns have made of them so far, each made once.

    Args:
        features: Tensors, or what converts to them, by key.
    """

    def __init__(self, features: Mapping[str, Any]) -> None:
        self._features = dict(features)
        self._found: dict[Any, Any] = {}

    def get(self, key: str | FeatureColumn) -> Any:
        """The feature of that key, of rank 2 at least, or what a column makes of the features.

        Raises:
            ValueError: There is no such feature, or it is a scalar.
        """
        if key not in self._found:
            self._found[key] = key.transform(self) if isinstance(key, FeatureColumn) else self._raw(key)
        return self._found[key]

    def _raw(self, key: str) -> Tensor:
        if key not in self._features:
            raise ValueError(
                f"Feature {key} is not in features dictionary. The input function gives {sorted(self._features)}."
            )
        tensor = convert_to_tensor(self._features[key])
        if tensor.shape.ndims == 0:
            raise ValueError(f"Feature (key: {key}) cannot have rank 0. Given: {tensor}")
        return array.expand_dims(tensor, -1) if tensor.shape.ndims == 1 else tensor


def checked_columns(feature_columns: Any) -> list[FeatureColumn]:
    """The columns as a list.

    Raises:
        ValueError: There is none, one is no column, or two have the same name.
    """
    if isinstance(feature_columns, Mapping):
        raise ValueError("Expected feature_columns to be iterable, found dict.")
    columns = _as_list(feature_columns)
    by_name: dict[str, FeatureColumn] = {}
    for column in columns:
        if not isinstance(column, FeatureColumn):
            raise ValueError(
                f"Items of feature_columns must be a _FeatureColumn. Given (type {type(column)}): {column}."
            )
        if column.name in by_name:
            raise ValueError(
                f"Duplicate feature column name found for columns: {column} and {by_name[column.name]}. This usually "
                "means that these columns refer to same base feature. Either one must be discarded or a duplicated "
                "but renamed item must be inserted in features dict."
            )
        by_name[column.name] = column
    if not columns:
        raise ValueError("feature_columns must not be empty.")
    return columns


def _as_list(feature_columns: FeatureColumn | Iterable[FeatureColumn] | Iterator[FeatureColumn]) -> list[Any]:
    return [feature_columns] if isinstance(feature_columns, FeatureColumn) else list(feature_columns)
