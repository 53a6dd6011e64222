"""The way from many callers to one event file: a queue, and one thread that encodes and writes what is in it."""

from __future__ import annotations

import atexit
import copy
import os
import sys
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from tensorboard.compat.proto import event_pb2, summary_pb2

from trackml.events.event_file import EventFile
from trackml.events.scalars import LONGEST_TAG_BYTES, POINT_FIELDS, ScalarEncoder
from trackml.storage.tfrecord import frame

_Batch: TypeAlias = "tuple[list[Any], list[tuple[int, bytes]]]"
"""Points, field by field, and messages with the number of points before each."""

_LONGEST_WAIT_SECS = 1.0
_BATCH_EVENTS = 1 << 14  # the thread does not wait for more; numpy's cost a call is then small change
_BATCH_BYTES = 1 << 22
_MAX_MESSAGE_BYTES = 1 << 26


class StreamClosedError(ValueError):
    """The stream takes no more events: it is closed, or belongs to the process that forked this one."""


class EventStream:
    """Queues events for an event file of its own, until it is closed.

    Callers only append to lists: scalars field by field to `_points`, serialized events to `_messages`, each with the
    number of points before it. The thread that the stream owns (`trackml-events:<logdir>`, from the constructor to
    `close`) takes both, encodes them and writes them outside of the lock.

    `lock` guards every attribute but `_file` and `_taken`, which the thread has until it ends, and `close` from then
    on. An error ends the thread; the call that reports it makes the next one start a thread that tries again.

    A fork has the queue but not the thread, so in the child process the stream is closed and its queue forgotten: what
    waits is the parent's to write.

    Args:
      logdir: The directory; made if it is not there.
      max_queue: How many events may wait before adding waits too; 0 for any number.
      flush_secs: The longest time that an event waits; a second at most.
      suffix: Ends the file's name.

    Raises:
      OSError: If the file cannot be made.
    """

    path: Path
    """The event file."""
    process: int
    """The process that the stream belongs to."""

    def __init__(self, logdir: Path, *, max_queue: int, flush_secs: float, suffix: str) -> None:
        self._file = EventFile(logdir, suffix)
        self.path = self._file.path
        self.process = os.getpid()
        self._longest_wait = min(flush_secs, _LONGEST_WAIT_SECS)
        self._max_queue = max_queue if max_queue > 0 else sys.maxsize
        self._batch_events = min(_BATCH_EVENTS, self._max_queue)
        self.lock = threading.RLock()  # a signal handler may add events too
        self._condition = threading.Condition(self.lock)
        self._encoder = ScalarEncoder()
        self._tags = self._encoder.index
        self._clear_queue()
        self._taken: _Batch = ([], [])
        self._added = self._written = 0
        self._closed = self._finished = False
        self._is_urgent = False
        self._is_awake = False
        self._error: Exception | None = None
        self._failures = self._reported = 0
        self._thread: threading.Thread | None = None
        self._finalizer = _call_at_exit(self.close)
        _streams.add(self)
        with self.lock:
            self._wake()

    @property
    def closed(self) -> bool:
        """Whether the stream takes no more events."""
        return self._closed

    def add_scalar(self, tag: str, value: float, step: int, wall_time: float) -> None:
        """Queues a scalar; `value` and `wall_time` are floats, `step` is an int of 64 bits.

        Raises:
          OSError: If an event before it could not be written; the scalar is not queued then.
          StreamClosedError: If the stream takes no more events.
        """
        with self.lock:
            # One comparison on the way that nearly every call takes: see `_make_ready`.
            if len(self._points) >= self._ready_length:
                self._make_ready()
            index = self._tags.get(tag)
            if index is None:
                index = self._meet(tag)
                if index < 0:
                    self._append(_scalar_event(tag, value, step, wall_time))
                    return
            self._points += (index, value, step, wall_time)

    def add_event(self, payload: bytes) -> None:
        """Queues a serialized event.

        Raises:
          OSError: If an event before it could not be written; the event is not queued then.
          StreamClosedError: If the stream takes no more events.
        """
        with self.lock:
            self._make_ready()
            self._append(payload)

    def flush(self) -> None:
        """Waits until every event that was added is with the operating system, trying again what failed before.

        Raises:
          OSError: If one could not be written.
        """
        with self.lock:
            if self._closed:
                return
            failures = self._failures
            wanted = self._count_added()
            self._wake()
            self._hurry()
            while self._written < wanted and self._failures == failures and self._thread is not None:
                self._condition.wait()
            if self._failures != failures:
                self._report()
            self._reported = failures  # what failed before is written now

    def close(self) -> None:
        """Writes what waits, ends the thread and closes the file; does nothing once that is done.

        Raises:
          OSError: If an event could not be written, now or again.
        """
        with self.lock:
            self._closed = True
            self._ready_length = 0
            self._condition.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()
        with self.lock:
            if self._finished:
                return
            try:
                while self._has_work():  # what the thread left when an error ended it
                    self._write()
            finally:
                self._finish()

    def abandon(self) -> None:
        """Leaves everything to the parent process; called in a child, where no other thread is."""
        self.lock = threading.RLock()
        self._condition = threading.Condition(self.lock)
        if not self._finished:
            self._closed = True
            self._clear_queue()
            self._thread = None
            self._finish()

    def _finish(self) -> None:
        self._finished = True
        self._file.close()
        atexit.unregister(self.close)
        if self._finalizer is not None:
            self._finalizer.cancel()

    def _make_ready(self) -> None:
        """Waits until one event more may be queued.

        `_ready_length` says up to how many elements of `_points` no look at anything else is needed. It is 0 whenever
        there is something to see to: no thread that would write, an error to report, messages that wait, a closed
        stream.
        """
        self._check_open()
        if self._failures != self._reported:
            self._report()
        self._wake()
        failures = self._failures
        while self._is_full():
            self._hurry()
            self._condition.wait()
            self._check_open()
            if self._failures != failures:
                self._report()
        room = self._batch_events - 1 - len(self._messages)
        if self._count_waiting() + 1 >= self._batch_events or self._message_bytes >= _BATCH_BYTES:
            self._hurry()
            room = self._max_queue - len(self._messages)
        self._ready_length = room * POINT_FIELDS

    def _check_open(self) -> None:
        if self._closed:
            raise StreamClosedError

    def _is_full(self) -> bool:
        return self._count_waiting() >= self._max_queue or self._message_bytes >= _MAX_MESSAGE_BYTES

    def _count_waiting(self) -> int:
        return len(self._points) // POINT_FIELDS + len(self._messages)

    def _count_added(self) -> int:
        return self._added + self._count_waiting()

    def _clear_queue(self) -> None:
        self._points: list[Any] = []
        self._messages: list[tuple[int, bytes]] = []
        self._message_bytes = 0
        self._ready_length = 0

    def _append(self, payload: bytes) -> None:
        self._messages.append((len(self._points) // POINT_FIELDS, payload))
        self._message_bytes += len(payload)
        self._ready_length = 0

    def _meet(self, tag: str) -> int:
        """Gives the number of a new tag, -1 if the encoder does not take it."""
        if isinstance(tag, str) and len(tag.encode()) > LONGEST_TAG_BYTES:
            return -1
        return self._encoder.add_tag(tag)

    def _report(self) -> None:
        assert self._error is not None
        self._reported = self._failures
        raise copy.copy(self._error) from self._error

    def _wake(self) -> None:
        """Makes sure that the thread is there and knows that something waits."""
        if self._thread is None:
            name = f"trackml-events:{self.path.parent}"
            self._thread = threading.Thread(target=self._run, name=name, daemon=True)
            self._is_awake = True
            self._thread.start()
        elif not self._is_awake:
            self._is_awake = True
            self._condition.notify_all()

    def _hurry(self) -> None:
        """Lets the thread wait for nothing more."""
        if not self._is_urgent:
            self._is_urgent = True
            self._condition.notify_all()

    def _run(self) -> None:
        try:
            while self._wait():
                self._write()
        except Exception as error:
            with self.lock:
                self._error = error
                self._failures += 1
                self._thread = None
                self._ready_length = 0
                self._condition.notify_all()

    def _wait(self) -> bool:
        """Waits until there is something to write and no more is awaited; gives False when the stream is closed."""
        with self.lock:
            while not self._has_work():
                if self._closed:
                    return False
                self._is_awake = self._is_urgent = False
                self._ready_length = 0
                self._condition.wait()
            deadline = time.monotonic() + self._longest_wait
            while not (self._is_urgent or self._closed):
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    break
                self._condition.wait(remaining)
            return True

    def _has_work(self) -> bool:
        return bool(self._count_waiting() or self._file.unwritten or any(self._taken))

    def _write(self) -> None:
        self._file.append()  # before anything is taken, so that a disk that stays full does not fill the memory
        if not any(self._taken):
            self._take()
        records = self._encode(self._taken)
        self._taken = ([], [])
        self._file.append(records)
        with self.lock:
            self._written = self._added
            self._condition.notify_all()

    def _take(self) -> None:
        with self.lock:
            self._taken = (self._points, self._messages)
            self._added = self._count_added()
            self._clear_queue()
            self._is_urgent = False
            self._condition.notify_all()

    def _encode(self, batch: _Batch) -> bytes:
        points, messages = batch
        records = self._encoder.encode(points) if points else []
        if not messages:
            return b"".join(records)
        merged: list[bytes] = []
        begin = 0
        for end, payload in messages:
            merged += records[begin:end]
            merged.append(frame(payload))
            begin = end
        merged += records[begin:]
        return b"".join(merged)


def _scalar_event(tag: str, value: float, step: int, wall_time: float) -> bytes:
    summary = summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag=tag, simple_value=value)])
    payload: bytes = event_pb2.Event(wall_time=wall_time, step=step, summary=summary).SerializeToString()
    return payload


def _call_at_exit(close: Callable[[], None]) -> Any:
    """Has `close` called at the end of this process."""
    atexit.register(close)
    processes = sys.modules.get("multiprocessing.process")
    if processes is None or processes.parent_process() is None:
        return None
    # A child that multiprocessing forked ends with its own finalizers, without those of atexit.
    from multiprocessing import util

    return util.Finalize(None, close, exitpriority=0)


_streams: weakref.WeakSet[EventStream] = weakref.WeakSet()


def _abandon_all() -> None:
    for stream in list(_streams):
        stream.abandon()


os.register_at_fork(after_in_child=_abandon_all)
