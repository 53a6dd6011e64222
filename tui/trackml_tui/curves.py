"""Lines of runs and tags, remade only for the series that changed, and from where they ended if they grew.

A series is an immutable view, so it is easy to tell whether it grew. Smoothing and preparing a series
costs a few passes over its points; of one that grew only the new points are looked at, and an unchanged series
costs nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trackml.runs import Series
from trackml_tui.plotting.series import Curve, X, Y, prepare
from trackml_tui.plotting.smoothing import Smoothed, smooth_on

_ROUNDS_KEPT = 3
_SLACK = 8


class LineOptions(NamedTuple):
    """What a line depends on besides its points."""

    x_axis: str = "step"
    """ "step", "relative" (to the series' first point, as TensorBoard does) or "wall"."""
    log_y: bool = False
    """Leave out values that a logarithmic axis cannot show."""
    log_x: bool = False
    """Leave out positions that a logarithmic axis cannot show."""
    smoothing: float = 0.0
    """Weight of the past; 0 for none."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One run's series, ready to be drawn and read."""

    x: X
    """Positions on the chosen axis [n]."""
    step: NDArray[np.int64]
    """Steps [n]."""
    value: Y
    """Values as they were logged [n]."""
    smoothed: Y
    """Smoothed values [n]; `value` itself when smoothing is off."""
    raw_curve: Curve
    curve: Curve
    """The smoothed curve; `raw_curve` itself when smoothing is off."""
    ghosts: tuple[Curve, ...] = ()
    """What restarts superseded, as it was logged."""
    restarts: tuple[float, ...] = ()
    """Of each ghost, the x from which the series that stayed took over."""

    def nearest(self, x: float, tolerance: float) -> int | None:
        """The index of the point nearest to `x`; None if the line ends more than `tolerance` away."""
        if not self.raw_curve.pieces:
            return None
        index = self._nearest(x)
        ends = self.raw_curve.x_low - tolerance, self.raw_curve.x_high + tolerance
        return index if ends[0] <= x <= ends[1] or abs(self.x[index] - x) <= tolerance else None

    def _nearest(self, x: float) -> int:
        if len(self.raw_curve.pieces) != 1 or self.raw_curve.dropped or self.raw_curve.trail:
            return int(np.nanargmin(np.abs(self.x - x)))
        # Sorted, so a binary search does; by an integer for integers, which spares a copy as float64.
        after = int(np.searchsorted(self.x, math.ceil(x) if self.x.dtype.kind == "i" else x))
        around = range(max(0, after - 1), min(after + 1, self.x.size))
        return min(around, key=lambda index: abs(float(self.x[index]) - x))


class _Made(NamedTuple):
    series: Series
    ghosts: tuple[Series, ...]
    line: Line
    round: int


class Curves:
    """Makes lines of series and keeps them while they are asked for."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str, LineOptions], _Made] = {}
        self._against: dict[tuple[str, str, str, LineOptions], tuple[Line, Line, Line, int]] = {}
        self._smoothed: dict[tuple[str, str, float], tuple[Series, Smoothed, int]] = {}
        self._round = 0

    def line(self, run: str, tag: str, series: Series, options: LineOptions, ghosts: tuple[Series, ...] = ()) -> Line:
        """The line of a run and tag.

        Args:
            run: Under which name the line is kept.
            tag: The tag.
            series: The points.
            options: What else it depends on.
            ghosts: What restarts superseded.
        """
        key = (run, tag, options)
        made = self._made.get(key)
        if made is None or not _same(made.series, series) or not _all_same(made.ghosts, ghosts):
            line = self._make(run, tag, series, options, ghosts, made)
            made = _Made(series, ghosts, line, self._round)
        self._made[key] = made._replace(round=self._round)
        return made.line

    def against(self, run: str, tags: tuple[str, str], x: Series, y: Series, options: LineOptions) -> Line:
        """The line of one tag over another, at the steps that both have.

        Args:
            run: Under which name the line is kept.
            tags: The tag whose values are x, and that whose values are y.
            x: The points of the first.
            y: The points of the second.
            options: What else it depends on; the kind of x axis has no say.
        """
        plain = options._replace(x_axis="step", log_y=False, log_x=False)
        across, up = (self.line(run, tag, series, plain) for tag, series in zip(tags, (x, y), strict=True))
        key = (run, *tags, options)
        made = self._against.get(key)
        if made is None or made[0] is not across or made[1] is not up:
            made = (across, up, _joined(across, up, options), self._round)
        self._against[key] = (*made[:3], self._round)
        return made[2]

    def forget_unused(self) -> None:
        """Begins a new round, and drops the lines that nobody asked for in the last few."""
        self._round += 1
        oldest = self._round - _ROUNDS_KEPT
        self._made = {key: made for key, made in self._made.items() if made.round >= oldest}
        self._against = {key: made for key, made in self._against.items() if made[3] >= oldest}
        self._smoothed = {key: made for key, made in self._smoothed.items() if made[2] >= oldest}

    def _make(
        self,
        run: str,
        tag: str,
        series: Series,
        options: LineOptions,
        ghosts: tuple[Series, ...],
        made: _Made | None,
    ) -> Line:
        old = made.line if made is not None and _grew(made.series, series) else None
        x = _positions(series, options.x_axis, None if old is None else old.x)
        raw_curve = self._prepare(x, series.held_value, options, old.raw_curve if old else None)
        smoothed, curve = series.held_value, raw_curve
        if options.smoothing > 0.0:
            smoothed = self._smooth(run, tag, series, options.smoothing, made.series if made and old else None)
            curve = self._prepare(x, smoothed, options, old.curve if old else None)
        origin = series.wall_time[:1]
        parts = [_positions(ghost, options.x_axis, origin=origin) for ghost in ghosts]
        curves = [self._prepare(part, ghost.held_value, options) for part, ghost in zip(parts, ghosts, strict=True)]
        restarts = [_restart(ghost, part, series, x) for ghost, part in zip(ghosts, parts, strict=True)]
        return Line(x, series.step, series.held_value, smoothed, raw_curve, curve, tuple(curves), tuple(restarts))

    @staticmethod
    def _prepare(x: X, y: Y, options: LineOptions, begun: Curve | None = None) -> Curve:
        return prepare(x, y, positive=options.log_y, positive_x=options.log_x, begun=begun)

    def _smooth(
        self, run: str, tag: str, series: Series, weight: float, grew_from: Series | None
    ) -> NDArray[np.float64]:
        key = (run, tag, weight)
        known = self._smoothed.get(key)
        if known is None or not _same(known[0], series):
            begun = known[1] if known is not None and (known[0] is grew_from or _grew(known[0], series)) else None
            known = (series, smooth_on(begun, series.held_value, weight), self._round)
        self._smoothed[key] = (*known[:2], self._round)
        return known[1].values


def _same(one: Series, other: Series) -> bool:
    return one is other or one.shares_points(other)


def _all_same(some: tuple[Series, ...], others: tuple[Series, ...]) -> bool:
    return len(some) == len(others) and all(map(_same, some, others))


def _grew(old: Series, new: Series) -> bool:
    """Whether `new` begins with the points of `old`."""
    held = len(old)
    if not 0 < held <= len(new) or old.held_value.dtype != new.held_value.dtype:
        return False
    pairs = zip((old.step, old.wall_time, old.held_value), (new.step, new.wall_time, new.held_value), strict=True)
    return all(_equal(before, after[:held]) for before, after in pairs)


def _equal(one: NDArray[np.generic], other: NDArray[np.generic]) -> bool:
    """Whether both hold the same bytes, a NaN being equal to itself."""
    if one.__array_interface__["data"][0] == other.__array_interface__["data"][0]:
        return True
    return bool(np.array_equal(one.view(f"i{one.itemsize}"), other.view(f"i{other.itemsize}")))


def _positions(series: Series, x_axis: str, begun: X | None = None, origin: NDArray[np.float64] | None = None) -> X:
    """The points' places on the x axis.

    Args:
        series: The points.
        x_axis: As in `LineOptions`.
        begun: What this gave for the first of them.
        origin: The moment from which relative time is counted, if there is one; else that of the first point.
    """
    if x_axis == "step":
        return series.step
    if x_axis == "wall" or not series.wall_time.size:
        return series.wall_time
    first = origin if origin is not None and origin.size else series.wall_time[:1]
    held = 0 if begun is None else begun.size
    with np.errstate(invalid="ignore", over="ignore"):
        relative: NDArray[np.float64] = series.wall_time[held:] - first
    if begun is None:
        return relative
    room = begun.base
    if not isinstance(room, np.ndarray) or room.size < len(series):
        room = np.empty(len(series) + len(series) // _SLACK)
        room[:held] = begun
    room[held : len(series)] = relative
    return room[: len(series)]


def _restart(ghost: Series, ghost_x: X, series: Series, x: X) -> float:
    """Where the series that stayed took over from `ghost`: its first point that was written after that."""
    if not len(ghost):
        return math.nan
    later = np.flatnonzero((series.step >= ghost.step[0]) & (series.wall_time >= ghost.wall_time[-1]))
    return float(x[later[0]]) if later.size else float(ghost_x[0])


def _joined(across: Line, up: Line, options: LineOptions) -> Line:
    """The trail of the points of two lines that have the same step."""
    x_place, y_place = _common(across.step, up.step)
    step, x = up.step[y_place], across.smoothed[x_place].astype(np.float64)
    value, smoothed = up.value[y_place], up.smoothed[y_place]
    curve = prepare(x, smoothed, positive=options.log_y, positive_x=options.log_x, trail=True)
    return Line(x, step, value, smoothed, curve, curve)


def _common(one: NDArray[np.int64], other: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places of the steps that both have; of a step that is there several times, the last."""
    firsts, seconds = (_last_places(steps) for steps in (one, other))
    _, in_one, in_other = np.intersect1d(one[firsts], other[seconds], assume_unique=True, return_indices=True)
    return firsts[in_one], seconds[in_other]


def _last_places(steps: NDArray[np.int64]) -> NDArray[np.int64]:
    _, places = np.unique(steps[::-1], return_index=True)
    result: NDArray[np.int64] = steps.size - 1 - places
    return result
