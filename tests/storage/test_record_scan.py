from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trackml.storage import frame
from trackml.storage.crc32c import masked_crc32c
from trackml.storage.record_scan import scan_records


def check(payloads: list[bytes], rest: bytes = b"", count: int | None = None) -> None:
    spans = scan_records(b"".join(map(frame, payloads)) + rest)
    expected = payloads if count is None else payloads[:count]
    assert spans.lengths.tolist() == [len(payload) for payload in expected]
    assert spans.end == sum(len(frame(payload)) for payload in expected)


@given(lengths=st.lists(st.integers(0, 70) | st.integers(200, 300) | st.sampled_from([65535, 65279])))
def test_finds_records_of_every_length(lengths: list[int]) -> None:
    check([bytes(range(1, 256))[: length % 255] + b"x" * (length - length % 255) for length in lengths])


@given(payloads=st.lists(st.binary(max_size=40)), rest=st.binary(max_size=15))
def test_ends_where_no_whole_record_follows(payloads: list[bytes], rest: bytes) -> None:
    check(payloads, rest)


def test_zeros_and_records_within_records_mislead_nobody() -> None:
    check([bytes(300), frame(b"inner") * 3, b""], count=2)
    check([bytes(300), bytes(17), b"\0" * 8])


def test_a_checksum_that_begins_with_zeros_hides_no_record() -> None:
    lengths = [length for length in range(1, 600) if masked_crc32c(length.to_bytes(8, "little")) & 0xFF == 0]
    assert lengths
    check([b"x" * length for length in [*lengths, 5, *lengths]])


def test_a_record_that_is_cut_is_left_out() -> None:
    data = frame(b"one") + frame(b"two")
    for cut in range(len(frame(b"one")), len(data)):
        assert len(scan_records(data[:cut]).starts) == 1


def test_long_records_are_left_to_others() -> None:
    check([b"x", bytes(65536), b"y"], count=1)


def test_every_part_of_a_large_block_is_looked_at() -> None:
    check([b"payload" * (index % 40) for index in range(20000)])
