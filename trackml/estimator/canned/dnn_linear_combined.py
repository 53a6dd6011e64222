"""Wide and deep: a linear model and a deep network whose logits are added, each with an optimizer of its own.

Source: tensorflow_estimator/python/estimator/canned/dnn_linear_combined.py.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from trackml.estimator.canned.dnn import Activation, dnn_logits
from trackml.estimator.canned.linear import linear_logits
from trackml.estimator.canned.parts import (
    check_features,
    class_head,
    columns_of,
    in_one_part,
    optimizer_instance,
    sizes_of,
    summarize_layer,
)
from trackml.estimator.estimator import Estimator
from trackml.estimator.heads.base import Head
from trackml.estimator.heads.regression import RegressionHead
from trackml.estimator.model_fn import EstimatorSpec
from trackml.estimator.run_config import RunConfig
from trackml.global_step import get_global_step
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Tensor
from trackml.losses import Reduction
from trackml.ops import control
from trackml.ops.activations import relu
from trackml.ops.framework import control_dependencies, get_collection
from trackml.optimizers import Optimizer
from trackml.variables import variable_scope

_DNN_LEARNING_RATE = 0.001
_LINEAR_LEARNING_RATE = 0.005
"""The greatest; models of more than 40,000 columns get less."""

Part = tuple[Tensor, Optimizer, str]
"""Logits, the optimizer of the variables below a scope, and that scope."""


def combined_model_fn(
    features: Any,
    labels: Any,
    mode: str,
    *,
    head: Head,
    linear: Callable[[Any, int], Part] | None,
    dnn: Callable[[Any, str, int], Part] | None,
) -> EstimatorSpec:
    """The model function of wide-and-deep models; either part may be missing."""
    check_features(features)
    parts = []
    if dnn is not None:
        parts.append(dnn(features, mode, head.logits_dimension))
    if linear is not None:
        parts.append(linear(features, head.logits_dimension))
    logits = parts[0][0] if len(parts) == 1 else parts[0][0] + parts[1][0]
    return head.create_estimator_spec(
        features, mode, logits, labels, train_op_fn=functools.partial(_train_op, parts=parts)
    )


def _train_op(loss: Tensor, parts: Sequence[Part]) -> Any:
    """Lets each part's optimizer update the variables of that part."""
    updates = [
        optimizer.minimize(loss, var_list=get_collection(GraphKeys.TRAINABLE_VARIABLES, scope=scope))
        for _, optimizer, scope in parts
    ]
    with control_dependencies([control.group(*updates)]):
        return get_global_step().assign_add(1).op


def _dnn_part(
    features: Any,
    mode: str,
    units: int,
    *,
    feature_columns: Sequence[Any],
    optimizer: Any,
    hidden_units: Sequence[Any],
    activation_fn: Activation,
    rate: float | None,
    batch_norm: bool,
    partitioner: Any,
) -> Part:
    chosen = optimizer_instance(optimizer, _DNN_LEARNING_RATE)
    with variable_scope("dnn", partitioner=in_one_part(partitioner)) as scope:
        logits = dnn_logits(features, mode, feature_columns, units, hidden_units, activation_fn, rate, batch_norm)
    return logits, chosen, scope.name


def _linear_part(
    features: Any, units: int, *, feature_columns: Sequence[Any], optimizer: Any, sparse_combiner: str, partitioner: Any
) -> Part:
    chosen = optimizer_instance(optimizer, min(_LINEAR_LEARNING_RATE, 1.0 / math.sqrt(len(feature_columns))))
    with variable_scope("linear", partitioner=in_one_part(partitioner)) as scope:
        logits = linear_logits(features, feature_columns, units, sparse_combiner)
        summarize_layer(logits, scope.name)
    return logits, chosen, scope.name


