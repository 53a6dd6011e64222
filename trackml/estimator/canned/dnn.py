"""Deep networks: dense layers on the feature columns, trained with Adagrad.

Source: tensorflow_estimator/python/estimator/canned/dnn.py.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

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
from trackml.estimator.model_fn import EstimatorSpec, ModeKeys
from trackml.estimator.run_config import RunConfig
from trackml.feature_column import input_layer
from trackml.graph.operation import Tensor
from trackml.initializers import GlorotUniform
from trackml.layers import batch_normalization, dense, dropout
from trackml.losses import Reduction
from trackml.ops.activations import relu
from trackml.variables import get_variable_scope, variable_scope

_LEARNING_RATE = 0.05
_BATCH_NORM_MOMENTUM = 0.999

Activation = Callable[[Any], Any]


def dnn_logits(
    features: Any,
    mode: str,
    feature_columns: Sequence[Any],
    units: int,
    hidden_units: Iterable[Any],
    activation_fn: Activation,
    rate: float | None,
    batch_norm: bool,
) -> Tensor:
    """The logits of a network, `[batch, units]`, with summaries of each layer; call it within the network's scope.

    Args:
        features: The features.
        mode: One of `ModeKeys`.
        feature_columns: Dense columns.
        units: The number of logits.
        hidden_units: The sizes of the hidden layers, as numbers or as text.
        activation_fn: A function applied to each hidden layer.
        rate: The share of units that dropout clears in training; None for no dropout.
        batch_norm: Whether hidden layers are normalized.
    """
    is_training = mode == ModeKeys.TRAIN
    parent = get_variable_scope().name
    with variable_scope("input_from_feature_columns"):
        net = input_layer(features, feature_columns)
    for index, size in enumerate(hidden_units):
        name = f"hiddenlayer_{index}"
        net = dense(net, int(size), activation_fn, kernel_initializer=GlorotUniform(), name=name)
        if rate is not None and is_training:
            net = dropout(net, rate, training=True)
        if batch_norm:
            net = batch_normalization(
                net, momentum=_BATCH_NORM_MOMENTUM, training=is_training, name=f"{name}/batchnorm_{index}"
            )
        summarize_layer(net, f"{parent}/{name}")
    logits: Tensor = dense(net, units, kernel_initializer=GlorotUniform(), name="logits")
    summarize_layer(logits, f"{parent}/logits")
    return logits


def dnn_model_fn(
    features: Any,
    labels: Any,
    mode: str,
    *,
    head: Head,
    hidden_units: Sequence[Any],
    feature_columns: Sequence[Any],
    optimizer: Any,
    activation_fn: Activation,
    rate: float | None,
    partitioner: Any,
    batch_norm: bool,
) -> EstimatorSpec:
    """The model function of deep networks."""
    chosen = optimizer_instance(optimizer, _LEARNING_RATE)
    check_features(features)
    with variable_scope("dnn", partitioner=in_one_part(partitioner)):
        logits = dnn_logits(
            features, mode, feature_columns, head.logits_dimension, hidden_units, activation_fn, rate, batch_norm
        )
        return head.create_estimator_spec(features, mode, logits, labels, optimizer=chosen)


class DNNEstimator(Estimator):
    """A deep network with a head of one's own.

    Args:
        head: Says what the logits mean, for example `tf.estimator.MultiLabelHead(n_classes=3)`.
        hidden_units: The sizes of the hidden layers, as numbers or as text.
        feature_columns: Dense columns: numbers, buckets, indicators, embeddings.
        model_dir: Where checkpoints and events go.
        optimizer: The name of an optimizer (`"Adagrad"`, `"Adam"`, `"Ftrl"`, `"RMSProp"`, `"SGD"`, with a learning
            rate of 0.05), an `Optimizer`, or a function that makes one.
        activation_fn: A function applied to each hidden layer.
        dropout: The share of units that is cleared in training.
        input_layer_partitioner: Accepted for TensorFlow's sake: variables are kept whole.
        config: A `RunConfig`.
        warm_start_from: A checkpoint, an exported model or `WarmStartSettings` to take first values from.
        batch_norm: Whether hidden layers are normalized.
    """

    def __init__(
        self,
        head: Head,
        hidden_units: Iterable[Any],
        feature_columns: Iterable[Any],
        model_dir: str | None = None,
        optimizer: Any = "Adagrad",
        activation_fn: Activation = relu,
        dropout: float | None = None,
        input_layer_partitioner: Any = None,
        config: RunConfig | None = None,
        warm_start_from: Any = None,
        batch_norm: bool = False,
    ) -> None:
        model_fn = functools.partial(
            dnn_model_fn,
            head=head,
            hidden_units=sizes_of(hidden_units),
            feature_columns=columns_of(feature_columns),
            optimizer=optimizer,
            activation_fn=activation_fn,
            rate=dropout,
            partitioner=input_layer_partitioner,
            batch_norm=batch_norm,
        )
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNRegressor(DNNEstimator):
    """A deep network that predicts numbers; the loss is the sum of squared errors over the batch.

    Args:
        hidden_units: The sizes of the hidden layers, as numbers or as text.
        feature_columns: Dense columns: numbers, buckets, indicators, embeddings.
        model_dir: Where checkpoints and events go.
        label_dimension: How many numbers an example has.
        weight_column: The feature that holds the weights of examples: its key, or a numeric column.
        optimizer: As for `DNNEstimator`.
        activation_fn: A function applied to each hidden layer.
        dropout: The share of units that is cleared in training.
        input_layer_partitioner: Accepted for TensorFlow's sake: variables are kept whole.
        config: A `RunConfig`.
        warm_start_from: As for `DNNEstimator`.
        loss_reduction: One of `tf.losses.Reduction`.
        batch_norm: Whether hidden layers are normalized.
    """

    def __init__(
        self,
        hidden_units: Iterable[Any],
        feature_columns: Iterable[Any],
        model_dir: str | None = None,
        label_dimension: int = 1,
        weight_column: Any = None,
        optimizer: Any = "Adagrad",
        activation_fn: Activation = relu,
        dropout: float | None = None,
        input_layer_partitioner: Any = None,
        config: RunConfig | None = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        batch_norm: bool = False,
    ) -> None:
        head = RegressionHead(label_dimension, weight_column, loss_reduction)
        super().__init__(
            head, hidden_units, feature_columns, model_dir, optimizer, activation_fn, dropout,
            input_layer_partitioner, config, warm_start_from, batch_norm,
        )  # fmt: skip


class DNNClassifier(DNNEstimator):
    """A deep network that tells classes apart; the loss is the sum of cross entropies over the batch.

    Args:
        hidden_units: The sizes of the hidden layers, as numbers or as text.
        feature_columns: Dense columns: numbers, buckets, indicators, embeddings.
        model_dir: Where checkpoints and events go.
        n_classes: How many classes there are; labels are integers in [0, n_classes).
        weight_column: The feature that holds the weights of examples: its key, or a numeric column.
        label_vocabulary: The names of the classes, if labels are strings.
        optimizer: As for `DNNEstimator`.
        activation_fn: A function applied to each hidden layer.
        dropout: The share of units that is cleared in training.
        input_layer_partitioner: Accepted for TensorFlow's sake: variables are kept whole.
        config: A `RunConfig`.
        warm_start_from: As for `DNNEstimator`.
        loss_reduction: One of `tf.losses.Reduction`.
        batch_norm: Whether hidden layers are normalized.
    """

    def __init__(
        self,
        hidden_units: Iterable[Any],
        feature_columns: Iterable[Any],
        model_dir: str | None = None,
        n_classes: int = 2,
        weight_column: Any = None,
        label_vocabulary: Sequence[str] | None = None,
        optimizer: Any = "Adagrad",
        activation_fn: Activation = relu,
        dropout: float | None = None,
        input_layer_partitioner: Any = None,
        config: RunConfig | None = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        batch_norm: bool = False,
    ) -> None:
        head = class_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        super().__init__(
            head, hidden_units, feature_columns, model_dir, optimizer, activation_fn, dropout,
            input_layer_partitioner, config, warm_start_from, batch_norm,
        )  # fmt: skip
