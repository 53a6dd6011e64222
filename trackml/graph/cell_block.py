"""Small variables side by side in one array, so that one formula updates all of them."""

from __future__ import annotations

import operator
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml.graph.runtime import COUNTS_TELL, Array, VariableCell

Shape = tuple[int, ...]


class CellBlock:
    """The values of several variables and of their slots as the rows of one array.

    Each variable keeps its cell, which holds a read-only view of its part. There are two arrays, which take turns: new
    values are written into the one that the cells do not hold. That one is made anew if anybody still refers to it, or
    to a part of it, so that what was read stays what it was. A cell that something else has written to since is
    noticed: then the values are gathered anew.

    One thread at a time calls `begin` and `put`.

    Args:
        cells: A row for the variables and one for each slot, `[rows, variables]`.
        shapes: The shapes of the variables, none of which is empty; slots have the same.
        dtype: The type of all of them.
    """

    def __init__(self, cells: Sequence[Sequence[VariableCell]], shapes: Sequence[Shape], dtype: np.dtype[Any]) -> None:
        self._cells = [cell for row in cells for cell in row]
        self._shapes = list(shapes) * len(cells)
        self._dtype = dtype
        self._rows = len(cells)
        names = [str(number) for number in range(len(self._cells))]
        # The fields of a record are had as views of the right shape four times as fast as slices are reshaped.
        self._record = np.dtype([(name, dtype, shape) for name, shape in zip(names, self._shapes)])
        self._held: _Buffer | None = None
        self._free: _Buffer | None = None

    def begin(self) -> _Buffer:
        """All values, to be changed and given to `put`.

        Raises:
            FailedPreconditionError: A variable is not initialised.
            ValueError: A variable has another shape or type.
        """
        buffer, self._free = self._free, None
        if buffer is None or not buffer.is_alone():
            buffer = _Buffer(self._record, self._rows, self._dtype)
        held = self._held
        if held is not None and all(map(operator.is_, [cell._value for cell in self._cells], held.views)):
            buffer.flat[...] = held.flat
            return buffer
        read = [cell.read() for cell in self._cells]
        if [value.shape for value in read] != self._shapes or any(value.dtype != self._dtype for value in read):
            raise ValueError("A variable does not have the shape and type that it was declared with.")
        np.concatenate([value.ravel() for value in read], out=buffer.flat)
        return buffer

    def put(self, buffer: _Buffer) -> None:
        """Gives each cell its part."""
        for cell, view in zip(self._cells, buffer.views):
            cell._value = view
        self._held, self._free = buffer, self._held


class _Buffer:
    """An array, and read-only views of its parts."""

    def __init__(self, record: np.dtype[Any], rows: int, dtype: np.dtype[Any]) -> None:
        self.flat: Array = np.empty(record.itemsize // dtype.itemsize, dtype)
        self.rows: list[Array] = list(self.flat.reshape(rows, -1))
        self.views = _parts(self.flat, record)
        self._references = self._counts()

    def is_alone(self) -> bool:
        """Whether nobody refers to the array any more; False where references cannot be counted."""
        return COUNTS_TELL and self._counts() == self._references

    def _counts(self) -> list[int]:
        return [sys.getrefcount(self.flat), *map(sys.getrefcount, self.views)]


def _parts(flat: Array, record: np.dtype[Any]) -> list[Array]:
    fields = flat.view(record).reshape(())
    fields.setflags(write=False)
    return [fields[name] for name in record.names or ()]
