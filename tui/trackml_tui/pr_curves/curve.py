"""One precision-recall curve: its area, its best point, and what holds at a threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ROWS = 6


@dataclass(frozen=True, slots=True, eq=False)
class PrCurve:
    """Precision and recall of a classifier over evenly spaced thresholds from 0 to 1."""

    counts: NDArray[np.float64]
    """True positives, false positives, true negatives, false negatives [4, thresholds]."""
    precision: NDArray[np.float64]
    """[thresholds]."""
    recall: NDArray[np.float64]
    """[thresholds], going down."""

    @property
    def thresholds(self) -> NDArray[np.float64]:
        """The thresholds [thresholds]."""
        return np.linspace(0.0, 1.0, self.recall.size)

    @property
    def average_precision(self) -> float:
        """The mean precision, weighted by the growth of recall: the area below the curve as steps."""
        recall, precision = self.recall[::-1], self.precision[::-1]
        order = np.argsort(recall, kind="stable")  # of equal recall the highest threshold comes first, and counts
        recall, precision = recall[order], precision[order]
        return float(np.sum(np.diff(recall, prepend=0.0) * precision))

    @property
    def best_f1(self) -> tuple[float, float]:
        """The largest harmonic mean of precision and recall, and its threshold."""
        total = self.precision + self.recall
        f1 = np.divide(2.0 * self.precision * self.recall, total, out=np.zeros_like(total), where=total > 0.0)
        place = int(np.argmax(f1))
        return float(f1[place]), float(self.thresholds[place])

    def place(self, threshold: float) -> int:
        """The index of the threshold that is nearest."""
        return round(min(max(threshold, 0.0), 1.0) * (self.recall.size - 1))


def curve_of(data: NDArray[Any]) -> PrCurve:
    """The curve in what the plugin `pr_curves` writes.

    Args:
        data: True and false positives, true and false negatives, precision, recall [6, thresholds].

    Raises:
        ValueError: If it is nothing of that shape.
    """
    if data.ndim != 2 or data.shape[0] != _ROWS or data.shape[1] < 1:
        raise ValueError(f"a precision-recall curve has shape [6, thresholds]; got {list(data.shape)}.")
    values = np.nan_to_num(data.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    return PrCurve(values[:4], np.clip(values[4], 0.0, 1.0), np.clip(values[5], 0.0, 1.0))
