from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackml.storage.crc32c import byte_terms, crc32c, crc32c_of_zeros, crc32c_rows, mask, mask_rows, masked_crc32c

# RFC 3720, appendix B.4, and the check value of the CRC catalogue.
VECTORS = [
    (b"", 0x00000000),
    (b"123456789", 0xE3069283),
    (bytes(32), 0x8A9136AA),
    (b"\xff" * 32, 0x62A8AB43),
    (bytes(range(32)), 0x46DD794E),
    (bytes(reversed(range(32))), 0x113FDB5C),
    (
        bytes.fromhex(
            "01c00000" "00000000" "00000000" "00000000" "14000000" "00000400"
            "00000014" "00000018" "28000000" "00000000" "02000000" "00000000"
        ),
        0xD9963A56,
    ),
]  # fmt: skip


def by_bit(data: bytes) -> int:
    """The definition, one bit at a time."""
    register = 0xFFFFFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (0x82F63B78 if register & 1 else 0)
    return register ^ 0xFFFFFFFF


@pytest.mark.parametrize(("data", "expected"), VECTORS)
def test_agrees_with_the_rfc(data: bytes, expected: int) -> None:
    assert crc32c(data) == expected


@pytest.mark.parametrize("size", [1023, 1024, 1025, 4097, 16383, 16384, 16388, 40001])
def test_long_buffers_agree_with_the_definition(size: int) -> None:
    data = np.random.default_rng(size).bytes(size)
    assert crc32c(data) == by_bit(data)


@given(st.binary(max_size=3000), st.integers(0, 3000))
def test_goes_on_from_a_checksum(data: bytes, cut: int) -> None:
    assert crc32c(data[cut:], crc32c(data[:cut])) == crc32c(data)


def test_long_buffers_go_on_from_a_checksum() -> None:
    data = np.random.default_rng(0).bytes(50000)
    assert crc32c(data[20000:], crc32c(data[:20000])) == crc32c(data)


def test_views_count_bytes_not_items() -> None:
    numbers = np.arange(5, dtype=np.float64)
    assert crc32c(numbers.data) == crc32c(numbers.tobytes()) == crc32c(bytearray(numbers.tobytes()))


def test_rows_agree_with_single_buffers() -> None:
    rows = np.random.default_rng(1).integers(0, 256, (50, 21), dtype=np.uint8)
    assert crc32c_rows(rows).tolist() == [crc32c(row.tobytes()) for row in rows]
    assert mask_rows(crc32c_rows(rows)).tolist() == [masked_crc32c(row.tobytes()) for row in rows]


def test_mask_is_tensorflows() -> None:
    # The header of the record that opens every event file, as TensorFlow writes it: 24 bytes of payload.
    header = bytes.fromhex("1800000000000000a37f4b22")
    assert masked_crc32c(header[:8]) == struct.unpack("<I", header[8:])[0]
    assert mask(0) == 0xA282EAD8


@given(st.binary(min_size=1, max_size=300))
def test_a_checksum_is_that_of_zeros_and_a_term_for_each_byte(data: bytes) -> None:
    terms = byte_terms(len(data))
    checksum = crc32c_of_zeros(len(data))
    for distance, byte in enumerate(reversed(data)):
        checksum ^= int(terms[distance, byte])
    assert checksum == crc32c(data)
