"""Lifting numbers out of records: all records of one layout as the rows of a matrix, columns of numbers out of it.

What is lifted is cleared in the rows, down to the bits that may vary, and its share of the checksums is added up from
the numbers. So what is left in a row says which template the record follows, and a template's checksum, computed once,
completes those of all its records.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from trackml.events.kinds import BFLOAT16
from trackml.events.layout import Layout, Place
from trackml.storage.crc32c import Words
from trackml.storage.crc32c_batch import LinearField
from trackml.storage.tfrecord import HEADER_BYTES

Rows: TypeAlias = "npt.NDArray[np.uint8]"
Numbers: TypeAlias = "npt.NDArray[np.uint64]"
Values: TypeAlias = "npt.NDArray[np.float32] | npt.NDArray[np.float64]"

_VARINT_TARGETS = {"int_val": "<i4", "uint32_val": "<u4", "int64_val": "<i8", "uint64_val": "<u8"}


class Lifted(NamedTuple):
    """What rows of one layout held, each of shape `[rows]` unless it is the same for all rows: then it may be `[1]`."""

    wall_time: npt.NDArray[np.float64]
    step: npt.NDArray[np.int64]
    values: list[Values]
    """A column for each slot."""
    registers: Words
    """What all of that adds to the checksums."""
    stored: Words
    """The checksums in the file, masked."""


class Lifter:
    """Reads the numbers of one layout."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._marks = list(_marks(layout))

    def fits(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """Tells which of `rows` may have the layout; the others have not.

        It saves work only: whoever reads a row by a wrong layout finds constant bytes in it that no template has.
        """
        fitting = np.ones(len(rows), np.bool_)
        for column, mask, expected in self._marks:
            fitting &= (rows[:, column] & np.uint8(mask)) == expected
        return fitting

    def lift(self, rows: Rows) -> Lifted:
        """Gives the numbers in `rows`, whole records of shape `[at least 1, record bytes]`, and clears them there."""
        layout = self.layout
        registers: list[Words] = []
        wall_time, step = np.zeros(1), np.zeros(1, np.int64)
        if layout.wall_time is not None:
            wall_time = self._take(rows, layout.wall_time, registers).view(np.float64)
        if layout.step is not None:
            step = self._take(rows, layout.step, registers).view(np.int64)
        values = [_as_values(self._take(rows, slot.place, registers), slot.reading) for slot in layout.slots]
        stored = _take_fixed(rows, HEADER_BYTES + layout.length, 4).astype(np.uint32)
        total = registers[0]
        for register in registers[1:]:
            total = total ^ register
        return Lifted(wall_time, step, values, total, stored)

    def _take(self, rows: Rows, place: Place, registers: list[Words]) -> Numbers:
        begin = HEADER_BYTES + place.begin
        numbers = (_take_varint if place.is_varint else _take_fixed)(rows, begin, place.width)
        field = _linear_field(self.layout.length - place.begin, place.width, place.is_varint)
        registers.append(field.registers(numbers))
        return numbers


def _marks(layout: Layout) -> Iterator[tuple[int, int, int]]:
    """Gives bytes that rows of a layout have in common: column, mask and what is then left."""
    places = [slot.place for slot in layout.slots]
    if layout.step is not None:
        places.append(layout.step)
    for start, key in layout.keys:
        yield HEADER_BYTES + start, 0xFF, key
    for begin, width, is_varint in places:
        if is_varint:
            last = begin + width - 1
            yield from ((HEADER_BYTES + octet, 0x80, 0 if octet == last else 0x80) for octet in range(begin, last + 1))


def _take_fixed(rows: Rows, begin: int, width: int) -> Numbers:
    """Gives the little-endian numbers in some columns as unsigned integers, and clears the columns."""
    count, stride = rows.shape
    columns = np.ndarray((count,), f"<u{width}", rows.data, begin, (stride,))
    numbers: Numbers = columns.astype(np.uint64)
    columns[:] = 0
    return numbers


def _take_varint(rows: Rows, begin: int, width: int) -> Numbers:
    """Gives the varints in some columns, and clears their bits; those that say how long a varint is stay.

    Of the tenth byte only the lowest bit counts, as for protobuf, and the others stay.
    """
    numbers = np.zeros(len(rows), np.uint64)
    for index in range(width):
        column = rows[:, begin + index]
        mask = np.uint8(0x7F if index < 9 else 0x01)
        numbers |= (column & mask).astype(np.uint64) << np.uint64(7 * index)
        column &= ~mask
    return numbers


@functools.lru_cache(maxsize=256)
def _linear_field(distance: int, width: int, is_varint: bool) -> LinearField:
    """Gives the field of a number that begins `distance` bytes before the end of the payload."""
    bit = np.arange(min(7 * width, 64) if is_varint else 8 * width)
    octet, bit_of_octet = np.divmod(bit, 7 if is_varint else 8)
    return LinearField(distance - octet - 1, bit_of_octet)


def _as_values(numbers: Numbers, reading: str) -> Values:
    """Gives the floating-point numbers that the bits of `numbers` stand for; float32 where that loses nothing."""
    field, _, dtype = reading.rpartition(":")
    if field in _VARINT_TARGETS:
        dtype = _VARINT_TARGETS[field]
    if dtype == "?":
        ones: Values = (numbers != 0).astype(np.float32)
        return ones
    if dtype == BFLOAT16:
        wide: Values = (numbers.astype(np.uint32) << np.uint32(16)).view(np.float32)
        return wide
    target = np.dtype(dtype)
    exact = numbers.astype(f"<u{target.itemsize}").view(target)
    values: Values = exact.astype(np.float32 if target in (np.float16, np.float32) else np.float64, copy=False)
    return values
