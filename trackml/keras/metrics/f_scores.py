"""F scores: precision and recall as one number."""

from __future__ import annotations

from typing import Any

from trackml.keras.metrics.errors import columns_of
from trackml.keras.metrics.means import labels_and_predictions
from trackml.keras.metrics.metric import Metric
from trackml.ops import array, comparison, math, reductions

_AVERAGES = (None, "micro", "macro", "weighted")


class FBetaScore(Metric):
    """`(1 + beta ** 2) * precision * recall / (beta ** 2 * precision + recall)` of classes, `[batch, classes]`.

    Args:
        average: None: one score a class; `"micro"`: of all classes together; `"macro"`: their mean; `"weighted"`: their
            mean by how often each class is.
        beta: How much recall counts beside precision.
        threshold: Above which a prediction says 1; by default only the largest of a row does.
        name: Its name.
        dtype: Type of the score.

    Raises:
        ValueError: There is no such average, or `beta` or `threshold` is not what it can be.
    """

    def __init__(
        self,
        average: str | None = None,
        beta: float = 1.0,
        threshold: float | None = None,
        name: str | None = "fbeta_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(name, dtype)
        if average not in _AVERAGES:
            raise ValueError(f"Invalid `average`. Expected one of {_AVERAGES}. Received: {average!r}")
        if not isinstance(beta, float) or beta <= 0.0:
            raise ValueError(f"Invalid `beta`. It should be a Python float above 0. Received: {beta!r}")
        if threshold is not None and not (isinstance(threshold, float) and 0.0 < threshold <= 1.0):
            raise ValueError(
                f"Invalid `threshold`. It should be a float with 0 < threshold <= 1. Received: {threshold!r}"
            )
        self.average, self.beta, self.threshold = average, beta, threshold
        self._sums: list[Any] = []

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Takes a batch in: labels and predictions `[batch, classes]`, weights `[batch]`.

        Raises:
            ValueError: They are of another rank, or the number of classes is not known.
        """
        true, pred = labels_and_predictions(y_true, y_pred, self._dtype)
        columns = columns_of(self, true, pred)
        if not self._sums:
            names = ("true_positives", "false_positives", "false_negatives", "intermediate_weights")
            shape = [] if self.average == "micro" else [columns]
            self._sums = [self.add_weight(name, shape) for name in names]
        said = self._said(pred)
        for total, values in zip(self._sums, (said * true, said * (1.0 - true), (1.0 - said) * true, true)):
            if sample_weight is not None:
                values = values * array.reshape(math.cast(sample_weight, self._dtype), [-1, 1])
            axis = None if self.average == "micro" else 0
            total.assign_add(reductions.reduce_sum(values, axis=axis), read_value=False)

    def _said(self, pred: Any) -> Any:
        """1 for each class that a prediction says."""
        if self.threshold is not None:
            return math.cast(comparison.greater(pred, self.threshold), self._dtype)
        largest = comparison.greater_equal(pred, reductions.reduce_max(pred, axis=-1, keepdims=True))
        return math.cast(comparison.logical_and(largest, math.abs(pred) > 1e-9), self._dtype)

    def result(self) -> Any:
        """The score, or one a class."""
        right, wrong, missed, often = (total.value() for total in self._sums)
        precision, recall = math.div_no_nan(right, right + wrong), math.div_no_nan(right, right + missed)
        square = self.beta**2
        score = math.div_no_nan(precision * recall, square * precision + recall) * (1.0 + square)
        if self.average == "weighted":
            return reductions.reduce_sum(score * math.div_no_nan(often, reductions.reduce_sum(often)))
        return score if self.average is None else reductions.reduce_mean(score)

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        own = {"average": self.average, "beta": self.beta, "threshold": self.threshold}
        return {**super().get_config(), **own}


class F1Score(FBetaScore):
    """`2 * precision * recall / (precision + recall)` of classes; arguments as of `FBetaScore`, without `beta`."""

    def __init__(
        self,
        average: str | None = None,
        threshold: float | None = None,
        name: str | None = "f1_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(average, 1.0, threshold, name, dtype)

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        config = super().get_config()
        del config["beta"]
        return config
