"""Sentences about a scene: the status line, the chart's title, one run in detail, empty charts."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from trackml.runs import Series
from trackml_tui.board import RunRow
from trackml_tui.formatting import age, count, number, plural, printable
from trackml_tui.plotting.calendar_ticks import clock_label
from trackml_tui.plotting.series import Curve
from trackml_tui.plotting.ticks import duration_label
from trackml_tui.scene import Scene

_RATE_POINTS = 50
_BETWEEN = " · "


class Notice(NamedTuple):
    """What stands in place of a chart that would be empty."""

    heading: str
    body: str
    bare: bool = False
    """Whether the rest of the screen would be empty too."""


def where(scene: Scene) -> str:
    """The log directories."""
    return ", ".join(printable(str(path)) for path in scene.logdirs)


def status_facts(scene: Scene) -> str:
    """How many runs there are, how many are live, how far reading is."""
    board, snapshot = scene.board, scene.snapshot
    if snapshot is None:
        return "reading"
    listed = "" if len(board.rows) == board.total else f"{count(len(board.rows))} of "
    facts = [listed + plural(board.total, "run"), f"{board.live} live"]
    return _BETWEEN.join([scene.reading, *facts] if scene.reading else facts)


def damage_fact(scene: Scene) -> str:
    """How many files are damaged and how many directories closed; empty if none is."""
    damaged, closed = scene.board.damaged, len(scene.snapshot.unreadable) if scene.snapshot else 0
    facts = [plural(damaged, "damaged file")] if damaged else []
    facts += [plural(closed, "unreadable path")] if closed else []
    return f"! {', '.join(facts)} (h)" if facts else ""


def lost_facts(curves: Iterable[Curve]) -> list[str]:
    """How many points are not drawn, by reason."""
    lost = [curve.lost for curve in curves]
    reasons = {
        "NaN": sum(each.nan for each in lost),
        "inf": sum(each.above + each.below for each in lost),
        "not positive": sum(each.not_positive for each in lost),
        "not on log x": sum(each.x_not_positive for each in lost),
        "without a time": sum(each.x_not_finite for each in lost),
    }
    return [f"{count(amount)} {reason}" for reason, amount in reasons.items() if amount]


def cursor_label(scene: Scene) -> str:
    """Where the cursor is on the x axis."""
    x, charts = scene.view.reads_at, scene.view.charts
    if x is None:
        return ""
    if charts.x_tag is not None:
        return number(x)
    if charts.x_axis == "step":
        return count(round(x))
    if charts.x_axis == "relative":
        return duration_label(x)
    return clock_label(x)


def life_fact(row: RunRow) -> str:
    """Whether the run seems to be alive."""
    return row.status.value if row.age is None else f"{row.status.value}, event {age(row.age)} ago"


def run_facts(scene: Scene) -> str:
    """The current run in detail, most important first."""
    run, series = scene.run, scene.series
    if run is None:
        return ""
    facts = []
    if run.last_step is not None:
        facts.append(f"step {count(run.last_step)}")
    if series is not None and len(series):
        facts += [_not_finite(series), _rate(series), *_extremes(series), _points(series)]
    return _BETWEEN.join(fact for fact in facts if fact)


def notice(scene: Scene) -> Notice | None:
    """What stands in place of the chart; None if there is something to draw."""
    return no_charts(scene) or _nothing_chosen(scene)


def no_charts(scene: Scene) -> Notice | None:
    """What stands in place of all charts; None if one of them may have something to draw."""
    return nothing_there(scene) or _no_scalars(scene) or _no_run_chosen(scene)


def nothing_there(scene: Scene) -> Notice | None:
    """What is said where there are no runs at all; None if there are."""
    snapshot = scene.snapshot
    if snapshot is None or (not snapshot and snapshot.loading):
        return Notice("Reading…", where(scene), bare=True)
    if not snapshot and len(scene.missing) == len(scene.logdirs):
        body = f"{where(scene)}\n\nThe dashboard opens as soon as it is there."
        return Notice("No such directory", body, bare=True)
    if not snapshot and snapshot.unreadable:
        told = "\n".join(f"{printable(str(path))}: {reason}" for path, reason in snapshot.unreadable.items())
        return Notice("Cannot be listed", f"{told}\n\nRuns appear here as soon as they can be read.", bare=True)
    if not snapshot:
        body = f"No event files in {where(scene)}\n\nRuns appear here as soon as they are written."
        return Notice("No runs yet", body, bare=True)
    return None


def _no_scalars(scene: Scene) -> Notice | None:
    snapshot = scene.snapshot
    if snapshot is None or scene.tags_of("scalars"):
        return None
    if snapshot.loading:
        return Notice("Reading…", "No scalar so far.")
    kinds = ", ".join(f"{count(len(tags))} {kind}" for kind, tags in sorted(scene.tags.items()) if tags)
    found = f"Tags of other kinds: {kinds}.\n\n" if kinds else ""
    return Notice("No scalars yet", f"{found}A chart appears with the first scalar.")


def _no_run_chosen(scene: Scene) -> Notice | None:
    board, view = scene.board, scene.view
    if not board.rows:
        return Notice("No run matches", f"{printable(view.pattern)}\n\nPress / to change the filter.")
    if not any(row.shown for row in board.rows):
        return Notice("No run is shown", "Press space to show the run under the cursor, a to show all.")
    return None


def _nothing_chosen(scene: Scene) -> Notice | None:
    board, view = scene.board, scene.view
    if not board.drawn and view.charts.together:
        return None
    if not board.drawn:
        return Notice("Nothing to draw", f"No shown run has the tag {printable(view.tag or '')}.")
    if any(row.line.raw_curve.pieces for row in board.drawn if row.line is not None):
        return None
    if view.charts.log_y:
        return Notice("Nothing to draw", "A log axis needs positive values. Press y for a symlog one.")
    if view.charts.log_x:
        return Notice("Nothing to draw", "A log axis begins above 0. Press X for a linear one.")
    return Notice("Nothing to draw", "Every value of the shown runs is NaN or infinite.")


def _points(series: Series) -> str:
    if series.sampled is None:
        return plural(len(series), "point")
    kept, written = series.sampled
    return f"{count(kept)} of {plural(written, 'point')}"


def _rate(series: Series) -> str:
    recent = min(_RATE_POINTS, len(series))
    seconds = float(series.wall_time[-1]) - float(series.wall_time[-recent])
    steps = int(series.step[-1]) - int(series.step[-recent])
    return f"{number(steps / seconds)} steps/s" if seconds > 0 and steps > 0 else ""


def _extremes(series: Series) -> list[str]:
    finite = np.isfinite(series.value)
    if not finite.any():
        return []
    places = {
        "min": int(np.argmin(np.where(finite, series.value, math.inf))),
        "max": int(np.argmax(np.where(finite, series.value, -math.inf))),
    }
    return [
        f"{name} {number(float(series.value[place]))} @ {count(int(series.step[place]))}"
        for name, place in places.items()
    ]


def _not_finite(series: Series) -> str:
    finite = np.isfinite(series.value)
    bad = len(series) - int(np.count_nonzero(finite))
    if not bad:
        return ""
    first = int(series.step[int(np.argmin(finite))])
    return f"{count(bad)} NaN or inf, first @ {count(first)}"
