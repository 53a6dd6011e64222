"""Many series as one: their middle, and how far they lie apart.

Series are compared at the union of their positions. Between two points of its own a series has the value on the
straight line between them; before its first point and after its last one it has none, and does not count. Where the
union has more positions than can be told apart on any screen, positions are spread evenly over it instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.series import X, Y

Floats = NDArray[np.float64]
MIDDLES = ("mean", "median")
SPREADS = ("std", "iqr", "minmax")
MOST_POSITIONS = 4096
"""Positions of the union that are all kept; of more, that many are spread over it."""


@dataclass(frozen=True, slots=True, eq=False)
class Aggregate:
    """The middle of some series and a band around it."""

    x: X
    """Positions, rising [n]."""
    middle: Floats
    """Mean or median of the series that have a value there [n]."""
    low: Floats
    """Lower side of the band [n]."""
    high: Floats
    """Upper side of the band [n]."""
    count: NDArray[np.int64]
    """How many series have a value there [n]."""


def aggregate(series: Sequence[tuple[X, Y]], middle: str, spread: str) -> Aggregate:
    """The middle of `series` and a band around it.

    Args:
        series: Positions and values of each; points that are not finite do not count, and of several points at one
            position the last one does.
        middle: "mean" or "median".
        spread: "std" (one standard deviation on either side, that of a sample: divided by n - 1), "iqr" (first to
            third quartile) or "minmax".
    """
    clean = [points for points in (_clean(x, y) for x, y in series) if points[0].size]
    if not clean:
        nothing = np.empty(0)
        return Aggregate(nothing, nothing, nothing, nothing, np.empty(0, np.int64))
    x = _positions([points[0] for points in clean])
    table = np.array([np.interp(x, *points, left=np.nan, right=np.nan) for points in clean])
    count = np.count_nonzero(np.isfinite(table), axis=0)
    ranked = np.sort(table, axis=0)  # what is not there comes last
    centre = _mean(table, count) if middle == "mean" else _quantile(ranked, count, 0.5)
    if spread == "std":
        deviation = _deviation(table, count)
        return Aggregate(x, centre, centre - deviation, centre + deviation, count)
    sides = (0.25, 0.75) if spread == "iqr" else (0.0, 1.0)
    low, high = (_quantile(ranked, count, side) for side in sides)
    return Aggregate(x, centre, low, high, count)


def _clean(x: X, y: Y) -> tuple[X, Floats]:
    """Finite points by rising position, each position once."""
    keep = np.isfinite(y) & np.isfinite(x)
    x, values = x[keep], y[keep].astype(np.float64)
    if x.size and bool((np.diff(x) > 0).all()):
        return x, values
    _, last = np.unique(x[::-1], return_index=True)
    return x[::-1][last], values[::-1][last]


def _positions(parts: Sequence[X]) -> X:
    union: NDArray[Any] = np.unique(np.concatenate(parts))
    if union.size > MOST_POSITIONS:
        spread = np.linspace(float(union[0]), float(union[-1]), MOST_POSITIONS)
        union = np.unique(np.rint(spread).astype(np.int64)) if union.dtype.kind == "i" else spread
    result: X = union
    return result


def _mean(table: Floats, count: NDArray[np.int64]) -> Floats:
    result: Floats = np.nansum(table, axis=0) / count
    return result


def _deviation(table: Floats, count: NDArray[np.int64]) -> Floats:
    squares = np.nansum((table - _mean(table, count)) ** 2, axis=0)
    result: Floats = np.sqrt(squares / np.maximum(count - 1, 1))
    return result


def _quantile(ranked: Floats, count: NDArray[np.int64], part: float) -> Floats:
    """Quantiles of the columns of a sorted table, on the straight line between two ranks."""
    rank = part * (count - 1)
    lower = np.floor(rank).astype(np.int64)
    upper = np.minimum(lower + 1, count - 1)
    columns = np.arange(ranked.shape[1])
    one, other = ranked[lower, columns], ranked[upper, columns]
    result: Floats = one + (other - one) * (rank - lower)
    return result
