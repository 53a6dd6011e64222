"""CRC-32C (Castagnoli), the checksum of TFRecord files and of table blocks.

CRC without its initial and final inversion is linear over GF(2), and zero bytes in front of a message do not change
it: `crc(a + b) == shift(crc(a), len(b)) ^ crc(b)`, where `shift` is a 32x32 bit matrix that depends on `len(b)` alone.
Short buffers take the classic loop over a 256-entry table. Long buffers are cut into rows of 4,096 32-bit words that
are folded onto each other (`row = shift(row) ^ next row`), two numpy look-ups for a whole row, and the last row is
halved until one word is left.

Source: RFC 3720, section 12.1 and appendix B.4 (polynomial, vectors); tensorflow/core/lib/hash/crc32c.h (the mask).
"""

from __future__ import annotations

import functools
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Buffer: TypeAlias = "bytes | bytearray | memoryview"
Words: TypeAlias = "npt.NDArray[np.uint32]"

_POLYNOMIAL = 0x82F63B78  # 0x1EDC6F41, reflected
_MASK_DELTA = 0xA282EAD8
_ALL_ONES = 0xFFFFFFFF
_ROW_WORDS = 4096
_LONG = 1024  # bytes from which the set-up of the numpy fold pays for itself


def crc32c(data: Buffer, value: int = 0) -> int:
    """Gives the CRC-32C of `data`, going on from `value`.

    Args:
      data: The bytes.
      value: The checksum of the bytes before `data`, so that `crc32c(b, crc32c(a)) == crc32c(a + b)`.

    Returns:
      An unsigned 32-bit number.
    """
    if isinstance(data, memoryview):
        data = data.cast("B")
    register = value ^ _ALL_ONES
    if len(data) < _LONG:
        table = _byte_table()
        for byte in data:
            register = table[(register ^ byte) & 0xFF] ^ (register >> 8)
        return register ^ _ALL_ONES
    return _fold(data, register) ^ _ALL_ONES


def mask(crc: int) -> int:
    """Gives `crc` as files store it, so that a checksum of bytes that hold checksums stays strong."""
    return ((crc >> 15 | crc << 17) + _MASK_DELTA) & _ALL_ONES


def masked_crc32c(data: Buffer) -> int:
    """Gives `mask(crc32c(data))`, the form in which TFRecord and table files store it."""
    return mask(crc32c(data))


def crc32c_rows(rows: npt.NDArray[np.uint8]) -> Words:
    """Gives the CRC-32C of every row of `rows`, shape `[count, width]`, at the cost of `width` numpy passes."""
    table = _byte_table_array()
    register: Words = np.full(len(rows), _ALL_ONES, np.uint32)
    for column in rows.T:
        register = table[(register ^ column) & 0xFF] ^ (register >> np.uint32(8))
    register ^= np.uint32(_ALL_ONES)
    return register


@functools.lru_cache(maxsize=4096)
def crc32c_of_zeros(count: int) -> int:
    """Gives the CRC-32C of `count` zero bytes: what is left of a message's checksum when every byte adds nothing."""
    return crc32c(bytes(count))


def byte_terms(count: int) -> Words:
    """Gives what single bytes add to a checksum, shape `[at least count, 256]`, a row for each distance from the end.

    The CRC-32C of a message is `crc32c_of_zeros(len(message))`, xored with `terms[d, byte]` for every byte of it that
    `d` others follow. So the checksums of messages that differ in a few columns cost one look-up a column.
    """
    return _byte_terms(1 << max(count - 1, 0).bit_length())


def mask_rows(crc: Words) -> Words:
    """Gives `mask` of every element of `crc`."""
    masked: Words = (crc >> np.uint32(15) | crc << np.uint32(17)) + np.uint32(_MASK_DELTA)
    return masked


def unmask_rows(masked: Words) -> Words:
    """Gives the checksums of which `masked` holds the masks."""
    rotated = masked - np.uint32(_MASK_DELTA)
    crc: Words = rotated >> np.uint32(17) | rotated << np.uint32(15)
    return crc


def shift_words(words: Words, zero_bytes: int) -> Words:
    """Gives each register after `zero_bytes` zero bytes more, four times a power of two."""
    tables = _shift_tables(zero_bytes)
    shifted: Words = tables[0][words & 0xFF]
    for index in range(1, 4):
        shifted = shifted ^ tables[index][(words >> np.uint32(8 * index)) & 0xFF]
    return shifted


def _fold(data: Buffer, register: int) -> int:
    """Gives the register after `data`: four starting bytes take the register in, the rest is linear."""
    octets = np.frombuffer(data, np.uint8)
    row_words = min(_ROW_WORDS, 1 << (-(-len(octets) // 4) - 1).bit_length())
    padding = -len(octets) % (4 * row_words)
    padded = np.zeros(padding + len(octets), np.uint8)
    padded[padding:] = octets
    padded[padding : padding + 4] ^= np.frombuffer(register.to_bytes(4, "little"), np.uint8)
    rows = padded.view("<u4").reshape(-1, row_words)
    if len(rows) == 1:
        return _halve(rows[0])
    low, high = _wide_tables(4 * _ROW_WORDS)
    words = rows[0].astype(np.uint32)
    for row in rows[1:]:
        words = low[words & 0xFFFF] ^ high[words >> np.uint32(16)] ^ row
    return _halve(words)


def _halve(words: Words) -> int:
    while len(words) > 1:
        half = len(words) // 2
        words = shift_words(words[:half], 4 * half) ^ words[half:]
    return int(shift_words(words, 4)[0])


@functools.cache
def _byte_table() -> tuple[int, ...]:
    table = []
    for register in range(256):
        for _ in range(8):
            register = register >> 1 ^ (_POLYNOMIAL if register & 1 else 0)
        table.append(register)
    return tuple(table)


@functools.cache
def _byte_table_array() -> Words:
    return np.array(_byte_table(), np.uint32)


@functools.cache
def _byte_terms(count: int) -> Words:
    table = _byte_table_array()
    terms: Words = np.empty((count, 256), np.uint32)
    terms[0] = table
    for row in range(1, count):
        terms[row] = table[terms[row - 1] & 0xFF] ^ (terms[row - 1] >> np.uint32(8))
    return terms


@functools.cache
def _shift_tables(zero_bytes: int) -> Words:
    """Gives `[4, 256]`: what byte `i` of a register contributes after `zero_bytes`, a power of two times four."""
    if zero_bytes == 4:
        table = _byte_table_array()
        tables = np.arange(256, dtype=np.uint32) << np.arange(0, 32, 8, dtype=np.uint32)[:, None]
        for _ in range(4):
            tables = table[tables & 0xFF] ^ (tables >> np.uint32(8))
        return tables
    return shift_words(_shift_tables(zero_bytes // 2), zero_bytes // 2)


@functools.cache
def _wide_tables(zero_bytes: int) -> tuple[Words, Words]:
    """Gives the shift of the low and of the high 16 bits, 65,536 entries each: two look-ups a word instead of four."""
    tables = _shift_tables(zero_bytes)
    low = (tables[1][:, None] ^ tables[0]).ravel()
    high = (tables[3][:, None] ^ tables[2]).ravel()
    return low, high
