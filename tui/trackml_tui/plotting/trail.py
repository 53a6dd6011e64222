"""A line from point to point where x is in no order, as when one metric is drawn against another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_MOST_DOTS = 400_000
"""Beyond that many dots the points alone are drawn: lines would fill the chart."""


def trail_dots(
    column: NDArray[np.float64], row: NDArray[np.float64], linked: NDArray[np.bool_], width: int, height: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The dots of a line through all points in their order, as columns and rows.

    Args:
        column: Places from the left, in dots; they may lie outside the chart [n].
        row: Places from the top, in dots [n].
        linked: Whether the line goes on from point i to point i + 1 [n - 1].
        width: Dot columns.
        height: Dot rows.
    """
    inside = (column > -1.0) & (column < width) & (row > -1.0) & (row < height)
    seen = linked & (inside[:-1] | inside[1:])
    start = np.flatnonzero(seen)
    across, down = np.diff(column)[seen], np.diff(row)[seen]
    steps = np.minimum(np.ceil(np.maximum(np.abs(across), np.abs(down))), 4.0 * (width + height)).astype(np.int64)
    if steps.sum() > _MOST_DOTS:
        start, steps, across, down = start[:0], steps[:0], across[:0], down[:0]
    part = np.repeat(np.arange(steps.size), steps)
    offset = np.arange(part.size) - np.repeat(np.cumsum(steps) - steps, steps)
    length = offset / np.maximum(steps, 1)[part]
    columns = np.concatenate([column[inside], column[start[part]] + across[part] * length])
    rows = np.concatenate([row[inside], row[start[part]] + down[part] * length])
    return np.rint(columns).astype(np.int64), np.rint(rows).astype(np.int64)
