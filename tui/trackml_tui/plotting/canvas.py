"""Dots of many lines in a grid of cells, with one ink a cell.

Lines come as one vertical span of dots a dot column. No dot is touched on its own: the spans of all lines are
counted in at their first dot and out behind their last one, and a running sum down the columns says what is covered.
Which line is the last one in a cell is found in the same way, from spans of one, two, four, ... cells.

Lines of one layer share a cell's dots; a layer that is laid over another takes the whole cell, so that
the line on top stays thin and clean.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.dots import ASCII, BRAILLE, CROSSED, FAINT, LEVEL, STEEP, Dots
from trackml_tui.plotting.grid import BLANK, STRENGTHS

DOT_COLUMNS, DOT_ROWS = BRAILLE.columns, BRAILLE.rows
"""Braille dots of a cell."""
_SHADE_EVERY = 4
Ints: TypeAlias = "NDArray[np.int64]"


class Canvas:
    """Dots and inks of `rows` by `columns` cells.

    Args:
        columns: Width in cells.
        rows: Height in cells.
        dots: How many dots a cell has, and with which characters they are drawn.
    """

    def __init__(self, columns: int, rows: int, dots: Dots = BRAILLE) -> None:
        self.columns = columns
        self.rows = rows
        self.dots = dots
        self.width = dots.columns * columns
        """In dots."""
        self.height = dots.rows * rows
        """In dots."""
        self._bits: NDArray[np.uint8] = np.zeros((rows, columns), np.uint8)
        self._inks: NDArray[np.int16] = np.full((rows, columns), BLANK, np.int16)
        self._glyphs: NDArray[np.uint32] = np.zeros((rows, columns), np.uint32)

    def spans(self, top: Ints, bottom: Ints, inks: NDArray[np.int16] | int) -> None:
        """Draws one vertical span a line and dot column.

        Args:
            top: First dot of each span, counted from the upper edge, [lines, dot columns] or [dot columns].
            bottom: Last dot of each span, in the same shape; a span with bottom < top is empty, and what
                lies outside the canvas is cut off.
            inks: The ink of each line, [lines]; where lines share a cell, it has that of the last one.
        """
        top, bottom = np.atleast_2d(top), np.atleast_2d(bottom)
        drawn = (bottom >= top) & (bottom >= 0) & (top < self.height)
        if not drawn.any():
            return
        line, column = np.nonzero(drawn)
        first, last = np.maximum(top[drawn], 0), np.minimum(bottom[drawn], self.height - 1)
        inks = np.broadcast_to(np.asarray(inks, np.int16), top.shape[:1])
        if self.dots is ASCII:
            bits = self._ascii_bits(first, last, column)
        else:
            bits = self._bits_of(self._covered(first, last, column) > 0)
        owner = self._owners(first // self.dots.rows, last // self.dots.rows, column // self.dots.columns, line)
        here = owner >= 0
        self._bits = np.where(here, self._bits | bits, self._bits)
        if self.dots is ASCII:
            self._bits[here] = np.where(inks[owner[here]] % STRENGTHS == STRENGTHS - 1, FAINT, bits[here])
        self._inks[here] = inks[owner[here]]

    def shade(self, top: Ints, bottom: Ints, ink: int) -> None:
        """Fills one span a dot column with a screen of single dots.

        Args:
            top: First dot of each span, counted from the upper edge [dot columns].
            bottom: Last dot of each span [dot columns]; a span with bottom < top is empty.
            ink: The ink of every cell that the spans reach into.
        """
        row = np.arange(self.height)[:, None]
        inside = (row >= top) & (row <= bottom)
        screen = (row + 2 * np.arange(self.width)) % _SHADE_EVERY == 0 if self.dots is not ASCII else True
        bits = self._bits_of(inside & screen)
        here = bits > 0
        self._bits[here] = FAINT if self.dots is ASCII else self._bits[here] | bits[here]
        self._inks[here] = ink

    def points(self, column: Ints, row: Ints, ink: int) -> None:
        """Lights single dots at each (dot column, dot row) that lies inside."""
        inside = (column >= 0) & (column < self.width) & (row >= 0) & (row < self.height)
        lit = np.zeros((self.height, self.width), np.bool_)
        lit[row[inside], column[inside]] = True
        bits = self._bits_of(lit)
        here = bits > 0
        self._bits[here] = LEVEL if self.dots is ASCII else self._bits[here] | bits[here]
        self._inks[here] = ink

    def mark(self, column: Ints, row: Ints, glyph: str, ink: int) -> None:
        """Puts a whole-cell glyph at each (column, row) that lies inside; it hides the cell's dots."""
        inside = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        self._glyphs[row[inside], column[inside]] = ord(self.dots.sign(glyph))
        self._inks[row[inside], column[inside]] = ink

    def over(self, lower: Canvas) -> Canvas:
        """This canvas laid on `lower`: cells drawn here hide the cells below them."""
        result = Canvas(self.columns, self.rows, self.dots)
        here = self._inks != BLANK
        result._bits = np.where(here, self._bits, lower._bits)
        result._inks = np.where(here, self._inks, lower._inks)
        result._glyphs = np.where(here, self._glyphs, lower._glyphs)
        return result

    def cells(self) -> tuple[NDArray[np.uint32], NDArray[np.int16]]:
        """Code points and inks, [rows, columns] each; an empty cell is a space with ink BLANK."""
        return np.where(self._glyphs != 0, self._glyphs, self.dots.codes[self._bits]), self._inks

    def text(self) -> list[str]:
        """Every row without its inks."""
        return ["".join(map(chr, row)) for row in self.cells()[0].tolist()]

    def _covered(self, first: Ints, last: Ints, column: Ints) -> Ints:
        """How many of the spans cover each dot, [height, width]."""
        size = (self.height + 1) * self.width
        begun = np.bincount(first * self.width + column, minlength=size)
        ended = np.bincount((last + 1) * self.width + column, minlength=size)
        return np.cumsum((begun - ended).reshape(-1, self.width), axis=0)[:-1]

    def _bits_of(self, lit: NDArray[np.bool_]) -> NDArray[np.uint8]:
        """The bits of each cell whose dots are lit, [rows, columns]."""
        bits = np.zeros((self.rows, self.columns), np.uint8)
        for row, weights in enumerate(self.dots.weights):
            for column, weight in enumerate(weights):
                bits |= lit[row :: self.dots.rows, column :: self.dots.columns] * np.uint8(weight)
        return bits

    def _ascii_bits(self, first: Ints, last: Ints, column: Ints) -> NDArray[np.uint8]:
        steep = last > first
        covered = self._covered(first, last, column)
        upright = self._covered(first[steep], last[steep], column[steep])
        bits = np.select([covered > 1, upright > 0, covered > 0], [CROSSED, STEEP, LEVEL])
        return bits.astype(np.uint8)

    def _owners(self, first: Ints, last: Ints, column: Ints, line: Ints) -> Ints:
        """The last line with a span in each cell, [rows, columns]; -1 where there is none.

        A span of n cells is the union of two spans of 2 ** k cells, which overlap: one from its first cell on, one
        up to its last. Lines come in order, and of several values that are put in one place the last one stays.
        """
        level = np.log2(last - first + 1).astype(np.int64)
        levels = int(level.max()) + 1
        size = (levels, self.rows, self.columns)
        tables = [np.full(size, -1), np.full(size, -1)]
        for table, begin in zip(tables, (first, last - (1 << level) + 1), strict=True):
            table[level, begin, column] = line
        owners = np.maximum(*tables)
        for upper in range(levels - 1, 0, -1):
            half = 1 << (upper - 1)
            np.maximum(owners[upper - 1], owners[upper], out=owners[upper - 1])
            below = owners[upper - 1, half:]
            np.maximum(below, owners[upper, : below.shape[0]], out=below)
        result: Ints = owners[0]
        return result
