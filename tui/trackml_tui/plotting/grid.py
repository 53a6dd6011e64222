"""A rectangle of terminal cells: one character and one ink number a cell.

Inks are numbers so that this package needs no colours. A series has three inks, `solid(slot)`,
`soft(slot)` and `faint(slot)`; everything else on a chart has one of the negative inks below.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BLANK = -1
AXIS = -2
LABEL = -3
GUIDE = -4
CURSOR = -5
TITLE = -6
BOX = -7
TEXT = -8

STRENGTHS = 3
"""How many inks a series has; an ink is `STRENGTHS * slot` plus 0 (solid), 1 (soft) or 2 (faint)."""


class Span(NamedTuple):
    """A stretch of one row that has one ink."""

    text: str
    ink: int


class Grid:
    """Characters and inks of `rows` by `columns` cells.

    Args:
        columns: Width in cells.
        rows: Height in cells.
    """

    def __init__(self, columns: int, rows: int) -> None:
        self.codes: NDArray[np.uint32] = np.full((rows, columns), ord(" "), np.uint32)
        self.inks: NDArray[np.int16] = np.full((rows, columns), BLANK, np.int16)

    def copy(self) -> Grid:
        """A grid with the same cells, to draw an overlay on."""
        twin = Grid(0, 0)
        twin.codes, twin.inks = self.codes.copy(), self.inks.copy()
        return twin

    def write(self, row: int, column: int, text: str, ink: int) -> None:
        """Puts text that is one cell a character; what falls outside is cut off."""
        width = self.codes.shape[1]
        visible = text[max(0, -column) : max(0, width - column)]
        start = max(0, column)
        self.codes[row, start : start + len(visible)] = [ord(character) for character in visible]
        self.inks[row, start : start + len(visible)] = ink

    def lines(self) -> list[list[Span]]:
        """Every row as spans of equal ink."""
        return [_spans(codes, inks) for codes, inks in zip(self.codes, self.inks, strict=True)]

    def text(self) -> list[str]:
        """Every row without its inks."""
        return ["".join(span.text for span in line) for line in self.lines()]


def solid(slot: int) -> int:
    """The ink of series number `slot`."""
    return STRENGTHS * slot


def soft(slot: int) -> int:
    """A dimmed ink of series number `slot`, for a line among many."""
    return STRENGTHS * slot + 1


def faint(slot: int) -> int:
    """The most dimmed ink of series number `slot`, for what lies under its main line."""
    return STRENGTHS * slot + 2


def _spans(codes: NDArray[np.uint32], inks: NDArray[np.int16]) -> list[Span]:
    text = codes.astype("<u4").tobytes().decode("utf-32-le")
    changes = (np.flatnonzero(np.diff(inks)) + 1).tolist()
    edges = zip([0, *changes], [*changes, len(text)], strict=True)
    return [Span(text[start:stop], int(inks[start])) for start, stop in edges if stop > start]
