"""Tiles that fill a rectangle, one a run or picture, and pages of them where there are too many."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tile:
    """Where one tile is, in cells."""

    index: int
    """Which of all things it shows."""
    column: int
    row: int
    columns: int
    rows: int

    def holds(self, column: int, row: int) -> bool:
        """Whether a cell is inside."""
        return self.column <= column < self.column + self.columns and self.row <= row < self.row + self.rows


@dataclass(frozen=True, slots=True)
class Tiling:
    """The tiles in sight."""

    tiles: tuple[Tile, ...]
    page: int
    pages: int

    def at(self, column: int, row: int) -> Tile | None:
        """The tile at a cell."""
        return next((tile for tile in self.tiles if tile.holds(column, row)), None)


def tile(count: int, columns: int, rows: int, least: tuple[int, int], first: int = 0, shape: float = 1.0) -> Tiling:
    """Tiles of one size for as many of `count` things as fit.

    The number of tiles beside each other is the one whose tiles come nearest to `shape`.

    Args:
        count: How many things there are.
        columns: Width of the rectangle.
        rows: Height of the rectangle.
        least: The least columns and rows of a tile; a single tile may be smaller.
        first: A thing that must be in sight; it decides the page.
        shape: Width of a tile by its height, in pixels of which two make a cell.
    """
    across_most, down_most = max(1, columns // least[0]), max(1, rows // least[1])
    shown = min(count, across_most * down_most)
    if not shown or columns < 1 or rows < 2:
        return Tiling((), 0, 0)
    ways = [(across, math.ceil(shown / across)) for across in range(1, min(across_most, shown) + 1)]
    fitting = [(across, down) for across, down in ways if down <= down_most] or [(across_most, down_most)]
    across, down = min(fitting, key=lambda way: abs(math.log(_shape(columns / way[0], rows / way[1]) / shape)))
    a_page = across * down
    page = min(max(first, 0), count - 1) // a_page
    shown_here = range(page * a_page, min(count, (page + 1) * a_page))
    tiles = tuple(
        _tile(index, place % across, place // across, columns, rows, across, down)
        for place, index in enumerate(shown_here)
    )
    return Tiling(tiles, page, math.ceil(count / a_page))


def _shape(columns: float, rows: float) -> float:
    return columns / (2 * rows)


def _tile(index: int, place: int, line: int, columns: int, rows: int, across: int, down: int) -> Tile:
    left, right = place * columns // across, (place + 1) * columns // across
    top, bottom = line * rows // down, (line + 1) * rows // down
    gap = 1 if place < across - 1 else 0
    return Tile(index, left, top, right - left - gap, bottom - top)
