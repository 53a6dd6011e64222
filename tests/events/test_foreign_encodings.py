"""Writers in other languages order fields as they like, repeat them, and add their own: protobuf reads all of that."""

from __future__ import annotations

import io
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from record_by_record import plain, read_record_by_record
from tensorboard.compat.proto import event_pb2

from trackml.events.columns import read_columns
from trackml.events.wire import fields
from trackml.storage import RecordReader, frame

UNKNOWN = [b"\xa0\x06\x01", b"\xa2\x06\x03abc", b"\xa1\x06" + bytes(8), b"\xa5\x06" + bytes(4)]
"""Fields 100 of each wire type."""


def event_of(step: int, wall_time: float, tags: list[str], number: float, form: int) -> bytes:
    event = event_pb2.Event(step=step, wall_time=wall_time)
    for tag in tags:
        value = event.summary.value.add(tag=tag)
        if form == 0:
            value.simple_value = number
        else:
            value.metadata.plugin_data.plugin_name = "scalars"
            value.tensor.dtype = 1
            value.tensor.tensor_shape.SetInParent()
            if form == 1:
                value.tensor.float_val.append(number)
            else:
                value.tensor.tensor_content = bytes(4)
    return bytes(event.SerializeToString())


def pieces_of(message: bytes) -> list[bytes]:
    return [message[field.start : field.end] for field in fields(message)]


def shuffled(message: bytes, random: Any, depth: int, extra: bytes) -> bytes:
    """The message with its fields in another order, those of its summary and values too, and one that is unknown."""
    pieces = pieces_of(message)
    if depth:
        pieces = [nested(piece, random, depth, extra) for piece in pieces]
    pieces.append(extra)
    random.shuffle(pieces)
    return b"".join(pieces)


def nested(piece: bytes, random: Any, depth: int, extra: bytes) -> bytes:
    (field,) = fields(piece)
    if piece[:1] not in (b"\x2a" if depth == 2 else b"\x0a",):  # the summary of an event, a value of a summary
        return piece
    inner = shuffled(piece[field.begin :], random, depth - 1, extra)
    return piece[:1] + varint(len(inner)) + inner


def varint(number: int) -> bytes:
    return bytes([number]) if number < 0x80 else bytes([number & 0x7F | 0x80]) + varint(number >> 7)


def overlong(piece: bytes) -> bytes:
    """A step as a varint that is longer than it need be."""
    return piece[:-1] + bytes([piece[-1] | 0x80]) + b"\x80\x00" if piece[:1] == b"\x10" and len(piece) < 8 else piece


def check(records: list[bytes]) -> None:
    data = b"".join(frame(record) for record in records)
    columns = read_columns(RecordReader(io.BytesIO(data)), lambda: False, kinds={})
    assert plain(columns) == plain(read_record_by_record(RecordReader(io.BytesIO(data)), {}))
    assert columns.events == len(records)


MESSAGES = st.builds(
    event_of,
    st.integers(-3, 300),
    st.floats(1, 2e9),
    st.lists(st.sampled_from(["loss", "accuracy", "loss"]), min_size=1, max_size=3),
    st.floats(width=32),
    st.integers(0, 2),
)


@given(st.lists(MESSAGES, min_size=1, max_size=5), st.randoms(use_true_random=False), st.sampled_from([b"", *UNKNOWN]))
@settings(max_examples=100)
def test_fields_in_any_order_and_unknown_ones(messages: list[bytes], random: Any, extra: bytes) -> None:
    seed = random.random()
    records = []
    for index in range(40):
        if index % 8 == 0:
            random.seed(seed + index // 24)  # the same order for some records, then another
        records.append(shuffled(messages[index % len(messages)], random, 2, extra))
    check(records)


@given(st.lists(MESSAGES, min_size=1, max_size=4), MESSAGES)
@settings(max_examples=50)
def test_fields_that_occur_twice_count_as_protobuf_says(messages: list[bytes], second: bytes) -> None:
    check([message + second for message in messages * 10] + messages * 10)


@given(st.lists(MESSAGES, min_size=1, max_size=4))
@settings(max_examples=50)
def test_numbers_that_are_longer_than_they_need_be(messages: list[bytes]) -> None:
    long = [b"".join(overlong(piece) for piece in pieces_of(message)) for message in messages]
    check(long * 10 + messages * 5)
