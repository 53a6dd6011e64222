"""What callbacks share that look at one logged value."""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml import logging
from trackml.keras.callbacks.base import Callback


class Watching(Callback):
    """Tells whether a logged value is better than the best so far.

    Args:
        monitor: The name of the value.
        mode: `"min"`, `"max"`, or `"auto"` to know it by the name.
        min_delta: By how much it has to get better to count.
    """

    def __init__(self, monitor: str, mode: str, min_delta: float = 0.0) -> None:
        super().__init__()
        if mode not in ("auto", "min", "max"):
            logging.warning("%s mode %s is unknown, fallback to auto mode.", type(self).__name__, mode)
            mode = "auto"
        self.monitor = monitor
        self._sign = 1.0 if mode == "max" or (mode == "auto" and _grows(monitor)) else -1.0
        self._delta = abs(min_delta)
        self.best: float = self._worst

    @property
    def _worst(self) -> float:
        return float(-self._sign * np.inf)

    def _value(self, logs: Any) -> float | None:
        """The value; None, with a warning, when it is not logged."""
        if self.monitor not in (logs or {}):
            logging.warning(
                "%s conditioned on metric `%s` which is not available. Available metrics are: %s",
                type(self).__name__,
                self.monitor,
                ",".join(logs or {}),
            )
            return None
        return float(logs[self.monitor])

    def _is_better(self, value: float, than: float | None = None) -> bool:
        return self._sign * (value - (self.best if than is None else than)) > self._delta


def _grows(monitor: str) -> bool:
    return "acc" in monitor or "auc" in monitor or monitor.startswith("fmeasure")
