"""What all heads are: the last part of a model, which turns logits into predictions, a loss, metrics and a train_op.

The order in which a head builds its graph, and the names it gives, are those of TensorFlow 1.15's heads.

Source: tensorflow_estimator/python/estimator/canned/head.py, head/base_head.py.
"""

from __future__ import annotations

import abc
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from trackml.estimator.heads import checks
from trackml.estimator.heads.keys import MetricKeys, PredictionKeys, ServingKeys
from trackml.estimator.model_fn import EstimatorSpec, ModeKeys
from trackml.global_step import get_global_step
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Tensor
from trackml.losses import Reduction, compute_weighted_loss
from trackml.metrics import mean
from trackml.ops import array, control, reductions
from trackml.ops.framework import get_collection, name_scope
from trackml.ops.math import add_n
from trackml.saved_model.export_output import ExportOutput, PredictOutput
from trackml.summary import scalar

Metric = tuple[Tensor, Any]
"""A metric's value and its update."""


class LossSpec(NamedTuple):
    """The loss of a batch and what it was made from."""

    training_loss: Tensor
    """Weighted and reduced; a scalar."""
    unreduced_loss: Tensor
    """Of each example, without weights."""
    weights: Any
    """Of each example; 1.0 if they have none."""
    processed_labels: Tensor
    """Labels as numbers, in the shape of the logits."""


class Head(abc.ABC):
    """The base of heads.

    A model function computes logits and lets a head do the rest:

        head = tf.estimator.RegressionHead()
        logits = tf.layers.dense(net, head.logits_dimension)
        return head.create_estimator_spec(features, mode, logits, labels, optimizer=optimizer)
    """

    @property
    @abc.abstractmethod
    def name(self) -> str | None:
        """The name of the head, which ends the names of its metrics; None for none."""

    @property
    @abc.abstractmethod
    def logits_dimension(self) -> int:
        """The last size of the logits."""

    @property
    @abc.abstractmethod
    def loss_reduction(self) -> str:
        """How the losses of a batch become one, one of `tf.losses.Reduction`."""

    @abc.abstractmethod
    def loss(
        self, labels: Any, logits: Any, features: Any = None, mode: str | None = None, regularization_losses: Any = None
    ) -> Tensor:
        """The loss that training makes small, a scalar.

        Args:
            labels: What is right.
            logits: `[D0, ... DN, logits_dimension]`.
            features: The features, among which weights may be.
            mode: One of `tf.estimator.ModeKeys`.
            regularization_losses: Scalars to be added.
        """

    @abc.abstractmethod
    def predictions(self, logits: Any, keys: Sequence[str] | None = None) -> dict[Any, Tensor]:
        """The predictions by name.

        Args:
            logits: `[D0, ... DN, logits_dimension]`.
            keys: The names of those that are wanted; all by default.
        """

    @abc.abstractmethod
    def create_estimator_spec(
        self,
        features: Any,
        mode: str,
        logits: Any,
        labels: Any = None,
        optimizer: Any = None,
        trainable_variables: Any = None,
        train_op_fn: Callable[[Tensor], Any] | None = None,
        update_ops: Any = None,
        regularization_losses: Any = None,
    ) -> EstimatorSpec:
        """What a model function returns.

        Args:
            features: The features.
            mode: One of `tf.estimator.ModeKeys`.
            logits: `[D0, ... DN, logits_dimension]`.
            labels: What is right; not needed to predict.
            optimizer: An `Optimizer`, whose `minimize` makes the train_op.
            trainable_variables: The variables that it updates; all trainable ones by default.
            train_op_fn: A function of the loss that makes the train_op, in place of an optimizer.
            update_ops: Operations to run with each training step, besides those in the collection `UPDATE_OPS`.
            regularization_losses: Scalars to be added to the loss.

        Raises:
            ValueError: Both or none of `optimizer` and `train_op_fn` are given for training, or something does not fit.
        """

    def _key(self, key: str) -> str:
        """The name of a metric or summary of this head."""
        return f"{key}/{self.name}" if self.name else key

    def _train_op(
        self, loss: Tensor, optimizer: Any, trainable_variables: Any, train_op_fn: Any, update_ops: Any
    ) -> Any:
        if optimizer is not None:
            if train_op_fn is not None:
                raise ValueError("train_op_fn and optimizer cannot both be set.")
            train_op = optimizer.minimize(loss, global_step=get_global_step(), var_list=trainable_variables)
        elif train_op_fn is not None:
            train_op = train_op_fn(loss)
        else:
            raise ValueError("train_op_fn and optimizer cannot both be None.")
        if update_ops is not None and not isinstance(update_ops, (list, tuple)):
            raise ValueError(f"update_ops should be a list or a tuple. Given type: {type(update_ops)}.")
        updates = [*get_collection(GraphKeys.UPDATE_OPS), *(update_ops or ())]
        return control.group(train_op, *updates) if updates else train_op


