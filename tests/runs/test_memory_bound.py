from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.compat.proto import event_pb2

from trackml.runs import ColumnCache, RunStore, SampledWarning, Series, export_scalars, scalar_columns
from trackml.storage import frame

FIRST = "events.out.tfevents.0000000001.host"
SECOND = "events.out.tfevents.0000000002.host"


def all_series(store: RunStore) -> list[Series]:
    return [series for run in store.snapshot().values() for series in run.scalars.values()]


def held(store: RunStore) -> int:
    return sum(len(series) for series in all_series(store))


def loss(store: RunStore, run: str = ".") -> Series:
    return store.snapshot()[run].scalars["loss"]


def test_a_store_without_a_bound_holds_all(logdir: Any) -> None:
    logdir.append(b"".join(logdir.scalars(step, loss=step) for step in range(1000)))
    store = RunStore(logdir.path)
    store.refresh()
    assert (held(store), loss(store).sampled) == (1000, None)


def test_a_bound_on_points_is_kept_and_no_spike_is_lost(logdir: Any) -> None:
    values = dict.fromkeys(range(5000), 1.0) | {777: 99.0, 3210: -99.0, 4000: float("nan"), 4500: float("inf")}
    logdir.append(b"".join(logdir.scalars(step, loss=value) for step, value in values.items()))
    store = RunStore(logdir.path, max_points=100)
    store.refresh()
    series = loss(store)
    assert 25 <= len(series) <= 100
    assert series.sampled == (len(series), 5000)
    assert {0, 777, 3210, 4000, 4500, 4999} <= set(series.step.tolist())
    np.testing.assert_array_equal(series.value, [values[step] for step in series.step.tolist()])


def test_a_bound_on_memory_is_kept(logdir: Any) -> None:
    logdir.append(b"".join(logdir.scalars(step, loss=step, accuracy=step) for step in range(5000)))
    store = RunStore(logdir.path, memory_limit=24 * 1000)
    store.refresh()
    assert 250 <= held(store) <= 1000


def test_the_longest_series_are_sampled_first(logdir: Any) -> None:
    for run, count in {"long": 4000, "longer": 5000, "short": 60}.items():
        logdir.append(b"".join(logdir.scalars(step, loss=step) for step in range(count)), run=run)
    store = RunStore(logdir.path, max_points=1000)
    store.refresh()
    lengths = {run: len(loss(store, run)) for run in store.snapshot()}
    assert lengths["short"] == 60
    assert loss(store, "short").sampled is None
    assert max(lengths.values()) < 4 * min(lengths["long"], lengths["longer"])


def test_the_bound_is_kept_while_files_grow(logdir: Any) -> None:
    store = RunStore(logdir.path, max_points=200)
    for step in range(0, 3000, 30):
        for run in "ab":
            logdir.append(b"".join(logdir.scalars(at, loss=-at) for at in range(step, step + 30)), run=run)
        store.refresh()
        assert held(store) <= 200
        for series in all_series(store):
            assert (series.step[0], series.step[-1]) == (0, step + 29)
            assert series.sampled is None or series.sampled.written == step + 30
    assert all(len(series) >= 25 for series in all_series(store))


def test_the_same_files_give_the_same_sample(logdir: Any) -> None:
    random = np.random.default_rng(3)
    for run in "abc":
        records = (logdir.scalars(step, loss=value) for step, value in enumerate(random.normal(size=900).tolist()))
        logdir.append(b"".join(records), run=run)
    stores = [RunStore(logdir.path, max_points=500), RunStore(logdir.path, max_points=500)]
    for store in stores:
        store.refresh()
    one, other = ([series.step.tolist() for series in all_series(store)] for store in stores)
    assert one == other


def test_the_bound_is_kept_when_time_runs_out(logdir: Any) -> None:
    for run in "abc":
        logdir.append(b"".join(logdir.scalars(step, loss=step) for step in range(2000)), run=run)
    store = RunStore(logdir.path, max_points=300)
    store.refresh(budget=0)
    assert store.snapshot().loading
    while store.snapshot().loading:
        store.refresh(budget=0)
        assert held(store) <= 300
    assert {series.sampled.written for series in all_series(store) if series.sampled} == {2000}


