"""Reading several runs at once: every run gets its turn, and nobody waits for the longest."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from trackml.runs.loader import RunLoader

_TURN_SECONDS = 0.25


def read_runs(loaders: Mapping[str, RunLoader], deadline: float, threads: int) -> list[str]:
    """Reads what is unread of some runs until it is done or time is up.

    The runs take turns of a quarter of a second. Each is read by one thread at a time; decoding is numpy's work, which
    lets other threads go on. The threads end before this function returns.

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
        with ThreadPoolExecutor(max(1, threads - 1), thread_name_prefix="trackml-read") as pool:
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
