"""The progress lines that `fit`, `evaluate` and `predict` print, as Keras of TensorFlow 1.15 prints them."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

_WIDTH = 30
_EVERY = 0.05


class Progress:
    """One bar: how much of an epoch is done, and the logs so far.

    Args:
        total: How many samples or steps there are; None when nobody knows.
        verbose: 1 for a bar that moves, 2 for a line at the end, 0 for nothing.
        unit: What is counted: `"sample"` or `"step"`.
    """

    def __init__(self, total: int | None, verbose: int, unit: str = "step") -> None:
        self._total = total
        self._verbose = verbose
        self._unit = unit
        self._start = time.monotonic()
        self._shown = -1.0
        self._length = 0

    def is_due(self, done: int) -> bool:
        """Whether `update` would show anything: the bar moves twenty times a second at most."""
        return self._verbose == 1 and done != self._total and time.monotonic() - self._shown >= _EVERY

    def update(self, done: int, logs: Mapping[str, Any], *, finished: bool = False) -> None:
        """Shows that `done` of the total are done."""
        now = time.monotonic()
        if self._verbose == 2 and finished:
            print(f"{self._count(done)} - {now - self._start:.0f}s{_text(logs)}", flush=True)
        if self._verbose == 1:
            self._shown = now
            self._write(f"{self._count(done)}{self._bar(done)} - {self._time(now, done)}{_text(logs)}", finished)

    def _write(self, line: str, finished: bool) -> None:
        padding = " " * max(self._length - len(line), 0)
        sys.stdout.write("\b" * self._length + "\r" + line + padding + ("\n" if finished else ""))
        sys.stdout.flush()
        self._length = len(line)

    def _count(self, done: int) -> str:
        if self._total is None:
            return f"{done:7d}/Unknown" if self._verbose == 1 else f"{done}/{done}"
        return f"{done:{len(str(self._total))}d}/{self._total}"

    def _bar(self, done: int) -> str:
        if self._total is None:
            return ""
        filled = int(_WIDTH * done / self._total)
        head = "=" * (filled - 1) + (">" if done < self._total else "=") if filled else ""
        return f" [{head}{'.' * (_WIDTH - filled)}]"

    def _time(self, now: float, done: int) -> str:
        spent = now - self._start
        each = spent / done if done else 0.0
        if self._total is None or done >= self._total:
            return f"{spent:.0f}s {_each(each)}/{self._unit}"
        left = each * (self._total - done)
        if left > 3600:
            return f"ETA: {left // 3600:.0f}:{left % 3600 // 60:02.0f}:{int(left % 60):02d}"
        return f"ETA: {left // 60:.0f}:{int(left % 60):02d}" if left > 60 else f"ETA: {int(left)}s"


def _each(seconds: float) -> str:
    if seconds >= 1 or seconds == 0:
        return f"{seconds:.0f}s"
    return f"{seconds * 1e3:.0f}ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f}us"


def _text(logs: Mapping[str, Any]) -> str:
    means = {name: float(np.mean(value)) for name, value in logs.items()}
    return "".join(
        f" - {name}: {value:.4f}" if abs(value) > 1e-3 else f" - {name}: {value:.4e}" for name, value in means.items()
    )
