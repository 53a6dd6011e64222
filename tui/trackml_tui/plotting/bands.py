"""Percentiles over time as bands, one inside the other, around the line of the median."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.colour_map import blend
from trackml_tui.plotting.paint import Paint
from trackml_tui.plotting.rgb import Colour, RgbGrid, half_blocks

Floats: TypeAlias = NDArray[np.float64]

_SHADES = " .:=#"
"""Outside, and the bands from the outermost to the innermost, for terminals without colours."""
_OPACITY = (0.0, 0.16, 0.3, 0.46, 0.64)
_MEDIAN = "@"


def draw_bands(
    lines: Floats, places: Floats, low: float, high: float, columns: int, rows: int, colour: Colour, paint: Paint
) -> RgbGrid:
    """Shaded bands between neighbouring percentiles; the innermost are the strongest.

    Args:
        lines: Values of an odd number of percentiles, from lowest to highest, shape `[moments, percentiles]`.
        places: Where each moment lies between the left (0) and the right edge (1), going up, shape `[moments]`.
        low: The value at the lower edge.
        high: The value at the upper edge.
        columns: Width in cells.
        rows: Height in cells.
        colour: The colour of the bands.
        paint: The colours of the rest.
    """
    height = 2 * rows
    at = (np.arange(columns) + 0.5) / columns
    inside = (at >= places[0] - 0.5 / columns) & (at <= places[-1] + 0.5 / columns)
    wave: Floats = np.stack([np.interp(at, places, line) for line in lines.T])
    rowed = (1.0 - (wave - low) / max(high - low, 1e-300)) * height - 0.5
    band, median = _bands(rowed, height, inside)
    if not paint.colour:
        return _as_characters(band, median, paint)
    tints = [blend(paint.background, colour, part) for part in _OPACITY]
    tints.append(blend(colour, paint.text, 0.35))
    return half_blocks(np.array(tints, np.uint8)[np.where(median, len(_OPACITY), band)], paint.text, paint.background)


def _bands(rowed: Floats, height: int, inside: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """How deep inside the bands each pixel lies, and where the median runs, shape `[height, columns]` both."""
    down = np.arange(height, dtype=np.float64)[:, None]
    percentiles = len(rowed)
    depth = np.zeros((height, rowed.shape[1]), np.int64)
    for line in range(percentiles // 2):
        lower, upper = rowed[line], rowed[percentiles - 1 - line]
        depth += (down <= lower + 0.5) & (down >= upper - 0.5) & inside
    median = (np.abs(down - np.rint(rowed[percentiles // 2])) < 0.5) & inside
    return depth, median


def _as_characters(band: NDArray[np.int64], median: NDArray[np.bool_], paint: Paint) -> RgbGrid:
    grid = paint.grid(band.shape[1], band.shape[0] // 2)
    deepest = np.maximum(band[0::2], band[1::2])
    grid.codes[:] = np.array([ord(shade) for shade in _SHADES], np.uint32)[deepest]
    grid.codes[median[0::2] | median[1::2]] = ord(_MEDIAN)
    return grid
