"""Any text on a grid of cells: characters of two cells, and marks that have none of their own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from trackml_tui.formatting import shorten
from trackml_tui.gallery.tiles import Tile
from trackml_tui.plotting.paint import Paint
from trackml_tui.plotting.rgb import CONTINUED, Colour, RgbGrid

_BETWEEN = " · "
_SHORTEST_NAME = 14


def letter(grid: RgbGrid, row: int, column: int, text: str, fore: Colour, width: int | None = None) -> int:
    """Writes printable text, cut in its middle where it is too long; gives the column behind it."""
    room = grid.columns - column if width is None else min(width, grid.columns - column)
    if room <= 0 or not 0 <= row < grid.rows:
        return column
    codes = cells_of(shorten(text, room))[:room]
    grid.codes[row, column : column + len(codes)] = codes
    grid.fore[row, column : column + len(codes)] = fore
    return column + len(codes)


def head(grid: RgbGrid, tile: Tile, label: str, when: str, colour: Colour, paint: Paint) -> None:
    """The first line of a run's tile: its name after a stroke in its colour, and at the right step and time.

    Where room is short the time goes before the step does, and the name keeps the most of it.
    """
    right = tile.column + tile.columns
    start = letter(grid, tile.row, tile.column, "━ ", colour, tile.columns)
    whens = [when, when.partition(_BETWEEN)[0], ""]
    fitting = next(each for each in whens if not each or cell_len(label) + cell_len(each) + 2 <= right - start)
    if not fitting and right - start > _SHORTEST_NAME + len(whens[1]):
        fitting = whens[1]
    letter(grid, tile.row, start, label, paint.text, right - start - (len(fitting) + 2 if fitting else 0))
    letter(grid, tile.row, right - len(fitting), fitting, paint.label)


def flowed(facts: Sequence[str], columns: int) -> list[str]:
    """Facts in lines of at most so many columns, as many in each as fit."""
    lines: list[str] = []
    for fact in facts:
        if lines and cell_len(lines[-1]) + len(_BETWEEN) + cell_len(fact) <= columns:
            lines[-1] += _BETWEEN + fact
        else:
            lines.append(fact)
    return lines


def cells_of(text: str) -> NDArray[np.uint32]:
    """A code a cell: a wide character is followed by `CONTINUED`, and marks that combine are left out."""
    codes: list[int] = []
    for character in text:
        width = cell_len(character)
        if width:
            codes += [ord(character), *[CONTINUED] * (width - 1)]
    return np.array(codes, np.uint32)
