"""Which points a restart supersedes; TensorBoard's own loader is the oracle wherever one writer follows another."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trackml.runs import RunStore, Series

FILES = ["events.out.tfevents.0000000001.host", "events.out.tfevents.0000000002.host", "events.out.tfevents.3.v2"]


def points(series: Series) -> list[tuple[int, float]]:
    return list(zip(series.step.tolist(), series.value.tolist()))


def tensorboards(path: Path) -> dict[str, list[tuple[int, float]]]:
    """What TensorBoard's Python loader keeps of a run, all points and not a sample of them."""
    from tensorboard.backend.event_processing import plugin_event_accumulator

    accumulator = plugin_event_accumulator.EventAccumulator(
        str(path), size_guidance={plugin_event_accumulator.TENSORS: 0}
    )
    accumulator.Reload()
    return {
        tag: [(event.step, event.tensor_proto.float_val[0]) for event in accumulator.Tensors(tag)]
        for tag in accumulator.Tags()["tensors"]
    }


def ours(path: Path) -> dict[str, list[tuple[int, float]]]:
    store = RunStore(path)
    store.refresh()
    return {tag: points(series) for tag, series in store.snapshot()["."].scalars.items()}


@pytest.fixture
def restarted(logdir: Any) -> Any:
    """Steps 0 to 4 and, after a crash, 3 to 5, in two files."""
    logdir.append(logdir.version(1000) + logdir.start(0, 1000), file=FILES[0])
    for step in range(5):
        logdir.append(logdir.scalars(step, 1001 + step, loss=step, accuracy=-step), file=FILES[0])
    logdir.append(logdir.version(1010) + logdir.start(3, 1010), file=FILES[1])
    for step in range(3, 6):
        logdir.append(logdir.scalars(step, 1011 + step, loss=10 * step), file=FILES[1])
    return logdir


def test_a_restart_supersedes_steps_at_and_after_its_own_in_every_tag(restarted: Any) -> None:
    assert ours(restarted.path) == {
        "accuracy": [(0, 0), (1, -1), (2, -2)],
        "loss": [(0, 0), (1, 1), (2, 2), (3, 30), (4, 40), (5, 50)],
    }
    assert ours(restarted.path) == tensorboards(restarted.path)


def test_superseded_points_are_kept_apart(restarted: Any) -> None:
    store = RunStore(restarted.path)
    store.refresh()
    superseded = store.snapshot()["."].superseded
    assert {tag: [points(series) for series in found] for tag, found in superseded.items()} == {
        "accuracy": [[(3, -3), (4, -4)]],
        "loss": [[(3, 3), (4, 4)]],
    }


def test_superseded_sessions_are_separate_and_oldest_first(logdir: Any) -> None:
    logdir.append(logdir.version())
    for number, begin in enumerate((0, 2, 1)):
        logdir.append(logdir.start(begin, 1000 + 10 * number))
        for step in range(begin, 4):
            logdir.append(logdir.scalars(step, 1001 + 10 * number + step, loss=10 * number + step))
    store = RunStore(logdir.path)
    store.refresh()
    run = store.snapshot()["."]
    assert points(run.scalars["loss"]) == [(0, 0), (1, 21), (2, 22), (3, 23)]
    assert [points(series) for series in run.superseded["loss"]] == [[(1, 1), (2, 2), (3, 3)], [(2, 12), (3, 13)]]
    assert ours(logdir.path) == tensorboards(logdir.path)


def test_without_a_restart_nothing_is_superseded(logdir: Any) -> None:
    logdir.append(logdir.version() + logdir.scalars(5, loss=1) + logdir.start(0, 1000) + logdir.scalars(0, loss=2))
    store = RunStore(logdir.path)
    store.refresh()
    assert points(store.snapshot()["."].scalars["loss"]) == [(5, 1), (0, 2)]
    assert len(store.snapshot()["."].superseded) == 0


def test_the_greatest_step_counts_after_a_restart(logdir: Any) -> None:
    logdir.append(logdir.version() + logdir.start(0, 1000) + logdir.start(0, 1001) + logdir.scalars(2**63 - 1, loss=1))
    assert ours(logdir.path) == {"loss": [(2**63 - 1, 1)]} == tensorboards(logdir.path)


def test_a_tag_that_lost_all_its_points_stays(logdir: Any) -> None:
    logdir.append(logdir.version() + logdir.start(0, 1000) + logdir.scalars(1, loss=1) + logdir.start(0, 1002))
    assert ours(logdir.path) == {"loss": []} == tensorboards(logdir.path)


def test_a_writer_that_is_still_alive_loses_nothing(logdir: Any) -> None:
    for file, begin in ((FILES[0], 1000), (FILES[1], 1003)):
        logdir.append(logdir.version(begin) + logdir.start(0, begin), file=file)
        for step in range(5):
            logdir.append(logdir.scalars(step, begin + step, loss=step), file=file)
    assert ours(logdir.path) == {"loss": [(step, step) for step in range(5)] * 2}


