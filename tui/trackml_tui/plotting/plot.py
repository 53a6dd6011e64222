"""A whole chart: axes, guides, lines and cursor, as rows of text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from trackml_tui.plotting.canvas import DOT_COLUMNS, DOT_ROWS, Canvas
from trackml_tui.plotting.decimate import decimate
from trackml_tui.plotting.grid import AXIS, BLANK, CURSOR, GUIDE, LABEL, Grid, Span
from trackml_tui.plotting.raster import dot_rows, line_spans
from trackml_tui.plotting.scale import Linear, Scale, fit_linear, fit_log
from trackml_tui.plotting.series import Curve
from trackml_tui.plotting.ticks import (
    Tick,
    clock_ticks,
    count_ticks,
    duration_ticks,
    linear_ticks,
    log_ticks,
)

X_TICKS: dict[str, Callable[[float, float, int], list[Tick]]] = {
    "step": count_ticks,
    "relative": duration_ticks,
    "wall": clock_ticks,
}
"""The kinds of x axis, each with its round values."""

MARK = "•"
_AXIS_ROWS = 2
_ROWS_PER_TICK = 5
_FEWEST_TICKS = 2
_COLUMNS_PER_TICK = 12
_COLUMNS_PER_MARK = 4
_WIDEST_GUTTER = 14
_SMALLEST = 2


@dataclass(frozen=True, slots=True)
class Stroke:
    """A curve and how it is drawn."""

    curve: Curve
    ink: int
    layer: int = 1
    """Higher layers hide lower ones cell by cell; strokes of one layer share cells, the last one's ink wins."""
    marks: bool = True
    """Show each point as a mark while points are few."""


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """A drawn chart."""

    grid: Grid
    x_scale: Scale
    y_scale: Scale
    left: int
    """First column of the drawing area."""

    def lines(self, cursor: float | None = None, label: str = "") -> list[list[Span]]:
        """The rows as spans.

        Args:
            cursor: x of a vertical line over the chart.
            label: Stands under that line, on the axis.
        """
        if cursor is None:
            return self.grid.lines()
        return self._with_cursor(self.column(cursor), label).lines()

    def text(self) -> list[str]:
        """The rows without inks."""
        return self.grid.text()

    def column(self, x: float) -> int:
        """The column of the chart that shows `x`, clamped to the drawing area."""
        unit = float(self.x_scale.unit(np.array([x]))[0])
        last_dot = DOT_COLUMNS * self._columns - 1
        return self.left + round(min(max(unit, 0.0), 1.0) * last_dot) // DOT_COLUMNS

    def x(self, column: int) -> float:
        """The x in the middle of a column; the first and the last column give the ends of the axis."""
        place = column - self.left
        if place <= 0:
            return self.x_scale.low
        if place >= self._columns - 1:
            return self.x_scale.high
        return self.x_scale.value((DOT_COLUMNS * place + 0.5) / (DOT_COLUMNS * self._columns - 1))

    @property
    def _columns(self) -> int:
        return int(self.grid.codes.shape[1]) - self.left

    def _with_cursor(self, column: int, label: str) -> Grid:
        grid = self.grid.copy()
        axis_row = grid.codes.shape[0] - _AXIS_ROWS
        free = np.isin(grid.inks[:axis_row, column], (BLANK, GUIDE))
        grid.codes[:axis_row, column][free] = ord("│")
        grid.inks[:axis_row, column][free] = CURSOR
        grid.write(axis_row, column, "┴", CURSOR)
        start = _centred(column, label, self.left, grid.codes.shape[1])
        _clear_words(grid, axis_row + 1, start - 1, start + len(label) + 1)
        grid.write(axis_row + 1, start, label, CURSOR)
        return grid


