"""The checkpoints of a run, from what is on disk and what its manifest says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from trackml.runs import Checkpoint, ManifestCheckpoint, ManifestDecision, RunManifest
from trackml_tui.checkpoints.timeline import Entry, State, timeline


def on_disk(step: int, *, latest: bool = False) -> Checkpoint:
    name = f"model.ckpt-{step}"
    return Checkpoint(name, Path(name), "tensorflow", step, 100, 1000.0 + step, latest)


def told(step: int, deleted: float | None = None) -> ManifestCheckpoint:
    return ManifestCheckpoint(step, f"model.ckpt-{step}", 90, 1000.0 + step, deleted)


def manifest(*checkpoints: ManifestCheckpoint, decisions: tuple[ManifestDecision, ...] = ()) -> RunManifest:
    return RunManifest("running", 0.0, None, 0.0, 60.0, None, checkpoints=checkpoints, decisions=decisions)


def decided(step: int, decision: str, reason: str = "") -> ManifestDecision:
    return ManifestDecision(None, decision, step, reason, 0.0, None)


def entries(found: list[Checkpoint], said: RunManifest | None = None, **options: Any) -> tuple[Entry, ...]:
    options = {"evaluated_steps": None, "metric": None, "lower_is_better": True, **options}
    return timeline(found, said, **options)


def test_what_the_manifest_tells_and_what_is_there() -> None:
    found = [on_disk(200), on_disk(300, latest=True), on_disk(50)]
    rows = entries(found, manifest(told(100, deleted=1500.0), told(150), told(200), told(300)))
    assert [(row.step, row.state) for row in rows] == [
        (50, State.KEPT),
        (100, State.DELETED),
        (150, State.DELETED),
        (200, State.KEPT),
        (300, State.LATEST),
    ]
    assert [row.deleted for row in rows] == [None, 1500.0, None, None, None]
    assert [row.size for row in rows] == [100, 90, 90, 100, 100]
    assert [row.is_on_disk for row in rows] == [True, False, False, True, True]


def test_without_a_manifest_the_files_alone_speak() -> None:
    rows = entries([on_disk(2), on_disk(1)])
    assert [(row.step, row.state, row.verdict) for row in rows] == [(1, State.KEPT, ""), (2, State.KEPT, "")]


def test_decisions_are_told_with_their_reasons() -> None:
    decisions = (
        decided(1, "evaluating", "new checkpoint"),
        decided(1, "evaluated", "new checkpoint"),
        decided(2, "skipped", "throttle_secs"),
        decided(3, "evaluating"),
        decided(1, "skipped", "throttle_secs"),
    )
    said = manifest(told(1), told(2), told(3), told(4), decisions=decisions)
    rows = entries([on_disk(step) for step in (1, 2, 3, 4)], said, evaluated_steps=frozenset({4}))
    assert [(row.verdict, row.inferred) for row in rows] == [
        ("evaluated", False),
        ("skipped", False),
        ("evaluating", False),
        ("", False),
    ]
    assert rows[1].reason == "throttle_secs"


def test_verdicts_are_inferred_from_evaluations_where_none_is_told() -> None:
    rows = entries([on_disk(1), on_disk(2)], evaluated_steps=frozenset({2}))
    assert [(row.verdict, row.inferred) for row in rows] == [("skipped", True), ("evaluated", True)]


def series(logdir: Any, values: list[float], first_step: int = 0) -> Any:
    logdir.write("run", values, first_step=first_step)
    return logdir.snapshot()["run"].scalars["loss"]


@pytest.mark.parametrize(("lower", "best"), [(True, 2), (False, 0)])
def test_the_best_checkpoint_by_the_metric(logdir: Any, lower: bool, best: int) -> None:
    metric = series(logdir, [3.0, 2.0, 1.0, 2.0, 2.5])
    rows = entries([on_disk(step) for step in (0, 1, 2, 4, 9)], metric=metric, lower_is_better=lower)
    assert [row.value for row in rows] == [3.0, 2.0, 1.0, 2.5, None]
    assert [row.step for row in rows if row.best] == [best]


def test_a_step_between_two_points_has_the_value_before(logdir: Any) -> None:
    logdir.write("run", [1.0], first_step=10)
    metric = series(logdir, [2.0], first_step=20)
    rows = entries([on_disk(5), on_disk(15), on_disk(25)], metric=metric)
    assert [row.value for row in rows] == [None, 1.0, None]
    assert not any(row.best for row in rows)
    assert entries([on_disk(15)], metric=metric, exactly=True)[0].value is None


def test_values_that_are_not_finite_are_never_best(logdir: Any) -> None:
    metric = series(logdir, [float("nan"), 2.0, float("-inf"), 1.0])
    rows = entries([on_disk(step) for step in range(4)], metric=metric)
    assert [row.step for row in rows if row.best] == [3]
