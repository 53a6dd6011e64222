"""Points on a plane as dots, both axes in one scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.canvas import Canvas
from trackml_tui.plotting.dots import BRAILLE, Dots
from trackml_tui.plotting.grid import CURSOR, Grid

MARK = "◉"
"""The point that is looked at."""
_MARGIN = 0.04
_ASPECT = 2.0
"""A cell is about twice as high as it is wide."""


def scatter(
    places: NDArray[np.float32],
    inks: NDArray[np.int64],
    columns: int,
    rows: int,
    *,
    marked: int | None = None,
    dots: Dots = BRAILLE,
) -> Grid:
    """All points, those with higher inks below the others, and a mark at one.

    Args:
        places: On the plane [points, 2].
        inks: [points].
        columns: Width in cells.
        rows: Height in cells.
        marked: The point that is looked at.
        dots: What points are made of.
    """
    canvas = Canvas(columns, rows, dots)
    grid = Grid(columns, rows)
    if not len(places) or not columns or not rows:
        return grid
    column, row = _dots(places, canvas)
    for ink in np.unique(inks)[::-1].tolist():
        layer = Canvas(columns, rows, dots)
        here = inks == ink
        layer.points(column[here], row[here], int(ink))
        canvas = layer.over(canvas)
    grid.codes[:], grid.inks[:] = canvas.cells()
    if marked is not None and 0 <= marked < len(places):
        grid.write(int(row[marked]) // dots.rows, int(column[marked]) // dots.columns, MARK, CURSOR)
    return grid


def nearest_point(places: NDArray[np.float32], columns: int, rows: int, column: int, row: int) -> int | None:
    """The point that is drawn nearest to the middle of a cell; None if there is none within three cells."""
    canvas = Canvas(columns, rows)
    if not len(places):
        return None
    across, down = _dots(places, canvas)
    x = across / canvas.dots.columns - column - 0.5
    y = _ASPECT * (down / canvas.dots.rows - row - 0.5)
    distance = x * x + y * y
    best = int(np.argmin(distance))
    return best if distance[best] <= 9.0 else None


def _dots(places: NDArray[np.float32], canvas: Canvas) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Dot column and row of each point; one unit is as long in both directions."""
    low, high = places.min(axis=0).astype(np.float64), places.max(axis=0).astype(np.float64)
    width, height = float(canvas.columns), _ASPECT * canvas.rows
    extent = np.maximum(high - low, 1e-12)
    unit = min(width / extent[0], height / extent[1]) * (1.0 - 2.0 * _MARGIN)
    x = (places[:, 0] - (low[0] + high[0]) / 2.0) * unit / width + 0.5
    y = 0.5 - (places[:, 1] - (low[1] + high[1]) / 2.0) * unit / height
    return (
        np.clip(np.rint(x * (canvas.width - 1)), 0, canvas.width - 1).astype(np.int64),
        np.clip(np.rint(y * (canvas.height - 1)), 0, canvas.height - 1).astype(np.int64),
    )
