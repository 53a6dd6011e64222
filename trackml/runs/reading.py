"""Reading several runs at once: every run gets its turn, and nobody waits for the longest."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from trackml.runs.loader import RunLoader

_TURN_SECONDS = 0.05  # long enough to cost little, short enough that the threads end at about the same time
_SWITCH_SECONDS = 0.0002


def read_runs(loaders: Mapping[str, RunLoader], deadline: float, threads: int) -> list[str]:
    """Reads what is unread of some runs until it is done or time is up.

    The runs take short turns. Each is read by one thread at a time; decoding is numpy's work, which lets other threads
    go on. The threads end before this function returns.

    Args:
      loaders: Runs by name, in the order of their turns.
      deadline: When to stop, by `time.monotonic`. The first run is read a little however late it is.
      threads: How many threads to use, the caller's included.

    Returns:
      The names of the runs whose turn would have come next; none if everything was read that can be.
    """
    waiting = deque(loaders)

    def take_turns() -> None:
        while waiting and time.monotonic() < deadline:
            try:
                name = waiting.popleft()
            except IndexError:
                return  # Another thread took the last one.
            if not _read_for_a_turn(loaders[name], deadline):
                waiting.append(name)

    if waiting:
        first = waiting.popleft()
        pool = ThreadPoolExecutor(max(1, threads - 1), thread_name_prefix="trackml-read")
        with pool, _frequent_switches() if threads > 1 else contextlib.nullcontext():
            others = [pool.submit(take_turns) for _ in range(threads - 1)]
            if not _read_for_a_turn(loaders[first], deadline):
                waiting.append(first)
            take_turns()
            for other in others:
                other.result()
    return list(waiting)


def available_cores() -> int:
    """Gives how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_switching = threading.Lock()
_switchers = 0
_usual_interval = 0.0


@contextlib.contextmanager
def _frequent_switches() -> Iterator[None]:
    """Has threads that decode take turns of the interpreter often, and undoes it when the last one of them ends.

    numpy gives the interpreter up for microseconds at a time. A thread that waits for it wakes too late to get it, and
    asks for it after the switch interval only: with the usual one of 5 ms two threads were no faster than one.
    """
    global _switchers, _usual_interval
    with _switching:
        if not _switchers:
            _usual_interval = sys.getswitchinterval()
            sys.setswitchinterval(min(_usual_interval, _SWITCH_SECONDS))
        _switchers += 1
    try:
        yield
    finally:
        with _switching:
            _switchers -= 1
            if not _switchers:
                sys.setswitchinterval(_usual_interval)


def _read_for_a_turn(loader: RunLoader, deadline: float) -> bool:
    """Tells whether the run was read as far as it can be."""
    end = min(deadline, time.monotonic() + _TURN_SECONDS)
    was_stopped = False

    def should_stop() -> bool:
        nonlocal was_stopped
        was_stopped = time.monotonic() >= end
        return was_stopped

    loader.read(should_stop)
    return not (was_stopped and loader.is_unread)
