"""When something is logged: the step and the wall time that a caller leaves out."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

from trackml.writer.arrays import as_step


class Moments:
    """Steps and wall times for calls that give none: step 0 and the clock, or what `use` sets for a while."""

    now: Callable[[], float]
    """Gives the wall time for a call without one."""
    given_step: Any
    """The step that `use` set, None if it set none."""

    def __init__(self) -> None:
        self.now = time.time
        self.given_step = None

    def step(self, step: Any) -> int:
        """Gives the step of a call."""
        return as_step(self.given_step if step is None else step)

    def wall_time(self, walltime: Any) -> float:
        """Gives the wall time of a call, in seconds since the epoch."""
        return self.now() if walltime is None else float(walltime)

    @contextlib.contextmanager
    def use(self, global_step: Any, walltime: float | None) -> Iterator[None]:
        """Sets what is not None until the block ends.

        Raises:
            ValueError: Both are None, or the step is no integer of 64 bits.
        """
        if global_step is None and walltime is None:
            raise ValueError("use_metadata expects a global_step, a walltime or both; got neither.")
        before = self.now, self.given_step
        if global_step is not None:
            self.given_step = as_step(global_step)
        if walltime is not None:
            moment = float(walltime)
            self.now = lambda: moment
        try:
            yield
        finally:
            self.now, self.given_step = before
