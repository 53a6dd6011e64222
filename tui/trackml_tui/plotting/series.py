"""A series made ready to be drawn: finite points only, cut where x turns back.

Preparing costs a few passes over all points and is done once for an unchanged series; drawing then only
looks up where the columns begin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

X: TypeAlias = NDArray[np.int64] | NDArray[np.float64]
_MOST_PIECES = 64


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Points whose x never decreases."""

    x: X
    """Positions [n], at least one."""
    y: NDArray[np.float64]
    """Finite values [n]."""
    gap: NDArray[np.int64] | None
    """How many points that cannot be drawn came before each point [n]; None when there were none."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A series that can be drawn."""

    pieces: tuple[Piece, ...]
    """The points, in order; a new piece begins where x turns back."""
    dropped: int
    """Points that are not drawn: not finite, or not positive on a logarithmic axis."""
    x_low: float
    x_high: float
    y_low: float
    """Smallest drawn value; with no point to draw, low > high."""
    y_high: float

    @property
    def points(self) -> int:
        """How many points are drawn."""
        return sum(piece.y.size for piece in self.pieces)


def prepare(x: X, y: NDArray[np.float64], *, positive: bool = False) -> Curve:
    """The curve of the points (x, y).

    Args:
        x: Positions, in the order of the file [n].
        y: Values [n].
        positive: Leave out values that a logarithmic axis cannot show.
    """
    keep = np.isfinite(y)
    if x.dtype.kind == "f":
        keep &= np.isfinite(x)
    if positive:
        keep &= y > 0.0
    dropped = int(y.size - np.count_nonzero(keep))
    gap = None
    if dropped:
        gap = np.cumsum(~keep)[keep]
        x, y = x[keep], y[keep]
    if y.size == 0:
        return Curve((), dropped, np.inf, -np.inf, np.inf, -np.inf)
    pieces = _pieces(x, y, gap)
    extents = float(x.min()), float(x.max()), float(y.min()), float(y.max())
    return Curve(pieces, dropped, *extents)


def _pieces(x: X, y: NDArray[np.float64], gap: NDArray[np.int64] | None) -> tuple[Piece, ...]:
    turns = (np.flatnonzero(x[1:] < x[:-1]) + 1).tolist()
    if len(turns) >= _MOST_PIECES:
        order = np.argsort(x, kind="stable")
        return (Piece(x[order], y[order], None),)
    edges = zip([0, *turns], [*turns, y.size], strict=True)
    return tuple(Piece(x[start:stop], y[start:stop], None if gap is None else gap[start:stop]) for start, stop in edges)
