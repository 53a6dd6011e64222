"""CRC-32C of many records at once.

Two ways. `crc32c_spans` takes any records: it pads those of like length to rows of a matrix and halves the rows, a few
numpy look-ups for a whole column. `add_terms` serves records that differ in few bytes only: the checksum is linear over
GF(2), so the checksum of a record is that of the record with those bytes zero, plus what each of those bytes adds, and
what a byte adds depends on its distance from the record's end alone.

Source: RFC 3720, section 12.1; trackml.storage.crc32c for the shift by zero bytes.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import numpy.typing as npt

from trackml.storage.crc32c import Buffer, Words, crc32c, shift_words

_SMALLEST_DISTANCES = 64
_MATRIX_BYTES = 1 << 20


def add_terms(total: Words, numbers: npt.NDArray[Any], width: int, distance: int) -> None:
    """Adds to checksums what the bytes of a field add to them. Bytes that all records share cost next to nothing.

    Args:
      total: The checksums, shape `[records]`, at least one; changed in place.
      numbers: The field as it lies in each record, little-endian unsigned integers of shape `[records]`.
      width: How many of their bytes count, from the lowest on, which is the first one.
      distance: How many bytes of the record follow the first one.
    """
    octets = numbers.view(np.uint8).reshape(len(numbers), -1)
    varying = int(np.bitwise_or.reduce(numbers ^ numbers[0]))
    shared = 0
    for index in range(width):
        terms = _terms_at(distance - index)
        if varying >> 8 * index & 0xFF:
            total ^= terms.take(octets[:, index])
        else:
            shared ^= int(terms[octets[0, index]])
    total ^= np.uint32(shared)


@functools.lru_cache(maxsize=4096)
def _terms_at(distance: int) -> Words:
    """Gives what each byte adds to a checksum if `distance` others follow it, shape `[256]`."""
    terms: Words = np.zeros(1, np.uint32)
    for register in bit_registers(distance + 1)[distance]:
        terms = np.concatenate([terms, terms ^ register])
    return terms


def bit_registers(count: int) -> Words:
    """Gives the register after a byte with one bit set and zero bytes, `[zero bytes: at least count, 8]`."""
    return _bit_registers(max(_SMALLEST_DISTANCES, 1 << (count - 1).bit_length()))


@functools.cache
def _bit_registers(count: int) -> Words:
    if count == 4:
        # A word whose byte `i` is set lies 3 - i bytes from its end.
        words: Words = (np.uint32(1) << np.arange(32, dtype=np.uint32)).reshape(4, 8)[::-1]
        return shift_words(words, 4)
    near = _bit_registers(count // 2)
    return np.concatenate([near, shift_words(near, count // 2)])


def crc32c_spans(block: Buffer, starts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]) -> Words:
    """Gives the CRC-32C of each of the spans of `block` that begin at `starts` and have `lengths`."""
    checksums = np.empty(len(starts), np.uint32)
    words = np.int64(1) << np.ceil(np.log2(np.maximum(lengths, 4) / 4)).astype(np.int64)
    octets = np.frombuffer(block, np.uint8)
    for width in np.unique(words).tolist():
        (members,) = np.nonzero((words == width) & (lengths >= 4))
        for begin in range(0, len(members), max(1, _MATRIX_BYTES // (4 * width))):
            part = members[begin : begin + max(1, _MATRIX_BYTES // (4 * width))]
            checksums[part] = _of_rows(_right_aligned(octets, starts[part], lengths[part], 4 * width))
    for index in np.flatnonzero(lengths < 4):
        checksums[index] = crc32c(bytes(octets[starts[index] : starts[index] + lengths[index]]))
    return checksums


def _right_aligned(
    octets: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64], width: int
) -> npt.NDArray[np.uint8]:
    """Gives the spans as rows that begin with zeros; the first four bytes of each take the initial register in."""
    column = np.arange(width)
    padding = (width - lengths)[:, None]
    # Where a row has no byte of its span any byte will do: it is cleared at once.
    rows = octets.take(starts[:, None] - padding + column, mode="clip")
    rows[column < padding] = 0
    rows[np.arange(len(rows))[:, None], padding + np.arange(4)] ^= np.uint8(0xFF)
    return rows


def _of_rows(rows: npt.NDArray[np.uint8]) -> Words:
    words: Words = np.ascontiguousarray(rows).view("<u4").astype(np.uint32)
    while words.shape[1] > 1:
        half = words.shape[1] // 2
        words = shift_words(words[:, :half], 4 * half) ^ words[:, half:]
    return ~shift_words(words[:, 0], 4)