def test_a_writer_that_turns_out_to_be_alive_gets_its_points_back(logdir: Any) -> None:
    logdir.append(logdir.version() + logdir.start(0, 1000) + logdir.scalars(5, 1005, loss=1), file=FILES[0])
    logdir.append(logdir.version(1010) + logdir.start(0, 1010) + logdir.scalars(0, 1011, loss=2), file=FILES[1])
    store = RunStore(logdir.path)
    store.refresh()
    before = points(store.snapshot()["."].scalars["loss"])
    logdir.append(logdir.scalars(6, 1020, loss=3), file=FILES[0])
    store.refresh()
    assert before == [(0, 2)]
    assert points(store.snapshot()["."].scalars["loss"]) == [(5, 1), (6, 3), (0, 2)]
    assert len(store.snapshot()["."].superseded) == 0


def test_a_step_decrease_does_not_touch_a_writer_that_is_still_alive(logdir: Any) -> None:
    for file, begin in ((FILES[0], 1000), (FILES[1], 1003)):
        for step in range(5):
            logdir.append(logdir.scalars(step, begin + step, loss=step), file=file)
    assert ours(logdir.path)["loss"] == [(step, step) for step in range(5)] * 2


@pytest.mark.parametrize("first", ["", "1", "none"])
def test_without_a_version_a_step_decrease_supersedes_its_own_tags(logdir: Any, first: str) -> None:
    logdir.append(logdir.version(number=first) if first else b"")
    for step, values in [(0, "ab"), (1, "ab"), (2, "ab"), (1, "a"), (2, "ab"), (0, "b"), (1, "a")]:
        logdir.append(logdir.scalars(step, 1000, **dict.fromkeys(values, 1.0)))
    assert ours(logdir.path) == tensorboards(logdir.path)
    assert ours(logdir.path) != {}


def test_a_file_without_a_version_takes_that_of_the_file_before(logdir: Any) -> None:
    logdir.append(logdir.version(1000) + logdir.scalars(5, 1000, loss=1), file=FILES[0])
    logdir.append(logdir.scalars(0, 1001, loss=2), file=FILES[1])
    assert ours(logdir.path) == {"loss": [(5, 1), (0, 2)]} == tensorboards(logdir.path)


EVENTS = st.tuples(
    st.sampled_from(["start", "scalars", "scalars", "scalars"]), st.integers(0, 6), st.sampled_from(["a", "b", "ab"])
)
HISTORIES = st.lists(
    st.tuples(st.sampled_from(["", "1", "2", "2", "none"]), st.lists(EVENTS, max_size=12)), min_size=1, max_size=3
)
"""Files, one after the other: the version that each declares, and its events (what, at which step, in which tags)."""


def write(logdir: Any, history: Any) -> list[tuple[str, tuple[int, float]]]:
    """Writes each event a second after the one before, and gives all points that were written, with their tags."""
    wall_times = itertools.count(1000)
    written = []
    for file, (version, events) in zip(FILES, history):
        logdir.append(logdir.version(next(wall_times), version) if version else b"", file=file)
        for what, step, tags in events:
            now = next(wall_times)
            if what == "start":
                logdir.append(logdir.start(step, now), file=file)
            else:
                logdir.append(logdir.scalars(step, now, **dict.fromkeys(tags, float(now))), file=file)
                written += [(tag, (step, float(now))) for tag in tags]
    return written


@given(history=HISTORIES)
@settings(max_examples=200, deadline=None)
def test_agrees_with_tensorboard(make_logdir: Any, history: Any) -> None:
    logdir = make_logdir()
    write(logdir, history)
    assert ours(logdir.path) == tensorboards(logdir.path)


@given(history=HISTORIES, random=st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_reading_makes_no_difference(make_logdir: Any, history: Any, random: Any) -> None:
    written, grown = make_logdir(), make_logdir()
    write(written, history)
    store = RunStore(grown.path)
    unwritten = {path.name: path.read_bytes() for path in written.path.iterdir()}
    while unwritten:
        name = random.choice(sorted(unwritten))
        count = random.randint(1, 100)
        grown.append(unwritten[name][:count], file=name)
        unwritten[name] = unwritten[name][count:]
        unwritten = {name: data for name, data in unwritten.items() if data}
        store.refresh()
    run = store.snapshot()["."]
    assert {tag: points(series) for tag, series in run.scalars.items()} == ours(written.path)


@given(history=HISTORIES)
@settings(max_examples=100, deadline=None)
def test_no_point_is_thrown_away(make_logdir: Any, history: Any) -> None:
    logdir = make_logdir()
    written = write(logdir, history)
    store = RunStore(logdir.path)
    store.refresh()
    run = store.snapshot()["."]
    assert Counter(written) == Counter(
        (tag, point)
        for tag in run.scalars
        for series in (run.scalars[tag], *run.superseded.get(tag, ()))
        for point in points(series)
    )
