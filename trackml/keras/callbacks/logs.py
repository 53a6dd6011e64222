"""What is printed and written of a training: a bar, a table."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

import numpy as np

from trackml.keras.callbacks.base import Callback
from trackml.keras.progress import Progress


class ProgbarLogger(Callback):
    """Prints a bar for each epoch. `fit(verbose=1)` prints one by itself; this is for loops of one's own.

    Args:
        count_mode: `"steps"` or `"samples"`: what the bar counts.
        stateful_metrics: Accepted for TensorFlow's sake: logs are means over the epoch already.
    """

    def __init__(self, count_mode: str = "samples", stateful_metrics: Iterable[str] | None = None) -> None:
        super().__init__()
        if count_mode not in ("samples", "steps"):
            raise ValueError(f"Unknown `count_mode`: {count_mode!r}. Expected samples or steps.")
        self.use_steps = count_mode == "steps"
        self.stateful_metrics = set(stateful_metrics or ())

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Begins a bar."""
        verbose = self.params.get("verbose", 1)
        self.seen = 0
        self.target = self.params.get("steps" if self.use_steps else "samples")
        self._bar = Progress(self.target, verbose)
        if verbose and self.params.get("epochs", 1) > 1:
            print(f"Epoch {epoch + 1}/{self.params['epochs']}")

    def on_batch_end(self, batch: int, logs: Any = None) -> None:
        """Moves it."""
        values = dict(logs or {})
        size = values.pop("size", 0)
        values.pop("batch", None)
        self.seen += 1 if self.use_steps else size
        self._bar.update(self.seen, values)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Ends it."""
        self._bar.update(self.seen, logs or {}, finished=True)


class CSVLogger(Callback):
    """Writes losses and metrics of each epoch into a CSV file.

    Args:
        filename: The file.
        separator: What is between values.
        append: Whether an existing file is gone on with.
    """

    def __init__(self, filename: Any, separator: str = ",", append: bool = False) -> None:
        super().__init__()
        self.filename, self.sep, self.append = filename, separator, append
        self.keys: list[str] = []
        self._file: TextIO | None = None

    def on_train_begin(self, logs: Any = None) -> None:
        """Opens the file; from the second training on it is gone on with."""
        self._file = open(self.filename, "a" if self.append else "w", newline="", encoding="utf-8")  # noqa: SIM115
        self.append, self.keys = True, []

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Writes a line; names come first, in a new file."""
        values: Mapping[str, Any] = logs or {}
        assert self._file is not None
        writer = csv.writer(self._file, delimiter=self.sep)
        if not self.keys:
            self.keys = sorted(values)
            if self._file.tell() == 0:
                writer.writerow(["epoch", *self.keys])
        writer.writerow([epoch, *(_cell(values[name]) if name in values else "NA" for name in self.keys)])
        self._file.flush()

    def on_train_end(self, logs: Any = None) -> None:
        """Closes the file."""
        if self._file is not None:
            self._file.close()
        self._file = None


def _cell(value: Any) -> Any:
    if isinstance(value, (list, tuple)) or np.ndim(value) > 0:
        return f'"[{", ".join(map(str, np.ravel(value)))}]"'
    return value
