from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from trackml.storage.crc32c import crc32c
from trackml.storage.crc32c_batch import add_terms, bit_registers, crc32c_spans


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


@given(
    numbers=st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=20),
    shared=st.integers(0, 2**64 - 1),
    width=st.integers(1, 8),
    distance=st.integers(7, 300),
)
def test_the_bytes_of_a_field_complete_the_checksum_of_a_record(
    numbers: list[int], shared: int, width: int, distance: int
) -> None:
    fields = np.array(numbers, "<u8") & np.uint64(shared)
    before, after = b"before", bytes(range(256)) + bytes(44)
    messages = [before + field.tobytes()[:width] + after[: distance + 1 - width] for field in fields]
    checksums = np.array([crc32c(message) for message in messages], np.uint32)
    add_terms(checksums, fields, width, distance)
    assert set(checksums.tolist()) == {crc32c(before + bytes(width) + after[: distance + 1 - width])}
