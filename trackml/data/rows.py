"""Element by element: what runs where a function stands in the pipeline and rows exist only one at a time.

A row is a tuple with the value of each component, in the order of `nest.flatten`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np

from trackml.data.seeds import Draws
from trackml.dtypes import DType
from trackml.errors import InvalidArgumentError, OpError

Row: TypeAlias = "tuple[Any, ...]"


class Batches(Iterator[Row]):
    """Rows stacked `size` at a time.

    Args:
        rows: The rows.
        size: How many make a batch.
        drop_remainder: Whether a last batch with fewer rows is left out.
        dtypes: The components' types.
    """

    def __init__(self, rows: Iterator[Row], size: int, drop_remainder: bool, dtypes: Sequence[DType]) -> None:
        self._rows = rows
        self._size = size
        self._least = size if drop_remainder else 1
        self._dtypes = [dtype.as_numpy_dtype for dtype in dtypes]

    def __next__(self) -> Row:
        batch: list[Row] = []
        for row in self._rows:
            batch.append(row)
            if len(batch) == self._size:
                break
        if len(batch) < self._least:
            raise StopIteration
        columns = zip(*batch)
        return tuple(stacked(column, dtype, n) for n, (column, dtype) in enumerate(zip(columns, self._dtypes)))


def stacked(values: Sequence[Any], dtype: Any, component: int) -> np.ndarray[Any, Any]:
    """The values of one component along a new first axis.

    Raises:
        InvalidArgumentError: They do not all have the shape of the first.
    """
    shape = np.shape(values[0])
    for number, value in enumerate(values):
        if np.shape(value) != shape:
            raise InvalidArgumentError(
                None,
                None,
                f"Cannot batch tensors with different shapes in component {component}. First element had shape "
                f"{_bracketed(shape)} and element {number} had shape {_bracketed(np.shape(value))}.",
            )
    if shape == () and dtype is not object:
        return np.array(values, dtype=dtype)
    result = np.empty((len(values), *shape), dtype=dtype)
    for number, value in enumerate(values):
        result[number] = value[()] if shape == () else value
    return result


def _bracketed(shape: tuple[int, ...]) -> str:
    return f"[{','.join(str(size) for size in shape)}]"


def slices_of(row: Row) -> Iterator[Row]:
    """The slices of a row's arrays along their first axis, strings as arrays of no dimensions.

    Raises:
        InvalidArgumentError: There is no first axis, or the arrays differ in its size.
    """
    shapes = [np.shape(value) for value in row]
    if not all(shapes):
        raise InvalidArgumentError(None, None, "Input element must have a non-scalar value in each component.")
    if len({shape[0] for shape in shapes}) > 1:
        raise InvalidArgumentError(
            None,
            None,
            f"Input element must have the same batch size in each component; got {', '.join(map(_bracketed, shapes))}.",
        )
    return zip(*[_items(value) for value in row])


def _items(array: np.ndarray[Any, Any]) -> Any:
    """Bytes alone are no value of a tensor."""
    return [array[n, ...] for n in range(len(array))] if array.dtype.kind == "O" and array.ndim == 1 else array


class Unbatched(Iterator[Row]):
    """Rows taken apart along the first axis.

    Args:
        rows: The rows.
    """

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._slices: Iterator[Row] = iter(())

    def __next__(self) -> Row:
        while True:
            for row in self._slices:
                return row
            self._slices = slices_of(next(self._rows))


class WithoutErrors(Iterator[Row]):
    """The rows that come without an error.

    Args:
        rows: The rows.
    """

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows

    def __next__(self) -> Row:
        while True:
            with contextlib.suppress(OpError):
                return next(self._rows)


class Sliced(Iterator[Row]):
    """Each `step`-th row from `start` on, up to `stop`.

    `itertools.islice` would be at its end after an exception.

    Args:
        rows: The rows.
        start: How many are left out first.
        stop: How many are looked at; None for all.
        step: From one that is given to the next.
    """

    def __init__(self, rows: Iterator[Row], start: int = 0, stop: int | None = None, step: int = 1) -> None:
        self._rows = rows
        self._start = start
        self._stop = stop
        self._step = step
        self._seen = 0

    def __next__(self) -> Row:
        while self._stop is None or self._seen < self._stop:
            row = next(self._rows)
            at = self._seen - self._start
            self._seen += 1
            if at >= 0 and at % self._step == 0:
                return row
        raise StopIteration


class Shuffled(Iterator[Row]):
    """Rows in the random order that a buffer of `size` rows gives them.

    Args:
        rows: The rows.
        size: The buffer's size.
        draws: The random numbers.
    """

    def __init__(self, rows: Iterator[Row], size: int, draws: Draws) -> None:
        self._rows = rows
        self._size = size
        self._draws = draws
        self._buffer: list[Row] = []
        self._start = 0

    def __next__(self) -> Row:
        buffer, start = self._buffer, self._start
        while len(buffer) - start < self._size:
            row = next(self._rows, None)
            if row is None:
                break
            buffer.append(row)
        if len(buffer) == start:
            raise StopIteration
        place = start + self._draws.next() % (len(buffer) - start)
        row, buffer[place] = buffer[place], buffer[start]
        self._start += 1
        if self._start > self._size:
            del buffer[: self._start]
            self._start = 0
        return row
