"""The run list as values: who is shown, in what order, how each run is doing.

Whether a run is alive is inferred from its last event, since event files do not say that a run ended:
a run is live while the last event is younger than `LIVE_SECONDS`, or than three times the usual distance
between its events. Writers may hold events back for two minutes before they flush, so the limit is not
lower than that.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from weakref import WeakKeyDictionary

from trackml.runs import RunView, Series, Snapshot
from trackml_tui.curves import Curves, Line, LineOptions
from trackml_tui.order import common_directory, natural_key
from trackml_tui.palette import SlotBook
from trackml_tui.view import View

LIVE_SECONDS = 150.0
"""A run is live at least this long after an event: two minutes of a writer's buffer, and some delay."""
_LONGEST_LIVE_SECONDS = 7200.0
_PATIENCE = 3.0
_RECENT_EVENTS = 20
_CURSOR_TOLERANCE = 0.01
_PATIENCES: WeakKeyDictionary[RunView, float] = WeakKeyDictionary()
"""What `_patience` gave: a view never changes, and is asked about every second."""
_DAMAGE = frozenset({"corrupt", "unreadable"})


class Status(Enum):
    """What can be said of a run from its event files alone."""

    LIVE = "live"
    IDLE = "idle"
    EMPTY = "no events"


@dataclass(frozen=True, slots=True, eq=False)
class RunRow:
    """One line of the run list."""

    key: str
    """The run's name."""
    label: str
    """The name without the directory that all runs are in."""
    slot: int
    """Its place in the palette."""
    shown: bool
    status: Status
    age: float | None
    """Seconds since the last event; None without events."""
    step: int | None
    """The last step of any tag, or, under the cursor, the step that is read."""
    value: float | None
    """The value of the chosen tag; None if the run has none."""
    smoothed: float | None
    damaged: int
    """How many of its files have lost data or cannot be read."""
    line: Line | None
    """The line of the chosen tag, made for shown runs that have it."""


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """Everything the run list and the chart show."""

    rows: tuple[RunRow, ...] = ()
    directory: str = ""
    """The path that all names begin with, with a slash at its end."""
    total: int = 0
    """Runs, those that the pattern leaves out included."""
    live: int = 0
    damaged: int = 0
    """Damaged files of all runs."""

    @property
    def drawn(self) -> list[RunRow]:
        """The rows that have a line on the chart."""
        return [row for row in self.rows if row.line is not None]

    def row(self, run: str | None) -> RunRow | None:
        """The row of `run`, if it is listed."""
        return next((row for row in self.rows if row.key == run), None)


def make_board(snapshot: Snapshot, view: View, curves: Curves, slots: SlotBook, now: float) -> Board:
    """The board of `snapshot` under the choices of `view`.

    Args:
        snapshot: What the log directory holds.
        view: What the user chose.
        curves: Where lines are kept from one board to the next.
        slots: Which run has which colour; new runs are entered.
        now: Seconds since the epoch.
    """
    names = sorted(snapshot, key=natural_key)
    slots.enter(names)
    curves.forget_unused()
    matching = view.matching(names)
    lines = {name: _line(snapshot[name], view, curves) for name in matching}
    tolerance = _tolerance(lines.values()) if view.reads_at is not None else 0.0
    directory = common_directory(names)
    rows = [_row(snapshot[name], lines[name], view, now, slots[name], directory, tolerance) for name in matching]
    return Board(
        rows=tuple(_ordered(rows, view.order)),
        directory=directory,
        total=len(names),
        live=sum(status_of(run, now) is Status.LIVE for run in snapshot.values()),
        damaged=sum(damaged_files(run) for run in snapshot.values()),
    )


def status_of(run: RunView, now: float) -> Status:
    """Whether the run seems to be alive."""
    if run.last_wall_time is None:
        return Status.EMPTY
    if run not in _PATIENCES:
        _PATIENCES[run] = _patience(run, run.last_wall_time)
    return Status.LIVE if now - run.last_wall_time <= _PATIENCES[run] else Status.IDLE


def damaged_files(run: RunView) -> int:
    """How many of the run's files have lost data or cannot be read."""
    return sum(file.status in _DAMAGE for file in run.health)


