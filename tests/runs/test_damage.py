"""Damage costs what it hit, is told, and makes nothing appear twice; so does what happens to a file meanwhile."""

from __future__ import annotations

import io
import itertools
import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorboard.compat.proto import event_pb2

from trackml.events.columns import read_columns
from trackml.runs import RunStore, RunView
from trackml.storage import RecordReader, frame


def scalar(step: int, value: float = 1.0, tag: str = "loss") -> bytes:
    event = event_pb2.Event(step=step, wall_time=1000.0)
    event.summary.value.add(tag=tag, simple_value=value)
    return frame(event.SerializeToString())


def other(step: int) -> bytes:
    """A record of another layout: a scalar as a tensor, or a histogram."""
    event = event_pb2.Event(step=step, wall_time=1000.0)
    value = event.summary.value.add(tag="tensor" if step % 2 else "histogram")
    if step % 2:
        value.metadata.plugin_data.plugin_name = "scalars"
        value.tensor.dtype, value.tensor.tensor_content = 1, bytes(4)
    else:
        value.histo.num = 1
    return frame(event.SerializeToString())


RECORDS = [scalar(step) if step % 8 else other(step // 8) for step in range(1, 40)]


def steps_of(run: RunView) -> list[int]:
    """The steps of all points, in the order of the file as far as each tag knows it."""
    series: dict[str, Any] = {**run.scalars, **run.blobs}
    return sorted(step for tag in series if tag != "first" for step in series[tag].step.tolist())


def intact(data: bytes, end: int) -> list[bytes]:
    """The records that are in `data` as they were written, up to `end`, as often as they are there.

    Without those that lie where a damaged record claims to be, if its claim fits: they may be what it holds.
    """
    places = {at: record for record in dict.fromkeys(RECORDS) for at in find_all(data, record) if at < end}
    headers = {record[:12] for record in RECORDS}
    claims = [
        (at, at + int.from_bytes(header[:8], "little") + 16)
        for header in headers
        for at in find_all(data, header)
        if at not in places
    ]
    fitting = [(begin, end) for begin, end in claims if data[end : end + 12] in headers]
    return [record for at, record in places.items() if not any(begin < at < end for begin, end in fitting)]


def find_all(data: bytes, part: bytes) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(part), data)]


def steps_in(records: list[bytes]) -> list[int]:
    return sorted(step_of(record) for record in records)


def step_of(record: bytes) -> int:
    event = event_pb2.Event()
    event.ParseFromString(record[12:-4])
    return int(event.step)


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["zero", "garbage", "duplicate", "delete", "insert", "flip"]),
        st.integers(0, 2000),
        st.integers(1, 200),
        st.binary(min_size=1, max_size=40),
    ),
    min_size=1,
    max_size=3,
)


def damaged(data: bytes, edits: Any) -> bytes:
    for what, place, count, junk in edits:
        begin = place % len(data) if data else 0
        end = min(begin + count, len(data))
        middle = {
            "zero": bytes(end - begin),
            "garbage": (junk * 200)[: end - begin],
            "duplicate": data[begin:end] * 2,
            "delete": b"",
            "insert": junk + data[begin:end],
            "flip": bytes(octet ^ 1 << count % 8 for octet in data[begin : begin + 1]) + data[begin + 1 : end],
        }[what]
        data = data[:begin] + middle + data[end:]
    return data


@pytest.fixture(scope="session")
def make_store(make_logdir: Any) -> Any:
    """Makes a store of a directory whose first file says that steps going back mean nothing."""

    def make() -> tuple[Any, RunStore]:
        logdir = make_logdir()
        logdir.append(logdir.version() + scalar(0, -1.0, "first"), file="events.out.tfevents.0000000000.host")
        return logdir, RunStore(logdir.path)

    return make


def check(view: RunView, data: bytes) -> None:
    """All that is whole is there, once; what is not is told and counted."""
    health = view.health[1]
    end = health.bytes_read  # behind it is what may be the beginning of a record, or damage at the very end
    found = intact(data, end)
    assert steps_of(view) == steps_in(found)
    assert health.size == len(data)
    lost_within = end - sum(len(record) for record in found)
    lost_behind = len(data) - end if "nothing good follows" in health.message else 0
    assert health.bytes_lost == lost_within + lost_behind
    assert (health.status == "ok") == (lost_within == 0 and end == len(data))


@given(edits=EDITS)
@settings(max_examples=200, deadline=None)
def test_what_is_whole_is_read_and_the_rest_is_told(make_store: Any, edits: Any) -> None:
    data = damaged(b"".join(RECORDS), edits)
    logdir, store = make_store()
    logdir.append(data)
    store.refresh()
    check(store.snapshot()["."], data)


@given(edits=EDITS, cuts=st.lists(st.integers(0, 2000), max_size=6))
@settings(max_examples=100, deadline=None)
def test_damage_in_a_file_that_grows(make_store: Any, edits: Any, cuts: list[int]) -> None:
    data = damaged(b"".join(RECORDS), edits)
    logdir, store = make_store()
    for begin, end in itertools.pairwise([0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]):
        logdir.append(data[begin:end])
        store.refresh()
    check(store.snapshot()["."], data)


