"""A progress bar for work that takes long."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TextIO

from trackml.commands.text import is_terminal

_WAIT = 0.3
"""Seconds before anything is shown: what is over sooner needs no bar."""

_REST = 0.1
"""Seconds between two pictures."""

_ERASE = "\r\x1b[K"


class Progress:
    """A line on standard error that says how far the work is. It is there while the block runs, on a terminal only.

    ```
    reading  [##########..........]  50%  1.5 MB of 3.0 MB
    ```

    Args:
      label: What is being done.
      spell: Gives an amount as text.
      stream: Where to draw.
      clock: Gives seconds.
    """

    def __init__(
        self,
        label: str,
        spell: Callable[[int], str],
        *,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._label = label
        self._spell = spell
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._next = clock() + _WAIT
        self._is_drawn = False
        self.is_shown = is_terminal(self._stream)
        """Whether there is somebody to see it."""

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_drawn:
            self._stream.write(_ERASE)
            self._stream.flush()

    def update(self, done: int, total: int) -> None:
        """Says that `done` of `total` is done."""
        if not self.is_shown or self._clock() < self._next:
            return
        columns = shutil.get_terminal_size().columns
        self._stream.write(_ERASE + self._line(done, total)[: columns - 1])
        self._stream.flush()
        self._is_drawn = True
        self._next = self._clock() + _REST

    def _line(self, done: int, total: int) -> str:
        share = min(done / total, 1.0) if total else 1.0
        bar = "#" * round(20 * share)
        return f"{self._label}  [{bar:.<20}] {share:4.0%}  {self._spell(done)} of {self._spell(total)}"
