"""Several writers in one directory: each goes back on its own points, of every kind, and never on another's."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorboard.compat.proto import event_pb2

from trackml.runs import RunStore, RunView
from trackml.storage import frame


class Writer:
    """Trains and crashes, each time in a new file, at times that the test gives."""

    def __init__(self, logdir: Any, name: str, numbers: itertools.count[int]) -> None:
        self.name = name
        self._logdir = logdir
        self._numbers = numbers
        self._file = ""
        self._step = 0
        self.kept: list[int] = []
        """The steps that count."""
        self.superseded: list[list[int]] = []
        """The steps that each restart went back on."""

    def start(self, now: float, step: int = 0) -> None:
        """Begins, or begins again from a checkpoint."""
        self._file = f"events.out.tfevents.{next(self._numbers):010d}.{self.name}"
        self._logdir.append(self._logdir.version(now) + self._logdir.start(step, now), file=self._file)
        gone = [old for old in self.kept if old >= step]
        self.kept = [old for old in self.kept if old < step]
        self.superseded += [gone] if gone else []
        self._step = step

    def train(self, now: float) -> None:
        """Writes a scalar and a histogram that tell the writer and the step, and goes on to the next step."""
        event = event_pb2.Event(wall_time=now, step=self._step)
        event.summary.value.add(tag=f"loss/{self.name}", simple_value=self._step)
        histogram = event.summary.value.add(tag=f"weights/{self.name}").histo
        histogram.min, histogram.max = now, now + 1
        histogram.bucket_limit.extend([now + 2])
        histogram.bucket.extend([1])
        self._logdir.append(frame(event.SerializeToString()), file=self._file)
        self.kept.append(self._step)
        self._step += 1


def read(logdir: Any) -> RunView:
    store = RunStore(logdir.path)
    store.refresh()
    return store.snapshot()["."]


def check(run: RunView, *writers: Writer) -> None:
    """Holds what was read against what each writer went back on."""
    for writer in writers:
        loss, weights = f"loss/{writer.name}", f"weights/{writer.name}"
        assert run.scalars[loss].step.tolist() == writer.kept
        assert run.histograms[weights].step.tolist() == writer.kept
        assert len([float(histogram.left[0]) for histogram in run.histograms[weights]]) == len(writer.kept)
        gone = sorted(itertools.chain(*writer.superseded))
        for found in (run.superseded.get(loss, ()), run.superseded_blobs.get(weights, ())):
            assert sorted(itertools.chain(*(series.step.tolist() for series in found))) == gone


@pytest.fixture
def pair(logdir: Any) -> tuple[Writer, Writer]:
    numbers = itertools.count(1)
    return Writer(logdir, "a", numbers), Writer(logdir, "b", numbers)


def train(times: Any, *writers: Writer, steps: int = 5) -> None:
    """Lets writers write in turns."""
    for _ in range(steps):
        for writer in writers:
            writer.train(next(times))


def test_writers_that_write_in_turns_keep_all(logdir: Any, pair: tuple[Writer, Writer]) -> None:
    a, b = pair
    times = itertools.count(1000.0)
    a.start(next(times))
    train(times, a, steps=3)
    b.start(next(times))
    train(times, a, b)
    check(read(logdir), a, b)


def test_a_restart_goes_back_on_its_own_points_while_the_other_writes_on(
    logdir: Any, pair: tuple[Writer, Writer]
) -> None:
    a, b = pair
    times = itertools.count(1000.0)
    a.start(next(times))
    b.start(next(times))
    train(times, a, b)
    a.start(next(times), 2)
    train(times, b, a)
    check(read(logdir), a, b)
    assert a.superseded == [[2, 3, 4]]


def test_both_may_restart_in_turns(logdir: Any, pair: tuple[Writer, Writer]) -> None:
    a, b = pair
    times = itertools.count(1000.0)
    a.start(next(times))
    b.start(next(times))
    train(times, a, b)
    for writer, other, step in ((a, b, 3), (b, a, 1), (a, b, 2), (b, a, 0)):
        writer.start(next(times), step)
        train(times, other, writer, steps=2)
    check(read(logdir), a, b)


@given(moves=st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 6)), max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_restarts_go_back_on_their_own_points(make_logdir: Any, moves: list[tuple[str, int]]) -> None:
    logdir = make_logdir()
    numbers = itertools.count(1)
    writers = {name: Writer(logdir, name, numbers) for name in "ab"}
    times = itertools.count(1000.0)
    for writer in writers.values():
        writer.start(next(times))
    train(times, *writers.values(), steps=4)
    for name, step in moves:
        writers[name].start(next(times), min(step, len(writers[name].kept)))
        train(times, *writers.values(), steps=2)
    check(read(logdir), *writers.values())


def test_superseded_blobs_can_be_read(logdir: Any, pair: tuple[Writer, Writer]) -> None:
    a, _ = pair
    for begin, step in ((1000, 0), (2000, 3), (3000, 1)):
        a.start(begin, step)
        train(itertools.count(begin + 1.0), a)
    run = read(logdir)
    first, second = run.superseded_blobs["weights/a"]
    assert (first.step.tolist(), second.step.tolist()) == ([1, 2, 3, 4], [3, 4, 5, 6, 7])
    assert [float(histogram.left[0]) for histogram in first] == [1002, 1003, 1004, 1005]
    assert float(second[-1].left[0]) == 2005
    assert first[0].counts.tolist() == [1]
    assert list(run.superseded_blobs) == ["weights/a"]
    assert list(run.superseded) == ["loss/a"]


def test_nothing_is_superseded_without_a_restart(logdir: Any, pair: tuple[Writer, Writer]) -> None:
    a, _ = pair
    a.start(1000)
    train(itertools.count(1001.0), a)
    assert dict(read(logdir).superseded_blobs) == {}
