"""Lifting numbers out of records of one layout: columns of numbers, and what they leave of the checksums.

The checksum of a record, less what the bytes of its numbers add to it, is the checksum of the record with those bytes
zero. All records of a template have that in common, so a checksum computed once verifies them all, and one that is
computed for a record says which template it may follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from trackml.events.kinds import BFLOAT16
from trackml.events.layout import Layout, Place
from trackml.events.rows import Octets, Records, padded_bytes
from trackml.storage.crc32c import Words, unmask_rows
from trackml.storage.crc32c_batch import add_terms
from trackml.storage.tfrecord import FOOTER_BYTES, HEADER_BYTES

Floats: TypeAlias = npt.NDArray[np.float64]
Values: TypeAlias = "npt.NDArray[np.float32] | npt.NDArray[np.float64]"

_VARINT_TARGETS = {"int_val": "<i4", "uint32_val": "<u4", "int64_val": "<i8", "uint64_val": "<u8"}
_LONGEST_VARINT = 10
_ALL_BITS, _LENGTH_BIT, _LAST_BITS = 0xFF, 0x80, 0xFE


class Lifted(NamedTuple):
    """What records of one layout hold, a column each, shape `[records]`."""

    wall_time: npt.NDArray[np.float64]
    step: npt.NDArray[np.int64]
    values: tuple[Values, ...]
    """A column for each slot."""
    rest: Words
    """The checksums that the payloads would have if the bytes of all that were zero, and if they hold."""

    def chosen(self, chosen: npt.NDArray[Any]) -> Lifted:
        """Gives those that an index array or a mask chooses."""
        values = tuple(column[chosen] for column in self.values)
        return Lifted(self.wall_time[chosen], self.step[chosen], values, self.rest[chosen])


class Lifter:
    """Reads the numbers of one layout."""

    constant_bits: Octets
    """Which bits of a record, as a row of `Rows`, belong to none of its numbers."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        record_bytes = HEADER_BYTES + layout.length + FOOTER_BYTES
        self.constant_bits = np.zeros(padded_bytes(record_bytes), np.uint8)
        self.constant_bits[: HEADER_BYTES + layout.length] = _ALL_BITS
        self._variable = np.zeros(layout.length, np.bool_)
        for place in _places(layout):
            end = place.begin + place.width
            self._variable[place.begin : end] = True
            self.constant_bits[HEADER_BYTES + place.begin : HEADER_BYTES + end] = _constant_bits(place)
        self._key_bits, self._keys = _marks(layout, len(self.constant_bits))

    def fits(self, rows: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
        """Tells which rows of words may have the layout; the others have not.

        It saves work only: whoever reads a row by a wrong layout finds constant bytes in it that no template has.
        """
        fitting = np.ones(len(rows), np.bool_)
        for column in np.flatnonzero(self._key_bits).tolist():
            fitting &= rows[:, column] & self._key_bits[column] == self._keys[column]
        return fitting

    def without_numbers(self, payload: bytes) -> bytes:
        """Gives `payload` with zeros for all bytes of its numbers."""
        octets = np.frombuffer(payload, np.uint8).copy()
        octets[self._variable] = 0
        return bytes(octets)

    def lift(self, records: Records) -> Lifted:
        """Gives the numbers in `records`, at least one."""
        layout = self.layout
        rest = unmask_rows(records.column(HEADER_BYTES + layout.length, "<u4"))
        wall_time, step = np.zeros(len(rest)), np.zeros(len(rest), np.int64)
        if layout.wall_time is not None:
            wall_time = self._take(records, layout.wall_time, rest).view(np.float64)
        if layout.step is not None:
            step = self._take(records, layout.step, rest).astype(np.uint64, copy=False).view(np.int64)
        values = tuple(_as_values(self._take(records, slot.place, rest), slot.reading) for slot in layout.slots)
        return Lifted(wall_time, step, values, rest)

    def _take(self, records: Records, place: Place, rest: Words) -> npt.NDArray[Any]:
        """Gives the unsigned integers at `place`, and takes their bytes out of the checksums `rest`."""
        begin, distance = HEADER_BYTES + place.begin, self.layout.length - place.begin - 1
        # Four bytes follow every number, so whole words may be read.
        numbers = records.column(begin, _WORD_OF_WIDTH[min(place.width, 8)])
        add_terms(rest, numbers, min(place.width, 8), distance)
        if not place.is_varint:
            return numbers
        high = None
        if place.width > 8:
            high = records.column(begin + 8, "<u2")
            add_terms(rest, high, place.width - 8, distance - 8)
        return _decode_varint(numbers, high, place.width)


_WORD_OF_WIDTH = ["", "<u1", "<u2", "<u4", "<u4", "<u8", "<u8", "<u8", "<u8"]


def _places(layout: Layout) -> Iterator[Place]:
    """Gives the places of all numbers."""
    if layout.wall_time is not None:
        yield layout.wall_time
    if layout.step is not None:
        yield layout.step
    yield from (slot.place for slot in layout.slots)


def _constant_bits(place: Place) -> list[int]:
    """Gives which bits of each byte do not belong to the number.

    In a varint they are those that say how long it is. Of the tenth byte only the lowest bit counts, as for protobuf.
    """
    if not place.is_varint:
        return [0] * place.width
    return [_LENGTH_BIT if octet + 1 < _LONGEST_VARINT else _LAST_BITS for octet in range(place.width)]


def _marks(layout: Layout, row_bytes: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Gives bits that rows of a layout have in common, as words: which they are, and what they are."""
    bits, expected = np.zeros(row_bytes, np.uint8), np.zeros(row_bytes, np.uint8)
    for start, key in layout.keys:
        bits[HEADER_BYTES + start], expected[HEADER_BYTES + start] = _ALL_BITS, key
    for begin, width, is_varint in _places(layout):
        if is_varint:
            varint = slice(HEADER_BYTES + begin, HEADER_BYTES + begin + width)
            bits[varint] = expected[varint] = _LENGTH_BIT
            expected[varint.stop - 1] = 0
    return bits.view("<u8"), expected.view("<u8")


def _decode_varint(low: npt.NDArray[Any], high: npt.NDArray[np.uint16] | None, width: int) -> npt.NDArray[Any]:
    """Gives the numbers that varints stand for: `low` has their first eight bytes, `high` what follows."""
    numbers: npt.NDArray[Any] = low & low.dtype.type(0x7F)
    for octet in range(1, min(width, 8)):
        numbers |= low >> low.dtype.type(octet) & low.dtype.type(0x7F << 7 * octet)
    if high is not None:
        numbers |= (high & np.uint16(0x7F)).astype(np.uint64) << np.uint64(56)
        if width == _LONGEST_VARINT:
            numbers |= (high >> np.uint16(8) & np.uint16(1)).astype(np.uint64) << np.uint64(63)
    return numbers


def _as_values(numbers: npt.NDArray[Any], reading: str) -> Values:
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
    exact = numbers.astype(f"<u{target.itemsize}", copy=False).view(target)
    values: Values = exact.astype(np.float32 if target in (np.float16, np.float32) else np.float64, copy=False)
    return values
