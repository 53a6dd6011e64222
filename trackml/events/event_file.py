"""One event file on disk: made under a name of its own, and appended to so that it always ends with a whole record."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import time
from pathlib import Path

from tensorboard.compat.proto import event_pb2

from trackml.events.filenames import event_file_name
from trackml.storage.tfrecord import frame, whole_records

FILE_VERSION = "brain.Event:2"


class EventFile:
    """An event file that one writer appends records to.

    A write that fails leaves no part of a record behind, since a reader would take the records after it for damage:
    the file is cut back to its last whole record. What was not written is kept, and the next `append` begins with it.

    The file belongs to one thread at a time.

    Args:
      logdir: The directory; made if it is not there.
      suffix: Ends the file's name.

    Raises:
      OSError: If the file cannot be made.
    """

    path: Path
    """Where the file was made."""
    unwritten: bytes
    """Records that the last `append` could not write."""

    def __init__(self, logdir: Path, suffix: str = "") -> None:
        logdir.mkdir(parents=True, exist_ok=True)
        self.unwritten = b""
        self._is_torn = False
        self._size = 0
        self.path, self._descriptor, seconds = _create(logdir, suffix)
        # Some file systems count no links at all.
        self._counts_links = os.fstat(self._descriptor).st_nlink > 0
        # Whole seconds, as TensorFlow has them, and on disk before anybody can look.
        version = event_pb2.Event(wall_time=seconds, file_version=FILE_VERSION)
        try:
            self.append(frame(version.SerializeToString()))
        except OSError:
            self.close()
            raise

    def append(self, records: bytes = b"") -> None:
        """Hands what is unwritten, and then `records`, to the operating system.

        Raises:
          OSError: If not all of it was written, or the file was deleted. `unwritten` holds what was not.
        """
        records = self.unwritten + records
        if not records:
            return
        written = 0
        try:
            self._mend()
            while written < len(records):
                written += os.write(self._descriptor, memoryview(records)[written:])
            if self._is_deleted():
                written = 0  # nobody will find it
                raise FileNotFoundError(errno.ENOENT, "The event file was deleted while it was being written")
        except OSError as error:
            kept = whole_records(memoryview(records)[:written])
            self._is_torn |= kept < written
            self._size += kept
            self.unwritten = records[kept:]
            with contextlib.suppress(OSError):
                self._mend()
            error.filename = str(self.path)
            raise
        self._size += written
        self.unwritten = b""

    def close(self) -> None:
        """Closes the file; what is unwritten is lost."""
        os.close(self._descriptor)

    def _mend(self) -> None:
        """Cuts off the part of a record that a write left at the end."""
        if self._is_torn:
            os.ftruncate(self._descriptor, self._size)
            self._is_torn = False

    def _is_deleted(self) -> bool:
        return self._counts_links and os.fstat(self._descriptor).st_nlink == 0


def _create(logdir: Path, suffix: str) -> tuple[Path, int, int]:
    """Makes a file that no other writer has, named after this second or the first free one behind it."""
    now = int(time.time())
    for seconds in itertools.count(now):
        path = logdir / event_file_name(seconds, suffix)
        # Readers take files in the order of their names, so the later writer needs the later name.
        with contextlib.suppress(FileExistsError):
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
            return path, os.open(path, flags, 0o666), now
    raise AssertionError("seconds never end")
