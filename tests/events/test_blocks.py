"""The decoder for whole blocks gives what parsing one record after the other gives, whatever the records hold."""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_by_record import plain, read_record_by_record
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2

from trackml.events.columns import read_columns
from trackml.events.event_columns import EventColumns
from trackml.storage import RecordReader, frame

GOLDEN = Path(__file__).parents[1] / "golden" / "events"
TAGS = ["a", "b", "loss", "loss2", "very/long/tag/of/a/layer/kernel_0", "very/long/tag/of/a/layer/kernel_1"]
STEPS = st.one_of(st.integers(0, 300), st.integers(-(2**63), 2**63 - 1), st.sampled_from([127, 128, 2**32, 2**35]))
NUMBERS = st.one_of(st.floats(width=32), st.sampled_from([0.0, -0.0, math.nan, math.inf, -math.inf]))
WALL_TIMES = st.one_of(st.floats(), st.floats(1.6e9, 1.8e9), st.just(0.0))
INTEGERS = {
    types_pb2.DT_INT8: ("int_val", "i1"),
    types_pb2.DT_INT16: ("int_val", "i2"),
    types_pb2.DT_INT32: ("int_val", "i4"),
    types_pb2.DT_INT64: ("int64_val", "i8"),
    types_pb2.DT_UINT8: ("int_val", "u1"),
    types_pb2.DT_UINT16: ("int_val", "u2"),
    types_pb2.DT_UINT32: ("uint32_val", "u4"),
    types_pb2.DT_UINT64: ("uint64_val", "u8"),
    types_pb2.DT_BOOL: ("bool_val", "?"),
}
FLOATS = {
    types_pb2.DT_FLOAT: ("float_val", "<f4"),
    types_pb2.DT_DOUBLE: ("double_val", "<f8"),
    types_pb2.DT_HALF: ("half_val", "<f2"),
    types_pb2.DT_BFLOAT16: ("half_val", "<u2"),
}


Check = Callable[..., EventColumns]


def never() -> bool:
    return False


@pytest.fixture(scope="session")
def check() -> Check:
    """Reads bytes both ways and compares."""

    def compare(data: bytes, **known: Any) -> EventColumns:
        known = {"kinds": {}, **known}
        columns = read_columns(RecordReader(io.BytesIO(data)), never, **known)
        assert plain(columns) == plain(read_record_by_record(RecordReader(io.BytesIO(data)), **known))
        return columns

    return compare


def scalars(step: int, wall_time: float, *values: tuple[str, float]) -> event_pb2.Event:
    event = event_pb2.Event(wall_time=wall_time, step=step)
    for tag, value in values:
        event.summary.value.add(tag=tag, simple_value=value)
    return event


def tensor_value(tag: str, dtype: int, number: Any, as_content: bool, plugin: str | None) -> summary_pb2.Summary.Value:
    field, storage = (INTEGERS | FLOATS)[dtype]
    tensor = tensor_pb2.TensorProto(dtype=dtype)
    bits = np.array(number).astype(storage)
    if as_content:
        tensor.tensor_content = bits.tobytes()
    elif field == "half_val":
        tensor.half_val.append(int(bits.view("<u2")))
    else:
        getattr(tensor, field).append(bits.item())
    value = summary_pb2.Summary.Value(tag=tag, tensor=tensor)
    if plugin is not None:
        value.metadata.plugin_data.plugin_name = plugin
    return value


@st.composite
def tensors(draw: Any) -> event_pb2.Event:
    dtype = draw(st.sampled_from(sorted(INTEGERS | FLOATS)))
    if dtype in FLOATS:
        number: Any = draw(st.integers(0, 2**16 - 1) if dtype == types_pb2.DT_BFLOAT16 else st.floats(width=16))
    else:
        number = draw(st.integers(-(2**7), 2**7 - 1) if INTEGERS[dtype][1][0] == "i" else st.integers(0, 200))
    plugin = draw(st.sampled_from(["scalars", "scalars", "other", None]))
    event = event_pb2.Event(step=draw(STEPS), wall_time=draw(WALL_TIMES))
    event.summary.value.append(tensor_value(draw(st.sampled_from(TAGS)), dtype, number, draw(st.booleans()), plugin))
    return event


