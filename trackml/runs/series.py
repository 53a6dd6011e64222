"""Scalars over time: the immutable `Series` that readers get, and the growing columns behind it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt

from trackml.events.event_columns import Floats, Ints, Values

_SLACK = 8  # A column that grows gets an eighth more than it needs: adding stays linear, and little memory lies idle.


@dataclasses.dataclass(frozen=True, eq=False)
class Series:
    """The points of one tag in the order in which they were written. The arrays are read-only and never change."""

    step: Ints
    """Global step, shape `[points]`."""
    wall_time: Floats
    """Seconds since the epoch, shape `[points]`."""
    held_value: Values
    """The scalar as it is held: float32 if that is what was written, shape `[points]`."""

    @property
    def value(self) -> Floats:
        """The scalar as float64, shape `[points]`; NaN and infinities are kept.

        Where the file has float32, which takes half the memory to hold, the array is made anew at each access.
        """
        with np.errstate(invalid="ignore"):
            value: Floats = self.held_value.astype(np.float64, copy=False)[:]
        return _frozen(value)

    def __len__(self) -> int:
        return len(self.step)

    def shares_points(self, other: Series) -> bool:
        """Tells whether both are the same points of the same `GrowingSeries`."""
        return len(self) == len(other) and self.step.base is other.step.base

    def part(self, begin: int, end: int) -> Series:
        """Gives the points from `begin` up to `end`, without a copy."""
        return Series(self.step[begin:end], self.wall_time[begin:end], _frozen(self.held_value[begin:end]))

    def where(self, chosen: npt.NDArray[np.bool_]) -> Series:
        """Gives the points that `chosen`, shape `[points]`, marks."""
        return Series(_frozen(self.step[chosen]), _frozen(self.wall_time[chosen]), _frozen(self.held_value[chosen]))

    @property
    def columns(self) -> tuple[Ints, Floats, Floats]:
        """Step, wall time and value."""
        return self.step, self.wall_time, self.value


def concatenate(parts: list[Series]) -> Series:
    """Gives one series with the points of all `parts`; without a copy if there is only one."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return EMPTY
    return Series(
        _frozen(np.concatenate([part.step for part in parts])),
        _frozen(np.concatenate([part.wall_time for part in parts])),
        _frozen(np.concatenate([part.held_value for part in parts])),
    )


class GrowingSeries:
    """Points that are only ever added. What `view` gave stays as it was: growth goes behind it or into new arrays.

    Args:
      dtype: Of the values; float32 becomes float64 when such come.
    """

    def __init__(self, dtype: npt.DTypeLike = np.float32) -> None:
        self._step = np.empty(0, np.int64)
        self._wall_time = np.empty(0, np.float64)
        self._value: npt.NDArray[Any] = np.empty(0, dtype)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def extend(self, step: Ints, wall_time: Floats, value: npt.NDArray[Any]) -> None:
        """Adds points, all arrays of one length."""
        begin, end = self._length, self._length + len(step)
        if self._value.dtype != np.float64 and value.dtype == np.float64:
            self._value = self._value.astype(np.float64)
        if end > len(self._step):
            # The first points of a series are often all that come for long.
            capacity = end + max(end // _SLACK, 16) if begin else end
            self._step, self._wall_time = self._grown(self._step, capacity), self._grown(self._wall_time, capacity)
            self._value = self._grown(self._value, capacity)
        self._step[begin:end] = step
        self._wall_time[begin:end] = wall_time
        with np.errstate(invalid="ignore"):  # from a signalling NaN
            self._value[begin:end] = value
        self._length = end

    def view(self) -> Series:
        """Gives the points so far, without a copy."""
        return Series(*(_frozen(column[: self._length]) for column in (self._step, self._wall_time, self._value)))

    def _grown(self, column: npt.NDArray[Any], capacity: int) -> npt.NDArray[Any]:
        grown = np.empty(capacity, column.dtype)
        grown[: self._length] = column[: self._length]
        return grown


def _frozen(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    column.flags.writeable = False
    return column


EMPTY = Series(_frozen(np.empty(0, np.int64)), _frozen(np.empty(0, np.float64)), _frozen(np.empty(0, np.float32)))
"""No points."""
