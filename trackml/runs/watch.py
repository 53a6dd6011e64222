"""Waiting until something changes below log directories: told by the system, or by looking now and then.

The system tells of changes on local disks (inotify on Linux), which costs next to nothing while nothing happens. It
does not tell of what other machines write to a shared file system, of a directory that is not there yet, or when its
limits are reached; there, a `Watcher` polls, and says why.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from trackml.events.filenames import is_event_file
from trackml.runs.filesystems import MOUNT_TABLE, Mount, read_mounts, shared_kind
from trackml.runs.logdir import discover

if TYPE_CHECKING:
    from watchfiles._rust_notify import RustNotify

Method: TypeAlias = Literal["inotify", "fsevents", "kqueue", "polling"]

POLLING_SECONDS = 0.5

_STEP_MS = 10
"""How often the notifier's thread is asked. Changes are told when none has come for that long."""
_DEBOUNCE_MS = 50
"""Changes are told at the latest so long after the first."""
_CHECK_SECONDS = 1.0
"""How often the log directories themselves are looked at: one that went and came again is another directory."""
_DELETED = 3  # watchfiles.Change.deleted
_SYSTEMS: dict[str, Method] = {"linux": "inotify", "darwin": "fsevents"}


class _Connection(NamedTuple):
    """How the log directories are watched."""

    notifier: RustNotify | None
    method: Method
    reason: str