SUMMARIES = st.builds(
    scalars, STEPS, WALL_TIMES, st.tuples(st.sampled_from(TAGS), NUMBERS), st.tuples(st.sampled_from(TAGS), NUMBERS)
) | st.builds(scalars, STEPS, WALL_TIMES, st.tuples(st.sampled_from(TAGS), NUMBERS))


def other(kind: str, step: int, tag: str) -> event_pb2.Event:
    event = event_pb2.Event(step=step, wall_time=5.0)
    if kind == "start":
        event.session_log.status = event_pb2.SessionLog.START
    elif kind == "version":
        event.file_version = "brain.Event:2"
    elif kind == "old version":
        event.file_version = "brain.Event:1"
    elif kind == "graph":
        event.graph_def = b"x" * 70000
    elif kind == "histogram":
        event.summary.value.add(tag=tag).histo.num = 3
    elif kind == "mixed":
        event.summary.value.add(tag=tag, simple_value=step)
        event.summary.value.add(tag=tag + "h").histo.num = 3
    return event


OTHERS = st.builds(
    other,
    st.sampled_from(["start", "version", "old version", "graph", "histogram", "mixed", "nothing"]),
    st.integers(-5, 300),
    st.sampled_from(TAGS),
)
GARBAGE = st.sampled_from([frame(b"\x0b\xff"), frame(b""), frame(b"\xff" * 20), b"\0" * 50, b"garbage in the middle"])
RECORDS = (SUMMARIES | tensors() | OTHERS).map(lambda event: frame(event.SerializeToString())) | GARBAGE


@given(
    pattern=st.lists(RECORDS, min_size=1, max_size=6), repeats=st.integers(1, 60), more=st.lists(RECORDS, max_size=6)
)
@settings(max_examples=150)
def test_records_that_repeat_are_read_as_one_by_one(
    check: Check, pattern: list[bytes], repeats: int, more: list[bytes]
) -> None:
    check(b"".join([*more, *pattern * repeats, *more, *pattern]))