def never() -> bool:
    return False


def test_every_flipped_bit_of_a_file_of_several_layouts_is_found() -> None:
    graph = frame(event_pb2.Event(graph_def=b"graph").SerializeToString())
    records = [*(scalar(step) for step in range(1, 5)), other(1), other(2), graph]
    data = b"".join(records)
    ends = np.cumsum([len(record) for record in records])
    for bit in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        columns = read_columns(RecordReader(io.BytesIO(flipped)), never, kinds={})
        hit = int(np.searchsorted(ends, bit // 8, side="right"))
        series = [*columns.scalars.values(), *columns.blobs.values()]
        assert columns.events == len(records) - 1
        assert sum(len(points.step) for points in series) == 6 - (hit < 6)
        reported = [*columns.damage, *([columns.tail] if columns.tail is not None else [])]
        assert [(damage.offset, damage.bytes_lost) for damage in reported] == [  # type: ignore[union-attr]
            (ends[hit] - len(records[hit]), len(records[hit]))
        ]


class Tampered:
    """An event file with which somebody does as they like; each content has values of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._generation = 0
        self._steps = 0
        self._tick = 10**18

    def append(self, count: int) -> None:
        with open(self.path, "ab") as stream:
            stream.write(self._records(count))
        self._stamp()

    def replace(self, count: int) -> None:
        self._begin()
        new = self.path.with_name("new")
        new.write_bytes(self._records(count))
        os.replace(new, self.path)
        self._stamp()

    def rewrite(self, count: int) -> None:
        self._begin()
        self.path.write_bytes(self._records(count))
        self._stamp()

    def shrink(self, count: int) -> None:
        if self.path.exists():
            self._steps = min(self._steps, count)
            os.truncate(self.path, len(self._records(0, self._steps)))
            self._stamp()

    def delete(self, count: int) -> None:
        self.path.unlink(missing_ok=True)
        self._begin()

    def contents(self) -> list[tuple[int, float]]:
        """Step and value of each point that the file should have."""
        return [(step, float(self._generation)) for step in range(self._steps)] if self.path.exists() else []

    def _begin(self) -> None:
        self._generation += 1
        self._steps = 0

    def _records(self, count: int, steps: int | None = None) -> bytes:
        begin = self._steps if steps is None else 0
        end = begin + count if steps is None else steps
        self._steps = end
        return b"".join(scalar(step, self._generation) for step in range(begin, end))

    def _stamp(self) -> None:
        # Two changes may come within one tick of the file system's clock.
        self._tick += 10**9
        os.utime(self.path, ns=(self._tick, self._tick))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["append", "append", "replace", "rewrite", "shrink", "delete", "look", "look", "look all"]),
        st.integers(0, 700),
    ),
    max_size=12,
)


@given(steps=STEPS)
@settings(max_examples=100, deadline=None)
def test_files_that_are_replaced_rewritten_cut_and_deleted_while_they_are_read(make_store: Any, steps: Any) -> None:
    logdir, store = make_store()
    file = Tampered(logdir.path / "events.out.tfevents.0000000001.host")
    for what, count in [*steps, ("look all", 0)]:
        if what == "look":
            store.refresh(budget=0)
        elif what == "look all":
            store.refresh()
        else:
            getattr(file, what)(count)
        for run in store.snapshot().values():
            check_no_mixture(run)
    assert not store.snapshot().loading
    if file.path.exists():
        assert points_of(store.snapshot()["."]) == file.contents()


def points_of(run: RunView) -> list[tuple[int, float]]:
    if "loss" not in run.scalars:
        return []
    series = run.scalars["loss"]
    return list(zip(series.step.tolist(), series.value.tolist()))


def check_no_mixture(run: RunView) -> None:
    """Points are those of one content of the file, from its beginning on, none twice."""
    points = points_of(run)
    assert [step for step, _ in points] == list(range(len(points)))
    assert len({value for _, value in points}) <= 1


@pytest.mark.parametrize("size", [4096, 100_000])
@pytest.mark.parametrize("where", [0, 50_000])
def test_a_zeroed_block_costs_its_records(make_logdir: Any, size: int, where: int) -> None:
    logdir = make_logdir()
    records = [scalar(step) for step in range(5000)]
    data = bytearray(b"".join(records))
    data[where : where + size] = bytes(size)
    logdir.append(bytes(data))
    store = RunStore(logdir.path)
    store.refresh()
    (health,) = store.snapshot()["."].health
    ends = np.cumsum([len(record) for record in records])
    begins = ends - [len(record) for record in records]
    hit = (begins < where + size) & (ends > where)
    assert store.snapshot()["."].scalars["loss"].step.tolist() == np.flatnonzero(~hit).tolist()
    assert (health.status, health.bytes_lost) == ("corrupt", ends[hit].max() - begins[hit].min())
