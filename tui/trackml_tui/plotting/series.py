"""A series made ready to be drawn: finite points only, cut where x turns back.

Preparing costs a few passes over all points. A series that grew is prepared from where it ended, and what drawing
found out about the points that were there before is kept; see `decimate`.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

X: TypeAlias = NDArray[np.int64] | NDArray[np.float64]
Y: TypeAlias = NDArray[np.float64] | NDArray[np.float32]
_MOST_PIECES = 64

NAN, ABOVE, BELOW = 0, 1, 2
"""Kinds of values that are not finite: no number, positive infinity, negative infinity."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Points whose x never decreases, unless they are those of a trail."""

    x: X
    """Positions [n], at least one."""
    y: Y
    """Finite values [n]."""
    gap: NDArray[np.int64] | None
    """How many points that cannot be drawn came before each point [n]; None when there were none."""
    memory: MutableMapping[Any, Any] = field(default_factory=dict)
    """What was found out about the points, shared with the same piece when it has grown."""


class Lost(NamedTuple):
    """How many points are not drawn, by reason."""

    nan: int = 0
    above: int = 0
    """Positive infinities."""
    below: int = 0
    """Negative infinities."""
    not_positive: int = 0
    """Values that a logarithmic y axis cannot show."""
    x_not_positive: int = 0
    """Positions that a logarithmic x axis cannot show."""
    x_not_finite: int = 0

    @property
    def not_finite(self) -> int:
        """Values that are no numbers or infinite."""
        return self.nan + self.above + self.below


class Marks(NamedTuple):
    """Where values are not finite, in the order of the series."""

    x: X
    """Positions [k]."""
    kind: NDArray[np.int8]
    """`NAN`, `ABOVE` or `BELOW` [k]."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A series that can be drawn."""

    pieces: tuple[Piece, ...]
    """The points, in order; a new piece begins where x turns back."""
    lost: Lost
    x_low: float
    x_high: float
    y_low: float
    """Smallest drawn value; with no point to draw, low > high."""
    y_high: float
    marks: Marks | None = None
    """Values that are not finite; None if all are."""
    trail: bool = False
    """x is in no order, and the line goes from point to point as they come."""

    @property
    def points(self) -> int:
        """How many points are drawn."""
        return sum(piece.y.size for piece in self.pieces)

    @property
    def dropped(self) -> int:
        """Points that are not drawn: not finite, or not positive on a logarithmic axis."""
        return sum(self.lost)


def prepare(
    x: X,
    y: Y,
    *,
    positive: bool = False,
    positive_x: bool = False,
    trail: bool = False,
    begun: Curve | None = None,
) -> Curve:
    """The curve of the points (x, y).

    Args:
        x: Positions, in the order of the file [n].
        y: Values [n].
        positive: Leave out values that a logarithmic axis cannot show.
        positive_x: Leave out positions that a logarithmic axis cannot show.
        trail: Keep the points in their order, whatever x does.
        begun: The curve of the first of these points under the same options, to go on from. It is used if it left
            out none of its points.
    """
    if begun is not None and _goes_on(begun, y.size):
        whole = _extended(begun, x, y, positive=positive, positive_x=positive_x)
        if whole is not None:
            return whole
    keep, lost, marks = _kept(x, y, positive=positive, positive_x=positive_x)
    gap: NDArray[np.int64] | None = None
    if keep is not None:
        gap = np.cumsum(~keep, dtype=np.int64)[keep]
        x, y = x[keep], y[keep]
    if y.size == 0:
        return Curve((), lost, np.inf, -np.inf, np.inf, -np.inf, marks, trail)
    pieces = (Piece(x, y, gap),) if trail else _pieces(x, y, gap)
    return Curve(pieces, lost, *_extents(x, y), marks, trail)


def _goes_on(begun: Curve, points: int) -> bool:
    return not begun.dropped and not begun.trail and 0 < len(begun.pieces) < _MOST_PIECES and begun.points <= points


def _extended(begun: Curve, x: X, y: Y, *, positive: bool, positive_x: bool) -> Curve | None:
    """`begun` with the points that came since; None if some of those cannot be drawn."""
    held = begun.points
    if held == y.size:
        return begun
    new_x, new_y = x[held:], y[held:]
    if _kept(new_x, new_y, positive=positive, positive_x=positive_x)[0] is not None:
        return None
    turns = (np.flatnonzero(x[held:] < x[held - 1 : -1]) + held).tolist()
    pieces = list(begun.pieces)
    if len(pieces) + len(turns) >= _MOST_PIECES:
        return None
    start = held - pieces[-1].y.size
    for place, (begin, end) in enumerate(zip([start, *turns], [*turns, y.size], strict=True)):
        piece = Piece(x[begin:end], y[begin:end], None, pieces[-1].memory if place == 0 else {})
        pieces[-1 if place == 0 else len(pieces) :] = [piece]
    low, high, y_low, y_high = _extents(new_x, new_y)
    return Curve(
        tuple(pieces),
        begun.lost,
        min(begun.x_low, low),
        max(begun.x_high, high),
        min(begun.y_low, y_low),
        max(begun.y_high, y_high),
    )


def _kept(x: X, y: Y, *, positive: bool, positive_x: bool) -> tuple[NDArray[np.bool_] | None, Lost, Marks | None]:
    """Which points can be drawn (None: all of them), why others cannot, and where values are not finite."""
    finite = np.isfinite(y)
    x_finite = np.isfinite(x) if x.dtype.kind == "f" else None
    keep = finite if x_finite is None else finite & x_finite
    if positive:
        keep = keep & (y > 0.0)
    if positive_x:
        keep = keep & (x > 0)
    if keep.all():
        return None, Lost(), None
    placed = np.ones(y.size, np.bool_) if x_finite is None else x_finite
    x_lost = int(y.size - np.count_nonzero(placed))
    left = placed & (x <= 0) if positive_x else np.zeros(y.size, np.bool_)
    placed = placed & ~left
    odd = placed & ~finite
    kind = np.where(np.isnan(y[odd]), NAN, np.where(y[odd] > 0, ABOVE, BELOW)).astype(np.int8)
    nan, above, below = np.bincount(kind, minlength=3).tolist()
    low = int(np.count_nonzero(placed & finite & (y <= 0.0))) if positive else 0
    lost = Lost(nan, above, below, low, int(np.count_nonzero(left)), x_lost)
    return keep, lost, Marks(x[odd], kind) if kind.size else None


def _extents(x: X, y: Y) -> tuple[float, float, float, float]:
    return float(x.min()), float(x.max()), float(y.min()), float(y.max())


def _pieces(x: X, y: Y, gap: NDArray[np.int64] | None) -> tuple[Piece, ...]:
    turns = (np.flatnonzero(x[1:] < x[:-1]) + 1).tolist()
    if len(turns) >= _MOST_PIECES:
        order = np.argsort(x, kind="stable")
        return (Piece(x[order], y[order], None),)
    edges = zip([0, *turns], [*turns, y.size], strict=True)
    return tuple(Piece(x[start:stop], y[start:stop], None if gap is None else gap[start:stop]) for start, stop in edges)
