"""Writing event files: the caller queues events, one background thread encodes them and hands them to the system."""

from __future__ import annotations

import operator
import os
from pathlib import Path

from tensorboard.compat.proto import event_pb2

from trackml.events.stream import EventStream, StreamClosedError

_STEP_LIMIT = 1 << 63


class EventFileWriter:
    """Appends events to an event file of its own in `logdir`.

    An event reaches the operating system, and with it every other process, when `max_queue` events wait, a second
    after it was added (`flush_secs` if that is shorter), or with `flush`. What has reached the operating system stays
    when the process is killed. At exit the interpreter closes the writer.

    An error while writing (a full disk, a deleted file) is raised by the next `add_event`, `add_scalar`, `flush` or
    `close`. Nothing is dropped: what could not be written is tried again by the calls after it, and the file never
    holds a part of a record. A call that raises has not added its event. When `max_queue` events wait and writing still
    fails, every call that adds raises. An error of `close` is final.

    The writer may be used from several threads. After a fork the child process has a closed writer, and what waits is
    the parent's to write.

    Args:
      logdir: The directory; made if it is not there.
      max_queue: How many events may wait before `add_event` waits too; 0 for any number.
      flush_secs: The longest time that an event waits.
      filename_suffix: Ends the file's name.
      reopens: Whether adding to a closed writer, or in a fork, opens a new file instead of raising a ValueError.

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
        reopens: bool = False,
    ) -> None:
        self._logdir = Path(logdir)
        self._max_queue = max_queue
        self._flush_secs = flush_secs
        self._suffix = filename_suffix
        self._reopens = reopens
        self._paths: tuple[Path, ...] = ()
        self._stream = self._open()

    @property
    def logdir(self) -> str:
        """The directory."""
        return str(self._logdir)

    def get_logdir(self) -> str:
        """`logdir`, as TensorBoard's writer gives it."""
        return self.logdir

    @property
    def path(self) -> Path:
        """The event file."""
        return self._stream.path

    @property
    def paths(self) -> tuple[Path, ...]:
        """All event files that were made, `path` the last."""
        return self._paths

    @property
    def closed(self) -> bool:
        """Whether `close` was called, and `reopen` not since; in a fork of the process, whether it is not open here."""
        return self._stream.closed

    def add_event(self, event: event_pb2.Event) -> None:
        """Queues `event`; it may be changed afterwards.

        Raises:
          OSError: If an event before it could not be written.
          ValueError: If the writer is closed.
        """
        payload = event.SerializeToString()
        try:
            self._stream.add_event(payload)
        except StreamClosedError:
            self._opened().add_event(payload)

    def add_scalar(self, tag: str, value: float, step: int, wall_time: float) -> None:
        """Queues an event with one `simple_value`: the bytes that `add_event` would give, in a fraction of the time.

        Args:
          tag: The tag.
          value: A float; it is rounded to float32.
          step: An int of 64 bits.
          wall_time: A float, seconds since the epoch.

        Raises:
          TypeError: If `tag` is no str, or a number is none.
          OSError: If an event before it could not be written.
          ValueError: If the writer is closed, or `step` does not fit.
        """
        # What cannot be encoded must not come into the queue, where it would be in the way of all that follows.
        if not (type(value) is type(wall_time) is float and type(step) is int and -_STEP_LIMIT <= step < _STEP_LIMIT):
            value, step, wall_time = float(value), _checked_step(step), float(wall_time)
        try:
            self._stream.add_scalar(tag, value, step, wall_time)
        except StreamClosedError:
            self._opened().add_scalar(tag, value, step, wall_time)

    def flush(self) -> None:
        """Waits until every event that was added is with the operating system.

        Raises:
          OSError: If one could not be written.
        """
        self._stream.flush()

    def close(self) -> None:
        """Writes what waits, ends the thread and closes the file; does nothing the second time, and in a fork.

        Raises:
          OSError: If an event could not be written; it is lost then.
        """
        self._stream.close()

    def reopen(self) -> None:
        """Goes on in a new file of the same directory after `close`; does nothing if the writer is open.

        Raises:
          OSError: If the file cannot be made.
        """
        stream = self._stream
        with stream.lock:  # a lock of the writer's own could be held for ever in a fork
            if stream.closed and stream is self._stream:
                self._stream = self._open()

    def __enter__(self) -> EventFileWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self) -> EventStream:
        stream = EventStream(self._logdir, max_queue=self._max_queue, flush_secs=self._flush_secs, suffix=self._suffix)
        self._paths += (stream.path,)
        return stream

    def _opened(self) -> EventStream:
        """Gives a stream in place of one that is closed."""
        if self._reopens:
            self.reopen()
            return self._stream
        if self._stream.process != os.getpid():
            raise ValueError(
                f"The event writer of {self._logdir} belongs to process {self._stream.process}, which forked this one. "
                "Make another writer in the child process."
            ) from None
        raise ValueError(f"The event writer of {self._logdir} is closed; call reopen() before adding events.") from None


def _checked_step(step: int) -> int:
    checked = operator.index(step)
    if not -_STEP_LIMIT <= checked < _STEP_LIMIT:
        raise ValueError(f"step must be an integer of 64 bits; got {checked}.")
    return checked
