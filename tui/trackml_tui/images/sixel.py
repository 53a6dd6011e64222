"""Sixel graphics: an image as six rows of pixels at a time, one stroke a colour.

For output that scrolls by, as of a command that prints once. A program that redraws parts of its screen cannot use it
well: a sixel image belongs to no cell, so that a redrawn cell leaves a hole in it, and nothing tells where it ends.

Source: DEC STD 070, Video Systems Reference Manual, section 8.5.5; VT330/VT340 Programmer Reference Manual, chapter 14.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from trackml_tui.plotting.rgb import Pixels

COLOURS = 255
_BAND = 6
_FIRST = 63


def sixel(pixels: Pixels, colours: int = COLOURS) -> str:
    """An image as an escape sequence.

    Args:
        pixels: Shape `[height, width, 3]`.
        colours: At most so many of them, chosen for the image.
    """
    height, width = pixels.shape[:2]
    indexed = Image.fromarray(pixels).quantize(min(colours, COLOURS), dither=Image.Dither.NONE)
    palette = np.array(indexed.getpalette(), np.int64).reshape(-1, 3)
    numbers = np.asarray(indexed)
    used = np.unique(numbers)
    registers = "".join(
        f"#{number};2;" + ";".join(str(round(100 * level / 255)) for level in palette[number].tolist())
        for number in used.tolist()
    )
    bands = "-".join(_band(numbers[top : top + _BAND]) for top in range(0, height, _BAND))
    return f'\x1bPq"1;1;{width};{height}{registers}{bands}\x1b\\'


def _band(numbers: NDArray[np.uint8]) -> str:
    weights = (1 << np.arange(len(numbers)))[:, None]
    strokes = []
    for number in np.unique(numbers).tolist():
        column = ((numbers == number) * weights).sum(axis=0) + _FIRST
        strokes.append(f"#{number}{_packed(column)}")
    return "$".join(strokes)


def _packed(column: NDArray[np.int64]) -> str:
    """The characters of a stroke, each run of more than three as a count and one character."""
    starts = np.concatenate([[0], np.flatnonzero(np.diff(column)) + 1])
    lengths = np.diff(np.append(starts, len(column)))
    return "".join(
        f"!{length}{chr(code)}" if length > 3 else chr(code) * length
        for code, length in zip(column[starts].tolist(), lengths.tolist())
    )
