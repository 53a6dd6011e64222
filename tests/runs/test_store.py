from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trackml.runs import RunStore, RunView
from trackml.storage import frame

GOLDEN = Path(__file__).parents[1] / "golden" / "events"
FIRST = "events.out.tfevents.0000000001.host"
SECOND = "events.out.tfevents.0000000002.host"


def losses(store: RunStore, run: str = ".", tag: str = "loss") -> list[tuple[int, float]]:
    series = store.snapshot()[run].scalars[tag]
    return list(zip(series.step.tolist(), series.value.tolist()))


def status(store: RunStore, run: str = ".") -> list[str]:
    return [health.status for health in store.snapshot()[run].health]


@pytest.fixture
def store(logdir: Any) -> RunStore:
    return RunStore(logdir.path)


def tensorboards(path: Path) -> dict[str, list[tuple[float, int, float]]]:
    """The scalars of a run as TensorBoard's data provider has them."""
    from tensorboard.backend.event_processing import plugin_event_accumulator as accumulators
    from tensorboard.util import tensor_util

    accumulator = accumulators.EventAccumulator(str(path), size_guidance={accumulators.TENSORS: 0}).Reload()
    return {
        tag: [
            (event.wall_time, event.step, tensor_util.make_ndarray(event.tensor_proto).item())
            for event in accumulator.Tensors(tag)
        ]
        for tag in accumulator.PluginTagToContent("scalars")
    }


@pytest.mark.parametrize("directory", ["tf115_v1", "tf215_v1", "tf215_v2"])
def test_scalars_of_tensorflows_files_are_those_of_tensorboard(directory: str) -> None:
    store = RunStore(GOLDEN)
    store.refresh()
    assert {
        tag: list(zip(series.wall_time.tolist(), series.step.tolist(), series.value.tolist()))
        for tag, series in store.snapshot()[directory].scalars.items()
    } == tensorboards(GOLDEN / directory)


def test_a_view_tells_what_the_run_holds() -> None:
    store = RunStore(GOLDEN)
    store.refresh()
    snapshot = store.snapshot()
    run = snapshot["tf115_v1"]
    assert list(snapshot) == ["tf115_v1", "tf215_v1", "tf215_v2"]
    assert (run.name, run.path, run.has_graph, run.last_step) == ("tf115_v1", GOLDEN / "tf115_v1", True, 4)
    assert list(run.tags) == sorted(run.tags)
    assert set(run.tags.values()) == {"scalars", "histograms", "images", "audio", "text"}
    assert list(run.scalars) == [tag for tag, kind in run.tags.items() if kind == "scalars"]
    assert run.first_wall_time is not None
    assert run.last_wall_time is not None
    assert run.first_wall_time <= run.scalars["loss"].wall_time[0] <= run.last_wall_time
    assert status(store, "tf115_v1") == ["ok"]
    assert run.health[0].events == 11
    assert not snapshot.loading
    assert snapshot.bytes_read == snapshot.bytes_total == sum(path.stat().st_size for path in GOLDEN.glob("tf*/*"))


def test_nothing_is_there_before_the_directory_is(logdir: Any, store: RunStore) -> None:
    assert (store.refresh(), store.version, dict(store.snapshot())) == (False, 0, {})
    logdir.append(logdir.scalars(1, loss=2), run="a")
    assert (store.refresh(), store.version) == (True, 1)
    assert losses(store, "a") == [(1, 2)]


def test_needs_a_directory() -> None:
    with pytest.raises(ValueError, match="at least one log directory"):
        RunStore()


def test_only_new_bytes_are_read(logdir: Any, store: RunStore) -> None:
    path = logdir.append(logdir.scalars(1, loss=1) * 200)
    store.refresh()
    # Damage in what was read already shows that nobody looks at it again; the first and last bytes are compared.
    with open(path, "r+b") as stream:
        stream.seek(5000)
        stream.write(b"\xff" * 100)
    logdir.append(logdir.scalars(2, loss=2))
    store.refresh()
    assert losses(store) == [(1, 1)] * 200 + [(2, 2)]
    assert status(store) == ["ok"]


