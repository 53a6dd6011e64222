"""Writing event files: the caller queues events, one background thread frames them and hands them to the system."""

from __future__ import annotations

import atexit
import contextlib
import copy
import itertools
import os
import threading
import time
from pathlib import Path

from tensorboard.compat.proto import event_pb2

from trackml.events.filenames import event_file_name
from trackml.storage.tfrecord import frame

FILE_VERSION = "brain.Event:2"

_LONGEST_WAIT_SECS = 1.0


class EventFileWriter:
    """Appends events to an event file of its own in `logdir`.

    An event reaches the operating system, and with it every other process, when `max_queue` events wait, a second
    after it was added (`flush_secs` if that is shorter), or with `flush`. What has reached the operating system stays
    when the process is killed. At exit the interpreter closes the writer.

    An error while writing is raised by the next `add_event`, `flush` or `close`, and by every later `add_event` and
    `flush`: the file ends where the error struck.

    The writer may be used from several threads. `_condition` guards every attribute; the thread that the writer owns
    (`trackml-events:<logdir>`, from the constructor or `reopen` to `close`) writes outside of it, so that adding never
    waits for the disk unless `max_queue` events wait already.

    Args:
      logdir: The directory; made if it is not there.
      max_queue: How many events may wait before `add_event` waits too; 0 for any number.
      flush_secs: The longest time that an event waits.
      filename_suffix: Ends the file's name.

    Raises:
      OSError: If the file cannot be made.
    """

    def __init__(
        self,
        logdir: str | os.PathLike[str],
        *,
        max_queue: int = 10,
        flush_secs: float = 120,
        filename_suffix: str = "",
    ) -> None:
        self._logdir = Path(logdir)
        self._max_queue = max_queue
        self._longest_wait = min(flush_secs, _LONGEST_WAIT_SECS)
        self._suffix = filename_suffix
        self._condition = threading.Condition()
        self._waiting: list[bytes] = []
        self._added = 0
        self._written = 0
        self._wanted = 0
        self._error: Exception | None = None
        self._error_raised = False
        self._closed = True
        self.reopen()

    @property
    def logdir(self) -> str:
        """The directory."""
        return str(self._logdir)

    @property
    def path(self) -> Path:
        """The event file."""
        return self._path

    @property
    def closed(self) -> bool:
        """Whether `close` was called, and `reopen` not since."""
        return self._closed

    def add_event(self, event: event_pb2.Event) -> None:
        """Queues `event`; it may be changed afterwards.

        Raises:
          OSError: If an event before it could not be written.
          ValueError: If the writer is closed.
        """
        payload = event.SerializeToString()
        self._check_process()
        with self._condition:
            self._check_open()
            while self._is_full() and self._error is None:
                self._condition.wait()
            self._raise_error()
            self._check_open()
            self._waiting.append(payload)
            self._added += 1
            if len(self._waiting) == 1 or self._is_full():
                self._condition.notify_all()

    def flush(self) -> None:
        """Waits until every event that was added is with the operating system.

        Raises:
          OSError: If one could not be written.
        """
        self._check_process()
        with self._condition:
            self._wanted = self._added
            self._condition.notify_all()
            while self._written < self._wanted and self._error is None:
                self._condition.wait()
            self._raise_error()

    def close(self) -> None:
        """Writes what waits, ends the thread and closes the file; does nothing the second time.

        Raises:
          OSError: If an event could not be written and no other call has said so.
        """
        if os.getpid() != self._process:
            return  # A fork has the file but not the thread; what waits is the parent's to write.
        with self._condition:
            if self._closed:
                return
            self._closed = True
            self._condition.notify_all()
        atexit.unregister(self.close)
        self._thread.join()
        os.close(self._descriptor)
        if not self._error_raised:
            self._raise_error()

    def reopen(self) -> None:
        """Goes on in a new file of the same directory after `close`; does nothing if the writer is open.

        Raises:
          OSError: If the file cannot be made.
        """
        with self._condition:
            if not self._closed:
                return
            self._logdir.mkdir(parents=True, exist_ok=True)
            self._path, self._descriptor = _create(self._logdir, self._suffix)
            self._process = os.getpid()
            self._waiting, self._added, self._written, self._wanted = [], 0, 0, 0
            self._error, self._error_raised, self._closed = None, False, False
            self._thread = threading.Thread(target=self._run, name=f"trackml-events:{self._logdir}", daemon=True)
            self._thread.start()
            atexit.register(self.close)

    def __enter__(self) -> EventFileWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _is_full(self) -> bool:
        return 0 < self._max_queue <= len(self._waiting)

    def _check_process(self) -> None:
        # Before the lock: in a fork, the thread that held it may not exist.
        if os.getpid() != self._process:
            raise ValueError(
                f"The event writer of {self._logdir} belongs to process {self._process}, which forked this one. "
                "Make another writer in the child process."
            )

    def _check_open(self) -> None:
        if self._closed:
            raise ValueError(f"The event writer of {self._logdir} is closed; call reopen() before adding events.")

    def _raise_error(self) -> None:
        if self._error is not None:
            self._error_raised = True
            raise copy.copy(self._error) from self._error

    def _run(self) -> None:
        while (payloads := self._take()) is not None:
            try:
                _write(self._descriptor, self._path, b"".join(map(frame, payloads)))
            except Exception as error:
                self._stop(error)
                return
            with self._condition:
                self._written += len(payloads)
                self._condition.notify_all()

    def _take(self) -> list[bytes] | None:
        """Gives the events to write next, after a while in which more may come; None when the writer is closed."""
        with self._condition:
            while not self._waiting:
                if self._closed:
                    return None
                self._condition.wait()
            deadline = time.monotonic() + self._longest_wait
            while not (self._is_full() or self._closed or self._written < self._wanted):
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    break
                self._condition.wait(remaining)
            payloads, self._waiting = self._waiting, []
            self._condition.notify_all()
            return payloads

    def _stop(self, error: Exception) -> None:
        with self._condition:
            self._error = error
            self._waiting = []
            self._condition.notify_all()


def _create(logdir: Path, suffix: str) -> tuple[Path, int]:
    """Makes a file that no other writer has, named after this second or the first free one behind it."""
    now = int(time.time())
    for seconds in itertools.count(now):
        path = logdir / event_file_name(seconds, suffix)
        # Readers take files in the order of their names, so the later writer needs the later name.
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o666)
            break
    # Whole seconds, as TensorFlow has them, and on disk before anybody can look.
    version = event_pb2.Event(wall_time=now, file_version=FILE_VERSION)
    try:
        _write(descriptor, path, frame(version.SerializeToString()))
    except OSError:
        os.close(descriptor)
        raise
    return path, descriptor


def _write(descriptor: int, path: Path, data: bytes) -> None:
    view = memoryview(data)
    try:
        while view:
            view = view[os.write(descriptor, view) :]
    except OSError as error:
        error.filename = str(path)
        raise
