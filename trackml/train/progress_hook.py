"""The line in a terminal that says how far a training is."""

from __future__ import annotations

import logging as python_logging
import os
import shutil
import sys
import time
from collections.abc import Callable
from typing import Any, TextIO

from trackml import logging
from trackml.global_step import get_global_step
from trackml.train.session_run_hook import SessionRunContext, SessionRunHook, SessionRunValues

_WAIT = 1.0
"""Seconds before the line is there: shorter trainings need none."""

_REST = 0.2
"""Seconds between two pictures."""

_SWITCH = "TRACKML_PROGRESS"


class ProgressHook(SessionRunHook):
    """Shows step, steps a second and time left while a training runs, and nothing once it is over.

        step 1,234 of 5,000   812 steps/s   5 s left

    The line is on standard error, where that is a terminal and lines of level INFO, which say the same, are not shown.
    The environment variable `TRACKML_PROGRESS=0` switches it off for all trainings. Steps are counted, not fetched, so
    that it costs nothing.

    Args:
        num_steps: How many steps are to be made.
        last_step: The global step to stop at, where that is what is known.
        stream: Where to draw; standard error by default.
        clock: Gives seconds.
    """

    def __init__(
        self,
        num_steps: int | None = None,
        last_step: int | None = None,
        *,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._num_steps = num_steps
        self._last_step = last_step
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._is_drawn = False

    @property
    def is_shown(self) -> bool:
        """Whether there is somebody to see the line, who does not see lines that say the same."""
        if os.environ.get(_SWITCH) == "0" or logging.get_logger().isEnabledFor(python_logging.INFO):
            return False
        try:
            return self._stream.isatty()
        except ValueError:
            return False  # The stream is closed.

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Begins to count."""
        step = get_global_step(session.graph)
        self._first = self._step = 0 if step is None else int(session.run(step))
        if self._num_steps is not None:
            self._last_step = self._first + self._num_steps
        self._begun = self._clock()
        self._next = self._begun + _WAIT if self.is_shown else float("inf")

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Counts a step; draws when it is due."""
        self._step += 1
        if self._next <= (now := self._clock()):
            self._next = now + _REST
            self._draw(self._line(now))

    def end(self, session: Any) -> None:
        """Takes the line away."""
        self.close()

    def close(self) -> None:
        """Takes the line away, if it is there."""
        if self._is_drawn:
            self._is_drawn = False
            self._draw("")

    def _draw(self, line: str) -> None:
        """Draws a line, and leaves the cursor where it begins: what others write goes over it."""
        columns = shutil.get_terminal_size().columns
        try:
            self._stream.write(f"\r{line[: columns - 1]}\x1b[K\r")
            self._stream.flush()
        except (OSError, ValueError):
            self._next = float("inf")  # Nobody is there to see it any more.
        self._is_drawn = bool(line)

    def _line(self, now: float) -> str:
        rate = (self._step - self._first) / (now - self._begun)
        speed = f"{rate:,.0f} steps/s" if rate >= 10 else f"{rate:.2g} steps/s"
        if self._last_step is None:
            return f"step {self._step:,}   {speed}"
        left = (self._last_step - self._step) / rate
        return f"step {self._step:,} of {self._last_step:,}   {speed}   {_duration(left)} left"


def _duration(seconds: float) -> str:
    """Seconds in the two greatest units."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
