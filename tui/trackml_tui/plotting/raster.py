"""From decimated columns to spans of dots, joined into a line.

Between two neighbouring points the line is straight. A dot column shows the part of it that lies between
its own borders, half open, so that a slope of one dot a column lights one dot a column, and neighbouring
spans touch without overlapping.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.decimate import Columns
from trackml_tui.plotting.scale import Scale

_FAR = 1e9


def line_spans(columns: Columns, scale: Scale, width: int, height: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last dot of every dot column, counted from the top, [width] each; first > last if empty.

    Args:
        columns: What the series shows in each column.
        scale: The y axis.
        width: Dot columns.
        height: Dot rows.
    """
    top = np.full(width, _FAR)
    bottom = np.full(width, -_FAR)
    top[columns.place] = np.rint(_dots(columns.high, scale, height))
    bottom[columns.place] = np.rint(_dots(columns.low, scale, height))
    crossings = _crossings(columns, scale, width, height)
    if crossings.size:
        _join(top, bottom, columns, crossings, scale, height)
    return top.astype(np.int64), bottom.astype(np.int64)


def dot_rows(values: NDArray[np.float64], scale: Scale, height: int) -> NDArray[np.int64]:
    """The dot row of each value, counted from the top, [n]."""
    return np.rint(_dots(values, scale, height)).astype(np.int64)


def _dots(values: NDArray[np.float64], scale: Scale, height: int) -> NDArray[np.float64]:
    position = (height - 1) * (1.0 - scale.unit(values))
    result: NDArray[np.float64] = np.minimum(np.maximum(position, -_FAR), _FAR)
    return result


def _crossings(columns: Columns, scale: Scale, width: int, height: int) -> NDArray[np.float64]:
    """Height of the line at the border right of each dot column, [width - 1]; NaN where there is none."""
    crossings = np.full(max(0, width - 1), np.nan)
    pairs = np.flatnonzero(columns.linked)
    start = columns.place[pairs]
    steps = columns.place[pairs + 1] - start
    pair = np.repeat(np.arange(pairs.size), steps)
    offset = np.arange(pair.size) - np.repeat(np.cumsum(steps) - steps, steps)
    leaves = _dots(columns.last[pairs], scale, height)[pair]
    arrives = _dots(columns.first[pairs + 1], scale, height)[pair]
    crossings[start[pair] + offset] = leaves + (arrives - leaves) * (offset + 0.5) / steps[pair]
    return crossings


def _join(
    top: NDArray[np.float64],
    bottom: NDArray[np.float64],
    columns: Columns,
    crossings: NDArray[np.float64],
    scale: Scale,
    height: int,
) -> None:
    """Widens the spans in place by the line that enters and leaves each column."""
    nothing = np.array([np.nan])
    enters, leaves = np.concatenate([nothing, crossings]), np.concatenate([crossings, nothing])
    first, last = np.full(top.size, np.nan), np.full(top.size, np.nan)
    first[columns.place] = _dots(columns.first, scale, height)
    last[columns.place] = _dots(columns.last, scale, height)
    upper = np.ceil(np.fmin(np.fmin(enters, first), np.fmin(leaves, last)))
    lower = np.ceil(np.fmax(np.fmax(enters, first), np.fmax(leaves, last))) - 1.0
    drawn = lower >= upper
    top[drawn] = np.minimum(top[drawn], upper[drawn])
    bottom[drawn] = np.maximum(bottom[drawn], lower[drawn])
    flat = (top > bottom) & ~np.isnan(enters + leaves)
    top[flat] = bottom[flat] = np.rint(0.5 * (enters[flat] + leaves[flat]))
