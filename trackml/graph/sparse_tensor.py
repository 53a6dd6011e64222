"""Sparse tensors: positions and values of what is not empty, and the size of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from trackml import dtypes
from trackml.dtypes import DType
from trackml.graph.conversion import constant_value_as_shape, convert_to_tensor
from trackml.graph.graph import Graph, get_default_graph
from trackml.graph.operation import Operation, Tensor
from trackml.shapes import TensorShape

if TYPE_CHECKING:
    from trackml.graph.session import Session


class SparseTensorValue(NamedTuple):
    """What a session gives for a `SparseTensor`, and takes for one that is fed."""

    indices: Any
    """The position of each value, `[n, rank]`."""
    values: Any
    """The values, `[n]`."""
    dense_shape: Any
    """The size of the whole, `[rank]`."""


class SparseTensor:
    """A tensor of which only some elements are written down.

    Most operations take the positions to be in order, row by row; `tf.sparse.reorder` puts them so.

    Args:
        indices: The position of each value, int64 `[n, rank]`.
        values: The values, `[n]`.
        dense_shape: The size of the whole, int64 `[rank]`.

    Raises:
        ValueError: The shapes of the three do not fit together.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     x = tf.SparseTensor([[0, 1], [1, 0]], [5, 7], [2, 2])
        ...     print(session.run(tf.sparse.to_dense(x)).tolist())
        [[0, 5], [7, 0]]
    """

    def __init__(self, indices: Any, values: Any, dense_shape: Any) -> None:
        with get_default_graph().name_scope("SparseTensor"):
            self._indices = convert_to_tensor(indices, dtypes.int64, name="indices")
            self._values = convert_to_tensor(values, name="values")
            self._dense_shape = convert_to_tensor(dense_shape, dtypes.int64, name="dense_shape")
        positions, ranks = self._indices.shape.with_rank(2), self._dense_shape.shape.with_rank(1)
        positions[:1].assert_is_compatible_with(self._values.shape.with_rank(1))
        positions[1:].assert_is_compatible_with(ranks)

    @classmethod
    def from_value(cls, sparse_tensor_value: Any) -> SparseTensor:
        """A constant sparse tensor from a `SparseTensorValue`; a `SparseTensor` once more."""
        if not isinstance(sparse_tensor_value, (SparseTensor, SparseTensorValue)):
            raise TypeError(f"Neither a SparseTensor nor SparseTensorValue: {sparse_tensor_value}.")
        value = sparse_tensor_value
        return SparseTensor(value.indices, value.values, value.dense_shape)

    @property
    def indices(self) -> Tensor:
        """The position of each value, int64 `[n, rank]`."""
        return self._indices

    @property
    def values(self) -> Tensor:
        """The values, `[n]`."""
        return self._values

    @property
    def dense_shape(self) -> Tensor:
        """The size of the whole, int64 `[rank]`."""
        return self._dense_shape

    @property
    def dtype(self) -> DType:
        """The type of the values."""
        return self._values.dtype

    @property
    def op(self) -> Operation:
        """The operation that makes `values`."""
        return self._values.op

    @property
    def name(self) -> str:
        """The name of `values`."""
        return self._values.name

    @property
    def graph(self) -> Graph:
        """The graph of the tensors."""
        return self._indices.graph

    @property
    def shape(self) -> TensorShape:
        """What is known of the whole tensor's shape."""
        return constant_value_as_shape(self._dense_shape)

    def get_shape(self) -> TensorShape:
        """The same as `shape`."""
        return self.shape

    def eval(self, feed_dict: Any = None, session: Session | None = None) -> SparseTensorValue:
        """The value, computed by `session` or by the default one."""
        return SparseTensorValue(*(part.eval(feed_dict, session) for part in self._components()))

    def _components(self) -> list[Tensor]:
        return [self._indices, self._values, self._dense_shape]

    def _with_components(self, parts: Sequence[Any]) -> SparseTensorValue:
        return SparseTensorValue(*parts)

    def __repr__(self) -> str:
        return f"SparseTensor(indices={self._indices}, values={self._values}, dense_shape={self._dense_shape})"


def as_sparse_tensor(value: Any) -> SparseTensor:
    """`value` (a `SparseTensor` or `SparseTensorValue`) as a sparse tensor; TypeError when it is neither."""
    if isinstance(value, SparseTensor):
        return value
    if isinstance(value, SparseTensorValue):
        return SparseTensor.from_value(SparseTensorValue(*(np.asarray(part) for part in value)))
    raise TypeError(f"Input must be a SparseTensor; got {value!r}")
