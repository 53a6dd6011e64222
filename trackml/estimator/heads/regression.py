"""Heads that predict numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from trackml import dtypes
from trackml.estimator.heads import checks
from trackml.estimator.heads.base import LossSpec, Metric, SingleHead
from trackml.estimator.heads.keys import MetricKeys, PredictionKeys, ServingKeys
from trackml.estimator.heads.weighted_metrics import weighted_mean
from trackml.graph.operation import Tensor
from trackml.losses import Reduction, mean_squared_error
from trackml.metrics import mean
from trackml.ops import math
from trackml.ops.array import identity
from trackml.ops.checks import assert_less_equal, assert_non_negative
from trackml.ops.cross_entropy import log_poisson_loss, sigmoid_cross_entropy_with_logits
from trackml.ops.framework import control_dependencies
from trackml.ops.math import sigmoid
from trackml.saved_model.export_output import ExportOutput, RegressionOutput


class RegressionHead(SingleHead):
    """Predicts numbers; the loss is the squared error.

    Labels are `[D0, ... DN, label_dimension]`; a last size of 1 may be left out. Weights are of that shape, or have a
    last size of 1, or none.

    Args:
        label_dimension: How many numbers an example has.
        weight_column: The feature that holds the weights of examples: its key, or a numeric column.
        loss_reduction: One of `tf.losses.Reduction`, or its newer name (`"sum"`, `"sum_over_batch_size"`).
        loss_fn: A function of `labels`, `logits` and, if it likes, `features`, that gives a loss for each number, in
            place of the squared error.
        inverse_link_fn: A function of the logits that gives the predictions, in place of the logits themselves.
        name: Name of the head; ends the names of metrics.

    Raises:
        ValueError: An argument is out of range.

    Example:
        >>> import trackml as tf
        >>> head = tf.estimator.RegressionHead(label_dimension=2)
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     float(session.run(head.loss(labels=[[1.0, 2.0]], logits=tf.constant([[3.0, 2.0]]))))
        2.0
    """

    def __init__(
        self,
        label_dimension: int = 1,
        weight_column: Any = None,
        loss_reduction: str = Reduction.SUM_OVER_BATCH_SIZE,
        loss_fn: Callable[..., Any] | None = None,
        inverse_link_fn: Callable[[Tensor], Tensor] | None = None,
        name: str | None = None,
    ) -> None:
        if label_dimension < 1:
            raise ValueError(f"Invalid label_dimension {label_dimension}.")
        super().__init__(label_dimension, weight_column, loss_reduction, loss_fn, name)
        self._loss_dimension = label_dimension
        self._inverse_link_fn = inverse_link_fn

    def _processed_labels(self, labels: Any, logits: Tensor) -> Tensor:
        return math.cast(checks.checked_labels(labels, logits, self._logits_dimension), dtypes.float32)

    def _losses(self, labels: Tensor, logits: Tensor) -> Tensor:
        return mean_squared_error(labels, logits, reduction=Reduction.NONE)

    def _weights(self, features: Any, logits: Tensor) -> Any:
        return checks.example_weights(features, self._weight_column, logits, per_logit=True)

    def _all_predictions(self, logits: Tensor) -> dict[str, Tensor]:
        if self._inverse_link_fn is None:
            return {PredictionKeys.PREDICTIONS: logits}
        return {PredictionKeys.PREDICTIONS: self._inverse_link_fn(logits), PredictionKeys.LOGITS: logits}

    def _metrics(self, predictions: Mapping[str, Tensor], loss: LossSpec) -> dict[str, Metric]:
        predicted = predictions[PredictionKeys.PREDICTIONS]
        return {
            MetricKeys.PREDICTION_MEAN: weighted_mean(predicted, loss.weights, MetricKeys.PREDICTION_MEAN),
            MetricKeys.LABEL_MEAN: mean(loss.processed_labels, loss.weights),
        }

    def _outputs(self, predictions: Mapping[str, Tensor]) -> dict[str, ExportOutput]:
        return {ServingKeys.REGRESS: RegressionOutput(predictions[PredictionKeys.PREDICTIONS])}


class PoissonRegressionHead(RegressionHead):
    """Predicts counts: the exponential of the logits, with the loss of a Poisson distribution.

    Args:
        label_dimension: How many counts an example has.
        weight_column: The feature that holds the weights of examples: its key, or a numeric column.
        loss_reduction: One of `tf.losses.Reduction`, or its newer name.
        compute_full_loss: Whether the loss has Stirling's approximation of `log(labels!)`, which predictions do not
            change.
        name: Name of the head.

    Raises:
        ValueError: An argument is out of range.
    """

    def __init__(
        self,
        label_dimension: int = 1,
        weight_column: Any = None,
        loss_reduction: str = Reduction.SUM_OVER_BATCH_SIZE,
        compute_full_loss: bool = True,
        name: str | None = None,
    ) -> None:
        super().__init__(label_dimension, weight_column, loss_reduction, inverse_link_fn=math.exp, name=name)
        self._compute_full_loss = compute_full_loss

    def _losses(self, labels: Tensor, logits: Tensor) -> Tensor:
        not_negative = assert_non_negative(labels, message="Poisson labels must be >= 0")
        with control_dependencies([not_negative]):
            return log_poisson_loss(identity(labels), logits, compute_full_loss=self._compute_full_loss)


class LogisticRegressionHead(RegressionHead):
    """Predicts probabilities: the sigmoid of the logit, with cross entropy as loss; labels are in [0, 1].

    Args:
        weight_column: The feature that holds the weights of examples: its key, or a numeric column.
        loss_reduction: One of `tf.losses.Reduction`, or its newer name.
        name: Name of the head.

    Raises:
        ValueError: `loss_reduction` is unknown.
    """

    def __init__(
        self,
        weight_column: Any = None,
        loss_reduction: str = Reduction.SUM_OVER_BATCH_SIZE,
        name: str | None = None,
    ) -> None:
        super().__init__(1, weight_column, loss_reduction, inverse_link_fn=sigmoid, name=name)

    def _losses(self, labels: Tensor, logits: Tensor) -> Tensor:
        message = "labels must be in range [0, 1]"
        in_range = [assert_non_negative(labels, message=message), assert_less_equal(labels, 1.0, message=message)]
        with control_dependencies(in_range):
            return sigmoid_cross_entropy_with_logits(labels=identity(labels), logits=logits)
