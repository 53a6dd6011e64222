"""Whatever writers wrote, in all kinds and both formats, is read as TensorBoard reads it, its purge rules included."""

from __future__ import annotations

import itertools
import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
import tensorboard_runs
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2
from tensorboard.util import tensor_util

from trackml import SummaryWriter
from trackml.runs import RunStore
from trackml.storage import frame

FILES = ["events.out.tfevents.0000000001.host", "events.out.tfevents.0000000002.host", "events.out.tfevents.3.v2"]
NUMBERS = st.one_of(st.floats(width=32), st.sampled_from([math.nan, math.inf, -math.inf, -0.0]))
STEPS = st.one_of(st.integers(0, 6), st.integers(0, 6), st.sampled_from([0, -1, -(2**63), 2**63 - 1, 2**32 + 1]))
WALL_TIMES = st.one_of(st.floats(0, 900), st.just(math.nan))
"""Seconds after the file began. Files follow each other by a thousand: one that was written on while another began
would lose nothing here, and its points in TensorBoard."""

Value: TypeAlias = summary_pb2.Summary.Value


def tensor(value: Value, plugin: str, array: Any) -> None:
    value.tensor.CopyFrom(tensor_util.make_tensor_proto(array))
    value.metadata.plugin_data.plugin_name = plugin


def texts(value: Value, plugin: str, shape: tuple[int, ...], strings: list[bytes]) -> None:
    dimensions = [tensor_shape_pb2.TensorShapeProto.Dim(size=size) for size in shape]
    value.tensor.CopyFrom(
        tensor_pb2.TensorProto(
            dtype=types_pb2.DT_STRING,
            tensor_shape=tensor_shape_pb2.TensorShapeProto(dim=dimensions),
            string_val=strings,
        )
    )
    value.metadata.plugin_data.plugin_name = plugin


def fill_scalar(value: Value, number: float, is_new: bool) -> None:
    if is_new:
        with np.errstate(invalid="ignore"):
            tensor(value, "scalars", np.array(number, np.float32 if value.tag == "a" else np.float64))
    else:
        value.simple_value = number


def fill_histogram(value: Value, number: float, is_new: bool) -> None:
    counts = [0, abs(number) % 7 if math.isfinite(number) else 0, 2, 0]
    if is_new:
        tensor(value, "histograms", np.array([[index, index + 1, count] for index, count in enumerate(counts)]))
    else:
        value.histo.min, value.histo.max = -1.5, 8.25
        value.histo.bucket_limit.extend([0, 2, 4, 1e308])
        value.histo.bucket.extend(counts)


def fill_image(value: Value, number: float, is_new: bool) -> None:
    if is_new:
        texts(value, "images", (4,), [b"3", b"2", str(number).encode(), b"second"])
    else:
        value.image.width, value.image.height, value.image.encoded_image_string = 3, 2, str(number).encode()


def fill_audio(value: Value, number: float, is_new: bool) -> None:
    if is_new:
        texts(value, "audio", (2, 2), [str(number).encode(), b"label", b"second", b""])
    else:
        value.audio.encoded_audio_string = str(number).encode()


def fill_text(value: Value, number: float, is_new: bool) -> None:
    texts(value, "text", (1,) if is_new else (), ["größer {number}".encode()])


def fill_tensor(value: Value, number: float, is_new: bool) -> None:
    tensor(value, "pr_curves" if value.tag == "pr" else "mine", np.array([[number], [1]] if is_new else [number, 2]))


FILLERS: dict[str, Callable[[Value, float, bool], None]] = {
    "a": fill_scalar,
    "scope/b": fill_scalar,
    "histogram": fill_histogram,
    "image/image/0": fill_image,
    "sound": fill_audio,
    "note": fill_text,
    "pr": fill_tensor,
    "tensor": fill_tensor,
}
VALUES = st.tuples(st.sampled_from(sorted(FILLERS)), NUMBERS, st.booleans())
SUMMARIES = st.tuples(st.just("summary"), STEPS, WALL_TIMES, st.lists(VALUES, max_size=4))
SESSIONS: st.SearchStrategy[Any] = st.tuples(
    st.sampled_from(["start", "checkpoint", "graph", "nothing"]),
    STEPS.filter(lambda step: step < 2**62),
    WALL_TIMES,
    st.just([]),
)
EVENTS: st.SearchStrategy[Any] = st.lists(st.one_of(SUMMARIES, SUMMARIES, SUMMARIES, SESSIONS), max_size=12)
HISTORIES: st.SearchStrategy[Any] = st.lists(
    st.tuples(st.sampled_from(["", "1", "2", "2", "none"]), st.booleans(), st.sampled_from([1, 1, 1, 6]), EVENTS),
    min_size=1,
    max_size=3,
)
"""Files, one after the other: the version that each declares, whether metadata come with the first value of a tag
alone, how often the events are repeated, so that some are decoded as a block, and the events."""


