"""The first layer of a model: feature columns as one dense tensor."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from trackml.feature_column.base import DenseColumn, FeatureColumn
from trackml.feature_column.checks import checked_columns
from trackml.feature_column.features import Features
from trackml.feature_column.state import StateManager
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Tensor
from trackml.ops import array, joining
from trackml.ops.framework import get_collection, leave_out
from trackml.variables import get_variable_scope, variable_scope

_RESHAPING = 8
"""How many operations TensorFlow makes to reshape a column, which is not needed here; seeds are counted by them."""


def input_layer(
    features: Mapping[str, Any],
    feature_columns: Any,
    weight_collections: Sequence[str] | None = None,
    trainable: bool = True,
    cols_to_vars: dict[Any, Any] | None = None,
    cols_to_output_tensors: dict[Any, Any] | None = None,
) -> Tensor:
    """The features as one dense tensor, columns side by side in the order of their names.

    Args:
        features: Tensors by key, each `[batch]` or `[batch, ...]`.
        feature_columns: A dense column, or an iterable of them.
        weight_collections: Collections for variables that columns make, beside GLOBAL_VARIABLES and MODEL_VARIABLES.
        trainable: Whether optimizers change these variables.
        cols_to_vars: A dict to fill: columns to their variables.
        cols_to_output_tensors: A dict to fill: columns to their part of the result.

    Returns:
        float32, `[batch, width]`: the width is the sum of the columns' sizes.

    Raises:
        ValueError: A column is not dense, or lacks its feature; two have the same name; batch sizes differ.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     columns = [tf.feature_column.numeric_column(key) for key in ("width", "height")]
        ...     net = tf.feature_column.input_layer({"width": [1.0, 2.0], "height": [3, 4]}, columns)
        ...     print(session.run(net))
        [[3. 1.]
         [4. 2.]]
    """
    columns = [_dense(column) for column in checked_columns(feature_columns)]
    collections = with_model_variables(weight_collections)
    with variable_scope(None, default_name="input_layer", values=list(features.values())):
        batch = Features(features)
        parts: dict[DenseColumn, Tensor] = {}
        for column in sorted(columns, key=lambda column: column.name):
            with variable_scope(None, default_name=scope_of(column)):
                parts[column] = flat_tensor(column, batch, StateManager(collections, trainable))
                if cols_to_vars is not None:
                    cols_to_vars[column] = _variables_here()
        if cols_to_output_tensors is not None:
            cols_to_output_tensors.update(parts)
        check_batch_sizes(parts)
        return joining.concat(list(parts.values()), 1)


def _dense(column: FeatureColumn) -> DenseColumn:
    if not isinstance(column, DenseColumn):
        raise ValueError(
            "Items of feature_columns must be a _DenseColumn. You can wrap a categorical column with an "
            f"embedding_column or indicator_column. Given: {column}"
        )
    return column


def with_model_variables(weight_collections: Sequence[str] | None) -> list[str]:
    """Collections, with those of all variables and of a model's variables among them."""
    collections = list(weight_collections or [])
    return collections + [
        key for key in (GraphKeys.GLOBAL_VARIABLES, GraphKeys.MODEL_VARIABLES) if key not in collections
    ]


def scope_of(column: FeatureColumn) -> str:
    """The name of a column's scope, without what a scope may not have."""
    return re.sub(r"[^A-Za-z0-9_.\\/-]", "_", column._var_scope_name)


def flat_tensor(column: DenseColumn, features: Features, state: StateManager) -> Tensor:
    """What a dense column gives, `[batch, numbers of one example]`."""
    tensor = column.get_dense_tensor(features, state)
    width = column.variable_shape.num_elements()
    if tensor.shape.ndims == 2 and tensor.shape.as_list()[1] == width:
        leave_out(_RESHAPING)
        return tensor
    return array.reshape(tensor, [array.shape(tensor)[0], width])


def _variables_here() -> list[Any]:
    return get_collection(GraphKeys.GLOBAL_VARIABLES, scope=re.escape(f"{get_variable_scope().name}/"))


def check_batch_sizes(parts: Mapping[Any, Tensor]) -> None:
    """Raises ValueError when columns are known to give different numbers of examples."""
    first: tuple[Any, int] | None = None
    for column, tensor in parts.items():
        size = tensor.shape.as_list()[0]
        if size is None:
            continue
        if first is None:
            first = column, size
        elif size != first[1]:
            raise ValueError(
                "Batch size (first dimension) of each feature must be same. "
                f"Batch size of columns ({first[0].name}, {column.name}): ({first[1]}, {size})"
            )
