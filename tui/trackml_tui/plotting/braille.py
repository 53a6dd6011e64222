"""Dots as braille cells on a grid in full colour, two dots beside and four above each other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.paint import Paint
from trackml_tui.plotting.rgb import Colour, RgbGrid

DOT_COLUMNS, DOT_ROWS = 2, 4
_EMPTY = 0x2800
_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], np.uint32)


def dotted(dots: NDArray[np.bool_], colour: Colour, paint: Paint) -> RgbGrid:
    """Cells of one colour, each with its eight dots.

    Args:
        dots: Which are drawn, shape `[4 * rows, 2 * columns]`.
        colour: Their colour.
        paint: The colours of the rest.
    """
    bits = (in_cells(dots) * _BITS).sum(axis=(2, 3)).astype(np.uint32)
    grid = paint.grid(bits.shape[1], bits.shape[0])
    drawn = bits > 0
    grid.codes[drawn] = _EMPTY + bits[drawn]
    grid.fore[drawn] = colour
    return grid


def in_cells(dots: NDArray[Any]) -> NDArray[Any]:
    """What belongs to each dot, by cells, shape `[rows, columns, 4, 2]`."""
    rows, columns = dots.shape[0] // DOT_ROWS, dots.shape[1] // DOT_COLUMNS
    blocks: NDArray[Any] = dots.reshape(rows, DOT_ROWS, columns, DOT_COLUMNS).swapaxes(1, 2)
    return blocks
