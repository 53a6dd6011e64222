"""Tables: what index arithmetic refers to. A table gives any of its rows, many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

_Array = np.ndarray[Any, Any]


class Table(Protocol):
    """Rows that can be had in any order."""

    @property
    def row_bytes(self) -> int:
        """About how much memory a row takes once it is copied."""
        ...

    def take(self, rows: _Array) -> list[_Array]:
        """The rows of those numbers, as one array a component with the rows along axis 0."""
        ...


class ArrayTable:
    """Arrays side by side: row `i` is the `i`-th slice of each.

    Args:
        arrays: Read-only arrays, all with the same first dimension.
    """

    def __init__(self, arrays: Sequence[_Array]) -> None:
        self._arrays = list(arrays)

    @property
    def length(self) -> int:
        """The first dimension of the arrays."""
        return len(self._arrays[0])

    @property
    def row_bytes(self) -> int:
        """Bytes of one slice of each array."""
        return sum(array.nbytes // max(1, len(array)) for array in self._arrays)

    def take(self, rows: _Array) -> list[_Array]:
        """The rows of those numbers; views without a copy when they follow each other."""
        if rows.dtype != np.int64:
            rows = rows.astype(np.int64)
        run = _as_slice(rows)
        if run is not None:
            return [array[run] for array in self._arrays]
        return [array.take(rows, axis=0) for array in self._arrays]


class RangeTable:
    """The numbers of a range, computed when they are asked for.

    Args:
        numbers: The range.
    """

    def __init__(self, numbers: range) -> None:
        self._numbers = numbers

    @property
    def length(self) -> int:
        """How many numbers there are; `len` cannot say it of the longest ranges."""
        first, last, step = self._numbers.start, self._numbers.stop, self._numbers.step
        return max(0, -((first - last) // step))

    @property
    def row_bytes(self) -> int:
        """A number takes eight bytes."""
        return 8

    def take(self, rows: _Array) -> list[_Array]:
        """The numbers at those places, as int64."""
        rows = rows.astype(np.int64, copy=False)
        return [np.asarray(self._numbers.start + rows * self._numbers.step, dtype=np.int64)]


class ValueTable:
    """Strings that are known by themselves: a row's number is the string.

    So lines of files go through index arithmetic like row numbers; zipped with those, numbers are objects too.
    """

    @property
    def row_bytes(self) -> int:
        """A guess; nothing is copied."""
        return 64

    def take(self, rows: _Array) -> list[_Array]:
        """The strings."""
        return [rows]


def _as_slice(rows: _Array) -> slice | None:
    """The slice that consecutive row numbers are, or None."""
    if not len(rows):
        return slice(0, 0)
    first, last = int(rows[0]), int(rows[-1])
    if last - first != len(rows) - 1 or not (np.diff(rows) == 1).all():
        return None
    return slice(first, last + 1)
