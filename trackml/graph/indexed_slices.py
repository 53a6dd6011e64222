"""Rows of a large tensor: the gradient of a gather, as small as the batch that made it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from trackml.dtypes import DType
from trackml.graph.graph import Graph, apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.shapes import TensorShape


class IndexedSlicesValue(NamedTuple):
    """What a session gives for `IndexedSlices`."""

    values: np.ndarray[Any, Any]
    """The rows, `[n, ...]`."""
    indices: np.ndarray[Any, Any]
    """The row of the large tensor that each stands for, `[n]`; an index that comes twice counts twice."""
    dense_shape: np.ndarray[Any, Any] | None
    """The shape of the large tensor, where it is known."""


class IndexedSlices:
    """A tensor of which only some rows are not zero.

    Args:
        values: The rows, `[n, ...]`.
        indices: Which rows they are, `[n]`; equal indices are summed.
        dense_shape: The shape of the whole, `[rank]`, or None.
    """

    def __init__(self, values: Tensor, indices: Tensor, dense_shape: Tensor | None = None) -> None:
        self.values = values
        self.indices = indices
        self.dense_shape = dense_shape

    @property
    def dtype(self) -> DType:
        """The type of the rows' elements."""
        return self.values.dtype

    @property
    def name(self) -> str:
        """The name of `values`."""
        return self.values.name

    @property
    def op(self) -> Operation:
        """The operation that makes `values`."""
        return self.values.op

    @property
    def graph(self) -> Graph:
        """The graph of the tensors."""
        return self.values.graph

    @property
    def device(self) -> str:
        """The device that was asked for, or an empty string."""
        return self.values.device

    @property
    def shape(self) -> TensorShape:
        """What is known of the whole tensor's shape."""
        return TensorShape([None]).concatenate(self.values.shape[1:])

    def _as_tensor(self) -> Tensor:
        if self.dense_shape is None:
            raise ValueError("Tensor conversion requested for IndexedSlices without dense_shape.")
        rows = apply_op("StridedSlice", self.dense_shape, *_first_element(), **_SHRINK, name="rows")
        dense: Tensor = apply_op("UnsortedSegmentSum", self.values, self.indices, rows, name="dense")
        return dense

    def _components(self) -> list[Tensor]:
        return [self.values, self.indices] + ([self.dense_shape] if self.dense_shape is not None else [])

    def _with_components(self, parts: Sequence[Any]) -> IndexedSlicesValue:
        return IndexedSlicesValue(parts[0], parts[1], parts[2] if len(parts) > 2 else None)

    def __repr__(self) -> str:
        return f"IndexedSlices(indices={self.indices}, values={self.values}, dense_shape={self.dense_shape})"


_SHRINK = {"begin_mask": 0, "end_mask": 0, "ellipsis_mask": 0, "new_axis_mask": 0, "shrink_axis_mask": 1}


def _first_element() -> list[Tensor]:
    from trackml.graph.conversion import constant

    return [constant([0]), constant([1]), constant([1])]
