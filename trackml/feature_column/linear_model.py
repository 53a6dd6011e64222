"""A linear model: a weight for each number and each id, and a bias."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trackml.feature_column.base import CategoricalColumn, DenseColumn, FeatureColumn
from trackml.feature_column.checks import checked_columns
from trackml.feature_column.features import Features
from trackml.feature_column.input_layer import check_batch_sizes, flat_tensor, scope_of, with_model_variables
from trackml.feature_column.state import StateManager
from trackml.graph.operation import Tensor
from trackml.graph.sparse_tensor import SparseTensor
from trackml.initializers import Zeros
from trackml.ops import array
from trackml.ops.embedding import safe_embedding_lookup_sparse
from trackml.ops.framework import name_scope
from trackml.ops.math import add_n
from trackml.ops.matmul import matmul
from trackml.ops.nn import bias_add
from trackml.ops.sparse import sparse_reshape
from trackml.variables import Variable, VariableScope, get_variable, variable_scope


def linear_model(
    features: Mapping[str, Any],
    feature_columns: Any,
    units: int = 1,
    sparse_combiner: str = "sum",
    weight_collections: Sequence[str] | None = None,
    trainable: bool = True,
    cols_to_vars: dict[Any, Any] | None = None,
) -> Tensor:
    """The weighted sum of what the columns give, plus a bias.

    A column of ids counts as if it were an indicator column, but only the weights of the ids that are there are read
    and changed. All weights start at 0.

    Args:
        features: Tensors, sparse tensors or what converts to them, by key.
        feature_columns: A column, or an iterable of them: dense ones and columns of ids.
        units: How many sums there are, each with weights of its own.
        sparse_combiner: What an example's ids of one column give: the `"sum"` of their weights, their `"mean"`, or
            `"sqrtn"`: the sum divided by the root of their number.
        weight_collections: Collections for the variables, beside GLOBAL_VARIABLES and MODEL_VARIABLES.
        trainable: Whether optimizers change the variables.
        cols_to_vars: A dict to fill: columns to their variables, and `"bias"` to a list of the bias.

    Returns:
        float32, `[batch, units]`.

    Raises:
        ValueError: A column is of neither kind, or lacks its feature; two have the same name; batch sizes differ.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     area = tf.feature_column.numeric_column("area")
        ...     kind = tf.feature_column.categorical_column_with_vocabulary_list("kind", ["house", "apt"])
        ...     price = tf.feature_column.linear_model({"area": [70.0], "kind": ["apt"]}, [area, kind])
        ...     print([variable.name for variable in tf.global_variables()])
        ['linear_model/area/weights:0', 'linear_model/kind/weights:0', 'linear_model/bias_weights:0']
    """
    with variable_scope(None, default_name="linear_model") as scope:
        model = scope
    columns = checked_columns(feature_columns)
    for column in columns:
        if not isinstance(column, (DenseColumn, CategoricalColumn)):
            raise ValueError(
                f"Items of feature_columns must be either a _DenseColumn or _CategoricalColumn. Given: {column}"
            )
    state = StateManager(with_model_variables(weight_collections), trainable)
    made = _Model(model, columns, units, sparse_combiner, state)
    logits = made(features)
    if cols_to_vars is not None:
        cols_to_vars.update(made.variables)
    return logits


class _Model:
    """One linear model: its scopes, decided before any variable is made, and then its sums."""

    def __init__(
        self, scope: VariableScope, columns: Sequence[FeatureColumn], units: int, combiner: str, state: StateManager
    ) -> None:
        self.variables: dict[Any, list[Variable]] = {}
        self._scope = scope
        self._units = units
        self._combiner = combiner
        self._state = state
        self._columns: dict[str, FeatureColumn] = {}
        for column in sorted(columns, key=lambda column: column.name):
            with variable_scope(None, default_name=scope_of(column)) as opened:
                self._columns[opened.name.rpartition("/")[2]] = column

    def __call__(self, features: Mapping[str, Any]) -> Tensor:
        """The sums."""
        with name_scope(self._scope.name.rpartition("/")[2]), variable_scope(self._scope):
            batch = Features(features)
            parts = {self._columns[name]: self._weighted_sum(name, batch) for name in sorted(self._columns)}
            check_batch_sizes(parts)
            total = add_n(list(parts.values()), name="weighted_sum_no_bias")
            bias = self._variable("bias", "bias_weights", [self._units])
            return bias_add(total, bias, name="weighted_sum")

    def _weighted_sum(self, name: str, features: Features) -> Tensor:
        column = self._columns[name]
        with variable_scope(name):
            if isinstance(column, CategoricalColumn):
                weights = self._variable(column, "weights", [column.num_buckets, self._units])
                return self._sum_of_ids(column, features, weights)
            assert isinstance(column, DenseColumn)
            weights = self._variable(column, "weights", [column.variable_shape.num_elements(), self._units])
            return matmul(flat_tensor(column, features, self._state), weights, name="weighted_sum")

    def _variable(self, column: Any, name: str, shape: Sequence[int | None]) -> Variable:
        variable = get_variable(
            name,
            shape,
            initializer=Zeros(),
            trainable=self._state.trainable,
            collections=self._state.weight_collections,
        )
        self.variables[column] = [variable]
        return variable

    def _sum_of_ids(self, column: CategoricalColumn, features: Features, weights: Variable) -> Tensor:
        ids, id_weights = column.get_sparse_tensors(features, self._state)
        return safe_embedding_lookup_sparse(
            weights,
            _as_matrix(ids),
            None if id_weights is None else _as_matrix(id_weights),
            combiner=self._combiner,
            name="weighted_sum",
        )


def _as_matrix(sparse: SparseTensor) -> SparseTensor:
    """One row an example."""
    if sparse.shape.ndims == 2:
        return sparse
    return sparse_reshape(sparse, [array.shape(sparse)[0], -1])
