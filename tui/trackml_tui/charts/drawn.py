"""Which lines a chart has: of runs, or of groups of runs with a band, of one tag or of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from trackml_tui.board import RunRow, tag_line
from trackml_tui.catalog.groups import RunGroup, group_runs
from trackml_tui.choices.charts import ChartsChoice
from trackml_tui.curves import Line
from trackml_tui.plotting.aggregate import Aggregate, aggregate
from trackml_tui.plotting.series import Curve, prepare
from trackml_tui.scene import Scene

_MOST_KEPT = 256
_BANDS: Mapping[str, tuple[str, str]] = {
    "mean±std": ("mean", "std"),
    "mean min-max": ("mean", "minmax"),
    "median IQR": ("median", "iqr"),
    "median min-max": ("median", "minmax"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """One line of a chart."""

    key: str
    """The run's name, or the group's key."""
    label: str
    slot: int
    line: Line
    tag: str
    turn: int = 0
    """Which of the tags of the chart it shows, 0 for the first."""
    runs: tuple[str, ...] = ()
    """The runs that it stands for."""
    band: tuple[Curve, Curve] | None = None
    """Upper and lower side of the band around a group."""
    members: tuple[Line, ...] = ()
    """The lines of a group's runs."""

    @property
    def logged(self) -> list[Curve]:
        """The curves of what was logged."""
        return [line.raw_curve for line in self.members or (self.line,)]


class Bands:
    """Keeps what was computed of groups of lines, as long as the lines stay the same."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str, str], tuple[tuple[Line, ...], Drawn]] = {}

    def drawn(self, group: RunGroup, tag: str, charts: ChartsChoice, lines: Sequence[Line], slot: int) -> Drawn:
        """The middle of `lines` with a band.

        Args:
            group: Whose lines they are.
            tag: The tag that they show.
            charts: What was chosen; `band` is not empty.
            lines: The lines of the group's runs.
            slot: The group's place in the palette.
        """
        key = (tag, group.key, charts.band)
        made = self._made.get(key)
        if made is None or not _same(made[0], lines):
            if len(self._made) >= _MOST_KEPT:
                self._made.clear()
            made = tuple(lines), _banded(group, tag, charts, lines, slot)
            self._made[key] = made
        return made[1]


def drawn_lines(scene: Scene, tags: Sequence[str], bands: Bands) -> list[Drawn]:
    """The lines of a chart of `tags`, in the order of the run list, those of the first tag first."""
    rows = [row for row in scene.board.rows if row.shown]
    lines = [_of_tag(scene, rows, tag, turn) for turn, tag in enumerate(tags)]
    if not scene.view.charts.band or scene.view.charts.x_tag is not None:
        return [drawn for part in lines for drawn in part]
    groups = scene.board.groups or _seeds(scene, rows)
    return [drawn for part in lines for drawn in _in_groups(scene, part, groups, bands)]


def _of_tag(scene: Scene, rows: Sequence[RunRow], tag: str, turn: int) -> list[Drawn]:
    result = []
    for row in rows:
        line = row.line if tag == scene.view.tag else _line(scene, row, tag)
        if line is not None:
            result.append(Drawn(row.key, row.label, row.slot, line, tag, turn, (row.key,)))
    return result


def _line(scene: Scene, row: RunRow, tag: str) -> Line | None:
    run = scene.snapshot.get(row.key) if scene.snapshot is not None else None
    return None if run is None else tag_line(run, tag, scene.view, scene.curves)


def _seeds(scene: Scene, rows: Sequence[RunRow]) -> tuple[RunGroup, ...]:
    if scene.snapshot is None:
        return ()
    return group_runs([scene.snapshot[row.key] for row in rows if row.key in scene.snapshot], "seeds")


def _in_groups(scene: Scene, lines: Sequence[Drawn], groups: Sequence[RunGroup], bands: Bands) -> list[Drawn]:
    by_run = {drawn.key: drawn for drawn in lines}
    result = []
    for group in groups:
        members = [by_run[run] for run in group.runs if run in by_run]
        if len(members) == 1:
            result += members
        elif members:
            charts = scene.view.charts
            slot = min(member.slot for member in members)
            made = bands.drawn(group, members[0].tag, charts, [each.line for each in members], slot)
            result.append(_turned(made, members[0].turn))
    return result


def _turned(drawn: Drawn, turn: int) -> Drawn:
    if drawn.turn == turn:
        return drawn
    return replace(drawn, turn=turn)


def _same(some: Sequence[Line], others: Sequence[Line]) -> bool:
    return len(some) == len(others) and all(one is other for one, other in zip(some, others, strict=True))


def _banded(group: RunGroup, tag: str, charts: ChartsChoice, lines: Sequence[Line], slot: int) -> Drawn:
    made = aggregate([(line.x, line.smoothed) for line in lines], *_BANDS[charts.band])
    curve = _side(made, made.middle, charts)
    steps = made.x if made.x.dtype.kind == "i" else np.zeros(made.x.size, np.int64)
    line = Line(made.x, np.asarray(steps, np.int64), made.middle, made.middle, curve, curve)
    band = _side(made, made.high, charts), _side(made, made.low, charts)
    label = f"{group.label} ({len(lines)})"
    return Drawn(group.key, label, slot, line, tag, 0, group.runs, band, tuple(lines))


def _side(made: Aggregate, values: NDArray[np.float64], charts: ChartsChoice) -> Curve:
    """One line of a band; what a logarithmic axis cannot show lies at the smallest value that it can."""
    if charts.log_y and made.middle.size:
        positive = np.concatenate([made.low, made.middle])
        positive = positive[positive > 0.0]
        floor = float(positive.min()) if positive.size else np.nan
        values = np.where(values > 0.0, values, floor)
    return prepare(made.x, values, positive=charts.log_y, positive_x=charts.has_log_x)
