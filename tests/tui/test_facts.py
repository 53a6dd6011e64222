from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from trackml.runs import RunStore, Snapshot
from trackml_tui import facts
from trackml_tui.board import make_board
from trackml_tui.choices.charts import ChartsChoice
from trackml_tui.curves import Curves
from trackml_tui.palette import SlotBook
from trackml_tui.scene import Scene
from trackml_tui.tags import tags_by_kind
from trackml_tui.view import View

RAW = ChartsChoice(smoothing=0.0)
LOSS = View(tag="loss", charts=RAW, current="run")


def scene_of(logdir: Any, view: View = LOSS, missing: tuple[Path, ...] = ()) -> Scene:
    snapshot = logdir.snapshot()
    board = make_board(snapshot, view, Curves(), SlotBook(), logdir.now)
    return Scene([logdir.path], missing, snapshot, view, board, tags_by_kind(snapshot))


def heading(scene: Scene) -> str | None:
    notice = facts.notice(scene)
    return notice.heading if notice else None


def test_before_the_first_look() -> None:
    scene = Scene([Path("runs")])
    assert heading(scene) == "Reading…"
    assert facts.status_facts(scene) == "reading"


def test_a_missing_directory_is_named(logdir: Any) -> None:
    notice = facts.notice(scene_of(logdir, missing=(logdir.path,)))
    assert notice is not None
    assert notice.heading == "No such directory"
    assert str(logdir.path) in notice.body


def test_an_empty_directory(logdir: Any) -> None:
    assert heading(scene_of(logdir)) == "No runs yet"


def test_runs_without_scalars_tell_what_they_have(logdir: Any) -> None:
    logdir.write_histogram("run")
    notice = facts.notice(scene_of(logdir, View()))
    assert notice is not None
    assert notice.heading == "No scalars yet"
    assert "1 histograms" in notice.body
    assert not notice.bare


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (LOSS, None),
        (replace(LOSS, pattern="nothing"), "No run matches"),
        (LOSS.all_or_none(), "No run is shown"),
        (replace(LOSS, tag="accuracy"), "Nothing to draw"),
    ],
)
def test_choices_that_leave_nothing(logdir: Any, view: View, expected: str | None) -> None:
    logdir.write("run", [1.0])
    logdir.write("run", [1.0], tag="other")
    assert heading(scene_of(logdir, view)) == expected


def test_values_that_cannot_be_drawn(logdir: Any) -> None:
    logdir.write("run", [float("nan"), float("inf")])
    notice = facts.notice(scene_of(logdir))
    assert notice is not None
    assert notice.body == "Every value of the shown runs is NaN or infinite."
    logdir.write("run", [-1.0])
    assert heading(scene_of(logdir)) is None
    assert heading(scene_of(logdir, replace(LOSS, charts=replace(RAW, y_scale="log")))) == "Nothing to draw"


def test_a_run_in_detail(logdir: Any) -> None:
    logdir.write("run", [3.0, 1.0, float("nan"), 2.0, 5.0], every=0.5, age=4.0)
    scene = scene_of(logdir)
    assert scene.row is not None
    assert facts.life_fact(scene.row) == "live?, event 4s ago"
    assert facts.run_facts(scene) == ("step 4 · 1 NaN or inf, first @ 2 · 2 steps/s · min 1 @ 1 · max 5 @ 4 · 5 points")


def test_a_sample_says_of_how_many(logdir: Any) -> None:
    logdir.write("run", [1.0] * 1000)
    store = RunStore(logdir.path, max_points=100)
    store.refresh()
    scene = replace(scene_of(logdir), snapshot=store.snapshot())
    assert scene.series is not None
    assert facts.run_facts(scene).endswith(f" · {len(scene.series)} of 1,000 points")


def test_the_status_counts(logdir: Any) -> None:
    logdir.write("run", [1.0])
    logdir.write("other", [1.0], age=1e5)
    assert facts.status_facts(scene_of(logdir)) == "2 runs · 1 live"
    assert facts.status_facts(scene_of(logdir, replace(LOSS, pattern="run"))) == "1 of 2 runs · 1 live"
    assert facts.damage_fact(scene_of(logdir)) == ""


@pytest.mark.parametrize(("x_axis", "x", "label"), [("step", 1240.3, "1,240"), ("relative", 90.0, "1m30s")])
def test_the_cursor_has_a_label(logdir: Any, x_axis: str, x: float, label: str) -> None:
    logdir.write("run", [1.0])
    assert facts.cursor_label(scene_of(logdir, replace(LOSS, charts=replace(RAW, x_axis=x_axis), cursor=x))) == label
    assert facts.cursor_label(scene_of(logdir)) == ""


def test_directories_that_cannot_be_listed_are_told(logdir: Any) -> None:
    logdir.write("run", [1.0])
    whole = scene_of(logdir)
    closed = {logdir.path / "closed": "Permission denied"}
    beside = Snapshot(dict(whole.snapshot or {}), 1, loading=False, bytes_read=0, bytes_total=0, unreadable=closed)
    alone = Snapshot({}, 1, loading=False, bytes_read=0, bytes_total=0, unreadable=closed)
    assert facts.damage_fact(replace(whole, snapshot=beside)) == "! 1 unreadable path (h)"
    notice = facts.notice(replace(whole, snapshot=alone))
    assert notice is not None
    assert notice.heading == "Cannot be listed"
    assert f"{logdir.path}/closed: Permission denied" in notice.body
