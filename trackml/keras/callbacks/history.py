"""What a training gave, epoch by epoch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trackml.keras.callbacks.base import Callback


class History(Callback):
    """Losses and metrics of each epoch: `history[name][i]` is that of `epoch[i]`. `fit` returns it."""

    def __init__(self) -> None:
        super().__init__()
        self.epoch: list[int] = []
        self.history: dict[str, list[Any]] = {}

    def on_train_begin(self, logs: Any = None) -> None:
        """Begins a new list of epochs."""
        self.epoch = []

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Notes the epoch."""
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)


class BaseLogger(Callback):
    """Means over the batches of an epoch, weighted by their sizes, in place of what the logs of the epoch say.

    Args:
        stateful_metrics: Names of metrics whose last value is logged as it is.
    """

    def __init__(self, stateful_metrics: Iterable[str] | None = None) -> None:
        super().__init__()
        self.stateful_metrics = set(stateful_metrics or ())

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Begins anew."""
        self.seen = 0
        self.totals: dict[str, float] = {}

    def on_batch_end(self, batch: int, logs: Any = None) -> None:
        """Takes a batch in."""
        values = logs or {}
        size = values.get("size", 0)
        self.seen += size
        for name, value in values.items():
            if name in self.stateful_metrics:
                self.totals[name] = value
            else:
                self.totals[name] = self.totals.get(name, 0) + value * size

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Puts the means of those values that `params["metrics"]` names into the logs."""
        for name in self.params.get("metrics") or [] if logs is not None else []:
            if name in self.totals:
                logs[name] = self.totals[name] if name in self.stateful_metrics else self.totals[name] / self.seen
