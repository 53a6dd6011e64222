"""The first layer of a recurrent network: columns of sequences as one tensor of steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trackml import dtypes
from trackml.feature_column.base import FeatureColumn, SequenceDenseColumn
from trackml.feature_column.checks import checked_columns
from trackml.feature_column.features import Features
from trackml.feature_column.input_layer import check_batch_sizes, scope_of
from trackml.feature_column.state import StateManager
from trackml.graph.operation import Tensor
from trackml.ops import array
from trackml.ops.checks import assert_equal, assert_rank, assert_type
from trackml.ops.framework import control_dependencies, name_scope
from trackml.ops.joining import concat, tile
from trackml.variables import variable_scope


def sequence_input_layer(
    features: Mapping[str, Any],
    feature_columns: Any,
    weight_collections: Sequence[str] | None = None,
    trainable: bool = True,
) -> tuple[Tensor, Tensor]:
    """Sequences as one dense tensor of steps, columns side by side in the order of their names.

    Args:
        features: Tensors and sparse tensors by key.
        feature_columns: Columns of sequences: `sequence_numeric_column`, and embedding or indicator columns of
            `sequence_categorical_column_with_*`.
        weight_collections: Collections for variables that columns make, beside GLOBAL_VARIABLES.
        trainable: Whether optimizers change these variables.

    Returns:
        The steps, `[batch, steps, width]`, and the number of steps of each example, int64 `[batch]`.

    Raises:
        ValueError: A column is of another kind, or lacks its feature, or two have the same name.
        InvalidArgumentError: When the graph runs: the columns' sequences differ in length.
    """
    columns = [_sequence(column) for column in checked_columns(feature_columns)]
    with variable_scope(None, default_name="sequence_input_layer", values=list(features.values())):
        batch = Features(features)
        state = StateManager(weight_collections, trainable)
        steps, lengths = {}, {}
        for column in sorted(columns, key=lambda column: column.name):
            with variable_scope(None, default_name=scope_of(column)):
                dense, lengths[column] = column.get_sequence_dense_tensor(batch, state)
                sizes = array.shape(dense)
                width = _width(column)
                steps[column] = array.reshape(dense, [sizes[0], sizes[1], width])
        check_batch_sizes(steps)
        check_batch_sizes(lengths)
        return concat(list(steps.values()), -1), _one_length(list(lengths.values()))


def concatenate_context_input(context_input: Any, sequence_input: Any) -> Tensor:
    """Steps with what belongs to the whole sequence behind each of them.

    Args:
        context_input: float32, `[batch, d1]`.
        sequence_input: float32, `[batch, steps, d0]`.

    Returns:
        float32, `[batch, steps, d0 + d1]`.

    Raises:
        TypeError: One is not float32.
        ValueError: One has another rank.
    """
    checks = [
        assert_rank(sequence_input, 3, message="sequence_input must have rank 3"),
        assert_type(sequence_input, dtypes.float32, message="sequence_input must have dtype float32"),
        assert_rank(context_input, 2, message="context_input must have rank 2"),
        assert_type(context_input, dtypes.float32, message="context_input must have dtype float32"),
    ]
    with control_dependencies(checks):
        steps = array.shape(sequence_input)[1]
        repeated = tile(array.expand_dims(context_input, 1), concat([[1], [steps], [1]], 0))
    return concat([sequence_input, repeated], 2)


def _sequence(column: FeatureColumn) -> SequenceDenseColumn:
    if not isinstance(column, SequenceDenseColumn):
        raise ValueError(
            "All feature_columns must be of type _SequenceDenseColumn. You can wrap a sequence_categorical_column with "
            f"an embedding_column or indicator_column. Given (type {type(column)}): {column}"
        )
    return column


def _width(column: Any) -> int:
    count: int = column._variable_shape.num_elements()
    return count


def _one_length(lengths: Sequence[Tensor]) -> Tensor:
    with name_scope(None, "assert_all_equal", lengths):
        if len(lengths) == 1:
            return lengths[0]
        with control_dependencies([assert_equal(lengths[0], other) for other in lengths[1:]]):
            return array.identity(lengths[0])
