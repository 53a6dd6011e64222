from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.proto import event_pb2

from trackml.events.scalars import LONGEST_TAG_BYTES, ScalarEncoder
from trackml.storage.tfrecord import frame

Point = tuple[str, float, int, float]

# Lengths around which the length of a varint changes: 127 and 128 bytes of tag, of value, of summary.
TAGS = st.sampled_from(["", "loss", "ü", "\0", *("t" * length for length in range(112, 130)), "x" * LONGEST_TAG_BYTES])
STEPS = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.sampled_from([0, 1, 127, 128, -1, -(2**63), 2**63 - 1, *(2**bit for bit in range(7, 63, 7))]),
)
POINTS = st.lists(st.tuples(st.one_of(TAGS, st.text(max_size=20)), st.floats(), STEPS, st.floats()), max_size=40)


def record(point: Point) -> bytes:
    """What a message gives."""
    tag, value, step, wall_time = point
    event = event_pb2.Event(wall_time=wall_time, step=step)
    event.summary.value.add(tag=tag, simple_value=value)
    return frame(event.SerializeToString())


def encode(encoder: ScalarEncoder, points: list[Point]) -> list[bytes]:
    flat: list[object] = []
    for tag, value, step, wall_time in points:
        index = encoder.index[tag] if tag in encoder.index else encoder.add_tag(tag)
        flat += (index, value, step, wall_time)
    return encoder.encode(flat) if flat else []


@given(POINTS, POINTS)
def test_records_are_those_of_messages_in_their_order(first: list[Point], second: list[Point]):
    encoder = ScalarEncoder()
    assert encode(encoder, first) == [record(point) for point in first]
    assert encode(encoder, second) == [record(point) for point in second]


def test_values_are_rounded_to_float32_as_messages_round_them():
    values = [0.1, 1e-46, 1e-40, 3.4028235e38, 3.4028236e38, 1e300, -1e300, float("inf"), float("-inf"), -0.0]
    points = [("v", value, 1, 1.0) for value in values]
    assert encode(ScalarEncoder(), points) == [record(point) for point in points]


def test_nan_keeps_its_sign():
    nans = [float("nan"), struct.unpack("<d", b"\0\0\0\0\0\0\xf8\xff")[0]]
    points = [("v", value, 1, 1.0) for value in nans]
    assert encode(ScalarEncoder(), points) == [record(point) for point in points]


def test_a_tag_must_be_text_of_bounded_length():
    encoder = ScalarEncoder()
    with pytest.raises(TypeError, match="A tag must be a str; got 3 of type int"):
        encoder.add_tag(3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="A tag may have 1000 bytes; got 1001"):
        encoder.add_tag("t" * 1001)
    with pytest.raises(UnicodeEncodeError):
        encoder.add_tag("\ud800")
    assert encoder.index == {}
