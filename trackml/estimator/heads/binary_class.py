"""The head that tells two classes apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from trackml import dtypes
from trackml.estimator.heads import checks
from trackml.estimator.heads.base import LossSpec, Metric, SingleHead
from trackml.estimator.heads.classes import Classes
from trackml.estimator.heads.keys import MetricKeys, PredictionKeys, ServingKeys
from trackml.estimator.heads.weighted_metrics import area, at_threshold, weighted_mean
from trackml.graph.operation import Tensor
from trackml.losses import Reduction
from trackml.metrics import accuracy, precision, recall
from trackml.ops import array, joining, math, reductions
from trackml.ops.cross_entropy import sigmoid_cross_entropy_with_logits
from trackml.ops.framework import name_scope
from trackml.ops.math import sigmoid
from trackml.ops.softmax import softmax
from trackml.saved_model.export_output import ExportOutput, RegressionOutput


class BinaryClassHead(SingleHead):
    """Tells two classes apart by one logit; the loss is the sigmoid cross entropy.

    Labels are `[D0, ... DN, 1]` or `[D0, ... DN]`: numbers in [0, 1], or strings with a vocabulary.

    Args:
        weight_column: The feature that holds the weights of examples: its key, or a numeric column.
        thresholds: Probabilities at which accuracy, precision and recall are computed besides 0.5.
        label_vocabulary: The names of the two classes, if labels are strings.
        loss_reduction: One of `tf.losses.Reduction`, or its newer name (`"sum"`, `"sum_over_batch_size"`).
        loss_fn: A function of `labels`, `logits` and, if it likes, `features`, that gives the loss of each example.
        name: Name of the head; ends the names of metrics.

    Raises:
        ValueError: A threshold is not in (0, 1), or another argument is out of range.
    """

    def __init__(
        self,
        weight_column: Any = None,
        thresholds: Sequence[float] | None = None,
        label_vocabulary: Sequence[str] | None = None,
        loss_reduction: str = Reduction.SUM_OVER_BATCH_SIZE,
        loss_fn: Callable[..., Any] | None = None,
        name: str | None = None,
    ) -> None:
        self._thresholds = checked_thresholds(thresholds)
        self._classes = Classes(2, label_vocabulary)
        super().__init__(1, weight_column, loss_reduction, loss_fn, name)

    def _processed_labels(self, labels: Any, logits: Tensor) -> Tensor:
        checked = checks.checked_labels(labels, logits, 1)
        if self._classes.vocabulary is not None:
            checked = self._classes.ids(checked)
        elif checked.dtype == dtypes.string:
            raise ValueError(
                f"Labels are strings, and there is no label_vocabulary that says which is which. Pass "
                f"label_vocabulary=[name of class 0, name of class 1]. Labels: {labels!r}."
            )
        return checks.checked_range(math.cast(checked, dtypes.float32), 2)

    def _losses(self, labels: Tensor, logits: Tensor) -> Tensor:
        return sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)

    def _all_predictions(self, logits: Tensor) -> dict[str, Tensor]:
        logistic = sigmoid(logits, name=PredictionKeys.LOGISTIC)
        both = joining.concat([array.zeros_like(logits), logits], axis=-1, name="two_class_logits")
        class_ids = array.expand_dims(reductions.argmax(both, axis=-1, name=PredictionKeys.CLASS_IDS), -1)
        return {
            PredictionKeys.LOGITS: logits,
            PredictionKeys.LOGISTIC: logistic,
            PredictionKeys.PROBABILITIES: softmax(both, name=PredictionKeys.PROBABILITIES),
            PredictionKeys.CLASS_IDS: class_ids,
            PredictionKeys.CLASSES: self._classes.names(class_ids),
            PredictionKeys.ALL_CLASS_IDS: self._classes.all_ids(logits),
            PredictionKeys.ALL_CLASSES: self._classes.all_names(logits),
        }

    def _metrics(self, predictions: Mapping[str, Tensor], loss: LossSpec) -> dict[str, Metric]:
        labels, weights = loss.processed_labels, loss.weights
        class_ids, logistic = predictions[PredictionKeys.CLASS_IDS], predictions[PredictionKeys.LOGISTIC]
        label_mean = weighted_mean(labels, weights, MetricKeys.LABEL_MEAN)
        found = {
            MetricKeys.ACCURACY: accuracy(labels, class_ids, weights, name=MetricKeys.ACCURACY),
            MetricKeys.PRECISION: precision(labels, class_ids, weights, name=MetricKeys.PRECISION),
            MetricKeys.RECALL: recall(labels, class_ids, weights, name=MetricKeys.RECALL),
            MetricKeys.PREDICTION_MEAN: weighted_mean(logistic, weights, MetricKeys.PREDICTION_MEAN),
            MetricKeys.LABEL_MEAN: label_mean,
            MetricKeys.ACCURACY_BASELINE: _accuracy_baseline(label_mean),
            MetricKeys.AUC: area(labels, logistic, weights, "ROC", MetricKeys.AUC),
            MetricKeys.AUC_PR: area(labels, logistic, weights, "PR", MetricKeys.AUC_PR),
        }
        for threshold in self._thresholds:
            found |= at_threshold(labels, logistic, weights, threshold)
        return found

    def _outputs(self, predictions: Mapping[str, Tensor]) -> dict[str, ExportOutput]:
        return {
            ServingKeys.CLASSIFY: self._classes.output(predictions[PredictionKeys.PROBABILITIES]),
            ServingKeys.REGRESS: RegressionOutput(predictions[PredictionKeys.LOGISTIC]),
        }


def checked_thresholds(thresholds: Sequence[float] | None) -> tuple[float, ...]:
    """The thresholds as a tuple.

    Raises:
        ValueError: One is not in (0, 1).
    """
    for threshold in thresholds or ():
        if not 0.0 < threshold < 1.0:
            raise ValueError(f"thresholds not in (0, 1): {tuple(thresholds or ())}.")
    return tuple(thresholds or ())


def _accuracy_baseline(label_mean: Metric) -> Metric:
    """The accuracy of a model that always says the more frequent class."""
    with name_scope(None, "accuracy_baseline", list(label_mean)):
        value, update = label_mean
        return math.maximum(value, 1.0 - value, name="value"), math.maximum(update, 1.0 - update, name="update_op")
