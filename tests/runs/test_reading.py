"""Several threads read several runs; what they change for that in the process is as before when they end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator

import pytest

from trackml.runs.reading import read_runs


class CountedRun:
    """A run of which each turn reads a part."""

    def __init__(self, parts: int) -> None:
        self.unread = parts
        self.intervals: list[float] = []

    @property
    def is_unread(self) -> bool:
        return self.unread > 0

    def read(self, should_stop: Callable[[], bool]) -> None:
        self.intervals.append(sys.getswitchinterval())
        self.unread -= 1
        while self.unread and not should_stop():
            pass


class FailingRun(CountedRun):
    def read(self, should_stop: Callable[[], bool]) -> None:
        raise MemoryError


@pytest.fixture(autouse=True)
def switch_interval() -> Iterator[float]:
    interval = sys.getswitchinterval()
    yield interval
    sys.setswitchinterval(interval)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_every_run_is_read_to_its_end(threads: int) -> None:
    runs = {str(number): CountedRun(1 + number % 3) for number in range(7)}
    assert read_runs(runs, float("inf"), threads) == []  # type: ignore[arg-type]
    assert not any(run.is_unread for run in runs.values())


def test_when_time_is_up_the_runs_whose_turn_would_have_come_are_told() -> None:
    runs = {name: CountedRun(2) for name in "abc"}
    assert read_runs(runs, time.monotonic() - 1, 1) == ["b", "c", "a"]  # type: ignore[arg-type]


def test_threads_switch_often_while_they_read_and_as_before_afterwards(switch_interval: float) -> None:
    runs = {name: CountedRun(1) for name in "abc"}
    read_runs(runs, float("inf"), 2)  # type: ignore[arg-type]
    assert {interval < switch_interval for run in runs.values() for interval in run.intervals} == {True}
    assert sys.getswitchinterval() == pytest.approx(switch_interval)


def test_threads_switch_as_before_after_an_error(switch_interval: float) -> None:
    with pytest.raises(MemoryError):
        read_runs({"a": FailingRun(1), "b": CountedRun(1)}, float("inf"), 2)  # type: ignore[dict-item]
    assert sys.getswitchinterval() == pytest.approx(switch_interval)


def test_one_thread_switches_as_before(switch_interval: float) -> None:
    run = CountedRun(1)
    read_runs({"a": run}, float("inf"), 1)  # type: ignore[dict-item]
    assert run.intervals == pytest.approx([switch_interval])
