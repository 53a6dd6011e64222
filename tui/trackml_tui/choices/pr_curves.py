"""What the user chose about precision-recall curves."""

from __future__ import annotations

from dataclasses import dataclass, replace

_STEP = 0.05


@dataclass(frozen=True, slots=True)
class PrCurvesChoice:
    """Where the curves are read."""

    threshold: float = 0.5
    """The threshold of the classifier at which precision and recall are told."""

    def moved(self, by: int) -> PrCurvesChoice:
        """The threshold so many steps of 0.05 further, between 0 and 1."""
        return replace(self, threshold=round(min(max(self.threshold + by * _STEP, 0.0), 1.0), 2))