def test_the_version_grows_with_changes_only(logdir: Any, store: RunStore) -> None:
    logdir.append(logdir.scalars(1, loss=1), run="a")
    logdir.append(logdir.scalars(1, loss=1), run="b")
    changes = [store.refresh(), store.refresh()]
    before = store.snapshot()
    logdir.append(logdir.scalars(2, loss=2), run="b")
    changes += [store.refresh(), store.refresh()]
    assert changes == [True, False, True, False]
    assert store.version == store.snapshot().version == 2
    assert store.snapshot()["a"] is before["a"]
    assert store.snapshot()["b"] is not before["b"]


def test_a_snapshot_never_changes(logdir: Any, store: RunStore) -> None:
    snapshots = []
    for step in range(50):
        logdir.append(logdir.scalars(step, loss=step))
        store.refresh()
        snapshots.append(store.snapshot())
    lengths = [len(snapshot["."].scalars["loss"]) for snapshot in snapshots]
    assert lengths == list(range(1, 51))


def test_a_tag_without_news_keeps_its_series(logdir: Any, store: RunStore) -> None:
    logdir.append(logdir.scalars(1, loss=1, accuracy=1))
    store.refresh()
    before = store.snapshot()["."].scalars
    logdir.append(logdir.scalars(2, loss=2))
    store.refresh()
    after = store.snapshot()["."].scalars
    assert after["accuracy"] is before["accuracy"]
    assert len(after["loss"]) == 2


def contents(run: RunView) -> dict[str, Any]:
    return {tag: [column.tolist() for column in series.columns] for tag, series in run.scalars.items()} | dict(run.tags)


def check_cut(logdir: Any, data: bytes, cut: int, expected: dict[str, Any]) -> None:
    """Reads `data` up to `cut`, then the rest."""
    name = str(cut)
    logdir.append(data[:cut], run=name)
    store = RunStore(logdir.path / name)
    store.refresh()
    logdir.append(data[cut:], run=name)
    store.refresh()
    assert contents(store.snapshot()["."]) == expected
    assert status(store) == ["ok"]


def test_a_file_cut_anywhere_is_read_to_the_cut_and_on_after_growth(make_logdir: Any) -> None:
    logdir = make_logdir()
    data = logdir.version() + logdir.scalars(1, loss=1) + logdir.scalars(2, loss=2, accuracy=3) + logdir.start(3, 1)
    logdir.append(data, run="whole")
    whole = RunStore(logdir.path / "whole")
    whole.refresh()
    for cut in range(len(data)):
        check_cut(logdir, data, cut, contents(whole.snapshot()["."]))


@pytest.mark.parametrize("run", ["tf115_v1", "tf215_v2"])
def test_tensorflows_file_may_be_cut_too(make_logdir: Any, run: str) -> None:
    (golden,) = (GOLDEN / run).iterdir()
    data = golden.read_bytes()
    whole = RunStore(GOLDEN)
    whole.refresh()
    logdir = make_logdir()
    for cut in range(0, len(data), 61):
        check_cut(logdir, data, cut, contents(whole.snapshot()[run]))


def test_a_file_that_grows_byte_by_byte(logdir: Any, store: RunStore) -> None:
    data = logdir.version() + logdir.scalars(1, loss=1) + logdir.scalars(2, loss=2, accuracy=3)
    statuses = set()
    for byte in data:
        logdir.append(bytes([byte]))
        store.refresh()
        statuses |= set(status(store))
    assert (losses(store), losses(store, tag="accuracy")) == ([(1, 1), (2, 2)], [(2, 3)])
    assert statuses == {"ok", "truncated"}


def test_a_flipped_bit_is_found_and_costs_one_record(make_logdir: Any) -> None:
    logdir = make_logdir()
    records = [logdir.version(), *(logdir.scalars(step, loss=step) for step in range(4))]
    data = b"".join(records)
    ends = np.cumsum([len(record) for record in records])
    for bit in range(8 * len(data)):
        damaged = bytearray(data)
        damaged[bit // 8] ^= 1 << bit % 8
        logdir.append(bytes(damaged), run=str(bit))
    store = RunStore(logdir.path)
    store.refresh()
    for bit in range(8 * len(data)):
        hit = int(np.searchsorted(ends, bit // 8, side="right"))
        expected = [(step, step) for step in range(4) if step + 1 != hit]
        (health,) = store.snapshot()[str(bit)].health
        assert losses(store, str(bit)) == expected
        assert (health.status, health.bytes_lost, health.events) == ("corrupt", len(records[hit]), 4)


@given(st.binary(max_size=300), st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=20)), max_size=5))
@settings(max_examples=100, deadline=None)
def test_no_bytes_raise(make_logdir: Any, junk: bytes, patches: list[tuple[int, bytes]]) -> None:
    logdir = make_logdir()
    data = bytearray(frame(junk) + logdir.version() + b"".join(logdir.scalars(step, loss=step) for step in range(5)))
    for offset, patch in patches:
        data[offset : offset + len(patch)] = patch
    store = RunStore(logdir.path)
    for begin in range(0, len(data), 50):
        logdir.append(bytes(data[begin : begin + 50]))
        store.refresh()
    assert store.snapshot()["."].health[0].size == len(data)


