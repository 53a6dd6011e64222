from __future__ import annotations

import io
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2
from tensorboard.util import tensor_util

from trackml.events.columns import read_columns
from trackml.events.event_columns import EventColumns
from trackml.events.kinds import kind_of, number_of
from trackml.events.wire import with_readable_strings
from trackml.storage import RecordReader, frame

GOLDEN = Path(__file__).parents[1] / "golden" / "events"
V1_KINDS = {
    "loss": "scalars",
    "scope/accuracy": "scalars",
    "huge": "scalars",
    "weights": "histograms",
    "nothing": "histograms",
    "picture/image/0": "images",
    "picture/image/1": "images",
    "sound/audio/0": "audio",
    "sound/audio/1": "audio",
    "note": "text",
}
V2_KINDS = {
    "loss": "scalars",
    "scope/accuracy": "scalars",
    "double": "scalars",
    "weights": "histograms",
    "picture": "images",
    "sound": "audio",
    "note": "text",
}


def never() -> bool:
    return False


def read(*events: event_pb2.Event, should_stop: Callable[[], bool] = never, **known: object) -> EventColumns:
    file = io.BytesIO(b"".join(frame(event.SerializeToString()) for event in events))
    return read_columns(RecordReader(file), should_stop, **{"kinds": {}, **known})  # type: ignore[arg-type]


def scalars(step: int, wall_time: float = 1.0, **values: float) -> event_pb2.Event:
    event = event_pb2.Event(wall_time=wall_time, step=step)
    for tag, value in values.items():
        event.summary.value.add(tag=tag, simple_value=value)
    return event


def tensor_value(tensor: tensor_pb2.TensorProto, plugin: str = "scalars") -> summary_pb2.Summary.Value:
    value = summary_pb2.Summary.Value(tag="tag", tensor=tensor)
    value.metadata.plugin_data.plugin_name = plugin
    return value


@pytest.mark.parametrize(
    ("directory", "kinds"), [("tf115_v1", V1_KINDS), ("tf215_v1", V1_KINDS), ("tf215_v2", V2_KINDS)]
)
def test_reads_what_tensorflow_wrote(directory: str, kinds: dict[str, str]) -> None:
    (path,) = (GOLDEN / directory).iterdir()
    with RecordReader(path) as reader:
        columns = read_columns(reader, never, kinds={})
    assert columns.kinds == kinds
    assert columns.finished
    assert (columns.damage, columns.tail, columns.skipped) == ([], None, 0)
    assert columns.file_version == 2
    assert columns.scalars["loss"].step.tolist() == [0, 1, 2, 3, 4]
    assert columns.scalars["loss"].value.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert columns.scalars["scope/accuracy"].value.tolist() == [0, -1, -2, -3, -4]
    assert columns.last_step == 4
    assert columns.has_graph == directory.endswith("v1")
    assert len(columns.starts) == directory.endswith("v1")


def test_doubles_keep_their_precision() -> None:
    (path,) = (GOLDEN / "tf215_v2").iterdir()
    with RecordReader(path) as reader:
        columns = read_columns(reader, never, kinds={})
    assert columns.scalars["double"].value.tolist() == [step / 3 for step in range(5)]


def test_points_carry_step_wall_time_and_event() -> None:
    columns = read(scalars(5, 2.5, a=1, b=2), event_pb2.Event(wall_time=9), scalars(-(2**62), 1.5, b=math.inf))
    assert columns.scalars["b"].step.tolist() == [5, -(2**62)]
    assert columns.scalars["b"].wall_time.tolist() == [2.5, 1.5]
    assert columns.scalars["b"].value.tolist() == [2, math.inf]
    assert columns.scalars["b"].event.tolist() == [0, 2]
    assert (columns.events, columns.first_wall_time, columns.last_wall_time) == (3, 1.5, 9)


def test_wall_times_that_are_no_numbers_do_not_spread() -> None:
    columns = read(scalars(0, math.nan, a=1), scalars(1, 5.0, a=1), scalars(2, math.nan, a=1))
    assert (columns.first_wall_time, columns.last_wall_time) == (5, 5)
    assert len(columns.scalars["a"].step) == 3


def test_stops_in_time_and_goes_on() -> None:
    events = [scalars(step, a=step) for step in range(1000)]
    file = io.BytesIO(b"".join(frame(event.SerializeToString()) for event in events))
    reader = RecordReader(file)
    parts = []
    while not parts or not parts[-1].finished:
        parts.append(read_columns(reader, lambda: True, kinds={}))
    steps = [step for part in parts if part.scalars for step in part.scalars["a"].step.tolist()]
    assert steps == list(range(1000))
    assert len(parts) == 4


def test_finds_decreases_only_without_a_version() -> None:
    events = [scalars(2, a=1), scalars(1, a=1), scalars(3, a=1), scalars(3, a=1)]
    version = event_pb2.Event(file_version="brain.Event:2")
    assert [decrease.event for decrease in read(*events).decreases] == [1]
    assert [decrease.event for decrease in read(*events, last_summary_step=9).decreases] == [0, 1]
    assert read(*events, file_version=2.0).decreases == []
    assert read(version, *events).decreases == []
    assert read(event_pb2.Event(file_version="nonsense")).file_version == -1


