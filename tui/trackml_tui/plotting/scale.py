"""Scales: where a value lies between the two ends of an axis.

A scale maps values to [0, 1] (`unit`) and back (`value`). `fit` chooses its ends for data, and gives a sane axis
for no data, one value, and values near the limits of float64. `zoomed` and `panned` move the ends in units of the
scale, so that both feel alike on every kind of axis.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Range: TypeAlias = "tuple[float, float]"
"""The two ends of an axis, the lower one first."""

PADDING = 0.05
"""Part of the data's extent that is left free on either side, as TensorBoard does."""
_SMALLEST_EXTENT = 1e-12
_SMALLEST = float(np.finfo(np.float64).tiny)
_LARGEST = float(np.finfo(np.float64).max)
_WIDEST_SYMLOG = 1e6
_NARROWEST_SYMLOG = 10.0


class Scale(Protocol):
    """Where a value lies between `low` and `high`."""

    @property
    def low(self) -> float:
        """The value at 0."""

    @property
    def high(self) -> float:
        """The value at 1."""

    def unit(self, values: Floats) -> Floats:
        """Positions of `values`, 0 at `low` and 1 at `high`; others lie outside [0, 1]."""

    def values(self, units: Floats) -> Floats:
        """The values at positions."""

    def value(self, unit: float) -> float:
        """The value at a position."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Equal differences are equally far apart."""

    low: float
    high: float

    def unit(self, values: Floats) -> Floats:
        """Positions of `values`; halved terms, so that the full range of float64 does not overflow."""
        half_low = 0.5 * self.low
        result: Floats = (0.5 * values - half_low) / (0.5 * self.high - half_low)
        return result

    def values(self, units: Floats) -> Floats:
        """The values at positions."""
        result: Floats = self.low * (1.0 - units) + self.high * units
        return result

    def value(self, unit: float) -> float:
        """The value at a position."""
        return self.low * (1.0 - unit) + self.high * unit


@dataclass(frozen=True, slots=True)
class Log:
    """Equal ratios are equally far apart; `low` must be positive."""

    low: float
    high: float

    def unit(self, values: Floats) -> Floats:
        """Positions of positive `values`."""
        start = math.log10(self.low)
        result: Floats = (np.log10(values) - start) / (math.log10(self.high) - start)
        return result

    def values(self, units: Floats) -> Floats:
        """The values at positions."""
        start, stop = math.log10(self.low), math.log10(self.high)
        result: Floats = np.power(10.0, start + units * (stop - start))
        return result

    def value(self, unit: float) -> float:
        """The value at a position; the ends of float64 if it lies beyond them."""
        start, stop = math.log10(self.low), math.log10(self.high)
        return float(10.0 ** min(max(start + unit * (stop - start), -307.0), 308.0))


@dataclass(frozen=True, slots=True)
class Symlog:
    """Linear near zero, logarithmic far from it, on both sides.

    A value `v` stands at `sign(v) * log10(1 + |v| / threshold)`, as on d3's `scaleSymlog`.
    """

    low: float
    high: float
    threshold: float
    """Where the linear part ends; positive."""

    def unit(self, values: Floats) -> Floats:
        """Positions of `values`."""
        start, stop = (float(self._forward(np.float64(end))) for end in (self.low, self.high))
        result: Floats = (self._forward(values) - start) / (stop - start)
        return result

    def values(self, units: Floats) -> Floats:
        """The values at positions."""
        start, stop = (float(self._forward(np.float64(end))) for end in (self.low, self.high))
        places = start + np.asarray(units) * (stop - start)
        with np.errstate(over="ignore"):
            result: Floats = np.sign(places) * self.threshold * np.expm1(np.abs(places) * math.log(10.0))
        return np.clip(result, -_LARGEST, _LARGEST)

    def value(self, unit: float) -> float:
        """The value at a position."""
        return float(self.values(np.array([unit]))[0])

    def _forward(self, values: Floats | np.float64) -> Floats:
        with np.errstate(over="ignore"):
            ratios = np.minimum(np.abs(values) / self.threshold, _LARGEST)
        result: Floats = np.sign(values) * (np.log1p(ratios) / math.log(10.0))
        return result


