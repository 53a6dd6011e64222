"""A curve with the checkpoints of its run below it, as cells."""

from __future__ import annotations

from collections.abc import Sequence

from trackml.runs import Series
from trackml_tui.checkpoints.timeline import Entry
from trackml_tui.plotting.axes import Axes
from trackml_tui.plotting.grid import BLANK, CURSOR, GUIDE, LABEL, Grid, faint, solid
from trackml_tui.plotting.layers import Stroke
from trackml_tui.plotting.plot import Plot, draw
from trackml_tui.plotting.series import prepare

ON_DISK, DELETED, EVALUATED, BEST = "▲", "△", "◆", "★"
"""Marks below the curve, and one row deeper."""
_MARK_ROWS = 2
_FEWEST_ROWS = 4


def picture(
    lines: Sequence[tuple[int, Series]], entries: Sequence[Entry], current: Entry | None, columns: int, rows: int
) -> Grid:
    """The chart, the marks below it, and a cursor at the checkpoint that is looked at.

    Args:
        lines: The chosen tag of the run and of its evaluations, each with the slot of its colour; the run comes first.
        entries: The checkpoints.
        current: The one that is looked at.
        columns: Width in cells.
        rows: Height in cells.
    """
    strokes = [
        Stroke(prepare(series.step, series.value), solid(slot), layer=1 + (place > 0))
        for place, (slot, series) in enumerate(lines)
    ]
    plot = draw(strokes, columns, max(_FEWEST_ROWS, rows - _MARK_ROWS), axes=_axes(lines, entries))
    grid = Grid(columns, plot.grid.codes.shape[0] + _MARK_ROWS)
    height, width = plot.grid.codes.shape
    grid.codes[:height, :width], grid.inks[:height, :width] = plot.grid.codes, plot.grid.inks
    slot = lines[0][0] if lines else 0
    _put_cursor(grid, plot, current)
    _put_marks(grid, plot, entries, slot)
    return grid


def _axes(lines: Sequence[tuple[int, Series]], entries: Sequence[Entry]) -> Axes:
    """The x axis spans curves and checkpoints alike."""
    steps = [float(step) for _, series in lines if len(series) for step in (series.step.min(), series.step.max())]
    steps += [float(entry.step) for entry in entries if entry.step is not None]
    if not steps or min(steps) == max(steps):
        return Axes("step")
    return Axes("step", x_range=(min(steps), max(steps)))


def _put_cursor(grid: Grid, plot: Plot, current: Entry | None) -> None:
    if current is None or current.step is None:
        return
    column = plot.column(current.step)
    for row in range(plot.rows):
        if grid.inks[row, column] in (BLANK, GUIDE):
            grid.write(row, column, "│", CURSOR)
    grid.write(plot.rows, column, "┴", CURSOR)


def _put_marks(grid: Grid, plot: Plot, entries: Sequence[Entry], slot: int) -> None:
    """Later checkpoints hide earlier ones in the same column, but never one that can be opened."""
    row = plot.grid.codes.shape[0]
    for entry in sorted(entries, key=lambda each: (each.best, each.is_on_disk)):
        if entry.step is None:
            continue
        column = plot.column(entry.step)
        mark = BEST if entry.best else ON_DISK if entry.is_on_disk else DELETED
        grid.write(row, column, mark, solid(slot) if entry.is_on_disk or entry.best else faint(slot))
        if entry.verdict in ("evaluated", "evaluating"):
            grid.write(row + 1, column, EVALUATED, LABEL if entry.inferred else solid(slot))
        elif entry.verdict == "skipped" and grid.inks[row + 1, column] == BLANK:
            grid.write(row + 1, column, "·", LABEL)
