"""Lines between parallel axes: one axis a quantity, one line a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.canvas import Canvas
from trackml_tui.plotting.dots import BRAILLE, Dots
from trackml_tui.plotting.grid import AXIS, BLANK, LABEL, Grid

_HEAD = 2
"""Rows above the axes: names, and the upper ends."""
_FOOT = 1


@dataclass(frozen=True, slots=True, eq=False)
class ParallelAxis:
    """One axis."""

    name: str
    """Printable text."""
    places: NDArray[np.float64]
    """Where each line crosses it, 0 at the bottom and 1 at the top; NaN where a run has no value [lines]."""
    low: str
    """What stands at the bottom."""
    high: str


def parallel(
    axes: Sequence[ParallelAxis],
    inks: Sequence[int],
    columns: int,
    rows: int,
    *,
    on_top: int | None = None,
    dots: Dots = BRAILLE,
) -> Grid:
    """The axes side by side with all lines between them.

    Args:
        axes: At least two for there to be lines.
        inks: One a line, in the order of the axes' places.
        columns: Width in cells.
        rows: Height in cells.
        on_top: The line that hides the others.
        dots: What lines are made of.
    """
    height = max(1, rows - _HEAD - _FOOT)
    grid = Grid(columns, height + _HEAD + _FOOT)
    if not axes or columns < 2 * len(axes):
        return grid
    canvas = Canvas(columns, height, dots)
    at = np.rint(np.linspace(0, canvas.width - 1, len(axes))).astype(np.int64)
    for line in range(len(inks)):
        if line != on_top:
            _put_line(canvas, [float(axis.places[line]) for axis in axes], at, inks[line])
    if on_top is not None:
        upper = Canvas(columns, height, dots)
        _put_line(upper, [float(axis.places[on_top]) for axis in axes], at, inks[on_top])
        canvas = upper.over(canvas)
    grid.codes[_HEAD : _HEAD + height], grid.inks[_HEAD : _HEAD + height] = canvas.cells()
    spacing = columns // max(1, len(axes) - 1)
    room = max(1, min(spacing - 1, columns))
    for place, (axis, x) in enumerate(zip(axes, (at // dots.columns).tolist(), strict=True)):
        is_edge = place in (0, len(axes) - 1) and len(axes) > 1
        # Words at the edges begin or end there, and would run into those of their neighbours.
        _put_axis(grid, axis, x, height, max(1, spacing - room // 2 - 1) if is_edge else room)
    return grid


def _put_line(canvas: Canvas, places: Sequence[float], at: NDArray[np.int64], ink: int) -> None:
    """From axis to axis; where a run has no value the line is broken."""
    level = np.array([(1.0 - place) * (canvas.height - 1) for place in places])
    for left in range(len(places) - 1):
        ends = level[left : left + 2]
        if not np.isfinite(ends).all():
            continue
        x = np.arange(at[left], at[left + 1] + 1)
        share = (x - at[left]) / max(1, int(at[left + 1] - at[left]))
        y = np.rint(ends[0] + (ends[1] - ends[0]) * share).astype(np.int64)
        # A steep line lights all dots between two neighbouring columns.
        top = np.minimum(y, np.concatenate([y[:1], y[:-1]]))
        bottom = np.maximum(y, np.concatenate([y[:1], y[:-1]]))
        counts = bottom - top + 1
        canvas.points(np.repeat(x, counts), _runs(top, counts), ink)


def _runs(start: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    offset = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    result: NDArray[np.int64] = np.repeat(start, counts) + offset
    return result


def _put_axis(grid: Grid, axis: ParallelAxis, x: int, height: int, room: int) -> None:
    rows, columns = grid.codes.shape
    for row in range(_HEAD, _HEAD + height):
        if grid.inks[row, x] == BLANK:
            grid.write(row, x, "│", AXIS)
    for row, text in ((0, axis.name), (1, axis.high), (rows - 1, axis.low)):
        said = text if len(text) <= room else f"{text[: max(0, room - 1)]}…"
        grid.write(row, min(max(0, x - len(said) // 2), columns - len(said)), said, LABEL)