def test_damage_is_reported_and_reading_goes_on(logdir: Any, store: RunStore) -> None:
    first, second = logdir.scalars(1, loss=1), logdir.scalars(2, loss=2)
    logdir.append(first + b"junk" + second + frame(b"\xff"))
    store.refresh()
    (health,) = store.snapshot()["."].health
    assert losses(store) == [(1, 1), (2, 2)]
    assert (health.status, health.bytes_lost) == ("corrupt", 4 + 17)
    assert health.message == f"the checksum of a record's length does not hold (byte {len(first)}), and 1 more"
    assert health.bytes_read == health.size


def test_damage_at_the_end_may_be_healed(logdir: Any, store: RunStore) -> None:
    first, second = logdir.scalars(1, loss=1), logdir.scalars(2, loss=2)
    path = logdir.append(first + bytes(len(second)))
    store.refresh()
    (before,) = store.snapshot()["."].health
    with open(path, "r+b") as stream:
        stream.write(first + second)
    os.utime(path, ns=(1, 1))
    store.refresh()
    assert (before.status, before.bytes_lost) == ("corrupt", len(second))
    assert (losses(store), status(store)) == ([(1, 1), (2, 2)], ["ok"])


def test_scalars_that_are_no_numbers_are_told(logdir: Any, store: RunStore) -> None:
    from tensorboard.compat.proto import event_pb2

    event = event_pb2.Event()
    value = event.summary.value.add(tag="loss")
    value.metadata.plugin_data.plugin_name = "scalars"
    value.tensor.string_val.append(b"one")
    logdir.append(frame(event.SerializeToString()))
    store.refresh()
    assert store.snapshot()["."].health[0].message == "1 scalar values are no single numbers"
    assert (status(store), dict(store.snapshot()["."].scalars)) == (["ok"], {})


def test_a_replaced_file_is_read_again(logdir: Any, store: RunStore) -> None:
    path = logdir.append(logdir.scalars(1, loss=1) + logdir.scalars(2, loss=2))
    store.refresh()
    new = logdir.append(logdir.scalars(1, loss=10, accuracy=1), file="new")
    os.replace(new, path)
    store.refresh()
    assert (losses(store), status(store)) == ([(1, 10)], ["replaced"])
    assert list(store.snapshot()["."].scalars) == ["accuracy", "loss"]
    logdir.append(logdir.scalars(2, loss=20))
    store.refresh()
    assert losses(store) == [(1, 10), (2, 20)]


def test_a_file_rewritten_in_place_is_read_again(logdir: Any, store: RunStore) -> None:
    path = logdir.append(logdir.scalars(1, loss=1) + logdir.scalars(2, loss=2))
    store.refresh()
    path.write_bytes(b"".join(logdir.scalars(step, loss=10 * step) for step in range(4)))
    store.refresh()
    assert (losses(store), status(store)) == ([(0, 0), (1, 10), (2, 20), (3, 30)], ["replaced"])


def test_a_file_that_shrank_is_read_again(logdir: Any, store: RunStore) -> None:
    path = logdir.append(logdir.scalars(1, loss=1) + logdir.scalars(2, loss=2))
    store.refresh()
    os.truncate(path, len(logdir.scalars(1, loss=1)))
    store.refresh()
    assert (losses(store), status(store)) == ([(1, 1)], ["replaced"])


def test_the_old_content_stands_until_a_replacement_is_read(logdir: Any, store: RunStore) -> None:
    path = logdir.append(b"".join(logdir.scalars(step, loss=1) for step in range(600)))
    store.refresh()
    new = logdir.append(b"".join(logdir.scalars(step, loss=2) for step in range(700)), file="new")
    os.replace(new, path)
    lengths = []
    while len(lengths) < 4:
        store.refresh(budget=0)
        lengths.append((len(losses(store)), store.snapshot().loading))
    assert lengths == [(600, True), (600, True), (700, False), (700, False)]