class Watcher:
    """Waits for changes below some directories.

    One thread at a time calls `wait`; any may call `close`, which ends the wait. `_waiting` is held during a wait and
    guards everything but `_closing` and `_connection`, which is exchanged in one step.

    ```
    with Watcher("runs") as watcher:
        while watcher.wait():
            look()
    ```

    Args:
      *directories: Which, taken as they stand. They need not exist yet.
      interval: Seconds between two looks where the system tells of nothing.
      longest_rest: Seconds between two looks where it does, since no system tells of everything.
      mount_table: The file in which the system tells what is mounted.

    Raises:
      ValueError: If `interval` or `longest_rest` is not positive.
    """

    def __init__(
        self,
        *directories: str | os.PathLike[str],
        interval: float = POLLING_SECONDS,
        longest_rest: float = 10.0,
        mount_table: str = MOUNT_TABLE,
    ) -> None:
        for seconds in (interval, longest_rest):
            if not 0 < seconds < float("inf"):
                raise ValueError(f"expected a positive number of seconds between two looks; got {seconds!r}.")
        self._roots = [os.fspath(directory) for directory in directories]
        self._interval = interval
        self._longest_rest = longest_rest
        self._mount_table = mount_table
        self._waiting = threading.RLock()
        self._closing = threading.Event()
        self._connection = _Connection(None, "polling", "watching has not begun")
        self._identities: list[tuple[int, int] | None] | None = None
        """Which directories were there when the connection was made; None before the first."""
        self._has_grown = False
        """Whether directories came since then. They are watched, unless a limit was reached."""
        self._next_look = 0.0
        self._next_check = 0.0
        self._next_connection = 0.0

    @property
    def method(self) -> Method:
        """How changes are noticed: "inotify" (on other systems "fsevents" or "kqueue") or "polling"."""
        return self._connection.method

    @property
    def reason(self) -> str:
        """Why it is polling, in words; empty if the system tells of changes."""
        return self._connection.reason

    def wait(self, timeout: float | None = None) -> bool:
        """Waits until it is time to look.

        That is at once in the first call, and then when something has changed, up to 50 ms after the change; when
        `interval` is over where the system tells of nothing; and after `longest_rest` in any case. What changes between
        two calls is told by the second.

        Args:
          timeout: Seconds to wait at most; None for no limit.

        Returns:
          Whether to look; False when the time is up or the watcher was closed.
        """
        end = float("inf") if timeout is None else time.monotonic() + timeout
        with self._waiting:
            while not self._closing.is_set():
                now = time.monotonic()
                if self._is_time_to_look(now):
                    return True
                if now >= end:
                    return False
                if self._rest(min(end, self._next_look, self._next_check) - now):
                    self._plan_next_look(time.monotonic())
                    return True
        return False

    def close(self) -> None:
        """Ends the wait of another thread and lets go of what the system gave. It may be called twice."""
        self._closing.set()
        with self._waiting:
            self._disconnect()

    def __enter__(self) -> Watcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _is_time_to_look(self, now: float) -> bool:
        is_time = now >= self._next_look
        if self._is_time_to_connect(now):
            self._connect(now)
            is_time = True  # What happened while nobody watched is not known.
        if is_time:
            self._plan_next_look(now)
        return is_time

    def _plan_next_look(self, now: float) -> None:
        self._next_look = now + (self._interval if self._connection.method == "polling" else self._longest_rest)

    def _is_time_to_connect(self, now: float) -> bool:
        if self._identities is None:
            return True
        if now >= self._next_check:
            self._next_check = now + _CHECK_SECONDS
            if self._identities != self._identify():
                return True
        return now >= self._next_connection and (self._has_grown or self._connection.method == "polling")

    def _rest(self, seconds: float) -> bool:
        """Waits for so long at most; tells whether there is news."""
        notifier = self._connection.notifier
        if notifier is None:
            self._closing.wait(max(0.0, seconds))
            return False
        try:
            changes = notifier.watch(_DEBOUNCE_MS, _STEP_MS, max(1, round(1000 * seconds)), self._closing)
        except RuntimeError as error:
            self._disconnect(_spell(error))
            self._next_look = 0.0
            return False
        if changes == "signal":
            raise KeyboardInterrupt
        return not isinstance(changes, str) and self._take(changes)

    def _take(self, changes: Collection[tuple[int, str]]) -> bool:
        """Tells whether `changes` are news to whoever reads runs."""
        present = [path for kind, path in changes if kind != _DELETED]
        directories = [path for path in present if os.path.isdir(path)]
        event_files = [path for path in present if is_event_file(os.path.basename(path))]
        self._has_grown |= bool(directories)
        if any(map(os.path.islink, directories + event_files)):
            self._identities = None  # What is behind a new link is not watched yet.
        return bool(directories or event_files) or len(present) < len(changes)

    def _connect(self, now: float) -> None:
        self._next_connection = now + self._longest_rest
        self._identities = self._identify()
        self._has_grown = False
        old = self._connection.notifier
        self._connection = self._connected()
        if old is not None:
            old.close()

    def _connected(self) -> _Connection:
        if os.environ.get("WATCHFILES_FORCE_POLLING", "").lower() not in ("", "false", "disable", "disabled"):
            return _Connection(None, "polling", "WATCHFILES_FORCE_POLLING asks for it")
        mounts = read_mounts(self._mount_table)
        obstacles = {root: _obstacle(root, mounts) for root in self._roots}
        watched = [root for root, obstacle in obstacles.items() if not obstacle]
        reasons = [obstacle for obstacle in obstacles.values() if obstacle]
        notifier = None
        if watched:
            from watchfiles._rust_notify import RustNotify

            try:
                notifier = RustNotify(watched, False, False, 0, True, False)
            except (OSError, RuntimeError) as error:
                reasons.append(_spell(error))
        method = "polling" if reasons else _SYSTEMS.get(sys.platform, "kqueue")
        return _Connection(notifier, method, "; ".join(reasons))

    def _disconnect(self, reason: str = "closed") -> None:
        notifier = self._connection.notifier
        self._connection = _Connection(None, "polling", reason)
        if notifier is not None:
            notifier.close()

    def _identify(self) -> list[tuple[int, int] | None]:
        return [_identity(root) for root in self._roots]


def _obstacle(root: str, mounts: list[Mount]) -> str:
    """Gives why the system does not tell of changes below `root`; empty if it does."""
    if not os.path.isdir(root):
        return f"{root!r} is a single file" if _identity(root) else f"{root!r} is not there"
    discovery = discover(Path(root))
    for directory, reason in discovery.unreadable.items():
        return f"{os.fspath(directory)!r} cannot be listed ({reason})"
    if discovery.is_tangled:
        return f"directories below {root!r} link to each other"
    for run in discovery.runs:
        for name in run.files:
            if os.path.islink(run.path / name):
                return f"{os.fspath(run.path / name)!r} is a link"
    kind = shared_kind(root, discovery.devices, mounts)
    return f"{root!r} reaches into a shared file system ({kind})" if kind else ""


def _spell(error: OSError | RuntimeError) -> str:
    """Gives why the system does not watch, and what to raise where a limit is reached."""
    text = str(error).partition(" about [")[0].rstrip(".")
    if "watch limit reached" in text:
        return f"{text} (fs.inotify.max_user_watches)"
    if "Too many open files" in text:
        return f"{text} (fs.inotify.max_user_instances, or the limit of open files)"
    return text


def _identity(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino
