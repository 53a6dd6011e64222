"""Points on curves: the best of one rate where another is good enough."""

from __future__ import annotations

from typing import Any

from trackml.graph.operation import Tensor
from trackml.keras.metrics.confusion import KINDS, add_batch, even_thresholds
from trackml.keras.metrics.metric import Metric
from trackml.ops import array, comparison, gathering, math, reductions

_NAMES = {"tp": "true_positives", "tn": "true_negatives", "fp": "false_positives", "fn": "false_negatives"}


class Curve(Metric):
    """All four counts by thresholds."""

    _counts: dict[str, Any]

    def _make_counts(self, shape: list[int]) -> None:
        self._counts = {kind: self.add_weight(name, shape) for kind, name in _NAMES.items()}

    def _count(self, kind: str) -> Tensor:
        value: Tensor = self._counts[kind].value()
        return value

    def _share(self, kind: str, other: str) -> Tensor:
        """The share of one kind in that and another."""
        part = self._count(kind)
        return math.div_no_nan(part, part + self._count(other))


class _BestUnder(Curve):
    """The best of one rate among the thresholds where another is at least a value."""

    setting: str
    constrained: tuple[str, str]
    wanted: tuple[str, str]

    def __init__(self, value: float, num_thresholds: int, class_id: int | None, name: str | None, dtype: Any) -> None:
        super().__init__(name, dtype)
        if not 0 <= value <= 1:
            raise ValueError(f"Argument `{self.setting}` must be in the range [0, 1]. Received: {value}")
        if num_thresholds <= 0:
            raise ValueError(f"Argument `num_thresholds` must be an integer > 0. Received: {num_thresholds}")
        self.value = value
        self.class_id = class_id
        self.num_thresholds = num_thresholds
        self.thresholds = [0.5] if num_thresholds == 1 else even_thresholds(num_thresholds).tolist()
        self._make_counts([num_thresholds])

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Takes a batch in."""
        add_batch(
            {kind: self._counts[kind] for kind in KINDS},
            y_true,
            y_pred,
            self.thresholds,
            sample_weight=sample_weight,
            class_id=self.class_id,
            evenly=self.num_thresholds > 1,
        )

    def result(self) -> Any:
        """The best rate; 0 where no threshold will do."""
        constrained, wanted = self._share(*self.constrained), self._share(*self.wanted)
        allowed = comparison.greater_equal(constrained, self.value)
        return reductions.reduce_max(gathering.where(allowed, wanted, array.zeros_like(wanted)))

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        own = {"num_thresholds": self.num_thresholds, self.setting: self.value, "class_id": self.class_id}
        return {**super().get_config(), **own}


class SensitivityAtSpecificity(_BestUnder):
    """The best sensitivity (true positives by ones) where specificity (true negatives by zeros) is at least a value.

    Args:
        specificity: The value.
        num_thresholds: How many thresholds are tried, in even steps.
        class_id: Only this column counts.
        name: Its name.
        dtype: Type of the rate.

    Raises:
        ValueError: The value is not between 0 and 1, or there is no threshold.
    """

    setting, constrained, wanted = "specificity", ("tn", "fp"), ("tp", "fn")

    def __init__(
        self,
        specificity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(specificity, num_thresholds, class_id, name, dtype)


class SpecificityAtSensitivity(_BestUnder):
    """The best specificity where sensitivity is at least a value; arguments as of `SensitivityAtSpecificity`."""

    setting, constrained, wanted = "sensitivity", ("tp", "fn"), ("tn", "fp")

    def __init__(
        self,
        sensitivity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(sensitivity, num_thresholds, class_id, name, dtype)


class PrecisionAtRecall(_BestUnder):
    """The best precision where recall is at least a value; arguments as of `SensitivityAtSpecificity`."""

    setting, constrained, wanted = "recall", ("tp", "fn"), ("tp", "fp")

    def __init__(
        self,
        recall: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(recall, num_thresholds, class_id, name, dtype)


class RecallAtPrecision(_BestUnder):
    """The best recall where precision is at least a value; arguments as of `SensitivityAtSpecificity`."""

    setting, constrained, wanted = "precision", ("tp", "fp"), ("tp", "fn")

    def __init__(
        self,
        precision: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(precision, num_thresholds, class_id, name, dtype)
