"""Records that come in one order again and again are read a block at a time, and no bit of them is taken on trust."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_by_record import plain, read_record_by_record
from tensorboard.compat.proto import event_pb2

from trackml.events.blocks import BlockDecoder
from trackml.events.columns import read_columns
from trackml.events.event_columns import EventColumns
from trackml.storage import RecordReader, frame
from trackml.storage.crc32c import crc32c, mask
from trackml.storage.record_scan import scan_records

TAGS = ["loss", "accuracy", "grad_norm"]


def never() -> bool:
    return False


def scalars(step: int, *tags: str) -> bytes:
    event = event_pb2.Event(wall_time=1.7e9 + step / 7, step=step)
    for number, tag in enumerate(tags):
        event.summary.value.add(tag=tag, simple_value=step * 0.37 + number)
    return frame(event.SerializeToString())


def repeated(periods: Sequence[int], *records: tuple[str, ...]) -> list[bytes]:
    """Gives a list of records: in each period one for each tuple of tags."""
    return [scalars(step, *tags) for step in periods for tags in records]


def read_both_ways(data: bytes) -> EventColumns:
    columns = read_columns(RecordReader(io.BytesIO(data)), never, kinds={})
    assert plain(columns) == plain(read_record_by_record(RecordReader(io.BytesIO(data)), kinds={}))
    return columns


def decoder_that_knows(records: Sequence[bytes]) -> BlockDecoder:
    decoder = BlockDecoder()
    data = b"".join(records) + bytes(8)
    decoder.decode(data, scan_records(data))
    return decoder


def test_whole_periods_are_taken_at_once() -> None:
    records = repeated(range(1000, 1100), *((tag,) for tag in TAGS))
    block = decoder_that_knows(records[:150]).decode_cycle(b"".join(records[150:]), 1000)
    assert block is not None
    assert block.spans.starts.tolist() == [
        *itertools.accumulate((len(record) for record in records[150:296]), initial=0)
    ]
    assert sorted(len(piece.step) for piece in block.pieces) == [49, 49, 49]
    assert [piece.step[0] for piece in block.pieces] == [1050] * 3


def test_no_more_records_are_taken_than_wanted() -> None:
    records = repeated(range(1000, 1100), *((tag,) for tag in TAGS))
    block = decoder_that_knows(records[:150]).decode_cycle(b"".join(records[150:]), 20)
    assert block is not None
    assert len(block.spans.starts) == 18


def test_what_has_no_order_is_no_cycle() -> None:
    random = np.random.default_rng(0)
    records = [scalars(step, TAGS[random.integers(3)]) for step in range(1000, 1200)]
    assert decoder_that_knows(records).decode_cycle(b"".join(records), 1000) is None


def test_a_cycle_that_ended_is_forgotten() -> None:
    records = repeated(range(1000, 1100), *((tag,) for tag in TAGS))
    decoder = decoder_that_knows(records)
    assert decoder.decode_cycle(b"".join(repeated(range(1000, 1100), ("other",))), 1000) is None
    assert decoder.decode_cycle(b"".join(records), 1000) is None


@pytest.mark.parametrize("first", [0, 100, 16_300, 2_097_000, -700])
@pytest.mark.parametrize(
    "records",
    [
        [("a",)],
        [("a",), ("b",), ("longer",)],
        [("a", "b", "c")],
        [("a",), ("a",), ("b",), ("a",), ("longer",)],
        [("a", "a"), ("b",)],
        [*[("a",), ("b",)] * 40, ("validation",)],
    ],
)
def test_every_order_is_read_as_one_by_one(first: int, records: list[tuple[str, ...]]) -> None:
    periods = max(1400 // len(records), 30)
    columns = read_both_ways(b"".join(repeated(range(first, first + periods), *records)))
    assert columns.events == periods * len(records)


def other_events() -> Iterator[bytes]:
    yield frame(
        event_pb2.Event(session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.START)).SerializeToString()
    )
    histogram = event_pb2.Event(step=5)
    histogram.summary.value.add(tag="weights").histo.num = 3
    yield frame(histogram.SerializeToString())
    yield scalars(7, "rare")
    yield frame(b"\xff\xff no event")
    yield b"no record"


@pytest.mark.parametrize("other", list(other_events()))
@pytest.mark.parametrize("place", [0, 300, 301, 1499])
def test_other_records_end_a_cycle_and_none_is_lost(other: bytes, place: int) -> None:
    records = repeated(range(1000, 1500), *((tag,) for tag in TAGS))
    records.insert(place, other)
    records.insert(900, other)
    read_both_ways(b"".join(records))


@given(place=st.integers(0, 3 * 49 * 150 - 1), bit=st.integers(0, 7), cut=st.integers(0, 100))
@settings(max_examples=150)
def test_every_bit_counts(place: int, bit: int, cut: int) -> None:
    data = bytearray(b"".join(repeated(range(1000, 1150), *(("a_" + tag,) for tag in ("one", "two", "six")))))
    data[place % len(data)] ^= 1 << bit
    data = data[: len(data) - cut]
    columns = read_both_ways(bytes(data))
    assert len(columns.damage) + (columns.tail is not None) >= 1


@pytest.mark.parametrize("period", [100, 149])
def test_another_tag_of_the_same_length_ends_a_cycle(period: int) -> None:
    records = repeated(range(1000, 1150), *((tag,) for tag in TAGS))
    records[3 * period + 1] = scalars(1000 + period, "accurate")
    assert "accurate" in read_both_ways(b"".join(records)).scalars


def test_a_checksum_of_another_record_does_not_pass() -> None:
    records = repeated(range(1000, 1150), *((tag,) for tag in TAGS))
    payload = records[400][12:-4]
    assert records[400][-4:] == mask(crc32c(payload)).to_bytes(4, "little")
    records[400] = records[400][:-4] + records[403][-4:]
    columns = read_columns(RecordReader(io.BytesIO(b"".join(records))), never, kinds={})
    assert [damage.reason for damage in columns.damage] == ["the checksum of a record's payload does not hold"]
    assert columns.events == len(records) - 1


def test_a_file_that_grows_goes_on_in_its_cycle() -> None:
    data = b"".join(repeated(range(1000, 3000), *((tag,) for tag in TAGS)))
    stream, decoder = io.BytesIO(), BlockDecoder()
    reader = RecordReader(stream)
    parts: list[Any] = []
    for begin in range(0, len(data), 33_333):
        stream.seek(0, io.SEEK_END)
        stream.write(data[begin : begin + 33_333])
        parts.append(read_columns(reader, never, kinds={}, file_version=2.0, decoder=decoder))
    expected = read_record_by_record(RecordReader(io.BytesIO(data)), kinds={}).scalars
    for tag in TAGS:
        steps = np.concatenate([part.scalars[tag].step for part in parts if tag in part.scalars])
        assert steps.tolist() == expected[tag].step.tolist()