@given(records=st.lists(RECORDS, min_size=1, max_size=8), random=st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_records_in_any_order_are_read_as_one_by_one(check: Check, records: list[bytes], random: Any) -> None:
    shuffled = records * 40
    random.shuffle(shuffled)
    check(b"".join(shuffled))


@given(tags=st.lists(st.sampled_from(TAGS), min_size=1, max_size=4), start=STEPS, numbers=st.lists(NUMBERS, min_size=8))
@settings(max_examples=60)
def test_steps_that_grow_through_all_widths(check: Check, tags: list[str], start: int, numbers: list[float]) -> None:
    steps = [(start + 2**63 + 37 * index) % 2**64 - 2**63 for index in range(300)]
    values = itertools.cycle(numbers)
    events = [scalars(step, 1e9 + index, (tag, next(values))) for index, step in enumerate(steps) for tag in tags]
    check(b"".join(frame(event.SerializeToString()) for event in events))


@pytest.mark.parametrize("dtype", sorted(INTEGERS | FLOATS))
@pytest.mark.parametrize("as_content", [False, True])
def test_every_dtype_is_lifted(check: Check, dtype: int, as_content: bool) -> None:
    events = []
    for step in range(200):
        event = event_pb2.Event(step=step, wall_time=step)
        event.summary.value.append(tensor_value("tag", dtype, step % 100, as_content, "scalars"))
        events.append(frame(event.SerializeToString()))
    assert len(check(b"".join(events)).scalars["tag"].step) == 200


def test_a_shape_of_ones_is_a_scalar(check: Check) -> None:
    dimensions = [tensor_shape_pb2.TensorShapeProto.Dim(size=1)] * 2
    event = event_pb2.Event(step=3)
    value = tensor_value("tag", types_pb2.DT_FLOAT, 1.5, True, "scalars")
    value.tensor.tensor_shape.dim.extend(dimensions)
    event.summary.value.append(value)
    assert check(frame(event.SerializeToString()) * 10).scalars["tag"].value.tolist() == [1.5] * 10


def test_float32_stays_float32_and_doubles_stay_doubles(check: Check) -> None:
    events = [scalars(step, 1.0, ("single", step)) for step in range(50)]
    for step in range(50):
        event = event_pb2.Event(step=step)
        event.summary.value.append(tensor_value("double", types_pb2.DT_DOUBLE, 1 / 3, True, "scalars"))
        events.append(event)
    columns = check(b"".join(frame(event.SerializeToString()) for event in events))
    assert columns.scalars["single"].value.dtype == np.float32
    assert columns.scalars["double"].value.dtype == np.float64


def test_a_tag_twice_in_an_event_keeps_the_order(check: Check) -> None:
    data = b"".join(frame(scalars(step, 1, ("a", step), ("a", -step)).SerializeToString()) for step in range(100))
    columns = check(data)
    assert columns.scalars["a"].value.tolist()[:6] == [0, 0, 1, -1, 2, -2]


def test_the_first_value_of_a_tag_says_its_kind(check: Check) -> None:
    histogram = frame(other("histogram", 1, "a").SerializeToString())
    numbers = b"".join(frame(scalars(step, 1, ("a", step)).SerializeToString()) for step in range(100))
    assert check(histogram + numbers).kinds == {"a": "histograms"}
    assert check(numbers + histogram).kinds == {"a": "scalars"}
    assert check(numbers, kinds={"a": "images"}).kinds == {"a": "images"}


@pytest.mark.parametrize("position", [0, 7, 8, 11, 12, 20, 21, 22, 24, 30, 40, 44])
@pytest.mark.parametrize("record", [0, 3, 57, 99])
def test_a_flipped_bit_is_damage(check: Check, position: int, record: int) -> None:
    records = [frame(scalars(step, 1e9 + step, ("some/tag", step)).SerializeToString()) for step in range(1000, 1100)]
    width = len(records[0])
    for bit in (0, 6, 7):
        data = bytearray(b"".join(records))
        data[record * width + position] ^= 1 << bit
        columns = check(bytes(data))
        assert len(columns.scalars["some/tag"].step) == 99
        assert len(columns.damage) + (columns.tail is not None) == 1


@given(cut=st.integers(0, 5000), position=st.integers(0, 5000), octet=st.integers(1, 255), records=st.lists(RECORDS))
@settings(max_examples=150)
def test_damage_is_told_as_one_by_one(check: Check, cut: int, position: int, octet: int, records: list[bytes]) -> None:
    data = bytearray(b"".join(records * 5))
    if data:
        data[position % len(data)] ^= octet
    check(bytes(data[: len(data) - cut % (len(data) + 1)]))


@pytest.mark.parametrize("directory", ["tf115_v1", "tf215_v1", "tf215_v2"])
@pytest.mark.parametrize("repeats", [1, 30])
def test_tensorflows_files_are_read_as_one_by_one(check: Check, directory: str, repeats: int) -> None:
    (path,) = (GOLDEN / directory).iterdir()
    check(path.read_bytes() * repeats)


@pytest.mark.parametrize("count", [60, 1500])
def test_many_tags_of_one_length_are_told_apart(check: Check, count: int) -> None:
    tags = np.random.default_rng(0).integers(0, count, 8 * count).tolist()
    events = [scalars(300 + place, 1.0, (f"tag{tag:04}", place)) for place, tag in enumerate(tags)]
    columns = check(b"".join(frame(event.SerializeToString()) for event in events))
    assert len(columns.scalars) == len(set(tags))


def test_records_with_records_in_them(check: Check) -> None:
    inner = frame(scalars(1, 1.0, ("inner", 1.0)).SerializeToString()) * 3
    outer = event_pb2.Event(step=1, graph_def=inner)
    data = frame(outer.SerializeToString()) + frame(scalars(2, 1.0, ("outer", 1.0)).SerializeToString()) * 10
    assert list(check(data * 3).scalars) == ["outer"]


def test_a_read_stops_and_goes_on_in_the_middle_of_a_block() -> None:
    data = b"".join(frame(scalars(step, 1.0, ("a", step)).SerializeToString()) for step in range(20000))
    reader = RecordReader(io.BytesIO(data))
    parts = [read_columns(reader, lambda: True, kinds={})]
    while not parts[-1].finished:
        parts.append(read_columns(reader, never, kinds={}))
    steps = [step for part in parts for step in part.scalars["a"].step.tolist()]
    assert (len(parts), steps) == (2, list(range(20000)))
