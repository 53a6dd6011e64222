"""CRC-32C of many records at once.

Two ways. `crc32c_spans` takes any records: it pads those of like length to rows of a matrix and halves the rows, a few
numpy look-ups for a whole column. `LinearField` serves records that differ in few bytes only: the checksum is linear
over GF(2), so the checksum of a record is that of the record with those bytes zero, plus what the bits of those bytes
add, and what a bit adds depends on its distance from the record's end alone.

Source: RFC 3720, section 12.1; trackml.storage.crc32c for the shift by zero bytes.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from trackml.storage.crc32c import Buffer, Words, crc32c, shift_words

_DIGIT_BITS = 12  # tables of 16 KiB: three fit into the first cache, and few rows pay for making them
_DIGIT_MASK = (1 << _DIGIT_BITS) - 1
_SMALLEST_DISTANCES = 64
_MATRIX_BYTES = 1 << 20


class LinearField:
    """A number of at most 64 bits that lies in every record of some kind, and what it adds to their checksums.

    Args:
      distances: For each bit of the number, from the lowest on: how many bytes follow the byte that it lies in.
      bits: For each bit of the number: which bit of that byte it is.
    """

    def __init__(self, distances: npt.NDArray[np.int64], bits: npt.NDArray[np.int64]) -> None:
        self._basis = bit_registers(int(distances.max()) + 1)[distances, bits]
        self._tables: dict[int, Words] = {}

    def registers(self, numbers: npt.NDArray[np.uint64]) -> Words:
        """Gives what each of `numbers` adds to the register, shape `[1]` or that of `numbers`, at least one number."""
        base = numbers[0]
        total = np.array([self._of_number(int(base))], np.uint32)
        differences = numbers ^ base
        used = int(np.bitwise_or.reduce(differences))
        for digit in range(-(-used.bit_length() // _DIGIT_BITS)):
            shift = digit * _DIGIT_BITS
            if used >> shift & _DIGIT_MASK:
                index = differences >> np.uint64(shift)
                index &= np.uint64(_DIGIT_MASK)
                added = self._table(digit).take(index.view(np.int64))
                added ^= total
                total = added
        return total

    def _of_number(self, number: int) -> int:
        chosen = [bit for bit in range(len(self._basis)) if number >> bit & 1]
        return int(np.bitwise_xor.reduce(self._basis[chosen], initial=0))

    def _table(self, digit: int) -> Words:
        table = self._tables.get(digit)
        if table is None:
            table = np.zeros(1, np.uint32)
            for register in self._basis[digit * _DIGIT_BITS : (digit + 1) * _DIGIT_BITS]:
                table = np.concatenate([table, table ^ register])
            self._tables[digit] = table
        return table


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
