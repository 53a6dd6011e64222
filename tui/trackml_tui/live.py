"""The refresh loop: reads what is new in the log directories and says so.

This is the only module of the dashboard that knows threads. The thread owns the calls to
`RunStore.refresh`; the interface only takes snapshots, which are immutable. The thread touches no widget:
it posts messages.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from textual.message import Message

from trackml.runs import RunStore
from trackml_tui.messages import FollowingStopped, RunsChanged

INTERVAL = 0.5
"""Seconds of rest between two looks at the files."""
_BUDGET = 0.4
_REST_PER_WORK = 9.0
_SHORTEST_REST = 0.002
_JOIN_SECONDS = 5.0


class Follower:
    """Follows log directories in a thread of its own.

    While there are bytes to read, it reads in slices, and posts after each. Once it has caught up, it rests
    `interval` seconds between looks, and nine times as long as the look took if that is longer, so that
    following a great many files costs a tenth of a core at most.

    Args:
        store: Where the runs are kept.
        logdirs: The directories, to tell which of them are missing.
        post: Takes messages, from any thread.
        interval: Seconds of rest.
    """

    def __init__(
        self,
        store: RunStore,
        logdirs: Sequence[Path],
        post: Callable[[Message], object],
        *,
        interval: float = INTERVAL,
    ) -> None:
        self._store = store
        self._logdirs = logdirs
        self._post = post
        self._interval = interval
        self._rest = interval
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="trackml-follow", daemon=True)
        self.missing: tuple[Path, ...] = ()
        """The directories that are not there; replaced as a whole by the thread."""

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stops the thread after the slice it is reading."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_JOIN_SECONDS)

    def _follow(self) -> None:
        try:
            self._look(first=True)
            while not self._stopping.wait(self._rest):
                self._look()
        except Exception as error:  # The thread's owner is told whatever happened.
            self._post(FollowingStopped(f"{type(error).__name__}: {error}"))

    def _look(self, *, first: bool = False) -> None:
        started = time.monotonic()
        missing = tuple(path for path in self._logdirs if not path.is_dir())
        changed = self._store.refresh(budget=_BUDGET)
        if first or changed or missing != self.missing:
            self.missing = missing
            self._post(RunsChanged(self._store.version))
        loading = self._store.snapshot().loading
        work = time.monotonic() - started
        self._rest = _SHORTEST_REST if loading else max(self._interval, _REST_PER_WORK * work)
