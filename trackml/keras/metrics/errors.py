"""Errors of predicted numbers that are no mean of a function: roots, shares of a normal size, explained variance."""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml.graph.conversion import convert_to_tensor
from trackml.keras.losses.alignment import beside
from trackml.keras.metrics.means import Mean, labels_and_predictions
from trackml.keras.metrics.metric import Metric
from trackml.ops import array, gathering, math, reductions

_AGGREGATIONS = (None, "uniform_average", "variance_weighted_average")


class RootMeanSquaredError(Mean):
    """The root of the mean squared error.

    Args:
        name: Its name.
        dtype: Type of the mean.
    """

    def __init__(self, name: str | None = "root_mean_squared_error", dtype: Any = None) -> None:
        super().__init__(name, dtype)

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:  # type: ignore[override]
        """Takes a batch in."""
        true, pred = labels_and_predictions(y_true, y_pred, self._dtype)
        return self._add(math.square(pred - true), sample_weight)

    def result(self) -> Any:
        """The root."""
        return math.sqrt(super().result())


class MeanRelativeError(Mean):
    """The mean of errors over a normal size.

    Args:
        normalizer: The normal size of labels, one a column or one for all.
        name: Its name.
        dtype: Type of the mean.
    """

    def __init__(self, normalizer: Any, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(name, dtype)
        self.normalizer = np.asarray(normalizer, self._dtype)

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:  # type: ignore[override]
        """Takes a batch in."""
        true, pred = labels_and_predictions(y_true, y_pred, self._dtype)
        return self._add(math.div_no_nan(math.abs(true - pred), self.normalizer), sample_weight)

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        return {**super().get_config(), "normalizer": self.normalizer.tolist()}


class R2Score(Metric):
    """The share of the labels' variance that predictions explain: `1 - squared errors / variance`.

    Args:
        class_aggregation: How the scores of columns become one: `"uniform_average"`, `"variance_weighted_average"`, or
            None to leave them alone.
        num_regressors: How many inputs the model has, to take into account that more of them always explain more.
        name: Its name.
        dtype: Type of the score.

    Raises:
        ValueError: There is no such aggregation, or the number is negative.
    """

    def __init__(
        self,
        class_aggregation: str | None = "uniform_average",
        num_regressors: int = 0,
        name: str | None = "r2_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(name, dtype)
        if class_aggregation not in _AGGREGATIONS:
            raise ValueError(f"class_aggregation must be one of {_AGGREGATIONS}. Received: {class_aggregation!r}")
        if num_regressors < 0:
            raise ValueError(f"num_regressors must be 0 or more. Received: {num_regressors}")
        self.class_aggregation = class_aggregation
        self.num_regressors = num_regressors
        self.num_samples = self.add_weight("num_samples", dtype="int32")
        self._sums: list[Any] = []

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Takes a batch in: labels and predictions `[batch, columns]`.

        Raises:
            ValueError: They are of another rank, or the number of columns is not known.
        """
        true, pred = labels_and_predictions(y_true, y_pred, self._dtype)
        if not self._sums:
            names = ("squared_sum", "sum", "residual", "count")
            self._sums = [self.add_weight(name, [columns_of(self, true, pred)]) for name in names]
        weight = array.ones_like(true)
        if sample_weight is not None:
            weight = weight * beside(sample_weight, true)
        added = (true * true * weight, true * weight, math.square(true - pred) * weight, weight)
        for total, values in zip(self._sums, added):
            total.assign_add(reductions.reduce_sum(values, axis=0), read_value=False)
        self.num_samples.assign_add(array.size(true), read_value=False)
        return None

    def result(self) -> Any:
        """The score."""
        squares, totals, residuals, counts = (total.value() for total in self._sums)
        variance = squares - totals * totals / counts
        raw = 1.0 - residuals / variance
        raw = gathering.where(math.is_inf(raw), array.zeros_like(raw), raw)
        if self.class_aggregation == "uniform_average":
            raw = reductions.reduce_mean(raw)
        elif self.class_aggregation is not None:
            raw = reductions.reduce_sum(variance * raw) / reductions.reduce_sum(variance)
        return self._adjusted(raw) if self.num_regressors else raw

    def _adjusted(self, score: Any) -> Any:
        """The score less what so many inputs explain by chance; as it is while there are too few examples."""
        free = math.cast(self.num_samples.value(), self._dtype) - float(self.num_regressors + 1)
        enough = math.cast(free > 0.0, self._dtype)
        adjusted = 1.0 - math.div_no_nan((1.0 - score) * (free + float(self.num_regressors)), free)
        return enough * adjusted + (1.0 - enough) * score

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        own = {"class_aggregation": self.class_aggregation, "num_regressors": self.num_regressors}
        return {**super().get_config(), **own}


def columns_of(metric: Metric, true: Any, pred: Any) -> int:
    """How many columns `[batch, columns]` predictions have.

    Raises:
        ValueError: They have another rank, or the number of columns is not known.
    """
    for tensor in (convert_to_tensor(true), convert_to_tensor(pred)):
        if tensor.shape.ndims != 2 or tensor.shape.as_list()[-1] is None:
            raise ValueError(
                f"{type(metric).__name__} expects labels and predictions of shape [batch, columns], with a known "
                f"number of columns. Got y_true {true.shape} and y_pred {pred.shape}."
            )
    columns: int = pred.shape.as_list()[-1]
    return columns
