"""The head whose classes do not exclude each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from trackml import dtypes
from trackml.estimator.heads import checks
from trackml.estimator.heads.base import LossSpec, Metric, SingleHead
from trackml.estimator.heads.binary_class import checked_thresholds
from trackml.estimator.heads.classes import Classes
from trackml.estimator.heads.keys import MetricKeys, PredictionKeys, ServingKeys
from trackml.estimator.heads.weighted_metrics import area, at_threshold, weighted_mean
from trackml.graph.operation import Tensor
from trackml.graph.sparse_tensor import SparseTensor, SparseTensorValue, as_sparse_tensor
from trackml.losses import Reduction, sigmoid_cross_entropy
from trackml.ops import math, reductions
from trackml.ops.framework import control_dependencies
from trackml.ops.sparse import sparse_to_indicator
from trackml.saved_model.export_output import ExportOutput


class MultiLabelHead(SingleHead):
    """Says of each class whether an example is of it; the loss is the mean of their sigmoid cross entropies.

    Labels are `[D0, ... DN, n_classes]` of 0 and 1, or a sparse tensor of the numbers or names of the classes of each
    example.

    Args:
        n_classes: How many classes there are, more than 1.
        weight_column: The feature that holds the weights of examples: its key, or a numeric column.
        thresholds: Probabilities at which accuracy, precision and recall are computed.
        label_vocabulary: The names of the classes, if labels are strings.
        loss_reduction: One of `tf.losses.Reduction`, or its newer name (`"sum"`, `"sum_over_batch_size"`).
        loss_fn: A function of `labels`, `logits` and, if it likes, `features`, that gives the loss of each example,
            `[D0, ... DN, 1]`.
        classes_for_class_based_metrics: Numbers or names of classes that get metrics of their own.
        name: Name of the head; ends the names of metrics.

    Raises:
        ValueError: An argument is out of range.
    """

    def __init__(
        self,
        n_classes: int,
        weight_column: Any = None,
        thresholds: Sequence[float] | None = None,
        label_vocabulary: Sequence[str] | None = None,
        loss_reduction: str = Reduction.SUM_OVER_BATCH_SIZE,
        loss_fn: Callable[..., Any] | None = None,
        classes_for_class_based_metrics: Sequence[Any] | None = None,
        name: str | None = None,
    ) -> None:
        if n_classes is None or n_classes < 2:
            raise ValueError(f"n_classes must be > 1 for multi-label classification. Given: {n_classes}")
        self._thresholds = checked_thresholds(thresholds)
        self._classes = Classes(n_classes, label_vocabulary)
        self._measured = self._class_ids(classes_for_class_based_metrics or ())
        super().__init__(n_classes, weight_column, loss_reduction, loss_fn, name)

    def _class_ids(self, classes: Sequence[Any]) -> tuple[int, ...]:
        """The numbers of classes that metrics are wanted for."""
        vocabulary = self._classes.vocabulary
        if any(isinstance(item, str) for item in classes):
            if vocabulary is None:
                raise ValueError("label_vocabulary must be provided when classes_for_class_based_metrics are string.")
            for item in classes:
                if item not in vocabulary:
                    raise ValueError(f"{item!r} of classes_for_class_based_metrics is not in list {list(vocabulary)}.")
            return tuple(vocabulary.index(item) for item in classes)
        for item in classes:
            if not 0 <= item < self._classes.count:
                raise ValueError(
                    "All classes_for_class_based_metrics must be in range "
                    f"[0, {self._classes.count - 1}]. Given: {item}"
                )
        return tuple(classes)

    def _processed_labels(self, labels: Any, logits: Tensor) -> Tensor:
        if isinstance(labels, (SparseTensor, SparseTensorValue)):
            dense = math.cast(self._indicators(as_sparse_tensor(labels)), dtypes.int64)
        else:
            dense = checks.checked_labels(labels, logits, self._logits_dimension)
            message = "labels must be an integer indicator Tensor with values in [0, 1]"
            dense = checks.checked_range(dense, 2, message)
        return checks.checked_labels(dense, logits, self._logits_dimension)

    def _indicators(self, labels: SparseTensor) -> Tensor:
        count = self._classes.count
        if labels.dtype == dtypes.string:
            ids = SparseTensor(labels.indices, self._classes.ids(labels.values), labels.dense_shape)
            return sparse_to_indicator(ids, count)
        if not labels.dtype.is_integer:
            raise ValueError(f"Labels dtype should be integer. Instead got {labels.dtype}.")
        message = f"labels must be an integer SparseTensor with values in [0, {count})"
        with control_dependencies([checks.checked_range(labels.values, count, message).op]):
            return sparse_to_indicator(labels, count)

    def _losses(self, labels: Tensor, logits: Tensor) -> Tensor:
        losses = sigmoid_cross_entropy(multi_class_labels=labels, logits=logits, reduction=Reduction.NONE)
        return reductions.reduce_mean(losses, axis=-1, keepdims=True)

    def _all_predictions(self, logits: Tensor) -> dict[str, Tensor]:
        probabilities = math.sigmoid(logits, name=PredictionKeys.PROBABILITIES)
        return {PredictionKeys.LOGITS: logits, PredictionKeys.PROBABILITIES: probabilities}

    def _metrics(self, predictions: Mapping[str, Tensor], loss: LossSpec) -> dict[str, Metric]:
        labels, weights = loss.processed_labels, loss.weights
        probabilities = predictions[PredictionKeys.PROBABILITIES]
        found = {
            MetricKeys.AUC: area(labels, probabilities, weights, "ROC", MetricKeys.AUC),
            MetricKeys.AUC_PR: area(labels, probabilities, weights, "PR", MetricKeys.AUC_PR),
        }
        for threshold in self._thresholds:
            found |= at_threshold(labels, probabilities, weights, threshold)
        for class_id in self._measured:
            found |= self._metrics_of(class_id, labels, probabilities, weights)
        return found

    def _metrics_of(self, class_id: int, labels: Tensor, probabilities: Tensor, weights: Any) -> dict[str, Metric]:
        """The metrics of one class."""
        its = (Ellipsis, slice(class_id, class_id + 1))
        if self._classes.vocabulary is None:
            keys = [MetricKeys.PROBABILITY_MEAN_AT_CLASS, MetricKeys.AUC_AT_CLASS, MetricKeys.AUC_PR_AT_CLASS]
            mean_key, auc_key, pr_key = (key % class_id for key in keys)
        else:
            keys = [MetricKeys.PROBABILITY_MEAN_AT_NAME, MetricKeys.AUC_AT_NAME, MetricKeys.AUC_PR_AT_NAME]
            mean_key, auc_key, pr_key = (key % self._classes.vocabulary[class_id] for key in keys)
        return {
            mean_key: weighted_mean(probabilities[its], weights, mean_key),
            auc_key: area(labels[its], probabilities[its], weights, "ROC", auc_key),
            pr_key: area(labels[its], probabilities[its], weights, "PR", pr_key),
        }

    def _outputs(self, predictions: Mapping[str, Tensor]) -> dict[str, ExportOutput]:
        return {ServingKeys.CLASSIFY: self._classes.output(predictions[PredictionKeys.PROBABILITIES])}
