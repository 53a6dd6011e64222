"""Braille dots, two by four a cell, with one ink a cell.

A series comes as one vertical span of dots a dot column. A span meets a cell in one of 25 ways (from
which of its dots to before which), so a table gives the bits and no dot is touched on its own.

Lines of one layer share a cell's dots; a layer that is laid over another takes the whole cell, so that
the line on top stays thin and clean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.grid import BLANK

DOT_COLUMNS = 2
DOT_ROWS = 4
_BRAILLE = 0x2800
_LEFT_DOTS = (0x01, 0x02, 0x04, 0x40)
_RIGHT_DOTS = (0x08, 0x10, 0x20, 0x80)


def _span_bits(dots: tuple[int, ...]) -> NDArray[np.uint8]:
    table = [[sum(dots[start:stop]) for stop in range(5)] for start in range(5)]
    return np.array(table, np.uint8).ravel()


_LEFT_BITS = _span_bits(_LEFT_DOTS)
_RIGHT_BITS = _span_bits(_RIGHT_DOTS)


class Canvas:
    """Dots and inks of `rows` by `columns` cells.

    Args:
        columns: Width in cells; the canvas is `2 * columns` dots wide.
        rows: Height in cells; the canvas is `4 * rows` dots high.
    """

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = columns
        self.rows = rows
        self._bits: NDArray[np.uint8] = np.zeros((rows, columns), np.uint8)
        self._inks: NDArray[np.int16] = np.full((rows, columns), BLANK, np.int16)
        self._glyphs: NDArray[np.uint32] = np.zeros((rows, columns), np.uint32)

    def spans(self, top: NDArray[np.int64], bottom: NDArray[np.int64], ink: int) -> None:
        """Draws one vertical span a dot column.

        Args:
            top: First dot of each span, counted from the upper edge [dot columns].
            bottom: Last dot of each span [dot columns]; a span with bottom < top is empty, and what
                lies outside the canvas is cut off.
            ink: The ink of every cell that gets a dot.
        """
        drawn = (bottom >= top) & (bottom >= 0) & (top < DOT_ROWS * self.rows)
        if not drawn.any():
            return
        first_row = max(0, int(top[drawn].min()) // DOT_ROWS)
        stop_row = min(self.rows, int(bottom[drawn].max()) // DOT_ROWS + 1)
        band = slice(first_row, stop_row)
        cell_top = DOT_ROWS * np.arange(first_row, stop_row)[:, None]
        start = np.minimum(np.maximum(top - cell_top, 0), DOT_ROWS)
        stop = np.minimum(np.maximum(bottom + 1 - cell_top, 0), DOT_ROWS)
        spans = start * (DOT_ROWS + 1) + stop
        bits = _LEFT_BITS[spans[:, 0::2]] | _RIGHT_BITS[spans[:, 1::2]]
        self._bits[band] |= bits
        self._inks[band][bits != 0] = ink

    def mark(self, column: NDArray[np.int64], row: NDArray[np.int64], glyph: str, ink: int) -> None:
        """Puts a whole-cell glyph at each (column, row) that lies inside; it hides the cell's dots."""
        inside = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        self._glyphs[row[inside], column[inside]] = ord(glyph)
        self._inks[row[inside], column[inside]] = ink

    def over(self, lower: Canvas) -> Canvas:
        """This canvas laid on `lower`: cells drawn here hide the cells below them."""
        result = Canvas(self.columns, self.rows)
        here = self._inks != BLANK
        result._bits = np.where(here, self._bits, lower._bits)
        result._inks = np.where(here, self._inks, lower._inks)
        result._glyphs = np.where(here, self._glyphs, lower._glyphs)
        return result

    def cells(self) -> tuple[NDArray[np.uint32], NDArray[np.int16]]:
        """Code points and inks, [rows, columns] each; an empty cell is a space with ink BLANK."""
        braille = np.where(self._bits != 0, _BRAILLE + self._bits.astype(np.uint32), np.uint32(ord(" ")))
        return np.where(self._glyphs != 0, self._glyphs, braille).astype(np.uint32), self._inks

    def text(self) -> list[str]:
        """Every row without its inks."""
        return ["".join(map(chr, row)) for row in self.cells()[0].tolist()]
