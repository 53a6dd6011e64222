"""Functions that make the logits of premade models, for model functions of one's own that use them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from trackml.estimator.arguments import argument_names
from trackml.estimator.canned.dnn import Activation, dnn_logits
from trackml.estimator.canned.linear import linear_logits
from trackml.estimator.canned.parts import (
    columns_of,
    in_one_part,
    sizes_of,
)
from trackml.graph.operation import Tensor
from trackml.ops.activations import relu
from trackml.variables import get_variable_scope, variable_scope

LogitFn = Callable[..., Any]


def call_logit_fn(logit_fn: LogitFn, features: Any, mode: str, params: Any, config: Any) -> Any:
    """Calls a function that makes logits with those of the arguments that it has parameters for.

    Raises:
        ValueError: It gives neither a tensor nor a dict of tensors.
    """
    offered = {"mode": mode, "params": params, "config": config}
    names = argument_names(logit_fn)
    result = logit_fn(features=features, **{name: value for name, value in offered.items() if name in names})
    is_dict = isinstance(result, Mapping) and all(
        isinstance(key, str) and isinstance(value, Tensor) for key, value in result.items()
    )
    if not is_dict and not isinstance(result, Tensor):
        raise ValueError(
            f"logit_fn should return a Tensor or a dictionary mapping strings to Tensors.  logit_fn returned: {result}"
        )
    return result


def dnn_logit_fn_builder(
    units: int,
    hidden_units: Iterable[Any],
    feature_columns: Iterable[Any],
    activation_fn: Activation = relu,
    dropout: float | None = None,
    input_layer_partitioner: Any = None,
    batch_norm: bool = False,
) -> LogitFn:
    """A function of (features, mode) that makes the logits of a deep network, in the variable scope it is called in.

    Args:
        units: The number of logits.
        hidden_units: The sizes of the hidden layers, as numbers or as text.
        feature_columns: Dense columns.
        activation_fn: A function applied to each hidden layer.
        dropout: The share of units that is cleared in training.
        input_layer_partitioner: Accepted for TensorFlow's sake: variables are kept whole.
        batch_norm: Whether hidden layers are normalized.

    Raises:
        ValueError: `units` is no number.
    """
    _check_units(units)
    sizes, columns = sizes_of(hidden_units), columns_of(feature_columns)

    def dnn_logit_fn(features: Any, mode: str) -> Tensor:
        with variable_scope(get_variable_scope(), partitioner=in_one_part(input_layer_partitioner)):
            return dnn_logits(features, mode, columns, units, sizes, activation_fn, dropout, batch_norm)

    return dnn_logit_fn


def linear_logit_fn_builder(units: int, feature_columns: Iterable[Any], sparse_combiner: str = "sum") -> LogitFn:
    """A function of (features) that makes the logits of a linear model, in the variable scope it is called in.

    Args:
        units: The number of logits.
        feature_columns: The columns.
        sparse_combiner: How several categories of one example count: `"sum"`, `"mean"` or `"sqrtn"`.

    Raises:
        ValueError: `units` is no number.
    """
    _check_units(units)
    columns = columns_of(feature_columns)
    return lambda features: linear_logits(features, columns, units, sparse_combiner)


def _check_units(units: Any) -> None:
    if not isinstance(units, int):
        raise ValueError(f"units must be an int. Given type: {type(units)}. For logits by head, give each its own.")
