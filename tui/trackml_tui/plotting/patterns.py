"""Dashes and marks, that tell lines apart where colours do not.

A line's style is a number. The first are plain dashes, then come the same dashes with a mark every so often.
A dash never hides a spike: where a line is steeper than a dash is long, it is drawn whole.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MARKERS = ("", "●", "■", "▲", "◆", "★", "▼", "○", "□")
"""What lies on a line every so often; nothing on the first ones."""
_DASHES = ("1", "11110000", "1100", "111111001100", "1111111111110000")
"""Solid, dashed, dotted, dash and dot, long dashes; one digit a dot column of two in a cell."""
DASHES = len(_DASHES)
"""How many dashes there are; so many styles share a mark."""
SAMPLES = ("━━", "╍╍", "┈┈", "━┈", "━╸")
"""How each of the dashes looks in a legend."""
_SHORT_SAMPLES = "━╍┈┉╸"
"""The same in one cell, with a mark beside it."""
_MARKER_EVERY = 14
_SPIKE_DOTS = 6


class Pattern(NamedTuple):
    """How a line is broken and marked."""

    dash: NDArray[np.bool_]
    """Which dot columns of a period are drawn."""
    marker: str
    """A character, or nothing."""
    sample: str
    """Two cells for a legend."""


def pattern(style: int) -> Pattern:
    """The pattern of style number `style`; they begin anew after the last."""
    style %= len(_DASHES) * len(MARKERS)
    marker = MARKERS[style // len(_DASHES)]
    dash = style % len(_DASHES)
    sample = SAMPLES[dash] if not marker else f"{_SHORT_SAMPLES[dash]}{marker}"
    return Pattern(np.array([digit == "1" for digit in _DASHES[dash]]), marker, sample)


def broken(
    top: NDArray[np.int64], bottom: NDArray[np.int64], dash: NDArray[np.bool_], shift: int = 0
) -> NDArray[np.int64]:
    """`bottom` with the spans emptied that lie between two dashes, except the steep ones.

    Args:
        top: First dot of each span [dot columns].
        bottom: Last dot of each span [dot columns].
        dash: Which dot columns of a period are drawn.
        shift: Where the period begins.
    """
    on = dash[(np.arange(top.size) + shift) % dash.size]
    return np.where(on | (bottom - top >= _SPIKE_DOTS), bottom, top - 1)


def marker_columns(columns: int, turn: int) -> NDArray[np.int64]:
    """The columns of cells in which a line has its marks.

    Args:
        columns: Width in cells.
        turn: The line's number; lines have their marks in different columns.
    """
    return np.arange((5 + 4 * turn) % _MARKER_EVERY, columns, _MARKER_EVERY)