def test_restarts_supersede_points_of_a_sample(logdir: Any) -> None:
    logdir.append(logdir.version() + logdir.start(0, 1000.0))
    logdir.append(b"".join(logdir.scalars(step, 1000.0, loss=1) for step in range(1000)))
    logdir.append(logdir.version(2000.0) + logdir.start(500, 2000.0), file=SECOND)
    logdir.append(b"".join(logdir.scalars(step, 2000.0, loss=2) for step in range(500, 1000)), file=SECOND)
    store = RunStore(logdir.path, max_points=400)
    store.refresh()
    series, (superseded,) = loss(store), store.snapshot()["."].superseded["loss"]
    assert (np.diff(series.step) > 0).all()
    assert set(series.value[series.step < 500]) == {1}
    assert set(series.value[series.step >= 500]) == {2}
    assert superseded.step[0] >= 500
    assert series.sampled is not None
    assert superseded.sampled is not None
    assert series.sampled.written + superseded.sampled.written == 1500


def test_decreasing_steps_supersede_points_of_a_sample(logdir: Any) -> None:
    steps = [*range(600), *range(300, 600)]
    logdir.append(b"".join(logdir.scalars(step, loss=at) for at, step in enumerate(steps)))
    store = RunStore(logdir.path, max_points=200)
    store.refresh()
    series = loss(store)
    assert (np.diff(series.step) > 0).all()
    assert (series.step >= 300).tolist() == (series.value >= 600).tolist()


def test_what_is_no_scalar_is_never_left_out(logdir: Any) -> None:
    for step in range(300):
        event = event_pb2.Event(step=step)
        event.summary.value.add(tag="kernel").histo.num = 3
        logdir.append(frame(event.SerializeToString()) + logdir.scalars(step, loss=step))
    store = RunStore(logdir.path, memory_limit=300 * 32 + 1000)
    store.refresh()
    assert len(store.snapshot()["."].histograms["kernel"]) == 300
    assert 4 <= held(store) <= 1000 // 20


def test_a_bound_too_small_for_all_series_leaves_a_few_points_of_each(logdir: Any) -> None:
    tags = [f"tag{number}" for number in range(50)]
    logdir.append(b"".join(logdir.scalars(step, **dict.fromkeys(tags, step)) for step in range(200)))
    store = RunStore(logdir.path, max_points=1)
    store.refresh()
    assert all((series.step[0], series.step[-1]) == (0, 199) for series in all_series(store))
    assert all(2 <= len(series) <= 8 for series in all_series(store))


def test_a_replaced_file_is_sampled_anew(logdir: Any) -> None:
    path = logdir.append(b"".join(logdir.scalars(step, loss=1) for step in range(1000)))
    store = RunStore(logdir.path, max_points=100)
    store.refresh()
    path.write_bytes(b"".join(logdir.scalars(step, loss=2) for step in range(50)))
    store.refresh()
    assert (len(loss(store)), set(loss(store).value), loss(store).sampled) == (50, {2}, None)


def test_samples_are_not_kept_in_the_cache(logdir: Any, tmp_path: Path) -> None:
    logdir.append(b"".join(logdir.scalars(step, loss=1) for step in range(1000)))
    cache = ColumnCache(tmp_path / "cache", min_file_bytes=1)
    RunStore(logdir.path, cache=cache, max_points=100).refresh()
    cache.flush(wait=True)
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("limits", [{"max_points": 0}, {"memory_limit": -1}])
def test_limits_must_be_positive(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be positive, or None for no limit; got"):
        RunStore("/nowhere", **limits)


def test_frames_and_exports_of_samples_say_so(logdir: Any, tmp_path: Path) -> None:
    logdir.append(b"".join(logdir.scalars(step, loss=step, lr=1) for step in range(1000)))
    logdir.append(logdir.scalars(0, accuracy=1))
    store = RunStore(logdir.path, max_points=300)
    store.refresh()
    said = rf"2 of 3 series are samples: {held(store) - 1} of 2000 points are held, because the store has a memory"
    with pytest.warns(SampledWarning, match=said):
        assert len(scalar_columns(store.snapshot())) == held(store)
    with pytest.warns(SampledWarning, match="1 of 1 series"):
        export_scalars(store.snapshot(), tmp_path / "loss.csv", tags="loss")
    assert len(scalar_columns(store.snapshot(), tags="accuracy")) == 1
