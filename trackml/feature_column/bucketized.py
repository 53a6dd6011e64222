"""Columns of numbers, cut into ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from trackml import dtypes
from trackml.feature_column.base import CategoricalColumn, DenseColumn, IdWeightPair
from trackml.feature_column.features import Features
from trackml.feature_column.numeric import NumericColumn
from trackml.feature_column.state import StateManager
from trackml.graph.operation import Tensor
from trackml.graph.sparse_tensor import SparseTensor
from trackml.ops import array
from trackml.ops.bucketize import bucketize
from trackml.ops.gathering import one_hot
from trackml.ops.joining import stack, tile
from trackml.ops.math import cast
from trackml.ops.ranges import range as range_of
from trackml.shapes import TensorShape


@dataclass(frozen=True)
class BucketizedColumn(DenseColumn, CategoricalColumn):
    """Numbers as the ranges that they are in; make one with `bucketized_column`.

    As a dense column it is one-hot, `[batch, numbers, ranges]`. As ids, those of each number of an example are its own.
    """

    source_column: NumericColumn
    """The numbers."""
    boundaries: tuple[float, ...]
    """Where the ranges meet."""

    @property
    def name(self) -> str:
        """The numbers' name with `_bucketized`."""
        return f"{self.source_column.name}_bucketized"

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """That of the numbers."""
        return self.source_column.parse_example_spec

    @property
    def parents(self) -> list[Any]:
        """The numbers."""
        return [self.source_column]

    @property
    def variable_shape(self) -> TensorShape:
        """`[numbers, ranges]`."""
        return TensorShape([*self.source_column.shape, len(self.boundaries) + 1])

    @property
    def num_buckets(self) -> int:
        """The number of ranges, for each number of an example."""
        return (len(self.boundaries) + 1) * self.source_column.shape[0]

    def transform_feature(self, transformation_cache: Features, state_manager: StateManager | None) -> Tensor:
        """The range of each number, int32 `[batch, numbers]`."""
        return bucketize(transformation_cache.get(self.source_column, state_manager), self.boundaries)

    def get_dense_tensor(self, transformation_cache: Features, state_manager: StateManager) -> Tensor:
        """The ranges one-hot, float32 `[batch, numbers, ranges]`."""
        buckets = cast(transformation_cache.get(self, state_manager), dtypes.int64)
        return one_hot(buckets, len(self.boundaries) + 1, on_value=1.0, off_value=0.0)

    def get_sparse_tensors(self, transformation_cache: Features, state_manager: StateManager) -> IdWeightPair:
        """An id for each number, `[batch, numbers]`."""
        buckets = transformation_cache.get(self, state_manager)
        batch, width = array.shape(buckets)[0], self.source_column.shape[0]
        rows = array.reshape(tile(array.expand_dims(range_of(0, batch), 1), [1, width]), [-1])
        places = tile(range_of(0, width), array.expand_dims(batch, 0))
        ids = array.reshape(buckets, [-1]) + (len(self.boundaries) + 1) * places
        indices = cast(array.transpose(stack([rows, places])), dtypes.int64)
        size = cast(stack([batch, width]), dtypes.int64)
        return IdWeightPair(SparseTensor(indices, ids, size), None)


def bucketized_column(source_column: NumericColumn, boundaries: Sequence[float]) -> BucketizedColumn:
    """Numbers as the ranges that they are in: below the first boundary, from it to below the second, and so on.

    Args:
        source_column: A `numeric_column` whose shape has one dimension.
        boundaries: Where the ranges meet, in rising order.

    Raises:
        ValueError: The source is no numeric column of one dimension, or the boundaries do not rise.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     age = tf.feature_column.numeric_column("age")
        ...     ages = tf.feature_column.bucketized_column(age, [18, 65])
        ...     print(session.run(tf.feature_column.input_layer({"age": [17.0, 18.0, 70.0]}, [ages])))
        [[1. 0. 0.]
         [0. 1. 0.]
         [0. 0. 1.]]
    """
    if not isinstance(source_column, NumericColumn):
        raise ValueError(f"source_column must be a column generated with numeric_column(). Given: {source_column}")
    if len(source_column.shape) > 1:
        raise ValueError(f"source_column must be one-dimensional column. Given: {source_column}")
    limits = boundaries.tolist() if hasattr(boundaries, "tolist") else boundaries
    if not isinstance(limits, (list, tuple)):
        raise ValueError("boundaries must be a sorted list.")
    if not limits:
        raise ValueError("boundaries must not be empty.")
    if any(low >= high for low, high in pairwise(limits)):
        raise ValueError(f"boundaries must be a sorted list. Given: {list(limits)} for column {source_column.name}")
    return BucketizedColumn(source_column, tuple(limits))
