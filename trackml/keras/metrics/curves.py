"""Areas under curves: how one rate goes with another as the threshold moves."""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.keras.metrics.confusion import EPSILON, KINDS, add_batch, are_even, even_thresholds
from trackml.keras.metrics.points import Curve
from trackml.ops import array, comparison, gathering, math, reductions

_CURVES = ("ROC", "PR")
_METHODS = ("interpolation", "majoring", "minoring")


class AUC(Curve):
    """The area under the ROC or the precision-recall curve, by thresholds.

    Args:
        num_thresholds: How many thresholds there are, in even steps.
        curve: `"ROC"` or `"PR"`.
        summation_method: Between two points: `"interpolation"` (the trapezoid; for PR as Davis and Goadrich have it),
            `"minoring"` (the lower one) or `"majoring"` (the higher one).
        name: Its name.
        dtype: Type of the area.
        thresholds: The thresholds between 0 and 1, instead of even ones.
        multi_label: Whether the areas of labels are computed apart, and then averaged.
        num_labels: How many labels there are; the columns of the first predictions by default.
        label_weights: How much each label counts.
        from_logits: Whether predictions are logits.

    Raises:
        ValueError: There is no such curve or method, there are too few thresholds, or one is not between 0 and 1.

    Source: Davis and Goadrich, The Relationship Between Precision-Recall and ROC Curves (2006), for `"PR"`.
    """

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: str = "ROC",
        summation_method: str = "interpolation",
        name: str | None = None,
        dtype: Any = None,
        thresholds: Any = None,
        multi_label: bool = False,
        num_labels: int | None = None,
        label_weights: Any = None,
        from_logits: bool = False,
    ) -> None:
        super().__init__(name, dtype)
        self.curve = _one_of(str(curve).upper(), _CURVES, "curve")
        self.summation_method = _one_of(str(summation_method).lower(), _METHODS, "summation_method")
        self._from_thresholds = None if thresholds is None else sorted(float(item) for item in thresholds)
        self._thresholds = _thresholds_of(num_thresholds, self._from_thresholds)
        self.num_thresholds = len(self._thresholds)
        self._evenly = self._from_thresholds is None or are_even([0.0, *self._from_thresholds, 1.0])
        self.multi_label = multi_label
        self.label_weights = _weights_of_labels(label_weights)
        self._from_logits = from_logits
        self._num_labels = num_labels
        self._counts = {}
        if num_labels and not multi_label:
            raise ValueError("`num_labels` is needed only when `multi_label` is True.")
        if num_labels or not multi_label:
            self._make_counts([self.num_thresholds, *([num_labels] if num_labels else [])])

    @property
    def thresholds(self) -> list[float]:
        """The thresholds, the first just below 0 and the last just above 1."""
        return [float(item) for item in self._thresholds]

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Takes a batch in; with several labels `[batch, labels]`.

        Raises:
            ValueError: With several labels predictions have another rank, or nobody knows how many there are.
        """
        pred = convert_to_tensor(y_pred)
        if not self._counts:
            self._make_counts([self.num_thresholds, _labels_of(pred)])
        add_batch(
            {kind: self._counts[kind] for kind in KINDS},
            y_true,
            math.sigmoid(pred) if self._from_logits else pred,
            self._thresholds,
            sample_weight=sample_weight,
            label_weights=None if self.multi_label else self.label_weights,
            by_label=self.multi_label,
            evenly=self._evenly,
        )

    def result(self) -> Any:
        """The area; with several labels the mean of theirs, by their weights."""
        if self.curve == "PR" and self.summation_method == "interpolation":
            areas = self._interpolated_precision()
        else:
            x, y = self._share("fp", "tn"), self._share("tp", "fn")
            if self.curve == "PR":
                x, y = y, self._share("tp", "fp")
            areas = (x[:-1] - x[1:]) * self._height(y[:-1], y[1:])
        if not self.multi_label:
            return reductions.reduce_sum(areas)
        by_label = reductions.reduce_sum(areas, axis=0)
        if self.label_weights is None:
            return reductions.reduce_mean(by_label)
        weights = self.label_weights.astype(self._dtype)
        return math.div_no_nan(reductions.reduce_sum(by_label * weights), weights.sum())

    def _height(self, left: Tensor, right: Tensor) -> Any:
        if self.summation_method == "interpolation":
            return (left + right) / 2.0
        return math.minimum(left, right) if self.summation_method == "minoring" else math.maximum(left, right)

    def _interpolated_precision(self) -> Tensor:
        """The areas between points where true positives, and not precisions, go along a line."""
        tp, fp, fn = (self._count(kind) for kind in ("tp", "fp", "fn"))
        said = tp + fp
        gained, more = tp[:-1] - tp[1:], said[:-1] - said[1:]
        slope = math.div_no_nan(gained, math.maximum(more, 0.0))
        intercept = tp[1:] - slope * said[1:]
        both = comparison.logical_and(said[:-1] > 0.0, said[1:] > 0.0)
        growth = math.div_no_nan(said[:-1], math.maximum(said[1:], 0.0))
        growth = gathering.where(both, growth, array.ones_like(growth))
        total = math.maximum(tp[1:] + fn[1:], 0.0)
        return math.div_no_nan(slope * (gained + intercept * math.log(growth)), total)

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        config = {
            "num_thresholds": self.num_thresholds,
            "curve": self.curve,
            "summation_method": self.summation_method,
            "multi_label": self.multi_label,
            "num_labels": self._num_labels,
            "label_weights": None if self.label_weights is None else self.label_weights.tolist(),
            "from_logits": self._from_logits,
        }
        given = {} if self._from_thresholds is None else {"thresholds": self._from_thresholds}
        return {**super().get_config(), **config, **given}


def _one_of(value: str, known: tuple[str, ...], what: str) -> str:
    if value not in known:
        raise ValueError(f"Invalid AUC {what} value: {value!r}. Expected one of {list(known)}.")
    return value


def _thresholds_of(count: int, given: list[float] | None) -> np.ndarray[Any, Any]:
    if given is not None:
        if any(not 0.0 <= item <= 1.0 for item in given):
            raise ValueError(f"Threshold values must be in [0, 1]. Received: {given}")
        return np.array([-EPSILON, *given, 1.0 + EPSILON])
    if count <= 1:
        raise ValueError(f"num_thresholds must be an integer > 1. Received: {count}")
    return even_thresholds(count, EPSILON)


def _weights_of_labels(weights: Any) -> np.ndarray[Any, Any] | None:
    if weights is None:
        return None
    array_of_weights = np.asarray(weights, np.float32)
    if (array_of_weights < 0).any():
        raise ValueError(f"All values of `label_weights` must be non-negative. Received: {weights}")
    return array_of_weights


def _labels_of(pred: Tensor) -> int:
    if pred.shape.ndims != 2 or pred.shape.as_list()[1] is None:
        raise ValueError(
            "`y_pred` must be [batch, labels] with a known number of labels when multi_label=True: give num_labels. "
            f"Got {pred.shape}."
        )
    return int(pred.shape.as_list()[1] or 0)