def event_of(what: str, step: int, wall_time: float, values: Any) -> event_pb2.Event:
    event = event_pb2.Event(step=step, wall_time=wall_time)
    if what == "start":
        event.session_log.status = event_pb2.SessionLog.START
    elif what == "checkpoint":
        event.session_log.status = event_pb2.SessionLog.CHECKPOINT
    elif what == "graph":
        event.graph_def = b"\x0a\x05\x0a\x03one"
    elif what == "summary":
        event.summary.SetInParent()
        for tag, number, is_new in values:
            FILLERS[tag](event.summary.value.add(tag=tag), number, is_new)
    return event


def files_of(history: Any) -> dict[str, bytes]:
    """The bytes of each file."""
    # TensorBoard makes a summary of a graph, whose step counts where steps tell of restarts.
    has_sessions = all(version == "2" for version, *_ in history)
    files = {}
    for index, (name, (version, strips, repeats, events)) in enumerate(zip(FILES, history)):
        begin = 1000 * (index + 1)
        messages = [event_pb2.Event(wall_time=begin, file_version=f"brain.Event:{version}")] if version else []
        kept = [event for event in events if event[0] != "graph" or has_sessions]
        for what, step, wall_time, values in kept * repeats:
            messages.append(event_of(what, step, begin + wall_time, values))
        if strips:
            strip(messages)
        files[name] = b"".join(frame(message.SerializeToString()) for message in messages)
    return files


def strip(messages: list[event_pb2.Event]) -> None:
    """Leaves metadata with the first value of a tag alone, as TensorFlow's first writer does."""
    seen = set()
    for message in messages:
        for value in message.summary.value:
            if value.tag in seen:
                value.ClearField("metadata")
            seen.add(value.tag)


@given(history=HISTORIES)
@settings(max_examples=60, deadline=None)
def test_files_of_all_kinds(make_logdir: Any, history: Any) -> None:
    logdir = make_logdir()
    for name, data in files_of(history).items():
        logdir.append(data, file=name)
    store = RunStore(logdir.path)
    store.refresh()
    tensorboard_runs.assert_same(store.snapshot()["."], logdir.path)


@given(history=HISTORIES, random=st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_files_that_grow_between_refreshes(make_logdir: Any, history: Any, random: Any) -> None:
    logdir = make_logdir()
    store = RunStore(logdir.path)
    for name, data in files_of(history).items():
        cuts = sorted(random.randint(0, len(data)) for _ in range(random.randint(0, 5)))
        for begin, end in itertools.pairwise([0, *cuts, len(data)]):
            logdir.append(data[begin:end], file=name)
            store.refresh()
    view = store.snapshot()["."]
    assert {health.status for health in view.health} == {"ok"}
    tensorboard_runs.assert_same(view, logdir.path)


CALLS: dict[str, Callable[[SummaryWriter, int, float], None]] = {
    "scalar": lambda writer, step, number: writer.add_scalar("loss", number, step),
    "new scalar": lambda writer, step, number: writer.add_scalar("new", number, step, new_style=True),
    "double": lambda writer, step, number: writer.add_scalar("double", number / 3, step, None, True, True),
    "histogram": lambda writer, step, number: writer.add_histogram("h", [number, step % 7, 2], step),
    "image": lambda writer, step, number: writer.add_image("i", np.full((1, 2, 3), number), step),
    "audio": lambda writer, step, number: writer.add_audio("s", np.full(5, number / 10), step, 8000),
    "text": lambda writer, step, number: writer.add_text("t", f"*{number}*", step),
    "pr curve": lambda writer, step, number: writer.add_pr_curve("p", [0, 1], [0.5, abs(number) / 10], step, 5),
    "tensor": lambda writer, step, number: writer.add_tensor("x", np.array([number, 1]), step),
    "mesh": lambda writer, step, number: writer.add_mesh("m", np.full((1, 2, 3), number), global_step=step),
    "scalars": lambda writer, step, number: writer.add_scalars("both", {"one": number, "two": 2}, step),
    "flush": lambda writer, step, number: writer.flush(),
    "close": lambda writer, step, number: writer.close(),
}
SESSION = st.lists(st.tuples(st.sampled_from(sorted(CALLS)), st.integers(-2, 8), st.integers(-9, 9)), max_size=15)


@given(sessions=st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 8)), SESSION), min_size=1, max_size=3))
@settings(max_examples=25, deadline=None)
def test_what_summary_writers_wrote_one_after_the_other(sessions: Any) -> None:
    with tempfile.TemporaryDirectory() as logdir:
        store = RunStore(logdir)
        for purge_step, calls in sessions:
            with SummaryWriter(logdir, purge_step=purge_step) as writer:
                for name, step, number in calls:
                    CALLS[name](writer, step, float(number))
            store.refresh()
        for view in store.snapshot().values():
            assert {health.status for health in view.health} == {"ok"}
            tensorboard_runs.assert_same(view, Path(view.path))


@pytest.mark.parametrize("call", sorted(CALLS))
def test_each_call_alone(tmp_path: Path, call: str) -> None:
    with SummaryWriter(tmp_path) as writer:
        for step in range(40):
            CALLS[call](writer, step, step / 4 % 10)
    store = RunStore(tmp_path)
    store.refresh()
    for view in store.snapshot().values():
        tensorboard_runs.assert_same(view, Path(view.path))
