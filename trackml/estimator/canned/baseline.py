"""Baselines: models that look at no feature and learn the mean label, or how frequent each class is.

Source: tensorflow_estimator/python/estimator/canned/baseline.py.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from trackml.estimator.canned.parts import class_head, optimizer_instance
from trackml.estimator.estimator import Estimator
from trackml.estimator.heads.base import Head
from trackml.estimator.heads.regression import RegressionHead
from trackml.estimator.model_fn import EstimatorSpec
from trackml.estimator.run_config import RunConfig
from trackml.global_step import get_global_step
from trackml.graph.operation import Tensor
from trackml.initializers import Zeros
from trackml.losses import Reduction
from trackml.ops import array
from trackml.ops.checks import assert_equal
from trackml.ops.framework import control_dependencies
from trackml.variables import get_variable, variable_scope

_LEARNING_RATE = 0.3


def baseline_model_fn(
    features: Any, labels: Any, mode: str, *, head: Head, optimizer: Any, weight_column: Any
) -> EstimatorSpec:
    """The model function of baselines: a bias for each logit."""
    logits = _logits(features, head.logits_dimension, getattr(weight_column, "key", weight_column))

    def train_op(loss: Tensor) -> Any:
        return optimizer_instance(optimizer, _LEARNING_RATE).minimize(loss, global_step=get_global_step())

    return head.create_estimator_spec(features, mode, logits, labels, train_op_fn=train_op)


def _logits(features: Any, units: int, weight_key: str | None) -> Tensor:
    sizes = [array.shape(feature)[0] for key, feature in features.items() if key != weight_key]
    if not sizes:
        raise ValueError("A baseline counts the examples of a batch by their features; there are none.")
    with control_dependencies([assert_equal(sizes[0], size) for size in sizes[1:]]), variable_scope("baseline"):
        bias = get_variable("bias", shape=[units], initializer=Zeros())
        logits: Tensor = bias * array.ones([sizes[0], units])
        return logits


class BaselineEstimator(Estimator):
    """A baseline with a head of one's own.

    Args:
        head: Says what the logits mean, for example `tf.estimator.MultiLabelHead(n_classes=3)`.
        model_dir: Where checkpoints and events go.
        optimizer: The name of an optimizer (with a learning rate of 0.3), an `Optimizer`, or a function that makes one.
        config: A `RunConfig`.
    """

    def __init__(
        self,
        head: Head,
        model_dir: str | None = None,
        optimizer: Any = "Ftrl",
        config: RunConfig | None = None,
        *,
        _weight_column: Any = None,
    ) -> None:
        model_fn = functools.partial(baseline_model_fn, head=head, optimizer=optimizer, weight_column=_weight_column)
        super().__init__(model_fn, model_dir, config)


class BaselineRegressor(BaselineEstimator):
    """Predicts the mean label of the training data.

    Args:
        model_dir: Where checkpoints and events go.
        label_dimension: How many numbers an example has.
        weight_column: The feature that holds the weights of examples: its key, or a numeric column.
        optimizer: As for `BaselineEstimator`.
        config: A `RunConfig`.
        loss_reduction: One of `tf.losses.Reduction`.
    """

    def __init__(
        self,
        model_dir: str | None = None,
        label_dimension: int = 1,
        weight_column: Any = None,
        optimizer: Any = "Ftrl",
        config: RunConfig | None = None,
        loss_reduction: str = Reduction.SUM,
    ) -> None:
        head = RegressionHead(label_dimension, weight_column, loss_reduction)
        super().__init__(head, model_dir, optimizer, config, _weight_column=weight_column)


class BaselineClassifier(BaselineEstimator):
    """Predicts how frequent each class is in the training data.

    Args:
        model_dir: Where checkpoints and events go.
        n_classes: How many classes there are; labels are integers in [0, n_classes).
        weight_column: The feature that holds the weights of examples: its key, or a numeric column.
        label_vocabulary: The names of the classes, if labels are strings.
        optimizer: As for `BaselineEstimator`.
        config: A `RunConfig`.
        loss_reduction: One of `tf.losses.Reduction`.
    """

    def __init__(
        self,
        model_dir: str | None = None,
        n_classes: int = 2,
        weight_column: Any = None,
        label_vocabulary: Sequence[str] | None = None,
        optimizer: Any = "Ftrl",
        config: RunConfig | None = None,
        loss_reduction: str = Reduction.SUM,
    ) -> None:
        head = class_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        super().__init__(head, model_dir, optimizer, config, _weight_column=weight_column)
