"""Counts of right and wrong predictions, and the shares that are made of two of them."""

from __future__ import annotations

from typing import Any

from trackml.keras.metrics.confusion import NEGATIVE, add_batch, are_even, settled_thresholds
from trackml.keras.metrics.metric import Metric
from trackml.ops import math


class _Count(Metric):
    """The weighted number of predictions of one kind.

    Args:
        thresholds: Above which a prediction says 1: a number or a list of them; a half by default.
        name: Its name.
        dtype: Type of the count.

    Raises:
        ValueError: A threshold is not between 0 and 1.
    """

    kind: str

    def __init__(self, thresholds: Any = None, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(name, dtype)
        self.init_thresholds = thresholds
        self.thresholds = settled_thresholds(thresholds)
        self.accumulator = self.add_weight("accumulator", [len(self.thresholds)])

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Takes a batch in."""
        evenly = are_even(self.thresholds)
        counts = {self.kind: self.accumulator}
        add_batch(counts, y_true, y_pred, self.thresholds, sample_weight=sample_weight, evenly=evenly)

    def result(self) -> Any:
        """The number, or one for each of several thresholds."""
        value = self.accumulator.value()
        return value[0] if len(self.thresholds) == 1 else value

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        return {**super().get_config(), "thresholds": self.init_thresholds}


class TruePositives(_Count):
    """The weighted number of ones that are predicted as ones.

    Args:
        thresholds: Above which a prediction says 1: a number or a list of them; a half by default.
        name: Its name.
        dtype: Type of the count.
    """

    kind = "tp"


class FalsePositives(_Count):
    """The weighted number of zeros that are predicted as ones; arguments as of `TruePositives`."""

    kind = "fp"


class TrueNegatives(_Count):
    """The weighted number of zeros that are predicted as zeros; arguments as of `TruePositives`."""

    kind = "tn"


class FalseNegatives(_Count):
    """The weighted number of ones that are predicted as zeros; arguments as of `TruePositives`."""

    kind = "fn"


class _Share(Metric):
    """True positives, and what else there is of which they are a share."""

    other: str

    def __init__(
        self,
        thresholds: Any = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(name, dtype)
        self.init_thresholds = thresholds
        self.top_k = top_k
        self.class_id = class_id
        self.thresholds = settled_thresholds(thresholds, 0.5 if top_k is None else NEGATIVE)
        names = {"fp": "false_positives", "fn": "false_negatives"}
        shape = [len(self.thresholds)]
        self.true_positives = self.add_weight("true_positives", shape)
        self._others = self.add_weight(names[self.other], shape)

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Takes a batch in."""
        add_batch(
            {"tp": self.true_positives, self.other: self._others},
            y_true,
            y_pred,
            self.thresholds,
            sample_weight=sample_weight,
            top_k=self.top_k,
            class_id=self.class_id,
            evenly=are_even(self.thresholds),
        )

    def result(self) -> Any:
        """The share, or one for each of several thresholds; 0 where there is nothing to take it of."""
        right = self.true_positives.value()
        share = math.div_no_nan(right, right + self._others.value())
        return share[0] if len(self.thresholds) == 1 else share

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        own = {"thresholds": self.init_thresholds, "top_k": self.top_k, "class_id": self.class_id}
        return {**super().get_config(), **own}


class Precision(_Share):
    """The share of the examples predicted as 1 that are 1.

    Args:
        thresholds: Above which a prediction says 1: a number or a list of them; a half by default.
        top_k: Only the largest predictions of a row say 1.
        class_id: Only this column counts.
        name: Its name.
        dtype: Type of the share.

    Raises:
        ValueError: A threshold is not between 0 and 1.
    """

    other = "fp"


class Recall(_Share):
    """The share of the examples that are 1 that are predicted as 1; arguments as of `Precision`."""

    other = "fn"
