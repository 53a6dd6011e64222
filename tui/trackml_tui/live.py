"""The refresh loop: reads what is new in the log directories and says so.

The thread owns the calls to `RunStore.refresh`, and reads the runs' manifests; the interface only takes
snapshots, which are immutable. The thread touches no widget: it posts messages.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from textual.message import Message

from trackml.runs import RunManifest, RunStore
from trackml_tui.manifests import ManifestBook
from trackml_tui.messages import FollowingStopped, RunsChanged

INTERVAL = 0.5
"""Seconds of rest between two looks at the files where the system does not tell of changes."""
_BUDGET = 0.4
_REST_PER_LOOKING = 9.0
_REST_PER_READING = 2.0
_SHORTEST_REST = 0.1
"""Between two looks at runs that write all the time."""
_BETWEEN_PICTURES = 0.3
"""Seconds between two messages: drawing costs more than reading. What comes alone is told at once."""
_REST_PER_DRAWING = 1.0
_REST_PER_DRAWING_WHILE_LOADING = 4.0
_LONGEST_BETWEEN_PICTURES = 2.0
_REST_WHILE_LOADING = 0.002
_JOIN_SECONDS = 5.0


class Follower:
    """Follows log directories in a thread of its own.

    While there are bytes to read, it reads in slices, and posts between them. Once it has caught up, it looks
    again when the system tells of a change, or every `interval` seconds where it does not tell; but not
    before it has rested nine times as long as it took to see what is there, and twice as long as it took to
    read what is new: following a great many files costs a tenth of a core at most, files that grow a third.

    Args:
        store: Where the runs are kept.
        logdirs: The directories, to tell which of them are missing.
        post: Takes messages, from any thread.
        interval: Seconds between two looks where the system does not tell of changes.
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
        self._manifests = ManifestBook()
        self._watcher = store.watch(interval)
        self._rest = 0.0
        self._is_loading = False
        self._is_untold = False
        self._next_picture = 0.0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="trackml-follow", daemon=True)
        self.missing: tuple[Path, ...] = ()
        """The directories that are not there; replaced as a whole by the thread."""

    @property
    def manifests(self) -> Mapping[str, RunManifest]:
        """What runs say of themselves, by name."""
        return self._manifests.manifests

    @property
    def polls(self) -> str:
        """Why changes are looked for again and again; empty if the system tells of them."""
        return self._watcher.reason

    def drawn(self, seconds: float) -> None:
        """Takes how long the last picture took to be drawn, just now; the next one is put off accordingly."""
        self._next_picture = time.monotonic() + rest_after_drawing(seconds, is_loading=self._is_loading)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stops the thread after the slice it is reading."""
        self._stopping.set()
        self._watcher.close()
        if self._thread.is_alive():
            self._thread.join(_JOIN_SECONDS)

    def _follow(self) -> None:
        try:
            with self._watcher:
                self._look(first=True)  # before the watcher begins, which takes its time in a large directory
                while self._is_time_to_look():
                    self._look()
        except Exception as error:  # The thread's owner is told whatever happened.
            self._post(FollowingStopped(f"{type(error).__name__}: {error}"))

    def _is_time_to_look(self) -> bool:
        """Waits until it is; tells whether it ever will be again."""
        if self._stopping.wait(self._rest) or self._is_loading:
            return not self._stopping.is_set()
        while not self._stopping.is_set():
            self._tell()
            if self._watcher.wait(max(0.0, self._next_picture - time.monotonic()) if self._is_untold else None):
                return True
        return False

    def _tell(self) -> None:
        """Posts that there is something to look at, if there is, or puts it off if it was posted just before."""
        if self._is_untold and time.monotonic() >= self._next_picture:
            self._is_untold = False
            self._next_picture = time.monotonic() + _BETWEEN_PICTURES
            self._post(RunsChanged(self._store.version))

    def _look(self, *, first: bool = False) -> None:
        started = time.monotonic()
        missing = tuple(path for path in self._logdirs if not os.path.isdir(path))
        changed = self._store.refresh(budget=_BUDGET)
        snapshot = self._store.snapshot()
        told = self._manifests.read(snapshot)
        self._is_untold |= first or changed or told or missing != self.missing
        self.missing = missing
        self._tell()
        was_loading, self._is_loading = self._is_loading, snapshot.loading or self._manifests.is_behind
        if self._is_loading:
            self._rest = _REST_WHILE_LOADING
        elif was_loading:
            self._rest = _SHORTEST_REST  # The time went into reading, not into looking.
        else:
            looking = self._store.look_seconds
            reading = max(0.0, time.monotonic() - started - looking)
            self._rest = max(_SHORTEST_REST, _REST_PER_LOOKING * looking + _REST_PER_READING * reading)


def rest_after_drawing(seconds: float, *, is_loading: bool) -> float:
    """Seconds until the next picture, after one that took so long.

    Drawing and reading are threads of one interpreter: a thousand lines that are drawn anew as often as possible leave
    reading a tenth of the time.
    """
    rest = (_REST_PER_DRAWING_WHILE_LOADING if is_loading else _REST_PER_DRAWING) * seconds
    return min(_LONGEST_BETWEEN_PICTURES, max(_BETWEEN_PICTURES, rest))
