"""From the board to what the chart draws: which lines, in which order, and how."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len

from trackml_tui.board import Board, RunRow
from trackml_tui.formatting import aligned, printable, shorten
from trackml_tui.plotting.grid import faint, soft, solid
from trackml_tui.plotting.legend import Entry
from trackml_tui.plotting.plot import Stroke

CROWD = 8
"""Above so many runs, only the current one has a raw line and its full colour."""
_LONGEST_NAME = 32
_RAW, _MAIN, _CURRENT_RAW, _CURRENT = range(4)


def strokes_of(board: Board, current: str | None, *, smoothed: bool) -> tuple[Stroke, ...]:
    """The strokes of all drawn runs; the current run's line lies on top.

    Args:
        board: The runs.
        current: The run under the cursor of the run list.
        smoothed: Whether a raw line lies under each main line.
    """
    rows = board.drawn
    crowded = len(rows) > CROWD
    strokes: list[Stroke] = []
    for row in rows:
        here = row.key == current
        strokes += _strokes(row, here, in_crowd=crowded and not here, smoothed=smoothed)
    return tuple(strokes)


def _strokes(row: RunRow, current: bool, *, in_crowd: bool, smoothed: bool) -> list[Stroke]:
    if row.line is None:
        return []
    ink = soft(row.slot) if in_crowd else solid(row.slot)
    main = Stroke(row.line.curve, ink, _CURRENT if current else _MAIN)
    if in_crowd or not smoothed:
        return [main]
    layer = _CURRENT_RAW if current else _RAW
    return [Stroke(row.line.raw_curve, faint(row.slot), layer, marks=False), main]


def legend_of(board: Board, current: str | None) -> tuple[Entry, ...]:
    """The names of all drawn runs with their values, the current run first."""
    rows = sorted(board.drawn, key=lambda row: row.key != current)
    show = aligned(row.value for row in rows if row.value is not None)
    return tuple(_entry(row, show) for row in rows)


def _entry(row: RunRow, show: Callable[[float], str]) -> Entry:
    name = shorten(printable(row.label), _LONGEST_NAME)
    label = name if row.value is None else f"{name} {show(row.value)}"
    return Entry(label, cell_len(label), solid(row.slot))