class SingleHead(Head):
    """The base of heads with one set of logits: subclasses say what differs.

    Args:
        logits_dimension: The last size of the logits.
        weight_column: The feature that holds the weights of examples: its key, or a numeric column.
        loss_reduction: One of `tf.losses.Reduction`, or its newer name (`"sum"`, `"sum_over_batch_size"`).
        loss_fn: A function of `labels`, `logits` and, if it likes, `features`, that gives the loss of each example.
        name: The name of the head.
    """

    def __init__(
        self,
        logits_dimension: int,
        weight_column: Any,
        loss_reduction: str,
        loss_fn: Callable[..., Any] | None,
        name: str | None,
    ) -> None:
        checks.check_loss_fn(loss_fn)
        self._logits_dimension = logits_dimension
        self._weight_column = weight_column
        self._loss_reduction = checks.checked_reduction(loss_reduction)
        self._loss_fn = loss_fn
        self._name = name

    @property
    def name(self) -> str | None:
        """The name of the head, or None."""
        return self._name

    @property
    def logits_dimension(self) -> int:
        """The last size of the logits."""
        return self._logits_dimension

    @property
    def loss_reduction(self) -> str:
        """One of `tf.losses.Reduction`."""
        return self._loss_reduction

    @abc.abstractmethod
    def _processed_labels(self, labels: Any, logits: Tensor) -> Tensor:
        """Labels as numbers, `[D0, ... DN, any]`."""

    @abc.abstractmethod
    def _losses(self, labels: Tensor, logits: Tensor) -> Tensor:
        """The loss of each example, `[D0, ... DN, _loss_dimension]`."""

    @abc.abstractmethod
    def _all_predictions(self, logits: Tensor) -> dict[str, Tensor]:
        """All predictions by name, from checked logits."""

    @abc.abstractmethod
    def _metrics(self, predictions: Mapping[str, Tensor], loss: LossSpec) -> dict[str, Metric]:
        """Metrics by name, without those of the losses."""

    @abc.abstractmethod
    def _outputs(self, predictions: Mapping[str, Tensor]) -> dict[str, ExportOutput]:
        """Export outputs by name, without that of all predictions."""

    _loss_dimension = 1
    """The last size of the losses."""

    def _weights(self, features: Any, logits: Tensor) -> Any:
        return checks.example_weights(features, self._weight_column, logits)

    def create_loss(self, features: Any, mode: str | None, logits: Any, labels: Any) -> LossSpec:
        """The loss of a batch, with what it was made from; arguments as `create_estimator_spec`."""
        tensor = convert_to_tensor(logits)
        processed = self._processed_labels(labels, tensor)
        if self._loss_fn is None:
            losses = self._losses(processed, tensor)
        else:
            losses = checks.call_loss_fn(self._loss_fn, processed, tensor, features, self._loss_dimension)
        weights = self._weights(features, tensor)
        return LossSpec(
            compute_weighted_loss(losses, weights, reduction=self._loss_reduction), losses, weights, processed
        )

    def loss(
        self, labels: Any, logits: Any, features: Any = None, mode: str | None = None, regularization_losses: Any = None
    ) -> Tensor:
        """The loss that training makes small, a scalar."""
        with name_scope(None, "losses", [logits]):
            checked = checks.checked_logits(logits, self._logits_dimension)
            training_loss = self.create_loss(features, mode, checked, labels).training_loss
            return _regularized(training_loss, regularization_losses)[0]

    def predictions(self, logits: Any, keys: Sequence[str] | None = None) -> dict[Any, Tensor]:
        """The predictions by name.

        Raises:
            ValueError: A key is not the name of a prediction.
        """
        with name_scope(None, "predictions", [logits]):
            found = self._all_predictions(checks.checked_logits(logits, self._logits_dimension))
        for key in keys or ():
            if key not in found:
                raise ValueError(
                    f"Prediction key must be in PredictionKeys, given: {key}. "
                    f"Valid prediction keys include {sorted(found)}."
                )
        return {key: value for key, value in found.items() if not keys or key in keys}

    def create_estimator_spec(
        self,
        features: Any,
        mode: str,
        logits: Any,
        labels: Any = None,
        optimizer: Any = None,
        trainable_variables: Any = None,
        train_op_fn: Callable[[Tensor], Any] | None = None,
        update_ops: Any = None,
        regularization_losses: Any = None,
    ) -> EstimatorSpec:
        """What a model function returns."""
        with name_scope(self._name, "head"):
            checked = checks.checked_logits(logits, self._logits_dimension)
            with name_scope(None, "predictions", [checked]):
                predictions = self._all_predictions(checked)
            if mode == ModeKeys.PREDICT:
                return EstimatorSpec(mode, predictions, export_outputs=self._export_outputs(predictions))
            spec = self.create_loss(features, mode, checked, labels)
            loss, penalty = _regularized(spec.training_loss, regularization_losses)
            if mode == ModeKeys.EVAL:
                metrics = self._eval_metric_ops(predictions, spec, penalty)
                return EstimatorSpec(mode, predictions, loss, eval_metric_ops=metrics)
            train_op = self._train_op(loss, optimizer, trainable_variables, train_op_fn, update_ops)
            mean_loss = self._mean_loss(spec)
        self._summarize(loss, mean_loss, penalty)
        return EstimatorSpec(mode, predictions, loss, train_op)

    def _export_outputs(self, predictions: Mapping[str, Tensor]) -> dict[str, ExportOutput]:
        outputs = self._outputs(predictions)
        return {ServingKeys.DEFAULT: next(iter(outputs.values())), **outputs,
                ServingKeys.PREDICT: PredictOutput(predictions)}  # fmt: skip

    def _eval_metric_ops(
        self, predictions: Mapping[str, Tensor], spec: LossSpec, penalty: Tensor | None
    ) -> dict[str, Metric]:
        with name_scope(None, "metrics", [spec.unreduced_loss]):
            found = {MetricKeys.LOSS_MEAN: mean(spec.unreduced_loss, spec.weights, name=MetricKeys.LOSS_MEAN)}
            found |= self._metrics(predictions, spec)
            if penalty is not None:
                found[MetricKeys.LOSS_REGULARIZATION] = mean(penalty, name=MetricKeys.LOSS_REGULARIZATION)
        return {self._key(name): metric for name, metric in found.items()}

    def _mean_loss(self, spec: LossSpec) -> Tensor | None:
        """The loss an example, which is worth a summary where the loss itself is a sum."""
        if self._loss_reduction != Reduction.SUM:
            return None
        return spec.training_loss / reductions.reduce_sum(spec.weights * array.ones_like(spec.unreduced_loss))

    def _summarize(self, loss: Tensor, mean_loss: Tensor | None, penalty: Tensor | None) -> None:
        with name_scope(""):
            scalar(self._key(MetricKeys.LOSS), loss)
            if mean_loss is not None:
                scalar(self._key(MetricKeys.LOSS_MEAN), mean_loss)
            if penalty is not None:
                scalar(self._key(MetricKeys.LOSS_REGULARIZATION), penalty)


def _regularized(training_loss: Tensor, regularization_losses: Any) -> tuple[Tensor, Tensor | None]:
    """The loss with what is added to it, and what was added."""
    if not regularization_losses:
        return training_loss, None
    penalty = add_n(regularization_losses)
    return add_n([training_loss, penalty]), penalty


__all__ = ["Head", "LossSpec", "Metric", "MetricKeys", "PredictionKeys", "SingleHead"]
