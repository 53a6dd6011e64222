"""The progress lines that `fit` prints, as Keras prints them."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping

_WIDTH = 30


class Progress:
    """One bar: how many steps of an epoch are done, and the logs so far.

    Args:
        total: How many steps there are; None when nobody knows.
        verbose: 1 for a bar that moves, 2 for a line at the end, 0 for nothing.
    """

    def __init__(self, total: int | None, verbose: int) -> None:
        self._total = total
        self._verbose = verbose
        self._start = time.monotonic()
        self._shown = 0.0
        self._length = 0

    def update(self, done: int, logs: Mapping[str, float], *, finished: bool = False) -> None:
        """Shows that `done` steps are done; the bar moves twenty times a second at most."""
        now = time.monotonic()
        if self._verbose == 2 and finished:
            print(f"{self._count(done)} - {self._time(now, done, True)}{_text(logs)}", flush=True)
        if self._verbose != 1 or not (finished or now - self._shown >= 0.05):
            return
        self._shown = now
        line = f"{self._count(done)} {self._bar(done)} - {self._time(now, done, finished)}{_text(logs)}"
        self._write(line, finished)

    def _write(self, line: str, finished: bool) -> None:
        start = "\b" * self._length + "\r" if self._length else ""
        padding = " " * max(self._length - len(line), 0)
        sys.stdout.write(start + line + padding + ("\n" if finished else ""))
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
        return f"[{head}{'.' * (_WIDTH - filled)}]"

    def _time(self, now: float, done: int, finished: bool) -> str:
        spent = now - self._start
        each = spent / done if done else 0.0
        if finished or self._total is None:
            return f"{spent:.0f}s{_each(each)}"
        left = int(each * (self._total - done))
        if left > 3600:
            return f"ETA: {left // 3600}:{left % 3600 // 60:02d}:{left % 60:02d}"
        return f"ETA: {left // 60}:{left % 60:02d}" if left > 60 else f"ETA: {left}s"


def _each(seconds: float) -> str:
    if seconds >= 1:
        return f" {seconds:.0f}s/step"
    return f" {seconds * 1e3:.0f}ms/step" if seconds >= 1e-3 else f" {seconds * 1e6:.0f}us/step"


def _text(logs: Mapping[str, float]) -> str:
    parts = [
        f" - {name}: {value:.4f}" if abs(value) > 1e-3 else f" - {name}: {value:.4e}" for name, value in logs.items()
    ]
    return "".join(parts)
