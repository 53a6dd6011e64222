"""The scalars of a run, put together from its files: what counts, and what restarts have superseded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from trackml.events.event_columns import Ints
from trackml.events.kinds import SCALARS
from trackml.runs.history import FileHistory
from trackml.runs.restarts import NEVER, find_thresholds
from trackml.runs.series import Series, concatenate

Item = TypeVar("Item")
Bools: TypeAlias = "npt.NDArray[np.bool_]"


class Piece(NamedTuple):
    """What one file holds of a tag."""

    points: Series
    positions: Ints
    """Where the segments begin that have a threshold each."""
    thresholds: Ints
    file: int
    """The number of the file in its run."""

    def superseded(self) -> Bools:
        """Gives which points restarts have replaced, shape `[points]`."""
        if _least(self.thresholds) == NEVER:
            return np.zeros(len(self.points), np.bool_)
        ends = [*self.positions[1:], len(self.points)]
        thresholds = np.repeat(self.thresholds, np.subtract(ends, self.positions))
        superseded: Bools = (self.points.step >= thresholds) & (thresholds != NEVER)  # which is a step too
        return superseded


class Merged:
    """One tag of a run. The work is done when somebody looks, once; the pieces never change."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = tuple(pieces)
        """All that was written, file by file."""
        self._result: tuple[Series, tuple[Series, ...]] | None = None

    @property
    def series(self) -> Series:
        """The points that count, in the order of the files."""
        return self._merge()[0]

    @property
    def superseded(self) -> tuple[Series, ...]:
        """The points that restarts have replaced, a series for each session, oldest first."""
        return self._merge()[1]

    @property
    def is_restarted(self) -> bool:
        """Whether a restart counts for the tag; without one there is no need to look for superseded points."""
        return any(_least(piece.thresholds) != NEVER for piece in self.pieces)

    def is_as(self, other: Merged | None) -> bool:
        """Tells whether `other`, an earlier state of the same tag, gives the same series."""
        return (
            other is not None
            and len(self.pieces) == len(other.pieces)
            and all(
                one.points.shares_points(two.points)
                and np.array_equal(one.positions, two.positions)
                and np.array_equal(one.thresholds, two.thresholds)
                for one, two in zip(self.pieces, other.pieces)
            )
        )

    def _merge(self) -> tuple[Series, tuple[Series, ...]]:
        # Two threads may both do the work; their results are equal, and setting one is atomic.
        if self._result is None:
            kept: list[Series] = []
            superseded: list[Series] = []
            for piece in self.pieces:
                _split(piece, kept, superseded)
            self._result = concatenate(kept), tuple(superseded)
        return self._result


class LazyMapping(Mapping[str, Item]):
    """A mapping by tag whose items are made of `Merged` when asked for."""

    def __init__(self, merged: Mapping[str, Merged], item: Callable[[str, Merged], Item]) -> None:
        self._merged = merged
        self._item = item

    def __getitem__(self, tag: str) -> Item:
        return self._item(tag, self._merged[tag])

    def __iter__(self) -> Iterator[str]:
        return iter(self._merged)

    def __len__(self) -> int:
        return len(self._merged)

    def __contains__(self, tag: object) -> bool:
        return tag in self._merged


class Superseded(Mapping[str, tuple[Item, ...]]):
    """What restarts replaced, by tag, made of series; which tags have any is found out when somebody asks."""

    def __init__(self, merged: Mapping[str, Merged], item: Callable[[str, Series], Item]) -> None:
        self._merged = merged
        self._item = item
        self._found: dict[str, tuple[Series, ...]] | None = None

    def __getitem__(self, tag: str) -> tuple[Item, ...]:
        return tuple(self._item(tag, series) for series in self._all()[tag])

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> dict[str, tuple[Series, ...]]:
        if self._found is None:
            touched = {tag: merged for tag, merged in self._merged.items() if merged.is_restarted}
            self._found = {tag: merged.superseded for tag, merged in touched.items() if merged.superseded}
        return self._found


def merge_files(
    files: Sequence[FileHistory], tags: Mapping[str, str], previous: Mapping[str, Merged]
) -> dict[str, Merged]:
    """Gives every tag of a run, sorted, and the `previous` object where nothing has changed.

    Args:
      files: The run's files in the order of their names.
      tags: The kind of each tag. Values of another kind are left out.
      previous: What the last call gave.
    """
    pieces: dict[str, list[Piece]] = {}
    for file, thresholds in zip(files, find_thresholds(files)):
        for tag, history in file.histories():
            if history.holds_places == (tags[tag] != SCALARS):
                piece = Piece(history.points.view(), *thresholds.of(tag, history), file.number)
                pieces.setdefault(tag, []).append(piece)
    merged = {tag: Merged(pieces[tag]) for tag in sorted(pieces)}
    return {tag: old if (old := previous.get(tag)) and new.is_as(old) else new for tag, new in merged.items()}


def _split(piece: Piece, kept: list[Series], superseded: list[Series]) -> None:
    points, positions, thresholds, _ = piece
    if _least(thresholds) == NEVER:
        kept.append(points)
        return
    gone = piece.superseded()
    kept.append(points.where(~gone))
    for begin, end in zip(positions, [*positions[1:], len(points)]):
        session = points.part(begin, end)
        replaced = session.where(gone[begin:end])
        if len(replaced):
            superseded.append(replaced)


def _least(thresholds: Ints) -> int:
    return int(thresholds.min(initial=NEVER))
