"""Linear models: a weighted sum of the features, trained with Ftrl.

Source: tensorflow_estimator/python/estimator/canned/linear.py.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Sequence
from typing import Any

from trackml import dtypes, nest
from trackml.estimator.canned.parts import (
    check_features,
    class_head,
    columns_of,
    in_one_part,
    optimizer_instance,
)
from trackml.estimator.estimator import Estimator
from trackml.estimator.heads.base import Head
from trackml.estimator.heads.regression import RegressionHead
from trackml.estimator.model_fn import EstimatorSpec
from trackml.estimator.run_config import RunConfig
from trackml.feature_column import linear_model
from trackml.graph.operation import Tensor
from trackml.losses import Reduction
from trackml.ops import array
from trackml.ops.framework import name_scope
from trackml.ops.math import add_n, cast
from trackml.ops.nn import zero_fraction
from trackml.summary import histogram, scalar
from trackml.variables import variable_scope

_LEARNING_RATE = 0.2
"""The greatest; models of more than 25 columns get less."""


def linear_logits(features: Any, feature_columns: Sequence[Any], units: int, sparse_combiner: str) -> Tensor:
    """The logits of a linear model, `[batch, units]`, with summaries of bias and weights."""
    cols_to_vars: dict[Any, Any] = {}
    logits = linear_model(features, feature_columns, units, sparse_combiner, cols_to_vars=cols_to_vars)
    bias = cols_to_vars.pop("bias")
    if units > 1:
        histogram("bias", bias[0])
    else:
        scalar("bias", bias[0][0])
    scalar("fraction_of_zero_weights", _fraction_of_zero(nest.flatten(list(cols_to_vars.values()))))
    return logits


def _fraction_of_zero(weights: Sequence[Any]) -> Tensor:
    """The share of weights that are 0."""
    with name_scope("zero_fraction"):
        sizes = [cast(array.size(weight), dtypes.float32) for weight in weights]
        zeros = [zero_fraction(weight) * size for weight, size in zip(weights, sizes)]
        return add_n(zeros) / add_n(sizes)


def linear_model_fn(
    features: Any,
    labels: Any,
    mode: str,
    *,
    head: Head,
    feature_columns: Sequence[Any],
    optimizer: Any,
    partitioner: Any,
    sparse_combiner: str,
) -> EstimatorSpec:
    """The model function of linear models."""
    check_features(features)
    with variable_scope("linear", partitioner=in_one_part(partitioner)):
        logits = linear_logits(features, feature_columns, head.logits_dimension, sparse_combiner)
        rate = min(_LEARNING_RATE, 1.0 / math.sqrt(len(feature_columns)))
        chosen = optimizer_instance(optimizer or "Ftrl", rate if optimizer is None else _LEARNING_RATE)
        return head.create_estimator_spec(features, mode, logits, labels, optimizer=chosen)


class LinearEstimator(Estimator):
    """A linear model with a head of one's own.

    Args:
        head: Says what the logits mean, for example `tf.estimator.MultiLabelHead(n_classes=3)`.
        feature_columns: The columns; columns of categories get one weight a category.
        model_dir: Where checkpoints and events go.
        optimizer: The name of an optimizer (`"Adagrad"`, `"Adam"`, `"Ftrl"`, `"RMSProp"`, `"SGD"`, with a learning
            rate of 0.2), an `Optimizer`, or a function that makes one.
        config: A `RunConfig`.
        partitioner: Accepted for TensorFlow's sake: variables are kept whole.
        sparse_combiner: How several categories of one example count: `"sum"`, `"mean"` or `"sqrtn"`.
        warm_start_from: A checkpoint, an exported model or `WarmStartSettings` to take first values from.
    """

    def __init__(
        self,
        head: Head,
        feature_columns: Iterable[Any],
        model_dir: str | None = None,
        optimizer: Any = "Ftrl",
        config: RunConfig | None = None,
        partitioner: Any = None,
        sparse_combiner: str = "sum",
        warm_start_from: Any = None,
    ) -> None:
        model_fn = functools.partial(
            linear_model_fn,
            head=head,
            feature_columns=columns_of(feature_columns),
            optimizer=optimizer,
            partitioner=partitioner,
            sparse_combiner=sparse_combiner,
        )
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class LinearRegressor(LinearEstimator):
    """A linear model that predicts numbers; the loss is the sum of squared errors over the batch.

    Args:
        feature_columns: The columns; columns of categories get one weight a category.
        model_dir: Where checkpoints and events go.
        label_dimension: How many numbers an example has.
        weight_column: The feature that holds the weights of examples: its key, or a numeric column.
        optimizer: As for `LinearEstimator`.
        config: A `RunConfig`.
        partitioner: Accepted for TensorFlow's sake: variables are kept whole.
        warm_start_from: As for `LinearEstimator`.
        loss_reduction: One of `tf.losses.Reduction`.
        sparse_combiner: How several categories of one example count: `"sum"`, `"mean"` or `"sqrtn"`.

    Example:
        >>> import tempfile, numpy as np, trackml as tf
        >>> x = np.array([1.0, 2.0, 3.0, 4.0], np.float32)
        >>> def input_fn():
        ...     return tf.data.Dataset.from_tensor_slices(({"x": x}, 2.0 * x)).repeat().batch(4)
        >>> model = tf.estimator.LinearRegressor([tf.feature_column.numeric_column("x")], tempfile.mkdtemp())
        >>> _ = model.train(input_fn, steps=300)
        >>> round(float(model.get_variable_value("linear/linear_model/x/weights")[0, 0]), 1)
        2.0
    """

    def __init__(
        self,
        feature_columns: Iterable[Any],
        model_dir: str | None = None,
        label_dimension: int = 1,
        weight_column: Any = None,
        optimizer: Any = "Ftrl",
        config: RunConfig | None = None,
        partitioner: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        sparse_combiner: str = "sum",
    ) -> None:
        head = RegressionHead(label_dimension, weight_column, loss_reduction)
        super().__init__(
            head, feature_columns, model_dir, optimizer, config, partitioner, sparse_combiner, warm_start_from
        )


class LinearClassifier(LinearEstimator):
    """A linear model that tells classes apart; the loss is the sum of cross entropies over the batch.

    Args:
        feature_columns: The columns; columns of categories get one weight a category.
        model_dir: Where checkpoints and events go.
        n_classes: How many classes there are; labels are integers in [0, n_classes).
        weight_column: The feature that holds the weights of examples: its key, or a numeric column.
        label_vocabulary: The names of the classes, if labels are strings.
        optimizer: As for `LinearEstimator`.
        config: A `RunConfig`.
        partitioner: Accepted for TensorFlow's sake: variables are kept whole.
        warm_start_from: As for `LinearEstimator`.
        loss_reduction: One of `tf.losses.Reduction`.
        sparse_combiner: How several categories of one example count: `"sum"`, `"mean"` or `"sqrtn"`.
    """

    def __init__(
        self,
        feature_columns: Iterable[Any],
        model_dir: str | None = None,
        n_classes: int = 2,
        weight_column: Any = None,
        label_vocabulary: Sequence[str] | None = None,
        optimizer: Any = "Ftrl",
        config: RunConfig | None = None,
        partitioner: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        sparse_combiner: str = "sum",
    ) -> None:
        head = class_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        super().__init__(
            head, feature_columns, model_dir, optimizer, config, partitioner, sparse_combiner, warm_start_from
        )
