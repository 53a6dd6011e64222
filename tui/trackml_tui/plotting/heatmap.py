"""Densities as a picture, two rows of them in one row of cells; and the frame of axes around such a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.colour_map import LEVELS, shades
from trackml_tui.plotting.paint import Paint
from trackml_tui.plotting.rgb import Colour, RgbGrid, half_blocks
from trackml_tui.plotting.ticks import Tick, count_ticks, linear_ticks

Floats: TypeAlias = NDArray[np.float64]
Range: TypeAlias = "tuple[float, float]"
Ticks: TypeAlias = Callable[[float, float, int], "list[Tick]"]

_ROWS_PER_TICK = 5
_COLUMNS_PER_TICK = 11
_WIDEST_GUTTER = 12
_AXIS_ROWS = 2
_MARKED = 0.35


@dataclass(frozen=True, slots=True)
class Axes:
    """The values at the edges of a picture, and where it is looked at."""

    x: Range
    y: Range
    x_ticks: Ticks = count_ticks
    y_ticks: Ticks = linear_ticks
    mark: float | None = None
    """An x to point out."""
    mark_label: str = ""
    gutter: int | None = None
    """How wide the labels of the y axis are; None makes it as wide as it needs."""


def heat(density: Floats, paint: Paint) -> RgbGrid:
    """Densities from 0 to 1 as colours, NaN as nothing; as characters on a terminal without colours.

    Args:
        density: From top to bottom, shape `[2 * rows, columns]`.
        paint: The colours.
    """
    if paint.colour:
        levels = np.clip(np.rint(np.nan_to_num(density) * (LEVELS - 1)), 0, LEVELS - 1).astype(np.int64)
        return half_blocks(paint.ramp[levels], paint.text, paint.background)
    rows = (len(density) + 1) // 2
    grid = paint.grid(density.shape[1], rows)
    padded = np.nan_to_num(np.concatenate([density, density[-1:]]))[: 2 * rows]
    grid.codes[:] = shades((padded[0::2] + padded[1::2]) / 2)
    return grid


def inner_size(columns: int, rows: int, axes: Axes) -> tuple[int, int]:
    """The columns and rows that axes leave to the picture in a frame of this size, at least one of each."""
    return max(1, columns - _left(axes, rows)), max(1, rows - _AXIS_ROWS)


def framed(picture: RgbGrid, axes: Axes, paint: Paint) -> RgbGrid:
    """A picture of `inner_size` with its axes at the left and below."""
    rows = picture.rows + _AXIS_ROWS
    left = _left(axes, rows)
    grid = paint.grid(left + picture.columns, rows)
    grid.paste(0, left, picture)
    _put_y_axis(grid, axes, left, picture.rows, paint)
    _put_x_axis(grid, axes, left, picture.rows, paint)
    return grid


def column_of(x: float, axes: Axes, columns: int) -> int:
    """The column of a picture in which `x` lies, from 0."""
    low, high = axes.x
    unit = (x - low) / (high - low) if high > low else 0.5
    return min(max(int(unit * columns), 0), columns - 1)


def value_at(place: float, ends: Range) -> float:
    """The value at a place between 0 and 1 of an axis."""
    return ends[0] * (1.0 - place) + ends[1] * place


def gutter_of(axes: Sequence[Axes], rows: int) -> int:
    """The widest of the left margins, so that pictures above each other line up."""
    return max((_left(each, rows) for each in axes), default=1)


def _left(axes: Axes, rows: int) -> int:
    if axes.gutter is not None:
        return axes.gutter
    return min(_WIDEST_GUTTER, max((len(tick.label) for tick in _y_ticks(axes, rows)), default=0) + 1)


def _y_ticks(axes: Axes, rows: int) -> list[Tick]:
    return axes.y_ticks(*axes.y, max(1, (rows - _AXIS_ROWS) // _ROWS_PER_TICK + 1))


def _put_y_axis(grid: RgbGrid, axes: Axes, left: int, rows: int, paint: Paint) -> None:
    low, high = axes.y
    for row in range(rows):
        grid.write(row, left - 1, "│", paint.axis)
    for tick in _y_ticks(axes, rows + _AXIS_ROWS):
        unit = (tick.value - low) / (high - low) if high > low else 0.5
        row = min(max(int((1.0 - unit) * rows), 0), rows - 1)
        label = tick.label[: left - 1]
        grid.write(row, left - 1 - len(label), label, paint.label)
        grid.write(row, left - 1, "┤", paint.axis)


def _put_x_axis(grid: RgbGrid, axes: Axes, left: int, rows: int, paint: Paint) -> None:
    columns = grid.columns - left
    grid.write(rows, left - 1, "└" + "─" * columns, paint.axis)
    taken = 0
    if axes.mark is not None:
        column = left + column_of(axes.mark, axes, columns)
        mark_column(grid, column, rows, paint)
        start = _centred(column, axes.mark_label, grid.columns)
        grid.write(rows, column, "┴", paint.accent)
        grid.write(rows + 1, start, axes.mark_label, paint.accent)
        marked = range(start - 1, start + len(axes.mark_label) + 1) if axes.mark_label else range(0)
    else:
        marked = range(0)
    for tick in axes.x_ticks(*axes.x, max(3, columns // _COLUMNS_PER_TICK)):
        column = left + column_of(tick.value, axes, columns)
        start = _centred(column, tick.label, grid.columns)
        stop = start + len(tick.label)
        if start >= taken and not (marked and start < marked.stop and stop > marked.start):
            grid.write(rows, column, "┬", paint.axis)
            grid.write(rows + 1, start, tick.label, paint.label)
            taken = stop + 1


def mark_column(grid: RgbGrid, column: int, rows: int, paint: Paint) -> None:
    """Points out a column of a picture, through which what is drawn there still shows."""
    if not paint.colour:
        empty = grid.codes[:rows, column] == ord(" ")
        grid.codes[:rows, column][empty] = ord("│")
        return
    for colours in (grid.fore, grid.back):
        mixed = (1 - _MARKED) * colours[:rows, column] + _MARKED * np.array(paint.accent)
        colours[:rows, column] = np.rint(mixed).astype(np.uint8)


def tinted(grid: RgbGrid, colour: Colour) -> RgbGrid:
    """The same cells with all their characters in one colour."""
    grid.fore[:] = colour
    return grid


def _centred(column: int, label: str, columns: int) -> int:
    return max(0, min(column - len(label) // 2, columns - len(label)))
