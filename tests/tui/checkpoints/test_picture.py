"""The curve with its checkpoints, as text."""

from __future__ import annotations

from typing import Any

from trackml_tui.checkpoints.picture import picture
from trackml_tui.checkpoints.timeline import Entry, State


def entry(step: int | None, state: State = State.KEPT, verdict: str = "", best: bool = False) -> Entry:
    file: Any = None if state is State.DELETED else object()
    return Entry(f"c{step}", step, 1, 0.0, state, file=file, verdict=verdict, best=best)


def test_marks_are_below_their_steps(logdir: Any) -> None:
    logdir.write("run", [float(step) for step in range(101)])
    series = logdir.snapshot()["run"].scalars["loss"]
    entries = [
        entry(0, State.DELETED, "evaluated"),
        entry(50, verdict="skipped", best=True),
        entry(100, State.LATEST),
        entry(None),
    ]
    rows = picture([(0, series)], entries, entries[1], 60, 14).text()
    assert len(rows) == 14
    axis, marks, verdicts = rows[10], rows[12], rows[13]
    places = [marks.index(mark) for mark in "△★▲"]
    assert [axis[place] for place in places] == ["┬", "┴", "┬"]
    assert [verdicts[place] for place in places] == ["◆", "·", " "]
    assert sum(row[places[1]] == "│" for row in rows) > 3


def test_a_checkpoint_on_disk_hides_a_deleted_one_in_its_column() -> None:
    entries = [entry(1000, State.KEPT), entry(1001, State.DELETED), entry(0, State.DELETED), entry(10**6)]
    marks = picture([], entries, None, 40, 10).text()[-2]
    assert marks.split() == ["▲", "▲"]


def test_without_anything_there_are_axes() -> None:
    assert any("└" in row for row in picture([], [], None, 30, 8).text())
