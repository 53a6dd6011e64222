from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from trackml.storage.crc32c import crc32c
from trackml.storage.crc32c_batch import LinearField, bit_registers, crc32c_spans


@given(data=st.binary(max_size=3000), random=st.randoms(use_true_random=False))
def test_spans_have_the_checksums_of_their_bytes(data: bytes, random: object) -> None:
    starts = [random.randint(0, len(data)) for _ in range(20)]  # type: ignore[attr-defined]
    lengths = [random.randint(0, len(data) - start) for start in starts]  # type: ignore[attr-defined]
    checksums = crc32c_spans(data, np.array(starts), np.array(lengths))
    assert checksums.tolist() == [crc32c(data[start : start + length]) for start, length in zip(starts, lengths)]


def test_many_long_spans_are_taken_in_parts() -> None:
    data = np.random.default_rng(0).bytes(5000)
    checksums = crc32c_spans(data, np.arange(600), np.full(600, 4000))
    assert checksums[[0, 1, 599]].tolist() == [crc32c(data[start : start + 4000]) for start in (0, 1, 599)]


def test_a_bit_adds_what_it_makes_different() -> None:
    registers = bit_registers(100)
    for distance in (0, 1, 3, 4, 63, 64, 99):
        for bit in (0, 7):
            message = bytearray(distance + 1)
            clear = crc32c(bytes(message))
            message[0] = 1 << bit
            assert int(registers[distance, bit]) == clear ^ crc32c(bytes(message))


@given(numbers=st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=20), distance=st.integers(0, 300))
def test_a_field_completes_the_checksum_of_a_record(numbers: list[int], distance: int) -> None:
    bit = np.arange(64)
    field = LinearField(distance + 7 - bit // 8, bit % 8)
    before, after = b"before", bytes(range(256)) + bytes(44)
    clear = crc32c(before + bytes(8) + after[:distance])
    registers = np.broadcast_to(field.registers(np.array(numbers, np.uint64)), (len(numbers),))
    for number, register in zip(numbers, registers.tolist()):
        assert crc32c(before + number.to_bytes(8, "little") + after[:distance]) == clear ^ register
