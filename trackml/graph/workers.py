"""Threads that help a kernel with the parts of its work.

The caller takes parts too, and waits only for parts that a helper has begun: on a machine whose other cores are busy
it does nearly all of them itself, and loses little. That is what sets this apart from OpenBLAS's own threads and from
an executor whose results are waited for.

There are as many threads as cores that this process may use, fewer when `TRACKML_THREADS`, `OMP_NUM_THREADS` or
`OPENBLAS_NUM_THREADS` in the environment says so. Helpers are started when there is first something to help with.
"""

from __future__ import annotations

import functools
import itertools
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from queue import SimpleQueue
from typing import Any, TypeVar

import numpy as np

Part = TypeVar("Part")

SETTINGS = ("TRACKML_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
"""The environment variables that say how many threads there are; the first one that is set counts."""


def for_each(function: Callable[[Part], Any], parts: Sequence[Part]) -> None:
    """Calls `function` with each part, in no order, from several threads at once.

    Args:
        function: Writes its results where they belong: parts must not write into one place. What it gives is dropped.
        parts: What it is called with. They pay from about 50 microseconds each, spent inside numpy.

    Raises:
        Exception: What a call raised; parts that nobody had begun by then are left out.
    """
    helpers = _helpers() if len(parts) > 1 else None
    if helpers is None:
        for part in parts:
            function(part)
        return
    job = _Job(function, parts)
    helpers.call(job)
    job.work()
    job.wait()


@functools.lru_cache(maxsize=1)
def thread_count() -> int:
    """How many threads work on one job, the caller's included."""
    for setting in SETTINGS:
        value = os.environ.get(setting, "")
        if value.isdecimal() and int(value):
            return int(value)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def pieces(count: int, least: int = 1) -> list[slice]:
    """`count` items in pieces of at least `least`, about two a thread, so that a thread that is held up has fewer."""
    number = max(1, min(2 * thread_count(), count // max(least, 1)))
    bounds = [count * place // number for place in range(number + 1)]
    return [slice(first, last) for first, last in itertools.pairwise(bounds)]


class _Job:
    """A function to be called with each of some parts.

    Any thread may work on it. The lock guards `_closed`, `_active` and `_error`; parts are taken from the iterator,
    one at a time, under it too.
    """

    def __init__(self, function: Callable[[Any], Any], parts: Iterable[Any]) -> None:
        self._function = function
        self._parts: Iterator[Any] = iter(parts)
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._active = 0
        self._error: BaseException | None = None

    def work(self) -> None:
        """Takes parts until there are none left."""
        while True:
            with self._lock:
                part = next(self._parts, self)
                if part is self:
                    return
                self._active += 1
            try:
                self._function(part)
            except BaseException as error:
                self._failed(error)
            finally:
                with self._lock:
                    self._active -= 1
                    if not self._active:
                        self._idle.notify_all()

    def _failed(self, error: BaseException) -> None:
        with self._lock:
            self._error = self._error or error
            self._parts = iter(())

    def wait(self) -> None:
        """Returns when nobody works on a part any more; raises what a part raised."""
        with self._lock:
            while self._active:
                self._idle.wait()
        if self._error is not None:
            raise self._error


class _Helpers:
    """The threads. Each waits for jobs, works on them, and ends when it finds None."""

    def __init__(self, count: int) -> None:
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, name=f"trackml-helper-{number}", daemon=True) for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def call(self, job: _Job) -> None:
        """Wakes the helpers, unless they have not come to the last job yet."""
        if self._jobs.empty():
            for _ in self._threads:
                self._jobs.put(job)

    def stop(self) -> None:
        """Ends the threads."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        with np.errstate(all="ignore"):
            while (job := self._jobs.get()) is not None:
                job.work()
                del job


@functools.lru_cache(maxsize=1)
def _helpers() -> _Helpers | None:
    return _Helpers(thread_count() - 1) if thread_count() > 1 else None


if hasattr(os, "register_at_fork"):
    # Threads do not live on in a child; it starts its own when it needs them.
    os.register_at_fork(after_in_child=_helpers.cache_clear)