def test_a_deleted_file_is_told_and_its_points_stay(logdir: Any, store: RunStore) -> None:
    path = logdir.append(logdir.scalars(1, loss=1))
    logdir.append(logdir.scalars(2, loss=2), file=SECOND)
    store.refresh()
    path.unlink()
    assert store.refresh()
    assert (losses(store), status(store)) == ([(1, 1), (2, 2)], ["deleted", "ok"])
    assert store.snapshot().bytes_total == store.snapshot().bytes_read == len(logdir.scalars(2, loss=2))


def test_a_deleted_file_may_come_back(logdir: Any, store: RunStore) -> None:
    path = logdir.append(logdir.scalars(1, loss=1))
    logdir.append(logdir.scalars(9, loss=9), file=SECOND)
    store.refresh()
    path.rename(path.with_name("aside"))
    store.refresh()
    logdir.append(logdir.scalars(3, loss=3))
    store.refresh()
    assert losses(store) == [(3, 3), (9, 9)]


def test_a_run_goes_with_its_last_file(logdir: Any, store: RunStore) -> None:
    path = logdir.append(logdir.scalars(1, loss=1), run="a")
    logdir.append(logdir.scalars(1, loss=1), run="b")
    store.refresh()
    path.unlink()
    assert store.refresh()
    assert list(store.snapshot()) == ["b"]


def test_files_are_put_in_the_order_of_their_names(logdir: Any, store: RunStore) -> None:
    logdir.append(logdir.scalars(2, loss=2), file=SECOND)
    store.refresh()
    logdir.append(logdir.scalars(1, loss=1), file=FIRST)
    store.refresh()
    assert losses(store) == [(1, 1), (2, 2)]
    assert [health.path.name for health in store.snapshot()["."].health] == [FIRST, SECOND]


def test_the_last_step_is_that_of_the_file_written_last(logdir: Any, store: RunStore) -> None:
    logdir.append(logdir.scalars(100, 2000, loss=1), file=FIRST)
    logdir.append(logdir.scalars(50, 1000, loss=1), file=SECOND)
    store.refresh()
    assert store.snapshot()["."].last_step == 100
    logdir.append(logdir.start(60, 3000), file=SECOND)
    store.refresh()
    assert store.snapshot()["."].last_step == 60


def test_an_unreadable_file_is_told_and_tried_again(
    make_logdir: Any, public_directory: Path, as_nobody: Callable[[], None]
) -> None:
    logdir = type(make_logdir())(public_directory)
    path = logdir.append(logdir.scalars(1, loss=1))
    path.chmod(0)
    store = RunStore(public_directory)
    before = os.geteuid()
    as_nobody()
    changes = [store.refresh(), store.refresh()]
    (health,) = store.snapshot()["."].health
    os.seteuid(before)
    path.chmod(0o600)
    changes.append(store.refresh())
    assert changes == [True, False, True]
    assert (health.status, health.message) == ("unreadable", "Permission denied")
    assert losses(store) == [(1, 1)]


def test_a_directory_that_cannot_be_listed_for_a_while_keeps_its_runs(
    make_logdir: Any, public_directory: Path, as_nobody: Callable[[], None]
) -> None:
    logdir = type(make_logdir())(public_directory)
    logdir.append(logdir.scalars(1, loss=1), run="a/b")
    store = RunStore(public_directory)
    store.refresh()
    (public_directory / "a").chmod(0)
    as_nobody()
    changes = [store.refresh(), store.refresh()]
    assert changes == [True, False]
    assert losses(store, "a/b") == [(1, 1)]
    assert store.snapshot().unreadable == {public_directory / "a": "Permission denied"}


