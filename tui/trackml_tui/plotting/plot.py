"""A whole chart: axes, guides, lines and cursor, as rows of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trackml_tui.plotting.axes import Axes, x_scale, y_scale, y_ticks
from trackml_tui.plotting.canvas import Canvas
from trackml_tui.plotting.dots import BRAILLE, Dots
from trackml_tui.plotting.grid import AXIS, BLANK, BOX, CURSOR, GUIDE, LABEL, Grid, Span
from trackml_tui.plotting.layers import Stroke, densest, paint
from trackml_tui.plotting.raster import dot_rows
from trackml_tui.plotting.scale import Scale
from trackml_tui.plotting.ticks import Tick

__all__ = ["Axes", "Plot", "Stroke", "draw"]

_AXIS_ROWS = 2
_ROWS_PER_TICK = 5
_FEWEST_TICKS = 2
_COLUMNS_PER_TICK = 12
_WIDEST_GUTTER = 14
_SMALLEST = 2


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """A drawn chart."""

    grid: Grid
    x_scale: Scale
    y_scale: Scale
    left: int
    """First column of the drawing area."""
    dots: Dots = BRAILLE
    densest: int = 0
    """How many points of one line share one dot column, at most: with more than one, not each is seen by itself."""

    def lines(
        self, cursor: float | None = None, label: str = "", box: tuple[int, int, int, int] | None = None
    ) -> list[list[Span]]:
        """The rows as spans.

        Args:
            cursor: x of a vertical line over the chart; none is drawn for an x that is out of sight.
            label: Stands under that line, on the axis.
            box: Column and row of two opposite corners of a rectangle to mark.
        """
        grid = self.grid
        if cursor is not None and self.shows(cursor):
            grid = self._with_cursor(self.column(cursor), label)
        if box is not None:
            grid = self._with_box(grid.copy(), box)
        return grid.lines()

    def text(self) -> list[str]:
        """The rows without inks."""
        return self.grid.text()

    def shows(self, x: float) -> bool:
        """Whether `x` is between the ends of the axis, or next to them."""
        return -0.02 <= self._unit(x) <= 1.02

    def column(self, x: float) -> int:
        """The column of the chart that shows `x`, clamped to the drawing area."""
        last_dot = self.dots.columns * self._columns - 1
        return self.left + round(min(max(self._unit(x), 0.0), 1.0) * last_dot) // self.dots.columns

    def x(self, column: int) -> float:
        """The x in the middle of a column; the first and the last column give the ends of the axis."""
        return self.x_scale.value(self.x_unit(column))

    def x_unit(self, column: int) -> float:
        """Where a column is on the x axis, 0 at its left end and 1 at its right."""
        place = column - self.left
        if place <= 0:
            return 0.0
        if place >= self._columns - 1:
            return 1.0
        middle = self.dots.columns * place + 0.5 * (self.dots.columns - 1)
        return middle / (self.dots.columns * self._columns - 1)

    def y_unit(self, row: int) -> float:
        """Where a row is on the y axis, 0 at its lower end and 1 at its upper."""
        rows = self.rows
        return min(max(1.0 - (row + 0.5) / rows, 0.0), 1.0)

    @property
    def rows(self) -> int:
        """Height of the drawing area."""
        return int(self.grid.codes.shape[0]) - _AXIS_ROWS

    @property
    def _columns(self) -> int:
        return int(self.grid.codes.shape[1]) - self.left

    def _unit(self, x: float) -> float:
        with np.errstate(all="ignore"):
            unit = float(self.x_scale.unit(np.array([x], np.float64))[0])
        return unit if np.isfinite(unit) else -1.0

    def _with_box(self, grid: Grid, box: tuple[int, int, int, int]) -> Grid:
        columns = sorted(min(max(each, self.left), grid.codes.shape[1] - 1) for each in box[0::2])
        rows = sorted(min(max(each, 0), self.rows - 1) for each in box[1::2])
        (left, right), (top, bottom) = columns, rows
        for row in (top, bottom):
            grid.write(row, left, self.dots.text("─" * (right - left + 1)), BOX)
        for row in range(top, bottom + 1):
            for column in (left, right):
                grid.write(row, column, self.dots.sign("│"), BOX)
        corners = ((top, left, "┌"), (top, right, "┐"), (bottom, left, "└"), (bottom, right, "┘"))
        for row, column, corner in corners:
            grid.write(row, column, self.dots.sign(corner), BOX)
        return grid

    def _with_cursor(self, column: int, label: str) -> Grid:
        grid = self.grid.copy()
        axis_row = self.rows
        free = np.isin(grid.inks[:axis_row, column], (BLANK, GUIDE))
        grid.codes[:axis_row, column][free] = ord(self.dots.sign("│"))
        grid.inks[:axis_row, column][free] = CURSOR
        grid.write(axis_row, column, self.dots.sign("┴"), CURSOR)
        start = _centred(column, label, self.left, grid.codes.shape[1])
        _clear_words(grid, axis_row + 1, start - 1, start + len(label) + 1)
        grid.write(axis_row + 1, start, label, CURSOR)
        return grid


def draw(
    strokes: Sequence[Stroke],
    columns: int,
    rows: int,
    *,
    x_axis: str = "step",
    log_y: bool = False,
    axes: Axes | None = None,
    dots: Dots = BRAILLE,
) -> Plot:
    """A chart of `strokes` with its axes.

    Args:
        strokes: What to draw; later strokes lie over earlier ones of the same layer.
        columns: Width in cells, axis labels included.
        rows: Height in cells, axis and labels included.
        x_axis: A key of `X_TICKS`: "step", "relative" (seconds) or "wall" (seconds since the epoch).
        log_y: Logarithmic y axis; the curves must hold positive values only.
        axes: All about both axes, in place of `x_axis` and `log_y`.
        dots: What lines are made of.
    """
    axes = axes or Axes(x_axis, y_scale="log" if log_y else "linear")
    x = x_scale(axes, [stroke.curve for stroke in strokes])
    y = _y_scale(axes, strokes, x)
    plot_rows = max(_SMALLEST, rows - _AXIS_ROWS)
    ticks = y_ticks(y, plot_rows // _ROWS_PER_TICK + _FEWEST_TICKS)
    left = min(_WIDEST_GUTTER, max((len(tick.label) for tick in ticks), default=0) + 1) + 1
    canvas = Canvas(max(_SMALLEST, columns - left), plot_rows, dots)
    grid = Grid(left + canvas.columns, plot_rows + _AXIS_ROWS)
    plot = Plot(grid, x, y, left, dots, densest(strokes, x, canvas.width))
    grid.codes[:plot_rows, left:], grid.inks[:plot_rows, left:] = paint(canvas, strokes, x, y).cells()
    _put_y_axis(plot, ticks)
    _put_x_axis(plot, axes.x_ticks(x, max(1, canvas.columns // _COLUMNS_PER_TICK)))
    _put_restarts(plot, strokes)
    return plot


def _y_scale(axes: Axes, strokes: Sequence[Stroke], x: Scale) -> Scale:
    main = [stroke.curve for stroke in strokes if not stroke.aux]
    aux = [stroke.curve for stroke in strokes if stroke.aux]
    aux += [stroke.floor for stroke in strokes if stroke.floor is not None]
    return y_scale(axes, main, x, aux)


def _put_y_axis(plot: Plot, ticks: Sequence[Tick]) -> None:
    grid, left, rows, dots = plot.grid, plot.left, plot.rows, plot.dots
    for row in range(rows):
        grid.write(row, left - 1, dots.sign("│"), AXIS)
    values = np.array([tick.value for tick in ticks], np.float64)
    places = dot_rows(values, plot.y_scale, dots.rows * rows) // dots.rows
    for tick, row in zip(ticks, places.tolist(), strict=True):
        grid.write(row, left - 2 - len(tick.label), tick.label, LABEL)
        grid.write(row, left - 1, dots.sign("┤"), AXIS)
        free = grid.inks[row, left:] == BLANK
        grid.codes[row, left:][free] = ord(dots.sign("┈"))
        grid.inks[row, left:][free] = GUIDE


def _put_x_axis(plot: Plot, ticks: Sequence[Tick]) -> None:
    grid, left = plot.grid, plot.left
    columns = grid.codes.shape[1]
    grid.write(plot.rows, left - 1, plot.dots.text("└" + "─" * (columns - left)), AXIS)
    free_from = 0
    for tick in ticks:
        column = plot.column(tick.value)
        grid.write(plot.rows, column, plot.dots.sign("┬"), AXIS)
        start = _centred(column, tick.label, left - 1, columns)
        if start >= free_from:
            grid.write(plot.rows + 1, start, tick.label, LABEL)
            free_from = start + len(tick.label) + 1


def _put_restarts(plot: Plot, strokes: Sequence[Stroke]) -> None:
    """A thin line down the chart where a restart replaced what came after."""
    for stroke in strokes:
        if stroke.restart is not None and 0.0 <= plot._unit(stroke.restart) <= 1.0:
            column = plot.column(stroke.restart)
            free = np.isin(plot.grid.inks[: plot.rows, column], (BLANK, GUIDE))
            plot.grid.codes[: plot.rows, column][free] = ord(plot.dots.sign("┊"))
            plot.grid.inks[: plot.rows, column][free] = stroke.ink


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
