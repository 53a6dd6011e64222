"""Another file in the place of one that was read, with no new identity: never a duplicate, never a mix."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trackml.events import columns
from trackml.runs import RunStore
from trackml.runs.file_loader import FileLoader
from trackml.runs.fingerprint import HEAD_BYTES, UNREAD, Fingerprint
from trackml.storage.files import FileIdentity


def values(store: RunStore) -> list[float]:
    series: list[float] = store.snapshot()["."].scalars["loss"].value.tolist()
    return series


def status(store: RunStore) -> str:
    return store.snapshot()["."].health[0].status


def overwrite(path: Path, data: bytes, stamp: int) -> None:
    """Writes into the same file; the time of change differs, as it does when some time has passed."""
    with open(path, "r+b") as stream:
        stream.truncate()
        stream.write(data)
    os.utime(path, ns=(stamp, stamp))


def test_another_file_of_the_same_length_is_noticed(logdir: Any) -> None:
    old = b"".join(logdir.scalars(step, loss=step) for step in range(300))
    new = b"".join(logdir.scalars(step, loss=-step if step < 9 else step) for step in range(300))
    assert len(old) == len(new)
    path = logdir.append(old)
    store = RunStore(logdir.path)
    store.refresh()
    overwrite(path, new, 1)
    store.refresh()
    assert (status(store), values(store)) == ("replaced", [*(-step for step in range(9)), *range(9, 300)])


def test_another_file_that_begins_the_same_way_is_noticed(logdir: Any) -> None:
    head = b"".join(logdir.scalars(step, loss=step) for step in range(200))
    assert len(head) > HEAD_BYTES
    path = logdir.append(head + logdir.scalars(200, loss=1))
    store = RunStore(logdir.path)
    store.refresh()
    overwrite(path, head + logdir.scalars(200, loss=2) + logdir.scalars(201, loss=3), 1)
    store.refresh()
    assert (status(store), values(store)) == ("replaced", [*range(200), 2, 3])


def test_another_file_whose_bytes_are_the_same_at_the_place_of_the_old_end_is_noticed(logdir: Any) -> None:
    same = b"".join(logdir.scalars(step, loss=step) for step in range(10, 400))
    path = logdir.append(logdir.scalars(0, loss=1) + same)
    store = RunStore(logdir.path)
    store.refresh()
    overwrite(path, logdir.scalars(0, loss=2) + same + logdir.scalars(400, loss=3), 1)
    store.refresh()
    assert (status(store), values(store)) == ("replaced", [2, *range(10, 400), 3])


def test_a_new_time_of_change_alone_is_no_replacement(logdir: Any) -> None:
    path = logdir.append(logdir.scalars(0, loss=1))
    store = RunStore(logdir.path)
    store.refresh()
    os.utime(path, ns=(1, 1))
    store.refresh()
    assert (status(store), values(store)) == ("ok", [1])


def test_bytes_that_were_not_whole_records_may_change(logdir: Any) -> None:
    first, second = logdir.scalars(0, loss=1), logdir.scalars(1, loss=2)
    path = logdir.append(first + bytes(9))
    store = RunStore(logdir.path)
    store.refresh()
    overwrite(path, first + second, 1)
    store.refresh()
    assert (status(store), values(store)) == ("ok", [1, 2])


@given(st.integers(0, 250), st.integers(0, 60), st.integers(0, 60), st.booleans())
@settings(max_examples=60)
def test_what_is_read_is_what_is_there(make_logdir: Any, common: int, old: int, new: int, grows: bool) -> None:
    logdir = make_logdir()
    head = logdir.version() + b"".join(logdir.scalars(step, loss=step) for step in range(common))
    path = logdir.append(head + b"".join(logdir.scalars(step, loss=1) for step in range(old)))
    store = RunStore(logdir.path)
    store.refresh()
    overwrite(path, head + b"".join(logdir.scalars(step, loss=2) for step in range(new)), 1)
    store.refresh()
    if grows:
        logdir.append(logdir.scalars(0, loss=3))
        store.refresh()
    tail = [2] * new + [3] * grows
    found = [series.value.tolist() for series in store.snapshot()["."].scalars.values()]
    assert found == ([[*range(common), *tail]] if common + len(tail) else [])


class SwappedStream(io.BytesIO):
    """A file into which somebody writes another one after some reads."""

    def __init__(self, data: bytes, other: bytes, reads: int) -> None:
        super().__init__(data)
        self._other = other
        self._reads = reads

    def read(self, size: int | None = -1, /) -> bytes:
        self._reads -= 1
        if self._reads == -1:
            self.getbuffer()[:] = self._other
        return super().read(size)


@pytest.mark.parametrize("reads", range(60))
def test_a_replacement_in_the_middle_of_a_read_mixes_nothing(
    logdir: Any, monkeypatch: pytest.MonkeyPatch, reads: int
) -> None:
    monkeypatch.setattr(columns, "_RECORDS_A_CALL", 30)
    old, new = (b"".join(logdir.scalars(step, loss=value) for step in range(200)) for value in (1, 2))
    path = logdir.append(new)
    loader = FileLoader(path)
    loader.notice(FileIdentity.of(path.stat()))
    with SwappedStream(old, new, reads) as stream:
        loader._read_stream(stream, FileIdentity.of(path.stat()), {}, lambda: False)
    os.utime(path, ns=(1, 1))
    loader.notice(FileIdentity.of(path.stat()))
    loader.read({}, lambda: False)
    points = loader.history.scalars["loss"].points.view()
    assert (points.step.tolist(), set(points.value.tolist())) == (list(range(200)), {2})


def test_a_fingerprint_fits_what_grew_and_nothing_else() -> None:
    data = bytes(range(256)) * 40
    fingerprint = Fingerprint.of(io.BytesIO(data), 9000)
    fits = [fingerprint.fits(io.BytesIO(other)) for other in (data, data[:9000], data[:8999], b"\1" + data[1:])]
    assert fits == [True, True, False, False]
    assert Fingerprint.of(io.BytesIO(data), 0) == UNREAD
