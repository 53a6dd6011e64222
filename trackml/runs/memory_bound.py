"""A bound on the memory that points take: when it is exceeded, the longest series are sampled."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import NamedTuple

from trackml.runs.history import FileHistory, TagHistory
from trackml.runs.loader import RunLoader

_NO_LIMIT = float("inf")


class _Longest(NamedTuple):
    """In a heap, whose least item comes first."""

    minus_points: int
    order: int
    """Decides between series of one length."""
    tag: TagHistory
    loader: RunLoader


class MemoryBound:
    """How much the points of a store may take.

    Scalars are sampled, the longest series first, until the rest fits: so series are equally long or shorter. What is
    left out is not read again. Where values that are no scalars are in their files is counted, but never left out, and
    a few points of each series always stay.

    Args:
      max_points: How many scalars may be held; None for any number.
      memory_limit: How many bytes the columns of all points may take; None for any number.

    Raises:
      ValueError: If a limit is not positive.
    """

    def __init__(self, max_points: int | None, memory_limit: int | None) -> None:
        for name, limit in (("max_points", max_points), ("memory_limit", memory_limit)):
            if limit is not None and limit <= 0:
                raise ValueError(f"{name} must be positive, or None for no limit; got {limit}.")
        self._max_points = _NO_LIMIT if max_points is None else max_points
        self._max_bytes = _NO_LIMIT if memory_limit is None else memory_limit

    @property
    def is_set(self) -> bool:
        """Whether there is a limit at all."""
        return self._max_points != _NO_LIMIT or self._max_bytes != _NO_LIMIT

    def enforce(self, loaders: Iterable[RunLoader]) -> None:
        """Samples series of `loaders`, which nobody reads meanwhile, until the limits are kept or nothing helps."""
        held = [(loader, file) for loader in loaders for file in loader.histories()]
        points = sum(len(tag.points) for _, file in held for tag in file.scalars.values())
        # Looking at each array takes ten times as long as counting points.
        size = 0 if self._max_bytes == _NO_LIMIT else sum(_size(file) for _, file in held)
        if self._allows(points, size):
            return
        series = ((loader, tag) for loader, file in held for tag in file.scalars.values())
        heap = [_Longest(-len(tag.points), order, tag, loader) for order, (loader, tag) in enumerate(series)]
        heapq.heapify(heap)
        while heap and not self._allows(points, size):
            longest = heapq.heappop(heap)
            before = longest.tag.points.nbytes
            if longest.tag.sample():
                longest.loader.forget_view()
                points += len(longest.tag.points) + longest.minus_points
                size += longest.tag.points.nbytes - before
                heapq.heappush(heap, longest._replace(minus_points=-len(longest.tag.points)))

    def _allows(self, points: int, size: int) -> bool:
        return points <= self._max_points and size <= self._max_bytes


def _size(file: FileHistory) -> int:
    return sum(tag.points.nbytes for _, tag in file.histories())