def fit_linear(low: float, high: float, padding: float = PADDING) -> Linear:
    """A linear scale that shows [low, high] with some room on either side.

    Args:
        low: Smallest value; with `low > high` there is no data, and the scale is [0, 1].
        high: Largest value.
        padding: Free part on either side, in parts of the extent.
    """
    if low > high:
        return Linear(0.0, 1.0)
    magnitude = max(abs(low), abs(high))
    if 0.5 * high - 0.5 * low <= _SMALLEST_EXTENT * magnitude:
        room = max(PADDING * magnitude, _SMALLEST) if magnitude else 1.0
    else:
        room = max(padding * (high - low), _SMALLEST) if magnitude < 0.4 * _LARGEST else 0.0
    return Linear(max(low - room, -_LARGEST), min(high + room, _LARGEST))


def fit_log(low: float, high: float, padding: float = PADDING) -> Log:
    """A logarithmic scale that shows [low, high] with some room on either side.

    Unlike TensorBoard, which shows [low / 2, 2 high]: the room is a part of the extent, because rows of a
    terminal are few.

    Args:
        low: Smallest positive value; with `low > high` there is no data, and the scale is [0.1, 1].
        high: Largest value.
        padding: Free part on either side, in parts of the logarithmic extent.
    """
    if low > high:
        return Log(0.1, 1.0)
    extent = math.log10(high) - math.log10(low)
    room = 10.0 ** (padding * extent if extent > 1e-9 else 0.3)
    return Log(max(low / room, _SMALLEST), min(high * room, _LARGEST))


def fit_symlog(low: float, high: float, threshold: float, padding: float = PADDING) -> Symlog:
    """A symmetric logarithmic scale that shows [low, high] with some room on either side.

    Args:
        low: Smallest value; with `low > high` there is no data, and the scale is [0, 1].
        high: Largest value.
        threshold: Where the linear part ends; positive.
        padding: Free part on either side, in parts of the extent on the scale.
    """
    if low > high:
        return Symlog(0.0, 1.0, threshold)
    if high - low <= _SMALLEST_EXTENT * max(abs(low), abs(high)):
        around = fit_linear(low, high)
        return Symlog(around.low, around.high, threshold)
    bare = Symlog(low, high, threshold)
    return Symlog(bare.value(-padding), bare.value(1.0 + padding), threshold)


def symlog_threshold(values: Floats) -> float:
    """Where the linear part of a symlog axis for `values` ends: a power of ten.

    It is at or below the size of nine tenths of the values, so that they stand on the logarithmic part, and between
    a tenth and a millionth of the largest: an axis with more decades than that has no room for any of them.
    """
    sizes = np.abs(values[np.isfinite(values) & (values != 0.0)])
    if not sizes.size:
        return 1.0
    largest = float(sizes.max())
    typical = float(np.partition(sizes, sizes.size // 10)[sizes.size // 10])
    typical = min(max(typical, largest / _WIDEST_SYMLOG), largest / _NARROWEST_SYMLOG)
    return float(10.0 ** math.floor(math.log10(max(typical, _SMALLEST)) + 1e-9))


def zoomed(scale: Scale, about: float, factor: float) -> Range:
    """The ends of an axis that shows `factor` of what `scale` shows, the value at `about` staying where it is.

    Args:
        scale: The axis as it is.
        about: The position that stays, 0 to 1.
        factor: Below 1 to see less, above 1 to see more.
    """
    return _between(scale, about * (1.0 - factor), about + (1.0 - about) * factor)


def panned(scale: Scale, part: float) -> Range:
    """The ends of an axis that lies `part` of its length further up."""
    return _between(scale, part, 1.0 + part)


def stretch(scale: Scale, start: float, stop: float) -> Range:
    """The ends of an axis that shows the part between two positions, in either order."""
    return _between(scale, min(start, stop), max(start, stop))


def with_ends(scale: Linear | Log | Symlog, ends: Range) -> Linear | Log | Symlog:
    """The same kind of scale between other ends."""
    return replace(scale, low=ends[0], high=ends[1])


def is_range(low: float, high: float, *, positive: bool = False) -> bool:
    """Whether [low, high] can be the ends of an axis: finite, in order, and not too close to tell apart.

    Args:
        low: Lower end.
        high: Upper end.
        positive: Whether the axis is logarithmic.
    """
    if not (math.isfinite(low) and math.isfinite(high)) or (positive and low <= 0.0):
        return False
    return 0.5 * high - 0.5 * low > _SMALLEST_EXTENT * max(abs(low), abs(high), _SMALLEST)


def _between(scale: Scale, start: float, stop: float) -> Range:
    """The values at two positions; the present ends where they could not be ends of an axis."""
    low, high = (min(max(scale.value(unit), -_LARGEST), _LARGEST) for unit in (start, stop))
    if not is_range(low, high, positive=isinstance(scale, Log)):
        return scale.low, scale.high
    return low, high
