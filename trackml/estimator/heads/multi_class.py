"""The head that tells more than two classes apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from trackml import dtypes
from trackml.estimator.heads import checks
from trackml.estimator.heads.base import LossSpec, Metric, SingleHead
from trackml.estimator.heads.classes import Classes
from trackml.estimator.heads.keys import MetricKeys, PredictionKeys, ServingKeys
from trackml.graph.operation import Tensor
from trackml.losses import Reduction, sparse_softmax_cross_entropy
from trackml.metrics import accuracy
from trackml.ops import array, reductions
from trackml.ops.softmax import softmax
from trackml.saved_model.export_output import ExportOutput


class MultiClassHead(SingleHead):
    """Tells more than two classes apart, one logit each; the loss is the softmax cross entropy.

    Labels are `[D0, ... DN, 1]` or `[D0, ... DN]`: integers in [0, n_classes), or strings with a vocabulary.

    Args:
        n_classes: How many classes there are, more than 2.
        weight_column: The feature that holds the weights of examples: its key, or a numeric column.
        label_vocabulary: The names of the classes, if labels are strings.
        loss_reduction: One of `tf.losses.Reduction`, or its newer name (`"sum"`, `"sum_over_batch_size"`).
        loss_fn: A function of `labels`, `logits` and, if it likes, `features`, that gives the loss of each example.
        name: Name of the head; ends the names of metrics.

    Raises:
        ValueError: An argument is out of range.
    """

    def __init__(
        self,
        n_classes: int,
        weight_column: Any = None,
        label_vocabulary: Sequence[str] | None = None,
        loss_reduction: str = Reduction.SUM_OVER_BATCH_SIZE,
        loss_fn: Callable[..., Any] | None = None,
        name: str | None = None,
    ) -> None:
        if n_classes is None:
            raise ValueError("n_classes cannot be None")
        if n_classes <= 2:
            raise ValueError(f"n_classes must be > 2: {n_classes}.")
        self._classes = Classes(n_classes, label_vocabulary)
        super().__init__(n_classes, weight_column, loss_reduction, loss_fn, name)

    def _processed_labels(self, labels: Any, logits: Tensor) -> Tensor:
        checked = checks.checked_labels(labels, logits, 1)
        if self._classes.vocabulary is None:
            if not checked.dtype.is_integer:
                raise ValueError(f"Labels dtype should be integer. Instead got {checked.dtype}.")
        elif checked.dtype != dtypes.string:
            raise ValueError(f"Labels dtype should be string if there is a vocabulary. Instead got {checked.dtype}")
        else:
            checked = self._classes.ids(checked)
        return checks.checked_range(checked, self._classes.count)

    def _losses(self, labels: Tensor, logits: Tensor) -> Tensor:
        losses = sparse_softmax_cross_entropy(labels=labels, logits=logits, reduction=Reduction.NONE)
        return array.expand_dims(losses, axis=-1)  # the size that weights have too

    def _all_predictions(self, logits: Tensor) -> dict[str, Tensor]:
        class_ids = array.expand_dims(reductions.argmax(logits, axis=-1, name=PredictionKeys.CLASS_IDS), -1)
        return {
            PredictionKeys.LOGITS: logits,
            PredictionKeys.PROBABILITIES: softmax(logits, name=PredictionKeys.PROBABILITIES),
            PredictionKeys.CLASS_IDS: class_ids,
            PredictionKeys.CLASSES: self._classes.names(class_ids),
            PredictionKeys.ALL_CLASS_IDS: self._classes.all_ids(logits),
            PredictionKeys.ALL_CLASSES: self._classes.all_names(logits),
        }

    def _metrics(self, predictions: Mapping[str, Tensor], loss: LossSpec) -> dict[str, Metric]:
        class_ids = predictions[PredictionKeys.CLASS_IDS]
        name = MetricKeys.ACCURACY
        return {name: accuracy(loss.processed_labels, class_ids, loss.weights, name=name)}

    def _outputs(self, predictions: Mapping[str, Tensor]) -> dict[str, ExportOutput]:
        return {ServingKeys.CLASSIFY: self._classes.output(predictions[PredictionKeys.PROBABILITIES])}