def test_kinds_of_earlier_reads_hold_where_metadata_is_missing() -> None:
    event = event_pb2.Event(step=1)
    event.summary.value.add(tag="bare").tensor.CopyFrom(tensor_util.make_tensor_proto(np.float32(1.5)))
    assert read(event).kinds == {"bare": "tensors"}
    known = read(event, kinds={"bare": "scalars"})
    assert (known.kinds, known.scalars["bare"].value.tolist()) == ({"bare": "scalars"}, [1.5])
    assert read(scalars(1, a=1), kinds={"a": "histograms"}).kinds == {"a": "histograms"}


def test_a_tag_may_stand_in_the_node_name() -> None:
    event = event_pb2.Event()
    event.summary.value.add(node_name="node", simple_value=1)
    assert list(read(event).scalars) == ["node"]


def test_a_record_that_holds_no_event_is_damage() -> None:
    file = io.BytesIO(frame(b"\x0b\xff") + frame(b"\xff") + frame(scalars(1, a=1).SerializeToString()))
    columns = read_columns(RecordReader(file), never, kinds={})
    assert [damage.bytes_lost for damage in columns.damage] == [18, 17]
    assert columns.events == 1


def test_tags_may_hold_any_bytes() -> None:
    event = scalars(7, 2.0, **{"tag??": 1.5}).SerializeToString().replace(b"tag??", b"tag\xff\xfe")
    columns = read_columns(RecordReader(io.BytesIO(frame(event))), never, kinds={})
    assert columns.scalars["tag\ufffd\ufffd"].value.tolist() == [1.5]
    assert (columns.last_step, columns.damage) == (7, [])


def test_readable_events_are_left_as_they_are() -> None:
    for directory in ("tf115_v1", "tf215_v1", "tf215_v2"):
        (path,) = (GOLDEN / directory).iterdir()
        payloads = [record.payload for record in RecordReader(io.BytesIO(path.read_bytes()))]  # type: ignore[union-attr]
        assert [with_readable_strings(payload) for payload in payloads] == payloads


@pytest.mark.parametrize("message", [b"\x08", b"\x09\x00", b"\x0a\x05x", b"\x0b", b"\xff" * 11, b"\x2a\x02\x0a\x7f"])
def test_what_is_no_message_is_refused(message: bytes) -> None:
    with pytest.raises(ValueError, match=r"message|varint"):
        with_readable_strings(message)


DTYPES = [
    *(np.float16, np.float32, np.float64, np.int8, np.int16, np.int32, np.int64),
    *(np.uint8, np.uint16, np.uint32, np.uint64, np.bool_),
]


@pytest.mark.parametrize("dtype", DTYPES)
def test_reads_numbers_of_every_dtype(dtype: type[np.generic]) -> None:
    number = np.array(1.5).astype(dtype)
    assert number_of(tensor_value(tensor_util.make_tensor_proto(number))) == float(number)
    content = tensor_pb2.TensorProto(dtype=tensor_util.make_tensor_proto(number).dtype, tensor_content=number.tobytes())
    assert number_of(tensor_value(content)) == float(number)


def test_reads_bfloat16() -> None:
    content = np.float32(1.5).tobytes()[2:]
    for tensor in (
        tensor_pb2.TensorProto(dtype=types_pb2.DT_BFLOAT16, tensor_content=content),
        tensor_pb2.TensorProto(dtype=types_pb2.DT_BFLOAT16, half_val=[int.from_bytes(content, "little")]),
    ):
        assert number_of(tensor_value(tensor)) == 1.5


def test_one_element_is_a_scalar_and_several_are_not() -> None:
    assert number_of(tensor_value(tensor_util.make_tensor_proto(np.ones([1, 1])))) == 1
    dimension = tensor_shape_pb2.TensorShapeProto.Dim(size=2)
    for tensor in (
        tensor_util.make_tensor_proto(np.ones([2])),
        tensor_util.make_tensor_proto(b"text"),
        tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT),
        tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT, tensor_content=b"abc"),
        tensor_pb2.TensorProto(
            dtype=types_pb2.DT_FLOAT,
            float_val=[1],
            tensor_shape=tensor_shape_pb2.TensorShapeProto(dim=[dimension]),
        ),
    ):
        assert number_of(tensor_value(tensor)) is None
        event = event_pb2.Event(summary=summary_pb2.Summary(value=[tensor_value(tensor)]))
        assert read(event).skipped == 1


def test_kinds_follow_the_plugin() -> None:
    tensor = tensor_util.make_tensor_proto(np.ones([2]))
    for plugin in ("scalars", "histograms", "images", "audio", "text"):
        assert kind_of(tensor_value(tensor, plugin)) == plugin
    assert kind_of(tensor_value(tensor, "pr_curves")) == "tensors"
    assert kind_of(summary_pb2.Summary.Value(tag="tag")) is None


def test_graphs_of_tensorflow_2_count_as_graphs() -> None:
    value = tensor_value(tensor_util.make_tensor_proto(b"{}"), "graph_keras_model")
    assert read(event_pb2.Event(summary=summary_pb2.Summary(value=[value]))).has_graph
    assert read(event_pb2.Event(meta_graph_def=b"x")).has_graph
    assert not read(scalars(1, a=1)).has_graph
