"""Scales: where a value lies between the two ends of an axis.

A scale maps values to [0, 1] (`unit`) and back (`value`). `fit_linear` and `fit_log` choose its ends for
data, and give a sane axis for no data, one value, and values near the limits of float64.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

PADDING = 0.05
"""Part of the data's extent that is left free on either side, as TensorBoard does."""
_SMALLEST_EXTENT = 1e-12
_SMALLEST = float(np.finfo(np.float64).tiny)
_LARGEST = float(np.finfo(np.float64).max)


class Scale(Protocol):
    """Where a value lies between `low` and `high`."""

    @property
    def low(self) -> float:
        """The value at 0."""

    @property
    def high(self) -> float:
        """The value at 1."""

    def unit(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Positions of `values`, 0 at `low` and 1 at `high`; others lie outside [0, 1]."""

    def value(self, unit: float) -> float:
        """The value at a position."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Equal differences are equally far apart."""

    low: float
    high: float

    def unit(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Positions of `values`; halved terms, so that the full range of float64 does not overflow."""
        half_low = 0.5 * self.low
        result: NDArray[np.float64] = (0.5 * values - half_low) / (0.5 * self.high - half_low)
        return result

    def value(self, unit: float) -> float:
        """The value at a position."""
        return self.low * (1.0 - unit) + self.high * unit


@dataclass(frozen=True, slots=True)
class Log:
    """Equal ratios are equally far apart; `low` must be positive."""

    low: float
    high: float

    def unit(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Positions of positive `values`."""
        start = math.log10(self.low)
        result: NDArray[np.float64] = (np.log10(values) - start) / (math.log10(self.high) - start)
        return result

    def value(self, unit: float) -> float:
        """The value at a position."""
        start, stop = math.log10(self.low), math.log10(self.high)
        return float(10.0 ** (start + unit * (stop - start)))


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
