"""Several passes over one input: repetition and memory, the same for rows and for row numbers.

These, like all that goes through a user's function, are classes and no generators: a generator is at its end
after an exception, but a dataset goes on with the next element.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

import numpy as np

T = TypeVar("T")


class Repeated(Iterator[T]):
    """Pass after pass over an input; it ends early when a pass gives nothing.

    Args:
        start: Begins a pass.
        count: How many passes; negative for no end.
    """

    def __init__(self, start: Callable[[], Iterator[T]], count: int) -> None:
        self._start = start
        self._left = count
        self._pass: Iterator[T] = iter(())
        self._fruitful = True

    def __next__(self) -> T:
        while True:
            for item in self._pass:
                self._fruitful = True
                return item
            if self._left == 0 or not self._fruitful:
                raise StopIteration
            self._left -= 1
            self._fruitful = False
            self._pass = self._start()


class Remembered(Generic[T]):
    """An input that is computed in the first whole pass and kept for all later ones.

    Args:
        start: Begins a pass over the input.

    Calling it begins a pass. A pass that is left before its end is forgotten.
    """

    def __init__(self, start: Callable[[], Iterator[T]]) -> None:
        self._start = start
        self._kept: list[T] | None = None

    def __call__(self) -> Iterator[T]:
        return iter(self._kept) if self._kept is not None else _FirstPass(self._start(), self._keep)

    def _keep(self, items: list[T]) -> None:
        self._kept = items


class _FirstPass(Iterator[T]):
    def __init__(self, source: Iterator[T], keep: Callable[[list[T]], None]) -> None:
        self._source = source
        self._keep = keep
        self._items: list[T] = []

    def __next__(self) -> T:
        try:
            item = next(self._source)
        except StopIteration:
            self._keep(self._items)
            raise
        self._items.append(_frozen(item))
        return item


def _frozen(item: Any) -> Any:
    """Marks arrays as read-only, so that whoever gets a row cannot change what is kept."""
    for array in item if isinstance(item, tuple) else ():
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    return item
