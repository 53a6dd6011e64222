"""The run list as values: who is listed and shown, in what order, how each run is doing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from weakref import WeakKeyDictionary

from trackml.runs import RunManifest, RunView, Series, Snapshot
from trackml_tui.catalog.candidates import Candidate
from trackml_tui.catalog.groups import RunGroup
from trackml_tui.catalog.labels import NO_LABELS, Labels
from trackml_tui.catalog.listing import lines_of, list_runs
from trackml_tui.catalog.status import Status
from trackml_tui.catalog.tree import Node
from trackml_tui.curves import Curves, Line, LineOptions
from trackml_tui.palette import SlotBook
from trackml_tui.view import View

_CURSOR_TOLERANCE = 0.01
_DAMAGE = frozenset({"corrupt", "unreadable"})
_DAMAGED: WeakKeyDictionary[RunView, int] = WeakKeyDictionary()
"""What `damaged_files` gave: a view never changes, and is asked about every second."""
_NO_MANIFESTS: Mapping[str, RunManifest] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class RunRow:
    """One run that is listed."""

    key: str
    """The run's name."""
    label: str
    """What the user calls it, or else its name without the directory that all runs are in."""
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
    renamed: bool = False
    """Whether `label` is the user's name for it."""
    starred: bool = False
    noted: bool = False
    """Whether the user left a note."""
    archived: bool = False
    """Whether it was put away."""


@dataclass(frozen=True, slots=True, eq=False)
class ListRow:
    """One line of the run list: a run, a directory or a group."""

    node: Node
    """Its place in the tree, and the runs that it stands for."""
    row: RunRow | None
    """The run whose values are shown; None for a directory or a group."""
    label: str
    shown: bool | None
    """Whether its runs are switched on; None if some are."""
    parts: tuple[tuple[str, int], ...] = ()
    """Of joined runs that are folded: label and place in the palette of each of the others."""

    @property
    def key(self) -> str:
        """Tells the line from all others."""
        return self.node.key


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """Everything the run list and the chart show."""

    rows: tuple[RunRow, ...] = ()
    """The runs that are listed, in the order of the list, those in folded directories included."""
    listed: tuple[ListRow, ...] = ()
    """The lines of the list."""
    groups: tuple[RunGroup, ...] = ()
    """The groups of the listed runs; none without a way to group them."""
    directory: str = ""
    """The path that all names begin with, with a slash at its end."""
    total: int = 0
    """Runs, those that the query leaves out included."""
    live: int = 0
    damaged: int = 0
    """Damaged files of all runs."""
    archived: int = 0
    """Runs that are not listed because they are put away."""
    reasons: tuple[str, ...] = ()
    """Why parts of the query picked nothing."""

    @property
    def drawn(self) -> list[RunRow]:
        """The rows that have a line on the chart."""
        return [row for row in self.rows if row.line is not None]

    def row(self, run: str | None) -> RunRow | None:
        """The row of `run`, if it is listed."""
        return next((row for row in self.rows if row.key == run), None)

    def line_of(self, key: str | None) -> ListRow | None:
        """The line of the list that has this key."""
        return next((line for line in self.listed if line.key == key), None)

    def fold_of(self, key: str | None) -> str | None:
        """The line that folds: this one, or the nearest above it that it is in; None if there is none."""
        place = next((place for place, line in enumerate(self.listed) if line.key == key), None)
        if place is None:
            return None
        depth = self.listed[place].node.depth
        around = [line.node for line in self.listed[: place + 1] if line.node.folds]
        within = [node for node in around if node.depth < depth or node.key == key]
        return within[-1].key if within else None

    def members(self, key: str | None) -> tuple[str, ...]:
        """The runs that a line of the list stands for."""
        line = self.line_of(key)
        return () if line is None else line.node.members


def make_board(
    snapshot: Snapshot,
    view: View,
    curves: Curves,
    slots: SlotBook,
    now: float,
    *,
    labels: Labels = NO_LABELS,
    manifests: Mapping[str, RunManifest] = _NO_MANIFESTS,
) -> Board:
    """The board of `snapshot` under the choices of `view`.

    Args:
        snapshot: What the log directory holds.
        view: What the user chose.
        curves: Where lines are kept from one board to the next.
        slots: Which run has which colour; new runs are entered.
        now: Seconds since the epoch.
        labels: What the user says of runs.
        manifests: What runs say of themselves, by name.
    """
    listing = list_runs(snapshot, view.pattern, view.runs, labels, manifests, now)
    slots.enter(each.name for each in listing.everything)
    slots.chosen = {each.name: each.label.slot for each in listing.everything if each.label.slot is not None}
    curves.forget_unused()
    lines = {each.name: _line(each.run, view, curves) for each in listing.listed}
    tolerance = _tolerance(lines.values()) if view.reads_at is not None else 0.0
    rows = {
        each.name: _row(each, lines[each.name], view, slots[each.name], listing.directory, tolerance)
        for each in listing.listed
    }
    nodes = lines_of(listing, [row.key for row in _ordered([*rows.values()], view.order)], view.runs)
    return Board(
        rows=tuple(rows[name] for name in dict.fromkeys(name for node in nodes for name in node.members)),
        listed=tuple(_list_row(node, rows) for node in nodes),
        groups=listing.groups,
        directory=listing.directory,
        total=len(listing.everything),
        live=sum(each.status.is_live for each in listing.everything),
        damaged=sum(damaged_files(each.run) for each in listing.everything),
        archived=listing.archived,
        reasons=listing.reasons,
    )


def damaged_files(run: RunView) -> int:
    """How many of the run's files have lost data or cannot be read."""
    if run not in _DAMAGED:
        _DAMAGED[run] = sum(file.status in _DAMAGE for file in run.health)
    return _DAMAGED[run]


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
    options = LineOptions(charts.x_axis, charts.log_y, charts.has_log_x, charts.smoothing)
    if charts.x_tag is not None:
        across = run.scalars.get(charts.x_tag)
        return curves.against(run.name, (charts.x_tag, tag), across, series, options) if across is not None else None
    ghosts = run.superseded.get(tag, ()) if charts.ghosts else ()
    return curves.line(run.name, tag, series, options, tuple(ghost for ghost in ghosts if len(ghost)))


def _row(
    candidate: Candidate,
    line: Line | None,
    view: View,
    slot: int,
    directory: str,
    cursor_tolerance: float,
) -> RunRow:
    run, label = candidate.run, candidate.label
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
        label=label.name or run.name[len(directory) :],
        slot=slot,
        shown=view.shows(run.name),
        status=candidate.status,
        age=candidate.age,
        step=step,
        value=value,
        smoothed=smoothed,
        damaged=damaged_files(run),
        line=line,
        renamed=bool(label.name),
        starred=label.starred,
        noted=bool(label.note),
        archived=label.archived,
    )


def _list_row(node: Node, rows: Mapping[str, RunRow]) -> ListRow:
    """The line of a node; what is below a folded run may have the chosen tag where the run itself has not."""
    own = rows[node.run] if node.run is not None else None
    if own is not None and len(node.members) == 1:
        return ListRow(node, own, own.label if own.renamed else node.label, own.shown)
    row = own
    if row is not None and row.value is None:
        row = next((rows[name] for name in node.members if rows[name].value is not None), row)
    on = sum(rows[name].shown for name in node.members)
    return ListRow(
        node=node,
        row=row,
        label=own.label if own is not None and own.renamed else node.label,
        shown=bool(on) if on in (0, len(node.members)) else None,
        parts=tuple((name.rsplit("/", 1)[-1], rows[name].slot) for name in node.parts),
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
