"""Scalars over time: the immutable `Series` that readers get, and the growing columns behind it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt

from trackml.events.columns import Floats, Ints


@dataclasses.dataclass(frozen=True, eq=False)
class Series:
    """The points of one tag in the order in which they were written. The arrays are read-only and never change."""

    step: Ints
    """Global step, shape `[points]`."""
    wall_time: Floats
    """Seconds since the epoch, shape `[points]`."""
    value: Floats
    """The scalar, shape `[points]`; NaN and infinities are kept."""

    def __len__(self) -> int:
        return len(self.step)

    def shares_points(self, other: Series) -> bool:
        """Tells whether both are the same points of the same `GrowingSeries`."""
        return len(self) == len(other) and self.step.base is other.step.base

    def part(self, begin: int, end: int) -> Series:
        """Gives the points from `begin` up to `end`, without a copy."""
        return Series(self.step[begin:end], self.wall_time[begin:end], self.value[begin:end])

    def where(self, chosen: npt.NDArray[np.bool_]) -> Series:
        """Gives the points that `chosen`, shape `[points]`, marks."""
        return Series(*(_frozen(column[chosen]) for column in self.columns))

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
    return Series(*(_frozen(np.concatenate(columns)) for columns in zip(*(part.columns for part in parts))))


class GrowingSeries:
    """Points that are only ever added. What `view` gave stays as it was: growth goes behind it or into new arrays."""

    def __init__(self) -> None:
        self._columns = (np.empty(0, np.int64), np.empty(0), np.empty(0))
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def extend(self, step: Ints, wall_time: Floats, value: Floats) -> None:
        """Adds points, all arrays of one length."""
        length = self._length + len(step)
        if length > len(self._columns[0]):
            self._columns = tuple(self._grown(column, length) for column in self._columns)  # type: ignore[assignment]
        for column, added in zip(self._columns, (step, wall_time, value)):
            column[self._length : length] = added
        self._length = length

    def view(self) -> Series:
        """Gives the points so far, without a copy."""
        return Series(*(_frozen(column[: self._length]) for column in self._columns))

    def _grown(self, column: npt.NDArray[Any], length: int) -> npt.NDArray[Any]:
        # By half, so that adding stays linear and little memory lies idle.
        grown = np.empty(max(length, self._length * 3 // 2, 16), column.dtype)
        grown[: self._length] = column[: self._length]
        return grown


def _frozen(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    column.flags.writeable = False
    return column


EMPTY = Series(*(_frozen(np.empty(0, dtype)) for dtype in (np.int64, np.float64, np.float64)))
"""No points."""