@pytest.mark.parametrize("mode", [0o000, 0o444])
def test_what_is_below_an_unreadable_directory_is_read_when_it_may_be(
    mode: int, make_logdir: Any, public_directory: Path, as_nobody: Callable[[], None]
) -> None:
    logdir = type(make_logdir())(public_directory)
    logdir.append(logdir.scalars(1, loss=1), run="a/b")
    logdir.append(logdir.scalars(1, loss=1), run="c")
    (public_directory / "a/b").chmod(mode)
    store = RunStore(public_directory)
    before = os.geteuid()
    as_nobody()
    store.refresh()
    shut = (list(store.snapshot()), dict(store.snapshot().unreadable))
    os.seteuid(before)
    (public_directory / "a/b").chmod(0o755)
    store.refresh()
    assert shut == (["c"], {public_directory / "a/b": "Permission denied"})
    assert (list(store.snapshot()), dict(store.snapshot().unreadable)) == (["a/b", "c"], {})


@pytest.mark.parametrize("below", ["", "a", "events.out.tfevents.1.host"])
def test_a_log_directory_behind_a_closed_one_is_told(
    below: str, public_directory: Path, as_nobody: Callable[[], None]
) -> None:
    closed = public_directory / "closed"
    (closed / "a").mkdir(parents=True)
    (closed / "events.out.tfevents.1.host").touch()
    closed.chmod(0)
    as_nobody()
    store = RunStore(closed / below)
    store.refresh()
    assert store.snapshot().unreadable == {closed / below: "Permission denied"}


def test_a_link_to_a_file_that_may_not_be_read_is_told(
    make_logdir: Any, public_directory: Path, as_nobody: Callable[[], None]
) -> None:
    logdir = type(make_logdir())(public_directory)
    path = logdir.append(logdir.scalars(1, loss=1), run="closed")
    (public_directory / "run").mkdir()
    (public_directory / "run" / FIRST).symlink_to(path)
    path.parent.chmod(0)
    as_nobody()
    store = RunStore(public_directory / "run")
    store.refresh()
    (health,) = store.snapshot()["."].health
    assert (health.status, health.message) == ("unreadable", "Permission denied")


def test_a_budget_bounds_the_work_and_every_run_gets_its_turn(logdir: Any, store: RunStore) -> None:
    data = b"".join(logdir.scalars(step, loss=step) for step in range(600))
    for run in "abc":
        logdir.append(data, run=run)
    seen = []
    while not seen or seen[-1][-1]:
        store.refresh(budget=0)
        snapshot = store.snapshot()
        counts = [len(run.scalars["loss"]) if run.scalars else 0 for run in snapshot.values()]
        seen.append((*counts, snapshot.loading))
    assert [row[:3] for row in seen[:3]] == [(256, 0, 0), (256, 256, 0), (256, 256, 256)]
    assert seen[3][0] > 256  # A second turn goes further than the first.
    assert seen[3][1:3] == (256, 256)
    assert seen[-1] == (600, 600, 600, False)
    assert store.version == len(seen)
    assert store.snapshot().bytes_read == store.snapshot().bytes_total == 3 * len(data)


def test_a_budget_is_kept_while_loading_and_bytes_tell_how_far(logdir: Any, store: RunStore) -> None:
    logdir.append(b"".join(logdir.scalars(step, loss=step) for step in range(600)))
    store.refresh(budget=0)
    snapshot = store.snapshot()
    assert snapshot.loading
    assert 0 < snapshot.bytes_read < snapshot.bytes_total


def test_snapshots_may_be_taken_while_another_thread_refreshes(logdir: Any, store: RunStore) -> None:
    begun = threading.Event()
    finished = threading.Event()
    lengths = []

    def refresh() -> None:
        for step in range(200):
            logdir.append(logdir.scalars(step, loss=step))
            store.refresh()
            begun.set()
        finished.set()

    thread = threading.Thread(target=refresh, name="refresh")
    thread.start()
    begun.wait(timeout=60)
    while not finished.is_set():
        series = store.snapshot()["."].scalars["loss"]
        np.testing.assert_array_equal(series.step, np.arange(len(series)))
        lengths.append(len(series))
    thread.join()
    assert lengths == sorted(lengths)
    assert len(store.snapshot()["."].scalars["loss"]) == 200


def test_hostile_tags_and_names_are_kept(logdir: Any, store: RunStore) -> None:
    tags = {"\x1b[31mred": 1.0, "a\nb": 2.0, "": 3.0, "\u202eback": 4.0, "x" * 100000: 5.0}
    logdir.append(logdir.scalars(1, **tags), run="\x1b[2J")
    store.refresh()
    run = store.snapshot()["\x1b[2J"]
    assert {tag: series.value[0] for tag, series in run.scalars.items()} == tags
