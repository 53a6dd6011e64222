"""`RunStore`: the runs of log directories, kept up to date by reading only what is new."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from pathlib import Path

from trackml.runs.allocator import give_back_memory
from trackml.runs.cache import ColumnCache
from trackml.runs.loader import RunLoader
from trackml.runs.logdir import Discoverer, Discovery
from trackml.runs.logdir_spec import LogdirSpec, NamedDirectory, parse_logdirs
from trackml.runs.memory_bound import MemoryBound
from trackml.runs.reading import available_cores, read_runs
from trackml.runs.view import Snapshot
from trackml.runs.watch import POLLING_SECONDS, Watcher

_WORTH_A_THREAD = 4 << 20  # bytes
_WORTH_GIVING_BACK = 32 << 20  # bytes read
_WORTH_GIVING_BACK_AT_REST = 4 << 20
_BOUNDED_SECONDS = 0.05
"""So long is read between two looks at the memory bound."""


class RunStore:
    """All runs below some log directories.

    One thread calls `refresh` now and then; any thread takes a `snapshot`, which is made at the end of a refresh and
    never changes. `_lock` lets one refresh run at a time and guards everything but the snapshot, which is exchanged in
    one step.

    Args:
      logdirs: At least one directory, which need not exist yet: a path, text such as `"name:path,name:path"` by the
        rules of TensorBoard's `--logdir_spec`, or a mapping of names to paths. A path object is taken as it stands, as
        is text that is a path that exists. Names of runs begin with the name of their log directory. Several
        directories without a name get the shortest end of their paths that tells them apart.
      cache: Whether to keep what large files hold, decoded, in the user's cache directory, so that they are opened
        faster the next time; or the `ColumnCache` to use. A store with a bound keeps nothing there.
      max_points: How many scalars to hold at the most. When there are more, series are sampled, the longest first:
        first and last point, least and greatest number of each stretch, and NaN and infinities stay, and
        `Series.sampled` tells so. What is left out is not read again. None for all.
      memory_limit: How many bytes the columns of all points may take, likewise. What was just read comes on top until
        it is sampled, and so do snapshots that somebody still holds.

    Raises:
      ValueError: If there is no log directory, if two have one name, if one is not of this machine (`gs://...`),
        or if a limit is not positive.

    Example:
      >>> store = RunStore("baseline:/nowhere/a", {"new": "/nowhere/b"})
      >>> store.refresh(), len(store.snapshot())
      (False, 0)
    """

    def __init__(
        self,
        *logdirs: LogdirSpec,
        cache: bool | ColumnCache = True,
        max_points: int | None = None,
        memory_limit: int | None = None,
    ) -> None:
        self._logdirs = tuple(parse_logdirs(*logdirs))
        self._discoverer = Discoverer(self._logdirs)
        self._bound = MemoryBound(max_points, memory_limit)
        self._cache: ColumnCache | None = None
        if cache is not False and not self._bound.is_set:
            self._cache = ColumnCache() if cache is True else cache
        self._lock = threading.Lock()
        self._loaders: dict[str, RunLoader] = {}
        self._next: str | None = None
        """The run whose turn it is, after a refresh that ran out of time."""
        self._unreadable: dict[Path, str] = {}
        self.look_seconds = 0.0
        """How long the last refresh took to see what is there, without reading: following costs that each time."""
        self._bytes_given_back = 0
        """How much had been read when memory was given back the last time."""
        self._snapshot = Snapshot({}, 0, loading=False, bytes_read=0, bytes_total=0)

    @property
    def logdirs(self) -> tuple[NamedDirectory, ...]:
        """The log directories, in the order in which they were given."""
        return self._logdirs

    @property
    def version(self) -> int:
        """Grows by one with each refresh that changed anything."""
        return self._snapshot.version

    def snapshot(self) -> Snapshot:
        """Gives the runs as the last refresh left them."""
        return self._snapshot

    def watch(self, interval: float = POLLING_SECONDS) -> Watcher:
        """Gives a watcher of the log directories, whose `wait` tells when to refresh.

        ```
        with store.watch() as watcher:
            while watcher.wait():
                store.refresh()
        ```

        Args:
          interval: Seconds between two looks where the system does not tell of changes, as on network file systems.
        """
        return Watcher(*(path for _, path in self._logdirs), interval=interval)

    def refresh(self, budget: float | None = None) -> bool:
        """Looks at the directories and reads what is new.

        Args:
          budget: Seconds after which to stop; the snapshot then says `loading`, and the next refresh goes on with
            another run. Some progress is made however small it is. None for no limit.

        Returns:
          Whether anything changed.
        """
        deadline = float("inf") if budget is None else time.monotonic() + budget
        with self._lock:
            began = time.monotonic()
            discovery = self._discoverer.discover()
            self.look_seconds = time.monotonic() - began
            is_news = self._take_in(discovery)
            is_read = self._read(deadline)
            is_changed = (is_news or is_read) and self._publish()
            self._give_back_memory()
            if self._cache is not None:
                self._cache.flush()
            return is_changed

    def _take_in(self, discovery: Discovery) -> bool:
        """Takes in which runs and files are there; tells whether that is news."""
        is_news = discovery.unreadable != self._unreadable
        self._unreadable = discovery.unreadable
        found = {run.name: run for run in discovery.runs}
        for name, loader in list(self._loaders.items()):
            is_gone = name not in found and not _is_below(loader.path, discovery.unreadable)
            if is_gone or (name in found and not _is_same_path(found[name].path, loader.path)):
                del self._loaders[name]
                is_news = True
        for name, run in found.items():
            if name not in self._loaders:
                self._loaders[name] = RunLoader(name, run.path, self._cache)
                is_news = True
            is_news |= self._loaders[name].notice(run.files)
        return is_news

    def _read(self, deadline: float) -> bool:
        """Reads run by run, beginning with the one whose turn it is, on several threads if there is much to read.

        Returns:
          Whether there was anything to read.
        """
        names = list(self._loaders)
        turn = names.index(self._next) if self._next in self._loaders else 0
        unread = {name: self._loaders[name] for name in names[turn:] + names[:turn] if self._loaders[name].is_unread}
        bytes_unread = sum(loader.bytes_total - loader.bytes_read for loader in unread.values())
        threads = min(len(unread), available_cores()) if bytes_unread >= _WORTH_A_THREAD else 1
        left = self._read_within_bound(unread, deadline, threads)
        self._next = left[0] if left else None
        return bool(unread)

    def _read_within_bound(self, unread: dict[str, RunLoader], deadline: float, threads: int) -> list[str]:
        if not self._bound.is_set:
            return read_runs(unread, deadline, threads)
        left = list(unread)
        while left:
            left = read_runs(
                {name: unread[name] for name in left}, min(deadline, time.monotonic() + _BOUNDED_SECONDS), threads
            )
            self._bound.enforce(self._loaders.values())
            if time.monotonic() >= deadline:
                break
        return left

    def _publish(self) -> bool:
        runs = {name: loader.view() for name, loader in self._loaders.items()}
        old = self._snapshot
        new = Snapshot(
            runs,
            old.version + 1,
            loading=self._next is not None and any(loader.is_unread for loader in self._loaders.values()),
            bytes_read=sum(loader.bytes_read for loader in self._loaders.values()),
            bytes_total=sum(loader.bytes_total for loader in self._loaders.values()),
            unreadable=self._unreadable,
        )
        if _are_same(old, new):
            return False
        self._snapshot = new
        return True

    def _give_back_memory(self) -> None:
        read = self._snapshot.bytes_read
        least = _WORTH_GIVING_BACK if self._snapshot.loading else _WORTH_GIVING_BACK_AT_REST
        if abs(read - self._bytes_given_back) >= least:
            self._bytes_given_back = read
            give_back_memory()


def _are_same(old: Snapshot, new: Snapshot) -> bool:
    return (
        list(old) == list(new)
        and all(old[name] is new[name] for name in new)
        and (old.loading, old.bytes_read, old.bytes_total) == (new.loading, new.bytes_read, new.bytes_total)
        and old.unreadable == new.unreadable
    )


def _is_same_path(one: Path, other: Path) -> bool:
    return one is other or one == other  # Comparing paths costs more than looking at a directory.


def _is_below(path: Path, directories: Collection[Path]) -> bool:
    return any(path == directory or directory in path.parents for directory in directories)