def draw(strokes: Sequence[Stroke], columns: int, rows: int, *, x_axis: str = "step", log_y: bool = False) -> Plot:
    """A chart of `strokes` with its axes.

    Args:
        strokes: What to draw; later strokes lie over earlier ones of the same layer.
        columns: Width in cells, axis labels included.
        rows: Height in cells, axis and labels included.
        x_axis: A key of `X_TICKS`: "step", "relative" (seconds) or "wall" (seconds since the epoch).
        log_y: Logarithmic y axis; the curves must hold positive values only.
    """
    x_scale, y_scale = _scales([stroke.curve for stroke in strokes], log_y=log_y)
    plot_rows = max(_SMALLEST, rows - _AXIS_ROWS)
    y_ticks = (log_ticks if log_y else linear_ticks)(
        y_scale.low, y_scale.high, plot_rows // _ROWS_PER_TICK + _FEWEST_TICKS
    )
    left = min(_WIDEST_GUTTER, max((len(tick.label) for tick in y_ticks), default=0) + 1) + 1
    plot_columns = max(_SMALLEST, columns - left)
    grid = Grid(left + plot_columns, plot_rows + _AXIS_ROWS)
    _put_lines(grid, strokes, x_scale, y_scale, left)
    _put_y_axis(grid, y_ticks, y_scale, left)
    plot = Plot(grid, x_scale, y_scale, left)
    x_ticks = X_TICKS[x_axis](x_scale.low, x_scale.high, max(1, plot_columns // _COLUMNS_PER_TICK))
    _put_x_axis(plot, x_ticks)
    return plot


def _scales(curves: Sequence[Curve], *, log_y: bool) -> tuple[Scale, Scale]:
    drawn = [curve for curve in curves if curve.pieces]
    x_low = min((curve.x_low for curve in drawn), default=0.0)
    x_high = max((curve.x_high for curve in drawn), default=1.0)
    y_low = min((curve.y_low for curve in drawn), default=np.inf)
    y_high = max((curve.y_high for curve in drawn), default=-np.inf)
    if x_high <= x_low:
        # Beyond 2 ** 53 a half is lost in rounding.
        room = max(0.5, 1e-9 * abs(x_low))
        x_low, x_high = x_low - room, x_low + room
    x_scale = Linear(x_low, x_high)
    return x_scale, (fit_log if log_y else fit_linear)(y_low, y_high)


def _put_lines(grid: Grid, strokes: Sequence[Stroke], x_scale: Scale, y_scale: Scale, left: int) -> None:
    rows, columns = grid.codes.shape[0] - _AXIS_ROWS, grid.codes.shape[1] - left
    canvas = Canvas(columns, rows)
    for layer in sorted({stroke.layer for stroke in strokes}):
        upper = Canvas(columns, rows)
        for stroke in strokes:
            if stroke.layer == layer:
                _put_stroke(upper, stroke, x_scale, y_scale)
        canvas = upper.over(canvas)
    grid.codes[:rows, left:], grid.inks[:rows, left:] = canvas.cells()


def _put_stroke(canvas: Canvas, stroke: Stroke, x_scale: Scale, y_scale: Scale) -> None:
    width, height = DOT_COLUMNS * canvas.columns, DOT_ROWS * canvas.rows
    few = stroke.marks and stroke.curve.points * _COLUMNS_PER_MARK <= canvas.columns
    for piece in stroke.curve.pieces:
        occupied = decimate(piece, x_scale.low, x_scale.high, width)
        canvas.spans(*line_spans(occupied, y_scale, width, height), stroke.ink)
        if few:
            rows = dot_rows(occupied.last, y_scale, height) // DOT_ROWS
            canvas.mark(occupied.place // DOT_COLUMNS, rows, MARK, stroke.ink)


def _put_y_axis(grid: Grid, ticks: Sequence[Tick], scale: Scale, left: int) -> None:
    rows = grid.codes.shape[0] - _AXIS_ROWS
    for row in range(rows):
        grid.write(row, left - 1, "│", AXIS)
    places = dot_rows(np.array([tick.value for tick in ticks]), scale, DOT_ROWS * rows) // DOT_ROWS
    for tick, row in zip(ticks, places.tolist(), strict=True):
        grid.write(row, left - 2 - len(tick.label), tick.label, LABEL)
        grid.write(row, left - 1, "┤", AXIS)
        free = grid.inks[row, left:] == BLANK
        grid.codes[row, left:][free] = ord("┈")
        grid.inks[row, left:][free] = GUIDE


def _put_x_axis(plot: Plot, ticks: Sequence[Tick]) -> None:
    grid, left = plot.grid, plot.left
    rows, columns = grid.codes.shape
    axis_row = rows - _AXIS_ROWS
    grid.write(axis_row, left - 1, "└" + "─" * (columns - left), AXIS)
    free_from = 0
    for tick in ticks:
        column = plot.column(tick.value)
        grid.write(axis_row, column, "┬", AXIS)
        start = _centred(column, tick.label, left - 1, columns)
        if start >= free_from:
            grid.write(axis_row + 1, start, tick.label, LABEL)
            free_from = start + len(tick.label) + 1


def _clear_words(grid: Grid, row: int, start: int, stop: int) -> None:
    """Blanks the words of a row that reach into [start, stop)."""
    blank = grid.codes[row] == ord(" ")
    start, stop = max(0, start), min(stop, blank.size)
    while start > 0 and not blank[start]:
        start -= 1
    while stop < blank.size and not blank[stop - 1]:
        stop += 1
    grid.write(row, start, " " * (stop - start), BLANK)


def _centred(column: int, label: str, left: int, columns: int) -> int:
    """Where `label` begins to stand under `column` and inside [left, columns)."""
    return max(left, min(column - len(label) // 2, columns - len(label)))
