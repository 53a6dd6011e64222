"""A chart as numbers: positions as rows, lines as columns, for readers that cannot see curves.

Few rows stand for many points: positions are spread over the axis, and each line shows the value nearest to them,
if one is near. Smallest, largest and last value of each line, over all points in sight, stand below.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.scale import Scale
from trackml_tui.plotting.series import Curve, Piece, X

_FEW = 4096


class Summary(NamedTuple):
    """What there is to say of a line as a whole."""

    lowest: float | None
    highest: float | None
    last: float | None
    """The value of the last point in sight."""
    points: int
    """How many points are in sight."""


class Table(NamedTuple):
    """Numbers of a chart."""

    x: list[float]
    """The position of each row."""
    rows: list[list[float | None]]
    """The value of each line at each position; None where it has no point near."""
    summaries: list[Summary]
    """One for each line."""


def tabulate(curves: Sequence[Curve], scale: Scale, rows: int) -> Table:
    """At most `rows` positions of the axis, and the values of each curve there.

    Args:
        curves: The lines.
        scale: The x axis.
        rows: How many rows there may be.
    """
    positions = _positions(curves, scale, max(1, rows))
    reach = 0.5 * float(np.min(np.diff(positions))) if positions.size > 1 else np.inf
    values = [[_near(curve, place, reach) for curve in curves] for place in positions.tolist()]
    return Table(positions.tolist(), values, [_summary(curve, scale) for curve in curves])


def _positions(curves: Sequence[Curve], scale: Scale, rows: int) -> NDArray[np.float64]:
    """Positions of points, all if there is room, else those nearest to even places between the ends."""
    parts = [_inside(piece, scale, rows) for curve in curves for piece in curve.pieces]
    if not parts:
        return np.empty(0)
    union = np.unique(np.concatenate(parts).astype(np.float64))
    if union.size <= rows:
        return union
    unit = np.sort(scale.unit(union))
    even = np.linspace(unit[0], unit[-1], rows)
    after = np.clip(np.searchsorted(unit, even), 1, unit.size - 1)
    nearest = np.where(even - unit[after - 1] < unit[after] - even, after - 1, after)
    chosen: NDArray[np.float64] = union[np.unique(nearest)]
    return chosen


def _inside(piece: Piece, scale: Scale, rows: int) -> X:
    """The positions of a piece that are in sight; of very many, some near to even places."""
    inside: NDArray[Any] = piece.x[(piece.x >= scale.low) & (piece.x <= scale.high)]
    if inside.size <= _FEW:
        return inside
    even = scale.values(np.linspace(0.0, 1.0, 8 * rows))
    ordered = np.sort(inside)
    spread: X = ordered[np.clip(np.searchsorted(ordered, even), 0, ordered.size - 1)]
    return spread


def _near(curve: Curve, place: float, reach: float) -> float | None:
    best: tuple[float, float] | None = None
    for piece in curve.pieces:
        if curve.trail:
            index = int(np.argmin(np.abs(piece.x - place)))
            around: Sequence[int] = (index,)
        else:
            after = int(np.searchsorted(piece.x, place))
            around = range(max(0, after - 1), min(after + 1, piece.x.size))
        for index in around:
            distance = abs(float(piece.x[index]) - place)
            if distance <= reach and (best is None or distance <= best[0]):
                best = distance, float(piece.y[index])
    return None if best is None else best[1]


def _summary(curve: Curve, scale: Scale) -> Summary:
    values = [piece.y[(piece.x >= scale.low) & (piece.x <= scale.high)] for piece in curve.pieces]
    values = [part for part in values if part.size]
    if not values:
        return Summary(None, None, None, 0)
    low, high = min(float(part.min()) for part in values), max(float(part.max()) for part in values)
    return Summary(low, high, float(values[-1][-1]), sum(part.size for part in values))
