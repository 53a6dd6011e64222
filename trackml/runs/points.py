"""The points of several series below each other as numpy columns, a row a point."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from trackml.runs.selection import ChosenSeries

Bools: TypeAlias = "npt.NDArray[np.bool_]"
Codes: TypeAlias = "npt.NDArray[np.int32]"
Floats: TypeAlias = "npt.NDArray[np.float64]"
Ints: TypeAlias = "npt.NDArray[np.int64]"
Names: TypeAlias = "npt.NDArray[np.object_]"


@dataclasses.dataclass(frozen=True, eq=False, kw_only=True)
class PointColumns:
    """Where and when points were written: run by run, tag by tag, and in each in the order of writing."""

    runs: tuple[str, ...]
    """The names that `run_codes` counts."""
    tags: tuple[str, ...]
    """The names that `tag_codes` counts."""
    run_codes: Codes
    """Which of `runs`, shape `[points]`."""
    tag_codes: Codes
    """Which of `tags`, shape `[points]`."""
    step: Ints
    """Global step, shape `[points]`."""
    wall_time: Floats
    """Seconds since the epoch, shape `[points]`."""
    files: tuple[str, ...] = ()
    """The names that `file_codes` counts."""
    file_codes: Codes | None = None
    """Which of `files`, shape `[points]`; None if files were not asked for."""
    superseded: Bools | None = None
    """Which points restarts have replaced, shape `[points]`; None where these are left out."""

    def __len__(self) -> int:
        return len(self.step)

    @property
    def run(self) -> Names:
        """The name of the run of every point, shape `[points]`."""
        return spelled(self.runs, self.run_codes)

    @property
    def tag(self) -> Names:
        """The tag of every point, shape `[points]`."""
        return spelled(self.tags, self.tag_codes)

    @property
    def file_name(self) -> Names | None:
        """The name of the event file of every point, shape `[points]`; None if files were not asked for."""
        return None if self.file_codes is None else spelled(self.files, self.file_codes)


@dataclasses.dataclass(frozen=True, eq=False, kw_only=True)
class ScalarColumns(PointColumns):
    """Scalars with a row a point."""

    value: Floats
    """The scalar, shape `[points]`."""


def scalars_of(chosen: Sequence[ChosenSeries]) -> ScalarColumns:
    """Gives the scalars of several series below each other."""
    value = joined([one.series.value for one in chosen], np.float64)
    return ScalarColumns(**point_fields(chosen), value=value)


def points_of(chosen: Sequence[ChosenSeries]) -> PointColumns:
    """Gives the points of several series below each other, whatever they hold."""
    return PointColumns(**point_fields(chosen))


def point_fields(chosen: Sequence[ChosenSeries]) -> dict[str, Any]:
    """Gives what `PointColumns` are made of."""
    lengths = np.array([len(one.series) for one in chosen], np.int64)
    runs, run_codes = _coded(chosen, lambda one: one.run)
    tags, tag_codes = _coded(sorted(chosen, key=lambda one: one.tag), lambda one: one.tag, chosen)
    fields = {
        "runs": runs,
        "tags": tags,
        "run_codes": np.repeat(run_codes, lengths),
        "tag_codes": np.repeat(tag_codes, lengths),
        "step": joined([one.series.step for one in chosen], np.int64),
        "wall_time": joined([one.series.wall_time for one in chosen], np.float64),
    }
    if any(one.superseded is not None for one in chosen):
        fields["superseded"] = joined([one.superseded for one in chosen], np.bool_)
    if any(one.file is not None for one in chosen):
        files, file_codes = _coded(chosen, lambda one: one.file.name if one.file else "")
        fields |= {"files": files, "file_codes": np.repeat(file_codes, lengths)}
    return fields


class PointQueue:
    """Gives the points of several series in order, so many at a time; long series are cut."""

    def __init__(self, chosen: Sequence[ChosenSeries]) -> None:
        self._left = deque(one for one in chosen if len(one.series))

    def take(self, most: int) -> list[ChosenSeries]:
        """Gives the next `most` points, fewer if that is all, none at the end."""
        group: list[ChosenSeries] = []
        while most > 0 and self._left:
            one = self._left.popleft()
            group.append(one.part(0, most))
            if len(one.series) > most:
                self._left.appendleft(one.part(most, len(one.series)))
            most -= len(group[-1].series)
        return group


def split_evenly(chosen: Sequence[ChosenSeries], most: int) -> Iterator[list[ChosenSeries]]:
    """Gives series in groups of `most` points, of which only the last may have fewer; long series are cut."""
    queue = PointQueue(chosen)
    while group := queue.take(most):
        yield group


def spelled(names: tuple[str, ...], codes: npt.NDArray[Any]) -> Names:
    """Gives `names` by their numbers, shape `[codes]`."""
    # np.array(names) would make each name as wide as the longest.
    objects = np.empty(len(names), object)
    objects[:] = names
    chosen: Names = objects[codes]
    return chosen


def joined(parts: Sequence[npt.NDArray[Any] | None], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Gives the parts that there are behind each other."""
    there = [part for part in parts if part is not None]
    return np.concatenate(there) if there else np.empty(0, dtype)


def _coded(
    ordered: Sequence[ChosenSeries], name: Callable[[ChosenSeries], str], chosen: Sequence[ChosenSeries] | None = None
) -> tuple[tuple[str, ...], Codes]:
    """Gives the names in the order of `ordered`, each once, and the number of each of `chosen`."""
    numbers = {one: number for number, one in enumerate(dict.fromkeys(map(name, ordered)))}
    return tuple(numbers), np.array([numbers[name(one)] for one in chosen or ordered], np.int32)
