"""Lines of the chosen tag, remade only for the series that changed.

A series is an immutable view, so it is easy to tell whether it grew. Smoothing and preparing a series
costs a few passes over its points; an unchanged series costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trackml.runs import Series
from trackml_tui.plotting.series import Curve, X, prepare
from trackml_tui.plotting.smoothing import smooth


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One run's series, ready to be drawn and read."""

    x: X
    """Positions on the chosen axis [n]."""
    value: NDArray[np.float64]
    """Values as they were logged [n]."""
    smoothed: NDArray[np.float64]
    """Smoothed values [n]; `value` itself when smoothing is off."""
    raw_curve: Curve
    curve: Curve
    """The smoothed curve; `raw_curve` itself when smoothing is off."""

    def nearest(self, x: float, tolerance: float) -> int | None:
        """The index of the point nearest to `x`; None if the line ends more than `tolerance` away."""
        if not self.raw_curve.pieces:
            return None
        index = self._nearest(x)
        ends = self.raw_curve.x_low - tolerance, self.raw_curve.x_high + tolerance
        return index if ends[0] <= x <= ends[1] or abs(self.x[index] - x) <= tolerance else None

    def _nearest(self, x: float) -> int:
        if len(self.raw_curve.pieces) != 1 or self.raw_curve.dropped:
            return int(np.nanargmin(np.abs(self.x - x)))
        # Sorted, so a binary search does; by an integer for integers, which spares a copy as float64.
        after = int(np.searchsorted(self.x, math.ceil(x) if self.x.dtype.kind == "i" else x))
        around = range(max(0, after - 1), min(after + 1, self.x.size))
        return min(around, key=lambda index: abs(float(self.x[index]) - x))


class _Made(NamedTuple):
    series: Series
    options: tuple[str, bool, float]
    line: Line


class Curves:
    """Makes lines of series and keeps them while the series and the choices stay the same."""

    def __init__(self) -> None:
        self._made: dict[str, _Made] = {}
        self._smoothed: dict[str, tuple[Series, float, NDArray[np.float64]]] = {}

    def line(self, run: str, series: Series, x_axis: str, *, log_y: bool, smoothing: float) -> Line:
        """The line of `run`.

        Args:
            run: Under which name the line is kept.
            series: The points.
            x_axis: "step", "relative" (to the series' first point, as TensorBoard does) or "wall".
            log_y: Leave out values that a logarithmic axis cannot show.
            smoothing: Weight of the past; 0 for none.
        """
        options = (x_axis, log_y, smoothing)
        made = self._made.get(run)
        if made is None or not _same(made.series, series) or made.options != options:
            made = _Made(series, options, self._make(run, series, x_axis, log_y, smoothing))
            self._made[run] = made
        return made.line

    def keep(self, runs: Iterable[str]) -> None:
        """Forgets the lines of all other runs."""
        kept = set(runs)
        self._made = {run: made for run, made in self._made.items() if run in kept}
        self._smoothed = {run: made for run, made in self._smoothed.items() if run in kept}

    def _make(self, run: str, series: Series, x_axis: str, log_y: bool, smoothing: float) -> Line:
        x = _positions(series, x_axis)
        raw_curve = prepare(x, series.value, positive=log_y)
        if smoothing == 0.0:
            return Line(x, series.value, series.value, raw_curve, raw_curve)
        smoothed = self._smooth(run, series, smoothing)
        return Line(x, series.value, smoothed, raw_curve, prepare(x, smoothed, positive=log_y))

    def _smooth(self, run: str, series: Series, weight: float) -> NDArray[np.float64]:
        known = self._smoothed.get(run)
        if known is None or not _same(known[0], series) or known[1] != weight:
            known = (series, weight, smooth(series.value, weight))
            self._smoothed[run] = known
        return known[2]


def _same(one: Series, other: Series) -> bool:
    return one is other or one.shares_points(other)


def _positions(series: Series, x_axis: str) -> X:
    if x_axis == "step":
        return series.step
    if x_axis == "wall" or not series.wall_time.size:
        return series.wall_time
    with np.errstate(invalid="ignore", over="ignore"):
        relative: NDArray[np.float64] = series.wall_time - series.wall_time[0]
    return relative
