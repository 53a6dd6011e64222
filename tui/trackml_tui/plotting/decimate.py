"""Min-max decimation: what each column of dots has to show of a series.

A column keeps four numbers of all the points that fall in it: the first, the last, the smallest and the
largest value. The span from smallest to largest is drawn, so no spike is lost however many points share
the column; the first and last value join it to its neighbours. Since x is sorted, the columns' borders
are found by binary search, and the cost is one pass for each of minimum and maximum.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.series import Piece, X

_INT64 = np.iinfo(np.int64)


class Columns(NamedTuple):
    """The occupied dot columns of one piece, from left to right."""

    place: NDArray[np.int64]
    """Dot column [k]."""
    first: NDArray[np.float64]
    last: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    linked: NDArray[np.bool_]
    """Whether the line goes on from column i to i + 1, that is, no gap lies between them [k - 1]."""


def decimate(piece: Piece, low: float, high: float, width: int) -> Columns:
    """The columns that `piece` occupies.

    Args:
        piece: The points.
        low: x at the centre of the leftmost dot column.
        high: x at the centre of the rightmost dot column, greater than `low`.
        width: Number of dot columns.
    """
    starts = _column_starts(piece.x, low, high, width)
    index = np.flatnonzero(starts[1:] > starts[:-1])
    if index.size == 0:
        nothing = np.empty(0)
        return Columns(index, nothing, nothing, nothing, nothing, np.empty(0, np.bool_))
    begin, end = starts[index], starts[index + 1]
    y = piece.y[: end[-1]]
    linked = np.ones(index.size - 1, np.bool_)
    if piece.gap is not None:
        linked = piece.gap[end[:-1] - 1] == piece.gap[begin[1:]]
    return Columns(
        place=index,
        first=y[begin],
        last=y[end - 1],
        low=np.minimum.reduceat(y, begin),
        high=np.maximum.reduceat(y, begin),
        linked=linked,
    )


def _column_starts(x: X, low: float, high: float, width: int) -> NDArray[np.int64]:
    """Where each column's points begin, [width + 1]; points outside [low, high] are in no column."""
    spacing = (high - low) / max(1, width - 1)
    borders = np.concatenate([[low], low + (np.arange(1, width) - 0.5) * spacing, [high]])
    if x.dtype.kind == "i":
        # Integer borders select the same integers, and spare the search a copy of x as float64.
        whole = np.ceil(borders)
        whole[-1] = np.floor(high)
        borders = np.clip(whole, float(_INT64.min), float(_INT64.max) - 1024).astype(np.int64)
    starts = np.searchsorted(x, borders, side="left")
    starts[-1] = x.size if float(x[-1]) <= high else np.searchsorted(x, borders[-1], side="right")
    return starts
