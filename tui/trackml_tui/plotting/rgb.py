"""A rectangle of terminal cells in full colour: one character and two colours a cell.

Images, heat maps and whatever else has more colours than inks are drawn on it. Two pixels share a cell, one above the
other, as the two halves of an upper half block.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
"""Red, green, blue, shape `[rows, columns, 3]`."""
Colour: TypeAlias = "tuple[int, int, int]"

HALF = "▀"
CONTINUED = 0
"""The code of a cell that the character at its left reaches into."""
SPELLED = 1 << 21
"""Codes from here on are no characters: `spell` says which ones they stand for."""
_PLACEHOLDER = "\U0010eeee"
_PLACE_BITS = 10


class Run(NamedTuple):
    """A stretch of one row that has one pair of colours."""

    text: str
    fore: Colour
    back: Colour


class RgbGrid:
    """Characters and colours of `rows` by `columns` cells.

    Args:
        columns: Width in cells.
        rows: Height in cells.
        fore: The colour of characters.
        back: The colour behind them.
    """

    def __init__(self, columns: int, rows: int, fore: Colour, back: Colour) -> None:
        self.codes: NDArray[np.uint32] = np.full((rows, columns), ord(" "), np.uint32)
        self.fore: Pixels = np.empty((rows, columns, 3), np.uint8)
        self.back: Pixels = np.empty((rows, columns, 3), np.uint8)
        self.fore[:], self.back[:] = fore, back

    @property
    def rows(self) -> int:
        """Height in cells."""
        return int(self.codes.shape[0])

    @property
    def columns(self) -> int:
        """Width in cells."""
        return int(self.codes.shape[1])

    def write(self, row: int, column: int, text: str, fore: Colour | None = None) -> None:
        """Puts text that is one cell a character; what falls outside is cut off."""
        if not 0 <= row < self.rows:
            return
        visible = text[max(0, -column) : max(0, self.columns - column)]
        start = max(0, column)
        stop = start + len(visible)
        self.codes[row, start:stop] = [ord(character) for character in visible]
        if fore is not None:
            self.fore[row, start:stop] = fore

    def paste(self, row: int, column: int, other: RgbGrid) -> None:
        """Puts another grid's cells here, its upper left one at (row, column); what falls outside is cut off."""
        top, left = max(0, -row), max(0, -column)
        bottom, right = min(other.rows, self.rows - row), min(other.columns, self.columns - column)
        if bottom <= top or right <= left:
            return
        here = slice(row + top, row + bottom), slice(column + left, column + right)
        there = slice(top, bottom), slice(left, right)
        self.codes[here], self.fore[here], self.back[here] = other.codes[there], other.fore[there], other.back[there]

    def runs(self, row: int) -> list[Run]:
        """A row as stretches of equal colours."""
        codes, fore, back = self.codes[row], self.fore[row], self.back[row]
        if not codes.size:
            return []
        differs = (fore[1:] != fore[:-1]).any(axis=1) | (back[1:] != back[:-1]).any(axis=1)
        starts = [0, *(np.flatnonzero(differs & (codes[1:] != CONTINUED)) + 1).tolist()]
        inks, grounds = map(tuple, fore[starts].tolist()), map(tuple, back[starts].tolist())
        edges = zip(starts, [*starts[1:], len(codes)])
        if codes.min() > CONTINUED and codes.max() < SPELLED:
            whole = spell(codes)  # A character a cell: once is enough.
            return [Run(whole[start:stop], *colours) for (start, stop), *colours in zip(edges, inks, grounds)]
        return [Run(spell(codes[start:stop]), *colours) for (start, stop), *colours in zip(edges, inks, grounds)]

    def text(self) -> list[str]:
        """Every row without its colours."""
        return [spell(codes) for codes in self.codes]


def spell(codes: NDArray[np.uint32]) -> str:
    """The characters of cells."""
    if codes.size and int(codes.max()) >= SPELLED:
        return "".join(_placeholder(code) if code >= SPELLED else chr(code) for code in codes.tolist() if code)
    written: bytes = codes[codes != CONTINUED].astype("<u4").tobytes()
    return written.decode("utf-32-le")


def placeholder_codes(columns: int, rows: int) -> NDArray[np.uint32]:
    """The cells of an image that a terminal draws itself, where it finds its placeholders [rows, columns]."""
    row, column = np.mgrid[:rows, :columns]
    codes: NDArray[np.uint32] = (SPELLED | row << _PLACE_BITS | column).astype(np.uint32)
    return codes


def half_blocks(pixels: Pixels, fore: Colour, back: Colour) -> RgbGrid:
    """Pixels as cells, two above each other in one; under an odd last row lies the background.

    Args:
        pixels: Shape `[2 * rows, columns, 3]`, or one row less.
        fore: Where there are no pixels, the colour of characters.
        back: The background.
    """
    height, width = pixels.shape[:2]
    grid = RgbGrid(width, (height + 1) // 2, fore, back)
    grid.codes[:] = ord(HALF)
    grid.fore[:] = pixels[0::2]
    grid.back[: height // 2] = pixels[1::2]
    same = (grid.fore == grid.back).all(axis=2)
    grid.codes[same] = ord(" ")  # Equal halves are a blank, of which a whole stretch is one word.
    return grid


def _placeholder(code: int) -> str:
    place = code - SPELLED
    return _PLACEHOLDER + DIACRITICS[place >> _PLACE_BITS] + DIACRITICS[place & (1 << _PLACE_BITS) - 1]


def _diacritics() -> str:
    ranges = (part.partition("-") for part in _DIACRITIC_RANGES.split())
    return "".join(chr(code) for low, _, high in ranges for code in range(int(low, 16), int(high or low, 16) + 1))


_DIACRITIC_RANGES = """
0305 030D-030E 0310 0312 033D-033F 0346 034A-034C 0350-0352 0357 035B 0363-036F 0483-0487 0592-0595 0597-0599 059C-05A1
05A8-05A9 05AB-05AC 05AF 05C4 0610-0617 0657-065B 065D-065E 06D6-06DC 06DF-06E2 06E4 06E7-06E8 06EB-06EC 0730 0732-0733
0735-0736 073A 073D 073F-0741 0743 0745 0747 0749-074A 07EB-07F1 07F3 0816-0819 081B-0823 0825-0827 0829-082D 0951
0953-0954 0F82-0F83 0F86-0F87 135D-135F 17DD 193A 1A17 1A75-1A7C 1B6B 1B6D-1B73 1CD0-1CD2 1CDA-1CDB 1CE0 1DC0-1DC1
1DC3-1DC9 1DCB-1DCC 1DD1-1DE6 1DFE 20D0-20D1 20D4-20D7 20DB-20DC 20E1 20E7 20E9 20F0 2CEF-2CF1 2DE0-2DFF A66F A67C-A67D
A6F0-A6F1 A8E0-A8F1 AAB0 AAB2-AAB3 AAB7-AAB8 AABE-AABF AAC1 FE20-FE26 10A0F 10A38 1D185-1D189 1D1AA-1D1AD 1D242-1D244
"""
DIACRITICS = _diacritics()
"""How Kitty's graphics protocol counts rows and columns: a combining character for each number from 0.

Source: https://sw.kovidgoyal.net/kitty/graphics-protocol/#unicode-placeholders and rowcolumn-diacritics.txt there:
combining class 230, no decomposition, as of Unicode 6.0.
"""
