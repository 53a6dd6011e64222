"""Points that are only ever added: the columns behind the `Series` that readers get."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from trackml.events.event_columns import Floats, Ints
from trackml.runs.series import Series, Weights, frozen

_SLACK = 8  # A column that grows gets an eighth more than it needs: adding stays linear, and little memory lies idle.
_LITTLE_SLACK = 64


class _Part(NamedTuple):
    step: Ints
    wall_time: Floats
    value: npt.NDArray[Any]


class GrowingSeries:
    """Points that are only ever added. What `view` gave stays as it was: growth goes behind it or into new arrays.

    Points are kept as they come until somebody looks, so that a file that is read in many turns is copied once.

    Args:
      dtype: Of the values; float32 becomes float64 when such come.
    """

    def __init__(self, dtype: npt.DTypeLike = np.float32) -> None:
        self._step = np.empty(0, np.int64)
        self._wall_time = np.empty(0, np.float64)
        self._value: npt.NDArray[Any] = np.empty(0, dtype)
        self._weight: Weights | None = None
        self._length = 0
        """How many points the columns hold; the rest of them is room to grow."""
        self._parts: list[_Part] = []
        """What came since."""
        self._new = 0

    @classmethod
    def of(cls, series: Series) -> GrowingSeries:
        """Gives one that begins with all of `series`, whose columns it holds without a copy."""
        growing = cls(series.held_value.dtype)
        growing._step, growing._wall_time, growing._value = series.step, series.wall_time, series.held_value
        growing._weight, growing._length = series.weight, len(series)
        return growing

    def __len__(self) -> int:
        return self._length + self._new

    @property
    def dtype(self) -> npt.DTypeLike:
        """Of the values so far."""
        return np.float64 if any(part.value.dtype == np.float64 for part in self._parts) else self._value.dtype

    @property
    def nbytes(self) -> int:
        """The memory that the columns take."""
        columns = [self._step, self._wall_time, self._value, *([] if self._weight is None else [self._weight])]
        return sum(column.nbytes for column in columns) + sum(column.nbytes for part in self._parts for column in part)

    def extend(self, step: Ints, wall_time: Floats, value: npt.NDArray[Any]) -> None:
        """Adds points, all arrays of one length. They belong to the series from now on."""
        if len(step):
            self._parts.append(_Part(step, wall_time, value))
            self._new += len(step)

    def view(self) -> Series:
        """Gives the points so far, without a copy of what an earlier view gave."""
        self._take_in_parts(is_exact=False)
        columns = (self._step, self._wall_time, self._value)
        step, wall_time, value = (frozen(column[: self._length]) for column in columns)
        return Series(step, wall_time, value, None if self._weight is None else frozen(self._weight[: self._length]))

    def settle(self) -> None:
        """Gives back the room to grow: for a series of which no more points are expected soon."""
        self._take_in_parts(is_exact=True)
        if len(self._step) - self._length > self._length // _LITTLE_SLACK:
            self._make_room(self._length, self._value.dtype)

    def keep(self, chosen: npt.NDArray[np.bool_], weight: Weights) -> None:
        """Forgets the points that `chosen`, shape `[len(self)]`, does not mark; `weight` is that of the others."""
        kept = self.view().where(chosen)
        self._step, self._wall_time, self._value = kept.step, kept.wall_time, kept.held_value
        self._weight, self._length = weight, len(kept)

    def _take_in_parts(self, is_exact: bool) -> None:
        if not self._parts:
            return
        dtype = self.dtype
        end = len(self)
        if end > len(self._step) or dtype != self._value.dtype:
            # The first points of a series are often all that come for long.
            slack = 0 if is_exact or not self._length else max(end // _SLACK, 16)
            self._make_room(end + slack, dtype)
        parts, self._parts, self._new = self._parts, [], 0
        for part in parts:
            self._append(part)

    def _append(self, part: _Part) -> None:
        begin, end = self._length, self._length + len(part.step)
        self._step[begin:end] = part.step
        self._wall_time[begin:end] = part.wall_time
        with np.errstate(invalid="ignore"):  # from a signalling NaN
            self._value[begin:end] = part.value
        if self._weight is not None:
            self._weight[begin:end] = 1
        self._length = end

    def _make_room(self, capacity: int, dtype: npt.DTypeLike) -> None:
        self._step = self._resized(self._step, capacity, np.int64)
        self._wall_time = self._resized(self._wall_time, capacity, np.float64)
        self._value = self._resized(self._value, capacity, dtype)
        if self._weight is not None:
            self._weight = self._resized(self._weight, capacity, np.uint32)

    def _resized(self, column: npt.NDArray[Any], capacity: int, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
        resized = np.empty(capacity, dtype)
        with np.errstate(invalid="ignore"):
            resized[: self._length] = column[: self._length]
        return resized
