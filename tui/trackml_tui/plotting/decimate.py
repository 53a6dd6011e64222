"""Min-max decimation: what each column of dots has to show of a series.

A column keeps four numbers of all the points that fall in it: the first, the last, the smallest and the
largest value. The span from smallest to largest is drawn, so no spike is lost however many points share
the column; the first and last value join it to its neighbours. Since x is sorted, the columns' borders
are found by binary search, and the cost is one pass for each of minimum and maximum.

Columns are kept with their piece, for the last few axes they were made for. When the piece has grown and the axis
has not, only the last column and those after it are made anew.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.scale import Scale
from trackml_tui.plotting.series import Piece, X

_INT64 = np.iinfo(np.int64)
_KEPT_AXES = 4


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
    begin: NDArray[np.int64]
    """The first point of each column [k]."""
    points: NDArray[np.int64]
    """How many points share each column [k]."""
    before: tuple[float, float] | None = None
    """The point left of the axis from which the line comes in."""
    after: tuple[float, float] | None = None
    """The point right of the axis to which the line goes on."""


def decimate(piece: Piece, scale: Scale, width: int) -> Columns:
    """The columns that `piece` occupies.

    Args:
        piece: The points.
        scale: The x axis: `low` at the centre of the leftmost dot column, `high` at that of the rightmost.
        width: Number of dot columns.
    """
    made = piece.memory.get((scale, width))
    if made is not None and made[0] == piece.y.size:
        columns: Columns = made[1]
        return columns
    columns = _grown(made[1], piece, scale, width) if made is not None else _columns(piece, 0, scale, width)
    if made is None and len(piece.memory) >= _KEPT_AXES:
        piece.memory.clear()
    piece.memory[scale, width] = (piece.y.size, columns)
    return columns


def _grown(old: Columns, piece: Piece, scale: Scale, width: int) -> Columns:
    """`old` with the points that came since; they are at or right of its last column."""
    if not old.place.size:
        return _columns(piece, 0, scale, width)
    new = _columns(piece, int(old.begin[-1]), scale, width)
    return Columns(
        place=np.concatenate([old.place[:-1], new.place]),
        first=np.concatenate([old.first[:-1], new.first]),
        last=np.concatenate([old.last[:-1], new.last]),
        low=np.concatenate([old.low[:-1], new.low]),
        high=np.concatenate([old.high[:-1], new.high]),
        linked=np.concatenate([old.linked, new.linked]),
        begin=np.concatenate([old.begin[:-1], new.begin]),
        points=np.concatenate([old.points[:-1], new.points]),
        before=old.before,
        after=new.after,
    )


def _columns(piece: Piece, offset: int, scale: Scale, width: int) -> Columns:
    """The columns of the points from `offset` on."""
    x, y = piece.x[offset:], piece.y[offset:]
    gap = None if piece.gap is None else piece.gap[offset:]
    starts = _column_starts(x, scale, width)
    index = np.flatnonzero(starts[1:] > starts[:-1])
    begin, end = starts[index], starts[index + 1]
    before, after = _neighbours(piece, offset + int(starts[0]), offset + int(starts[-1]))
    if index.size == 0:
        nothing = np.empty(0)
        return Columns(index, nothing, nothing, nothing, nothing, nothing > 0.0, index, index, before, after)
    y = y[: end[-1]]
    linked = np.ones(index.size - 1, np.bool_) if gap is None else gap[end[:-1] - 1] == gap[begin[1:]]
    low, high = np.minimum.reduceat(y, begin), np.maximum.reduceat(y, begin)
    first, last, low, high = (part.astype(np.float64) for part in (y[begin], y[end - 1], low, high))
    return Columns(index, first, last, low, high, linked, begin + offset, end - begin, before, after)


def _neighbours(piece: Piece, start: int, stop: int) -> tuple[tuple[float, float] | None, tuple[float, float] | None]:
    """The points before and after those from `start` to `stop`, where the line goes on to them."""
    before = (float(piece.x[start - 1]), float(piece.y[start - 1])) if start > 0 else None
    after = (float(piece.x[stop]), float(piece.y[stop])) if stop < piece.y.size else None
    if piece.gap is not None:
        if before is not None and (start == piece.y.size or piece.gap[start - 1] != piece.gap[start]):
            before = None
        if after is not None and (stop == 0 or piece.gap[stop - 1] != piece.gap[stop]):
            after = None
    return before, after


def points_between(x: X, low: float, high: float) -> tuple[int, int]:
    """The first of the rising positions `x` that is at or above `low`, and the first above `high`."""
    ends: NDArray[Any] = np.array([low, high])
    if x.dtype.kind == "i":
        # Integer ends select the same integers, and spare the search a copy of x as float64.
        ends = _whole(np.array([np.ceil(low), np.floor(high)]))
    return int(np.searchsorted(x, ends[0], "left")), int(np.searchsorted(x, ends[1], "right"))


def _whole(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Whole numbers as integers, those that int64 does not have at its ends."""
    return np.clip(values, float(_INT64.min), float(_INT64.max) - 1024).astype(np.int64)


def _column_starts(x: X, scale: Scale, width: int) -> NDArray[np.int64]:
    """Where each column's points begin, [width + 1]; points outside the axis are in no column."""
    inner = scale.values((np.arange(1, width) - 0.5) / max(1, width - 1))
    borders = np.concatenate([[scale.low], inner, [scale.high]])
    if x.dtype.kind == "i":
        whole = np.ceil(borders)
        whole[-1] = np.floor(scale.high)
        borders = _whole(whole)
    starts = np.searchsorted(x, borders, side="left")
    starts[-1] = x.size if float(x[-1]) <= scale.high else np.searchsorted(x, borders[-1], side="right")
    return np.maximum.accumulate(starts)
