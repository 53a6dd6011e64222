"""Sequences among the columns: which columns give them, and how long they are."""

from __future__ import annotations

from typing import Any

from trackml import dtypes
from trackml.feature_column.base import CategoricalColumn
from trackml.graph.operation import Tensor
from trackml.graph.sparse_tensor import SparseTensor
from trackml.ops.array import shape, zeros
from trackml.ops.framework import name_scope
from trackml.ops.joining import concat
from trackml.ops.math import cast, floordiv
from trackml.ops.segment_reductions import segment_max


class SequenceIds(CategoricalColumn):
    """A column that gives the ids of sequences, `[batch, steps, n]`."""


def sequence_length(values: SparseTensor, num_elements: int = 1) -> Tensor:
    """The number of steps of each example, int64 `[batch]`: up to its last value, `num_elements` of them a step."""
    with name_scope(None, "sequence_length") as scope:
        rows, places = values.indices[:, 0], values.indices[:, 1]
        ends = segment_max(places + 1, rows)
        steps = cast(floordiv(ends + (num_elements - 1), num_elements), dtypes.int64)
        missing = shape(values)[:1] - shape(steps)[:1]
        return concat([steps, zeros(missing, steps.dtype)], 0, name=scope)


def check_is_no_sequence(function: str, name: str, column: Any) -> None:
    """Raises ValueError when a column gives ids of sequences."""
    if isinstance(column, SequenceIds):
        raise ValueError(
            f"In {function}: {name}. categorical_column must not be of type _SequenceCategoricalColumn. "
            "Suggested fix A: If you wish to use input_layer, use a non-sequence categorical_column_with_*. "
            "Suggested fix B: If you wish to create sequence input, use sequence_input_layer instead of input_layer. "
            f"Given (type {type(column)}): {column}"
        )


def check_is_sequence(function: str, name: str, column: Any) -> None:
    """Raises ValueError unless a column gives ids of sequences."""
    if not isinstance(column, SequenceIds):
        raise ValueError(
            f"In {function}: {name}. categorical_column must be of type _SequenceCategoricalColumn to use "
            "sequence_input_layer. Suggested fix: Use one of sequence_categorical_column_with_*. "
            f"Given (type {type(column)}): {column}"
        )
