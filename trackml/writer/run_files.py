"""The event files that one SummaryWriter writes: that of its run, and those of the runs below it."""

from __future__ import annotations

import contextlib
import os
import threading
import weakref
from pathlib import Path

from tensorboard.compat.proto import event_pb2, summary_pb2

from trackml.events.writer import EventFileWriter

_QUEUE_EVENTS = 1 << 16


class RunFiles:
    """Writers by directory, opened when they are first asked for.

    `_lock` guards the table; the writers guard themselves.

    Args:
        logdir: The run's directory.
        max_queue: How many events may wait, never less than 65,536; 0 for any number.
        flush_secs: The longest time that an event waits.
        filename_suffix: Ends the files' names.
        to_disk: Whether there are files at all.
    """

    to_disk: bool
    """Whether there are files at all."""

    def __init__(self, logdir: Path, *, max_queue: int, flush_secs: float, filename_suffix: str, to_disk: bool) -> None:
        self._logdir = logdir
        # Encoding a batch is what makes a scalar cheap: a queue of ten would be written in batches of ten.
        self._max_queue = max(max_queue, _QUEUE_EVENTS) if max_queue > 0 else 0
        self._flush_secs = flush_secs
        self._suffix = filename_suffix
        self.to_disk = to_disk
        self._writers: dict[Path, EventFileWriter | NoFile] = {}
        self._lock = threading.Lock()
        _all.add(self)

    def of(self, subfolder: str = "") -> EventFileWriter | NoFile:
        """Gives the writer of a folder in the run's directory."""
        logdir = self._logdir / subfolder
        writer = self._writers.get(logdir)
        if writer is None:
            with self._lock:
                writer = self._writers.get(logdir) or self._open(logdir)
                self._writers[logdir] = writer
        return writer

    def all(self) -> dict[Path, EventFileWriter | NoFile]:
        """Gives the writers that were asked for, by directory."""
        return dict(self._writers)

    def flush(self) -> None:
        """Flushes all, and then raises the error of one that could not be."""
        with contextlib.ExitStack() as stack:
            for writer in list(self._writers.values()):
                stack.callback(writer.flush)

    def close(self) -> None:
        """Closes all, and then raises the error of one that could not write everything."""
        with contextlib.ExitStack() as stack:
            for writer in list(self._writers.values()):
                stack.callback(writer.close)

    def renew_lock(self) -> None:
        """Makes the table usable in a fork, where the thread that held the lock may not be."""
        self._lock = threading.Lock()

    def _open(self, logdir: Path) -> EventFileWriter | NoFile:
        if not self.to_disk:
            return NoFile(logdir)
        return EventFileWriter(
            logdir,
            max_queue=self._max_queue,
            flush_secs=self._flush_secs,
            filename_suffix=self._suffix,
            reopens=True,
        )


class NoFile:
    """Takes events and writes none."""

    paths: tuple[Path, ...] = ()
    """No files."""

    def __init__(self, logdir: Path) -> None:
        self._logdir = logdir

    def get_logdir(self) -> str:
        """The directory that there would be."""
        return str(self._logdir)

    def add_event(self, event: event_pb2.Event) -> None:
        """Does nothing."""

    def add_scalar(self, tag: str, value: float, step: int, wall_time: float) -> None:
        """Does nothing."""

    def flush(self) -> None:
        """Does nothing."""

    def close(self) -> None:
        """Does nothing."""

    def reopen(self) -> None:
        """Does nothing."""


def event_of(values: list[summary_pb2.Summary.Value], step: int, wall_time: float) -> event_pb2.Event:
    """Gives the event that holds summary values."""
    return event_pb2.Event(wall_time=wall_time, step=step, summary=summary_pb2.Summary(value=values))


_all: weakref.WeakSet[RunFiles] = weakref.WeakSet()


def _renew_locks() -> None:
    for files in list(_all):
        files.renew_lock()


os.register_at_fork(after_in_child=_renew_locks)
