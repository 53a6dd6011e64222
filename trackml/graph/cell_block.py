"""Small variables side by side in one array, so that one formula updates all of them."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml.graph.runtime import Array, VariableCell

Shape = tuple[int, ...]


class CellBlock:
    """The values of several variables and of their slots as the rows of one array.

    Each variable keeps its cell. After `put` the cells hold read-only views of the parts of an array that is never
    written into again, so that what was read stays what it was. A cell that something else has written to since is
    noticed: then the array is gathered anew.

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
        self._names = [str(number) for number in range(len(self._cells))]
        # The fields of a record are had as views of the right shape four times as fast as slices are reshaped.
        self._record = np.dtype([(name, dtype, shape) for name, shape in zip(self._names, self._shapes)])
        self._views: list[Array] = []
        self._values = np.empty((self._rows, 0), dtype)

    def copy(self) -> Array:
        """All values, `[rows, elements]`, the caller's own.

        Raises:
            FailedPreconditionError: A variable is not initialised.
            ValueError: A variable has another shape or type.
        """
        found = [cell._value for cell in self._cells]
        if self._views and all(map(operator.is_, found, self._views)):
            kept: Array = self._values.copy()
            return kept
        read = [cell.read() for cell in self._cells]
        if [value.shape for value in read] != self._shapes or any(value.dtype != self._dtype for value in read):
            raise ValueError("A variable does not have the shape and type that it was declared with.")
        gathered: Array = np.concatenate([value.ravel() for value in read]).reshape(self._rows, -1)
        return gathered

    def put(self, values: Array) -> None:
        """Gives each cell its part of an array as from `copy`, which belongs to the cells from now on."""
        values.setflags(write=False)
        record = values.reshape(-1).view(self._record).reshape(())
        self._values = values
        self._views = [record[name] for name in self._names]
        for cell, view in zip(self._cells, self._views):
            cell._value = view
