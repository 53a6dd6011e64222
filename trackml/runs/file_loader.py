"""Following one event file: what is new is read, and a file that was replaced, cut short or deleted is noticed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from trackml.events.blocks import BlockDecoder
from trackml.events.columns import read_columns
from trackml.runs.cache import ColumnCache
from trackml.runs.fingerprint import HEAD_BYTES, UNREAD, Fingerprint, read_head
from trackml.runs.history import FileHistory
from trackml.runs.view import FileHealth, FileStatus
from trackml.storage.files import FileIdentity
from trackml.storage.tfrecord import Corrupt, RecordReader, Truncated

_LONG_WAY = 1 << 20
"""So many bytes read on the way to the end of a file show that it does not grow line by line."""


class FileLoader:
    """One event file of a run.

    `notice` tells what the directory says now, `read` takes in what is unread. A file whose place another one took, or
    whose bytes changed behind the reader's back, is read again from its beginning; until that is done the old history
    stands.

    Args:
      path: The file.
      number: Its number in its run.
      cache: Where the columns of large files are kept.
    """

    def __init__(self, path: Path, number: int = 0, cache: ColumnCache | None = None) -> None:
        self._path = path
        self._number = number
        self._cache = cache
        self._cached_offset = 0
        """How much of the file the cache holds."""
        self._found: FileIdentity | None = None
        self._finished: FileIdentity | None = None
        """What the file was when it was read to its end."""
        self._history = FileHistory(number)
        self._replacement: FileHistory | None = None
        self._fingerprint = UNREAD
        """Of what was read: whoever writes another file into this one changes it."""
        self._settled_offset = 0
        """Where the end of the file was when it was reached the last time."""
        self._tail: Truncated | Corrupt | None = None
        self._was_replaced = False
        self._decoder: BlockDecoder | None = None
        """What it learnt; kept from turn to turn while there is more to read."""
        self._error = ""

    @property
    def history(self) -> FileHistory:
        """What the file has said."""
        return self._history

    @property
    def histories(self) -> list[FileHistory]:
        """All histories that are held: what the file has said, and what is being read anew."""
        return [self._history, *([] if self._replacement is None else [self._replacement])]

    @property
    def size(self) -> int:
        """In bytes; 0 if the file is gone."""
        return self._found.size if self._found else 0

    @property
    def bytes_read(self) -> int:
        """How many of them need not be read again, even if they are no whole records."""
        return self.size if not self.is_unread else min(self._offset, self.size)

    @property
    def _offset(self) -> int:
        return self._fingerprint.offset

    @property
    def is_unread(self) -> bool:
        """Whether the file has changed since it was read to its end."""
        return self._found is not None and self._found != self._finished

    def notice(self, found: FileIdentity | None) -> bool:
        """Takes in what the directory says: the file's identity, or None if it is gone. Tells whether that is news."""
        if found == self._found:
            return False
        known = self._finished or self._found
        if found is not None and known is not None and (not found.is_same_file(known) or found.size < self._offset):
            self._begin_again()
        self._found = found
        return True

    def read(self, kinds: Mapping[str, str], should_stop: Callable[[], bool]) -> bool:
        """Reads on until the end or until `should_stop`, which is asked after some records at the earliest.

        Args:
          kinds: Kinds of tags that other files of the run tell.
          should_stop: Whether time is up.

        Returns:
          Whether anything changed.
        """
        before = self.health()
        self._try_to_read(kinds, should_stop)
        return self.health() != before

    def health(self) -> FileHealth:
        """Gives the state of the file in words and numbers."""
        history, tail = self._history, self._tail
        lost_at_end = tail.bytes_lost if isinstance(tail, Corrupt) else 0
        status, message = self._judge()
        if history.skipped:
            message = f"{message}; {history.skipped} scalar values are no single numbers".removeprefix("; ")
        return FileHealth(
            path=self._path,
            size=self.size,
            bytes_read=min(self._offset, self.size),
            status=status,
            events=history.events,
            bytes_lost=history.bytes_lost + lost_at_end,
            message=message,
        )

    def _try_to_read(self, kinds: Mapping[str, str], should_stop: Callable[[], bool]) -> None:
        try:
            with open(self._path, "rb", opener=_open_without_waiting) as stream:
                status = os.fstat(stream.fileno())
                if stat.S_ISREG(status.st_mode):
                    self._read_stream(stream, FileIdentity.of(status), kinds, should_stop)
            self._error = ""
        except FileNotFoundError:
            pass  # The next look at the directory says so too.
        except OSError as error:
            self._error = error.strerror or str(error)

    def _read_stream(
        self, stream: BinaryIO, identity: FileIdentity, kinds: Mapping[str, str], should_stop: Callable[[], bool]
    ) -> None:
        if self._found is not None and not identity.is_same_file(self._found):
            return  # Replaced since the directory was listed; the next look at it says so.
        if not self._offset:
            self._restore(stream, identity, kinds)
        is_end = False
        while not is_end:
            is_end = self._read_some(stream, kinds, should_stop)
            if should_stop():
                break
        if is_end:
            self._finished = self._found = identity
            self._decoder = None
            self._history, self._replacement = self._replacement or self._history, None
            if self._offset - self._settled_offset >= _LONG_WAY:
                self._history.settle()
            self._settled_offset = self._offset
            self._save(identity)

    def _restore(self, stream: BinaryIO, identity: FileIdentity, kinds: Mapping[str, str]) -> None:
        """Begins where the cache ends."""
        restored = self._cache.load(stream, identity, kinds, self._number) if self._cache else None
        if restored is not None:
            if self._replacement is None:
                self._history = restored.history
            else:
                self._replacement = restored.history
            self._fingerprint = restored.fingerprint
            self._cached_offset = self._settled_offset = self._offset

    def _save(self, identity: FileIdentity) -> None:
        if self._cache is not None and self._cache.is_worth_saving(identity, self._offset, self._cached_offset):
            self._cache.save(self._history, identity, self._fingerprint)
            self._cached_offset = self._offset

    def _read_some(self, stream: BinaryIO, kinds: Mapping[str, str], should_stop: Callable[[], bool]) -> bool:
        """Reads until the end, until time is up or until enough was read for once; tells whether it was the end."""
        head = read_head(stream, HEAD_BYTES)
        if not self._fingerprint.fits(stream):
            self._begin_again()
        history = self._replacement or self._history
        self._decoder = self._decoder or BlockDecoder()
        reader = RecordReader(stream, self._offset)
        columns = read_columns(
            reader,
            should_stop,
            kinds=kinds,
            own_kinds=history.kinds,
            file_version=history.file_version,
            last_summary_step=history.last_summary_step,
            decoder=self._decoder,
        )
        fingerprint = Fingerprint.of(stream, reader.offset)
        if not _begins_with(stream, head[: reader.offset]):
            self._begin_again()  # Somebody wrote another file into this one in the meantime.
            return False
        # Together and last: an error above must not make points count twice, or not at all.
        history.extend(columns, kinds)
        self._fingerprint, self._tail = fingerprint, columns.tail
        return columns.finished

    def _begin_again(self) -> None:
        self._finished, self._tail = None, None
        self._fingerprint, self._settled_offset, self._cached_offset = UNREAD, 0, 0
        self._replacement = FileHistory(self._number)
        self._was_replaced = True

    def _judge(self) -> tuple[FileStatus, str]:
        history, tail = self._history, self._tail
        if self._found is None:
            return "deleted", "the file is gone; what was read of it is kept"
        if self._error:
            return "unreadable", self._error
        if isinstance(tail, Corrupt):
            return "corrupt", f"{tail.reason} (byte {tail.offset}) and nothing good follows"
        if history.damages:
            more = f", and {history.damages - 1} more" if history.damages > 1 else ""
            return "corrupt", history.damage + more
        if isinstance(tail, Truncated):
            return "truncated", f"the record at byte {tail.offset} lacks at least {tail.missing} bytes"
        if self._was_replaced:
            return "replaced", "another file came in its place, or its bytes changed; it was read again"
        return "ok", ""


def _begins_with(stream: BinaryIO, head: bytes) -> bool:
    return read_head(stream, len(head)) == head


def _open_without_waiting(path: str, flags: int) -> int:
    # Somebody may have put a pipe there since the directory was listed; opening it must not block.
    return os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)
