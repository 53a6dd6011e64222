"""Histograms over time as ridges in braille: later ones in front of earlier ones, as TensorBoard's offset mode.

A ridge is a line through the middles of its bins, from the base at the first to the base at the last. What it covers
is hidden. In overlay mode all ridges stand on one base and hide nothing.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.braille import DOT_COLUMNS, DOT_ROWS, dotted, in_cells
from trackml_tui.plotting.paint import Paint
from trackml_tui.plotting.rgb import Pixels, RgbGrid

Floats: TypeAlias = NDArray[np.float64]

HEIGHT_PART = 2.5
"""The highest ridge takes one part in so many of the whole height; TensorBoard's."""
_LEAST_OFFSET = 2


def most_ridges(rows: int) -> int:
    """How many ridges can stand behind each other in so many rows of cells and still be told apart."""
    dots = DOT_ROWS * rows
    return max(1, int(dots - dots / HEIGHT_PART) // _LEAST_OFFSET + 1)


def draw_ridges(
    counts: Floats, places: Floats, columns: int, rows: int, colours: Pixels, paint: Paint, *, overlay: bool = False
) -> RgbGrid:
    """Ridges as dots, each in its own colour.

    Args:
        counts: The bins of each ridge, the earliest first, shape `[ridges, bins]`.
        places: Where each ridge's time lies between first (0) and last (1), shape `[ridges]`.
        columns: Width in cells.
        rows: Height in cells.
        colours: One a ridge, shape `[ridges, 3]`.
        paint: The colours of the rest.
        overlay: Whether all stand on one base.
    """
    height, width = DOT_ROWS * rows, DOT_COLUMNS * columns
    owner = np.full((height, width), -1, np.int64)
    tallest = height if overlay else height / HEIGHT_PART
    most = float(counts.max(initial=0.0)) or 1.0
    down = np.arange(height)[:, None]
    for ridge, heights in enumerate(counts):
        base = height - 1 if overlay else round(tallest - 1 + float(places[ridge]) * (height - tallest))
        top, inside = _outline(heights / most * (tallest - 1), width)
        line = np.where(inside, np.rint(base - top), base).astype(np.int64)
        if not overlay:
            owner[(down > line) & (down <= base) & inside] = -1
        owner[_joined(line, inside, down)] = ridge
    return _cells(owner, colours, paint)


def _outline(heights: Floats, width: int) -> tuple[Floats, NDArray[np.bool_]]:
    """The height of the line in each dot column, and whether the column lies between the outer middles."""
    bins = len(heights)
    middles = (np.arange(bins) + 0.5) / bins
    places = (np.arange(width) + 0.5) / width
    slack = 0.5 / width
    return np.interp(places, middles, heights), (places >= middles[0] - slack) & (places <= middles[-1] + slack)


def _joined(line: NDArray[np.int64], inside: NDArray[np.bool_], down: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The dots of a line without holes: each column reaches to the height of the one before it, less one dot."""
    before = np.concatenate([line[:1], line[:-1]])
    low = np.where(before < line, before + 1, line)
    high = np.where(before > line, before - 1, line)
    result: NDArray[np.bool_] = (down >= np.minimum(low, line)) & (down <= np.maximum(high, line)) & inside
    return result


def _cells(owner: NDArray[np.int64], colours: Pixels, paint: Paint) -> RgbGrid:
    """Braille cells; the frontmost ridge that has a dot in a cell gives it its colour."""
    grid = dotted(owner >= 0, paint.text, paint)
    front = in_cells(owner).max(axis=(2, 3))
    drawn = front >= 0
    grid.fore[drawn] = colours[front[drawn]]
    return grid
