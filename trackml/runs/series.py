"""Scalars over time: the immutable `Series` that readers get."""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from trackml.events.event_columns import Floats, Ints, Values

Weights: TypeAlias = npt.NDArray[np.uint32]


class Sampled(NamedTuple):
    """How many points a sample has, and of how many."""

    kept: int
    written: int


@dataclasses.dataclass(frozen=True, eq=False)
class Series:
    """The points of one tag in the order in which they were written. The arrays are read-only and never change."""

    step: Ints
    """Global step, shape `[points]`."""
    wall_time: Floats
    """Seconds since the epoch, shape `[points]`."""
    held_value: Values
    """The scalar as it is held: float32 if that is what was written, shape `[points]`."""
    weight: Weights | None = None
    """Of a sample, shape `[points]`: each point stands for itself and for those before it that are not held. None if
    all points are here."""

    @property
    def value(self) -> Floats:
        """The scalar as float64, shape `[points]`; NaN and infinities are kept.

        Where the file has float32, which takes half the memory to hold, the array is made anew at each access.
        """
        with np.errstate(invalid="ignore"):
            value: Floats = self.held_value.astype(np.float64, copy=False)[:]
        return frozen(value)

    @property
    def sampled(self) -> Sampled | None:
        """How many points of how many are here; None if all are, as they are unless a store has a memory bound."""
        return None if self.weight is None else Sampled(len(self), int(self.weight.sum(dtype=np.int64)))

    def __len__(self) -> int:
        return len(self.step)

    def shares_points(self, other: Series) -> bool:
        """Tells whether both are the same points of the same columns."""
        return len(self) == len(other) and self.step.base is other.step.base

    def part(self, begin: int, end: int) -> Series:
        """Gives the points from `begin` up to `end`, without a copy."""
        return self._with(slice(begin, end))

    def where(self, chosen: npt.NDArray[np.bool_]) -> Series:
        """Gives the points that `chosen`, shape `[points]`, marks."""
        return self._with(chosen)

    @property
    def columns(self) -> tuple[Ints, Floats, Floats]:
        """Step, wall time and value."""
        return self.step, self.wall_time, self.value

    def _with(self, chosen: slice | npt.NDArray[np.bool_]) -> Series:
        step, wall_time, value = (frozen(column[chosen]) for column in (self.step, self.wall_time, self.held_value))
        return Series(step, wall_time, value, None if self.weight is None else frozen(self.weight[chosen]))


def concatenate(parts: list[Series]) -> Series:
    """Gives one series with the points of all `parts`; without a copy if there is only one."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return EMPTY
    columns = zip(*((part.step, part.wall_time, part.held_value) for part in parts))
    step, wall_time, value = (frozen(np.concatenate(column)) for column in columns)
    return Series(step, wall_time, value, _weights(parts))


def _weights(parts: list[Series]) -> Weights | None:
    if all(part.weight is None for part in parts):
        return None
    weights = [np.ones(len(part), np.uint32) if part.weight is None else part.weight for part in parts]
    return frozen(np.concatenate(weights))


def frozen(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Gives `column`, which cannot be written to from now on."""
    column.flags.writeable = False
    return column


EMPTY = Series(frozen(np.empty(0, np.int64)), frozen(np.empty(0, np.float64)), frozen(np.empty(0, np.float32)))
"""No points."""