class DNNLinearCombinedEstimator(Estimator):
    """A linear model and a deep network, added, with a head of one's own.

    Args:
        head: Says what the logits mean, for example `tf.estimator.MultiLabelHead(n_classes=3)`.
        model_dir: Where checkpoints and events go.
        linear_feature_columns: The columns of the linear model.
        linear_optimizer: Its optimizer: a name (with a learning rate of 0.005), an `Optimizer`, or a function that
            makes one.
        dnn_feature_columns: The columns of the network.
        dnn_optimizer: Its optimizer; with a name the learning rate is 0.001.
        dnn_hidden_units: The sizes of its hidden layers, as numbers or as text.
        dnn_activation_fn: A function applied to each hidden layer.
        dnn_dropout: The share of units that is cleared in training.
        input_layer_partitioner: Accepted for TensorFlow's sake: variables are kept whole.
        config: A `RunConfig`.
        batch_norm: Whether hidden layers are normalized.
        linear_sparse_combiner: How several categories of one example count: `"sum"`, `"mean"` or `"sqrtn"`.
        warm_start_from: A checkpoint, an exported model or `WarmStartSettings` to take first values from.

    Raises:
        ValueError: There are no columns, or columns of a network without hidden layers.
    """

    def __init__(
        self,
        head: Head,
        model_dir: str | None = None,
        linear_feature_columns: Iterable[Any] | None = None,
        linear_optimizer: Any = "Ftrl",
        dnn_feature_columns: Iterable[Any] | None = None,
        dnn_optimizer: Any = "Adagrad",
        dnn_hidden_units: Iterable[Any] | None = None,
        dnn_activation_fn: Activation = relu,
        dnn_dropout: float | None = None,
        input_layer_partitioner: Any = None,
        config: RunConfig | None = None,
        batch_norm: bool = False,
        linear_sparse_combiner: str = "sum",
        warm_start_from: Any = None,
    ) -> None:
        linear_columns = columns_of(linear_feature_columns, "linear_feature_columns")
        dnn_columns = columns_of(dnn_feature_columns, "dnn_feature_columns")
        hidden_units = sizes_of(dnn_hidden_units or (), "dnn_hidden_units")
        if not linear_columns and not dnn_columns:
            raise ValueError("Either linear_feature_columns or dnn_feature_columns must be defined.")
        if dnn_columns and not hidden_units:
            raise ValueError("dnn_hidden_units must be defined when dnn_feature_columns is specified.")
        linear = functools.partial(
            _linear_part,
            feature_columns=linear_columns,
            optimizer=linear_optimizer,
            sparse_combiner=linear_sparse_combiner,
            partitioner=input_layer_partitioner,
        )
        dnn = functools.partial(
            _dnn_part,
            feature_columns=dnn_columns,
            optimizer=dnn_optimizer,
            hidden_units=hidden_units,
            activation_fn=dnn_activation_fn,
            rate=dnn_dropout,
            batch_norm=batch_norm,
            partitioner=input_layer_partitioner,
        )
        model_fn = functools.partial(
            combined_model_fn,
            head=head,
            linear=linear if linear_columns else None,
            dnn=dnn if dnn_columns else None,
        )
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNLinearCombinedRegressor(DNNLinearCombinedEstimator):
    """A linear model and a deep network, added, that predict numbers; the loss is the sum of squared errors.

    Args:
        model_dir: Where checkpoints and events go.
        linear_feature_columns: As for `DNNLinearCombinedEstimator`, and so all that begin with `linear` or `dnn`.
        linear_optimizer: See there.
        dnn_feature_columns: See there.
        dnn_optimizer: See there.
        dnn_hidden_units: See there.
        dnn_activation_fn: See there.
        dnn_dropout: See there.
        label_dimension: How many numbers an example has.
        weight_column: The feature that holds the weights of examples: its key, or a numeric column.
        input_layer_partitioner: Accepted for TensorFlow's sake: variables are kept whole.
        config: A `RunConfig`.
        warm_start_from: As for `DNNLinearCombinedEstimator`.
        loss_reduction: One of `tf.losses.Reduction`.
        batch_norm: Whether hidden layers are normalized.
        linear_sparse_combiner: See there.
    """

    def __init__(
        self,
        model_dir: str | None = None,
        linear_feature_columns: Iterable[Any] | None = None,
        linear_optimizer: Any = "Ftrl",
        dnn_feature_columns: Iterable[Any] | None = None,
        dnn_optimizer: Any = "Adagrad",
        dnn_hidden_units: Iterable[Any] | None = None,
        dnn_activation_fn: Activation = relu,
        dnn_dropout: float | None = None,
        label_dimension: int = 1,
        weight_column: Any = None,
        input_layer_partitioner: Any = None,
        config: RunConfig | None = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        batch_norm: bool = False,
        linear_sparse_combiner: str = "sum",
    ) -> None:
        head = RegressionHead(label_dimension, weight_column, loss_reduction)
        super().__init__(
            head, model_dir, linear_feature_columns, linear_optimizer, dnn_feature_columns, dnn_optimizer,
            dnn_hidden_units, dnn_activation_fn, dnn_dropout, input_layer_partitioner, config, batch_norm,
            linear_sparse_combiner, warm_start_from,
        )  # fmt: skip


class DNNLinearCombinedClassifier(DNNLinearCombinedEstimator):
    """A linear model and a deep network, added, that tell classes apart; the loss is the sum of cross entropies.

    Args:
        model_dir: Where checkpoints and events go.
        linear_feature_columns: As for `DNNLinearCombinedEstimator`, and so all that begin with `linear` or `dnn`.
        linear_optimizer: See there.
        dnn_feature_columns: See there.
        dnn_optimizer: See there.
        dnn_hidden_units: See there.
        dnn_activation_fn: See there.
        dnn_dropout: See there.
        n_classes: How many classes there are; labels are integers in [0, n_classes).
        weight_column: The feature that holds the weights of examples: its key, or a numeric column.
        label_vocabulary: The names of the classes, if labels are strings.
        input_layer_partitioner: Accepted for TensorFlow's sake: variables are kept whole.
        config: A `RunConfig`.
        warm_start_from: As for `DNNLinearCombinedEstimator`.
        loss_reduction: One of `tf.losses.Reduction`.
        batch_norm: Whether hidden layers are normalized.
        linear_sparse_combiner: See there.
    """

    def __init__(
        self,
        model_dir: str | None = None,
        linear_feature_columns: Iterable[Any] | None = None,
        linear_optimizer: Any = "Ftrl",
        dnn_feature_columns: Iterable[Any] | None = None,
        dnn_optimizer: Any = "Adagrad",
        dnn_hidden_units: Iterable[Any] | None = None,
        dnn_activation_fn: Activation = relu,
        dnn_dropout: float | None = None,
        n_classes: int = 2,
        weight_column: Any = None,
        label_vocabulary: Sequence[str] | None = None,
        input_layer_partitioner: Any = None,
        config: RunConfig | None = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        batch_norm: bool = False,
        linear_sparse_combiner: str = "sum",
    ) -> None:
        head = class_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        super().__init__(
            head, model_dir, linear_feature_columns, linear_optimizer, dnn_feature_columns, dnn_optimizer,
            dnn_hidden_units, dnn_activation_fn, dnn_dropout, input_layer_partitioner, config, batch_norm,
            linear_sparse_combiner, warm_start_from,
        )  # fmt: skip
