"""What large event files hold, kept decoded in the user's cache directory, so that they are decoded once.

An entry belongs to an event file by device and inode, and is used only if the file begins with what the entry was made
of: the first bytes and the last ones are compared, and a file of the same size must have the same time of change. From
where the entry ends, the file itself is read on.

Nothing here is ever an error to the caller. What cannot be read or written, or is damaged, is as if it were not there.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

from trackml.runs.cache_file import NOT_USABLE, CachedColumns, CacheFile, write_cache_file
from trackml.runs.fingerprint import Fingerprint
from trackml.runs.history import FileHistory
from trackml.runs.history_columns import take_apart
from trackml.storage.files import FileIdentity

DIRECTORY_VARIABLE = "TRACKML_CACHE_DIR"
DEFAULT_BYTES = 2 << 30
DEFAULT_MIN_FILE_BYTES = 1 << 16

_WRITTEN_AT_ONCE = 64 << 20
"""So much is written before the entries are counted."""
_GROWTH = 4
"""An entry is made anew when its file has grown by a quarter: all entries of a file are then small beside it."""
_SETTLED_NS = 60 * 1_000_000_000
"""A file that has not changed for so long is expected to stay: its entry should hold all of it."""
_STALE_SECONDS = 3600.0
_SUFFIX = ".columns"
_TEMPORARY = ".tmp"


class Restored(NamedTuple):
    """What the cache holds of an event file."""

    history: FileHistory
    fingerprint: Fingerprint
    """Of the part of the file that the history is of."""


class ColumnCache:
    """A directory with the columns of event files, each of which was decoded once.

    Any number of threads and processes may use one directory: entries are written under another name and renamed, and
    those that were not used for longest are deleted when there is no more room. A thread named `trackml-cache` writes
    them; it ends when there is nothing left to write, and the interpreter waits for it when it ends. `_lock` guards the
    queue and the thread.

    Args:
      directory: None for `$TRACKML_CACHE_DIR` or, if that is not set, the user's cache directory. It is made when the
        first entry is written.
      max_bytes: How much room the entries may take together.
      min_file_bytes: Files that are smaller get no entry.

    Raises:
      ValueError: If a number is negative.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str] | None = None,
        *,
        max_bytes: int = DEFAULT_BYTES,
        min_file_bytes: int = DEFAULT_MIN_FILE_BYTES,
    ) -> None:
        if max_bytes < 0 or min_file_bytes < 0:
            raise ValueError(f"max_bytes and min_file_bytes must not be negative; got {max_bytes}, {min_file_bytes}.")
        self._directory = None if directory is None else Path(directory)
        self._max_bytes = max_bytes
        self._min_file_bytes = min_file_bytes
        self._lock = threading.Lock()
        self._waiting: deque[CachedColumns] = deque()
        self._thread: threading.Thread | None = None

    @property
    def directory(self) -> Path:
        """Where the entries are."""
        if self._directory is None:
            self._directory = _default_directory()
        return self._directory

    def load(self, stream: BinaryIO, identity: FileIdentity, kinds: Mapping[str, str], number: int) -> Restored | None:
        """Gives what is known of an event file, or None.

        Args:
          stream: The event file.
          identity: Of the event file.
          kinds: Kinds of tags that other files of its run tell.
          number: Of the file in its run.
        """
        if identity.size < self._min_file_bytes:
            return None
        path = self._path(identity)
        with contextlib.suppress(*NOT_USABLE), open(path, "rb") as cached:
            entry = CacheFile(cached)
            if _is_of(entry, identity) and _has_kinds(entry, kinds) and entry.fingerprint.fits(stream):
                restored = Restored(entry.read_history(number), entry.fingerprint)
                with contextlib.suppress(OSError):
                    os.utime(path)  # It was used: the others are deleted before it.
                return restored
        return None

    def is_worth_saving(self, identity: FileIdentity, read: int, saved: int) -> bool:
        """Tells whether an event file that was read up to `read` should have a new entry; `saved` is what it has."""
        if read < self._min_file_bytes or read == saved:
            return False
        is_settled = time.time_ns() - identity.mtime_ns > _SETTLED_NS
        return is_settled or read - saved >= max(self._min_file_bytes, saved // _GROWTH)

    def save(self, history: FileHistory, identity: FileIdentity, fingerprint: Fingerprint) -> None:
        """Notes what a file holds now, to be written when `flush` is called."""
        with self._lock:
            self._waiting.append(CachedColumns(identity, fingerprint, *take_apart(history)))

    def flush(self, wait: bool = False) -> None:
        """Has a thread write what was noted, and waits until that is done if `wait` says so."""
        with self._lock:
            if self._waiting and self._thread is None:
                self._thread = threading.Thread(target=self._write_all, name="trackml-cache")
                self._thread.start()
            thread = self._thread
        if wait and thread is not None:
            thread.join()

    def _write_all(self) -> None:
        written = 0
        while columns := self._next():
            size = sum(array.nbytes for array in columns.arrays)
            with contextlib.suppress(OSError):
                if size <= self._max_bytes:
                    self._write(columns)
                    written += size
                if written >= _WRITTEN_AT_ONCE or not self._waiting:
                    written = 0
                    self._make_room()

    def _next(self) -> CachedColumns | None:
        """Gives what is to be written next; None ends the thread."""
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._thread = None
            return None

    def _write(self, columns: CachedColumns) -> None:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(columns.identity)
        temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}{_TEMPORARY}")
        # Not made durable: an entry that a power failure cut is damaged, and so is not used.
        try:
            with open(temporary, "xb", opener=_open_for_oneself) as stream:
                write_cache_file(stream, columns)
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    def _make_room(self) -> None:
        """Deletes what was not used for longest until the rest is small enough, and what killed processes left."""
        entries = sorted(self._entries(), key=lambda entry: entry[1].st_mtime_ns, reverse=True)
        room = self._max_bytes
        for path, status in entries:
            room -= status.st_size
            is_stale = time.time() - status.st_mtime > _STALE_SECONDS
            if is_stale if path.endswith(_TEMPORARY) else room < 0:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(path)

    def _entries(self) -> Iterator[tuple[str, os.stat_result]]:
        with os.scandir(self.directory) as entries:
            for entry in entries:
                if entry.name.endswith((_SUFFIX, _TEMPORARY)):
                    with contextlib.suppress(FileNotFoundError):  # Another process makes room, too.
                        yield entry.path, entry.stat(follow_symlinks=False)

    def _path(self, identity: FileIdentity) -> Path:
        key = hashlib.blake2b(f"{identity.device} {identity.inode}".encode(), digest_size=16).hexdigest()
        return self.directory / f"{key}{_SUFFIX}"


def _open_for_oneself(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)  # The event file may be one that others must not read.


def _default_directory() -> Path:
    chosen = os.environ.get(DIRECTORY_VARIABLE)
    if chosen:
        return Path(chosen)
    import platformdirs  # Its import takes longer than reading many a small log directory.

    return Path(platformdirs.user_cache_dir("trackml"))


def _is_of(entry: CacheFile, identity: FileIdentity) -> bool:
    """Tells whether an entry can be of a file: that, or a shorter one that it grew from."""
    if not entry.identity.is_same_file(identity) or identity.size < entry.identity.size:
        return False
    return identity.size > entry.identity.size or identity.mtime_ns == entry.identity.mtime_ns


def _has_kinds(entry: CacheFile, kinds: Mapping[str, str]) -> bool:
    """Tells whether the file's tags would get the kinds that they have in the entry."""
    foreign = entry.foreign_kinds
    return all(kinds.get(tag, None if tag in foreign else kind) == kind for tag, kind in entry.kinds.items())