def _patience(run: RunView, last: float) -> float:
    """How many seconds after its last event the run still counts as live.

    Only tags that were on schedule at that event tell the usual distance: not those that were written at
    the start, and never again.
    """
    usual = [
        distance
        for series in run.scalars.values()
        if (distance := _usual_distance(series)) and last - float(series.wall_time[-1]) <= _PATIENCE * distance
    ]
    return min(max(LIVE_SECONDS, _PATIENCE * min(usual, default=0.0)), _LONGEST_LIVE_SECONDS)


def _usual_distance(series: Series) -> float:
    """Mean seconds between the last events of a series; 0 with less than two events."""
    recent = min(_RECENT_EVENTS, len(series))
    if recent < 2:
        return 0.0
    return (float(series.wall_time[-1]) - float(series.wall_time[-recent])) / (recent - 1)


def _chosen(run: RunView, view: View) -> Series | None:
    series = run.scalars.get(view.tag) if view.tag is not None else None
    return series if series is not None and len(series) else None


def _line(run: RunView, view: View, curves: Curves) -> Line | None:
    if view.tag is None or not view.shows(run.name):
        return None
    return tag_line(run, view.tag, view, curves)


def tag_line(run: RunView, tag: str, view: View, curves: Curves) -> Line | None:
    """The line of a run's tag as it was chosen to be drawn; None without points."""
    series, charts = run.scalars.get(tag), view.charts
    if series is None or not len(series):
        return None
    has_log_x = charts.log_x and (charts.x_axis != "wall" or charts.x_tag is not None)
    options = LineOptions(charts.x_axis, charts.log_y, has_log_x, charts.smoothing)
    if charts.x_tag is not None:
        across = run.scalars.get(charts.x_tag)
        return curves.against(run.name, (charts.x_tag, tag), across, series, options) if across is not None else None
    ghosts = run.superseded.get(tag, ()) if charts.ghosts else ()
    return curves.line(run.name, tag, series, options, tuple(ghost for ghost in ghosts if len(ghost)))


def _row(
    run: RunView,
    line: Line | None,
    view: View,
    now: float,
    slot: int,
    directory: str,
    cursor_tolerance: float,
) -> RunRow:
    series = _chosen(run, view)
    step, value, smoothed = run.last_step, None, None
    if view.reads_at is not None:
        index = line.nearest(view.reads_at, cursor_tolerance) if line is not None else None
        step = int(line.step[index]) if line is not None and index is not None else None
        value = float(line.value[index]) if line is not None and index is not None else None
    else:
        index = -1 if line is not None and line.value.size else None
        value = float(series.held_value[-1]) if series is not None else None
    if line is not None and index is not None:
        smoothed = float(line.smoothed[index])
    return RunRow(
        key=run.name,
        label=run.name[len(directory) :],
        slot=slot,
        shown=view.shows(run.name),
        status=status_of(run, now),
        age=None if run.last_wall_time is None else max(0.0, now - run.last_wall_time),
        step=step,
        value=value,
        smoothed=smoothed,
        damaged=damaged_files(run),
        line=line,
    )


def _tolerance(lines: Iterable[Line | None]) -> float:
    """How far beyond a line's end the cursor still reads its last point."""
    curves = [line.raw_curve for line in lines if line is not None and line.raw_curve.pieces]
    if not curves:
        return 0.0
    return _CURSOR_TOLERANCE * (max(c.x_high for c in curves) - min(c.x_low for c in curves))


def _ordered(rows: list[RunRow], order: str) -> list[RunRow]:
    """The rows, which come sorted by name, in `order`; runs without a number are last."""
    if order == "newest":
        return sorted(rows, key=lambda row: math.inf if row.age is None else row.age)
    if order == "step":
        return sorted(rows, key=lambda row: math.inf if row.step is None else -row.step)
    if order in ("lowest", "highest"):
        sign = 1.0 if order == "lowest" else -1.0
        return sorted(rows, key=lambda row: _rank(row.value, sign))
    return rows


def _rank(value: float | None, sign: float) -> tuple[int, float]:
    if value is None:
        return 2, 0.0
    return (1, 0.0) if math.isnan(value) else (0, sign * value)
