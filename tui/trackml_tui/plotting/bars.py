"""Bars of numbers, in eighths of a cell."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.paint import Paint
from trackml_tui.plotting.rgb import Colour, RgbGrid

Floats: TypeAlias = NDArray[np.float64]

_EIGHTHS = np.array([ord(character) for character in " ▁▂▃▄▅▆▇█"], np.uint32)
_CRUDE = np.array([ord(character) for character in "    ====="], np.uint32)


def bar_of_column(columns: int, bars: int) -> NDArray[np.int64]:
    """Which bar each column belongs to, shape `[columns]`; widths differ by one at most."""
    return np.minimum(np.arange(columns) * bars // columns, bars - 1)


def draw_bars(
    heights: Floats, most: float, columns: int, rows: int, colour: Colour, paint: Paint, *, chosen: int | None = None
) -> RgbGrid:
    """Bars side by side over the whole width; what is not zero shows at least an eighth of a cell.

    Args:
        heights: Not negative, shape `[bars]`.
        most: The number that reaches the top.
        columns: Width in cells.
        rows: Height in cells.
        colour: The colour of the bars.
        paint: The colours of the rest.
        chosen: The bar that is pointed out.
    """
    bar = bar_of_column(columns, len(heights))
    tall = heights[bar]
    eighths = np.where(tall > 0, np.maximum(1, np.rint(8 * rows * tall / (most or 1.0))), 0)
    bottom = 8 * np.arange(rows - 1, -1, -1)[:, None]
    grid = paint.grid(columns, rows)
    grid.codes[:] = (_EIGHTHS if paint.colour else _CRUDE)[np.clip(eighths - bottom, 0, 8).astype(np.int64)]
    grid.fore[:] = colour
    if chosen is not None:
        here = bar == chosen
        grid.fore[:, here] = paint.accent
        empty = grid.codes[:, here] == ord(" ")
        grid.codes[:, here] = np.where(empty, ord("┊"), grid.codes[:, here])
    return grid
