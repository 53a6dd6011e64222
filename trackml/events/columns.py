"""An event file as columns: the scalars of every tag, and what else a reader of runs must know.

`read_columns` is the one function between the bytes of a file and the columns. It parses one protobuf message a record.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from google.protobuf.message import DecodeError
from tensorboard.compat.proto import event_pb2, summary_pb2

from trackml.events.kinds import SCALARS, holds_graph, kind_of, number_of
from trackml.events.wire import with_readable_strings
from trackml.storage.tfrecord import Corrupt, Record, RecordReader, Truncated

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_RECORDS_A_CALL = 1 << 16
_RECORDS_A_LOOK = 1 << 8
_SESSION_START = event_pb2.SessionLog.START


class ScalarColumns(NamedTuple):
    """The points of one tag, in the order of the file, all of one length."""

    step: Ints
    wall_time: Floats
    value: Floats
    event: Ints
    """Which event each point came from, counted from 0 in this read."""


class SessionStart(NamedTuple):
    """A SessionLog START: training began or began again."""

    event: int
    """Its place among the events, counted from 0 in this read."""
    step: int
    wall_time: float


class SummaryStep(NamedTuple):
    """An event with a summary."""

    event: int
    """Its place among the events, counted from 0 in this read."""
    step: int
    wall_time: float


@dataclasses.dataclass
class EventColumns:
    """What one read of an event file gave."""

    events: int = 0
    """How many events there were."""
    scalars: dict[str, ScalarColumns] = dataclasses.field(default_factory=dict)
    """Points by tag."""
    kinds: dict[str, str] = dataclasses.field(default_factory=dict)
    """The kind of every tag that occurs."""
    starts: list[SessionStart] = dataclasses.field(default_factory=list)
    """Where sessions start."""
    decreases: list[SummaryStep] = dataclasses.field(default_factory=list)
    """Summaries whose step lies below that of the summary before; filled only in a file without a version."""
    first_summary: SummaryStep | None = None
    """The first event with a summary."""
    last_summary_step: int | None = None
    """The step of the last event with a summary."""
    file_version: float | None = None
    """The number in `brain.Event:2`; None if there was none, -1 if it is no number."""
    has_graph: bool = False
    """Whether a graph was written."""
    first_wall_time: float | None = None
    """The earliest wall time of any event, in seconds since the epoch."""
    last_wall_time: float | None = None
    """The latest wall time of any event, in seconds since the epoch."""
    last_step: int | None = None
    """The step of the last summary or session log."""
    skipped: int = 0
    """Values that claim to be scalars and hold no number, or several."""
    damage: list[Corrupt] = dataclasses.field(default_factory=list)
    """Bytes that were no events, where good records follow."""
    tail: Truncated | Corrupt | None = None
    """What the end of the file is, if it is no whole record."""
    finished: bool = False
    """Whether the end was reached."""


def read_columns(
    reader: RecordReader,
    should_stop: Callable[[], bool],
    *,
    kinds: Mapping[str, str],
    file_version: float | None = None,
    last_summary_step: int | None = None,
) -> EventColumns:
    """Gives what `reader` has from its offset on, as far as time allows.

    Args:
      reader: The records of an event file; its offset moves on.
      should_stop: Asked now and then, after some records at least.
      kinds: Kinds of tags that earlier reads found. They hold for values without metadata, since TensorFlow's first
        writer leaves it out after the first value of a tag.
      file_version: What an earlier read of the file gave.
      last_summary_step: What an earlier read of the file gave.

    Returns:
      The columns of this read alone.
    """
    columns = EventColumns(file_version=file_version, last_summary_step=last_summary_step)
    decoder = _Decoder(columns, kinds)
    for count, outcome in enumerate(reader, 1):
        if isinstance(outcome, Record):
            decoder.add(outcome)
        elif isinstance(outcome, Corrupt) and outcome.final:
            columns.damage.append(outcome)
        else:
            columns.tail = outcome
        if count == _RECORDS_A_CALL or (count % _RECORDS_A_LOOK == 0 and should_stop()):
            break
    else:
        columns.finished = True
    decoder.finish()
    return columns


class _Decoder:
    """Gathers the points in lists, which grow faster than arrays."""

    def __init__(self, columns: EventColumns, kinds: Mapping[str, str]) -> None:
        self.columns = columns
        self._kinds = kinds
        self._points: dict[str, list[tuple[int, float, float, int]]] = {}

    def add(self, record: Record) -> None:
        event = _parse(record.payload)
        if event is None:
            lost = Corrupt(record.offset, "a record holds no event", len(record.payload) + 16, final=True)
            self.columns.damage.append(lost)
            return
        columns = self.columns
        if not math.isnan(event.wall_time):
            columns.first_wall_time = _least(columns.first_wall_time, event.wall_time)
            columns.last_wall_time = _most(columns.last_wall_time, event.wall_time)
        what = event.WhichOneof("what")
        if what == "summary":
            self._add_summary(event)
        elif what == "session_log":
            columns.last_step = event.step
            if event.session_log.status == _SESSION_START:
                columns.starts.append(SessionStart(columns.events, event.step, event.wall_time))
        elif what in ("graph_def", "meta_graph_def"):
            columns.has_graph = True
        elif what == "file_version":
            columns.file_version = _version(event.file_version)
        columns.events += 1

    def finish(self) -> None:
        for tag, points in self._points.items():
            step, wall_time, value, event = zip(*points)
            self.columns.scalars[tag] = ScalarColumns(
                np.array(step, np.int64),
                np.array(wall_time, np.float64),
                np.array(value, np.float64),
                np.array(event, np.int64),
            )

    def _add_summary(self, event: event_pb2.Event) -> None:
        columns, step, wall_time = self.columns, event.step, event.wall_time
        place = SummaryStep(columns.events, step, wall_time)
        if columns.first_summary is None:
            columns.first_summary = place
        if columns.last_summary_step is not None and step < columns.last_summary_step and self._has_no_version():
            columns.decreases.append(place)
        columns.last_summary_step = columns.last_step = step
        for value in event.summary.value:
            tag = value.tag or value.node_name
            kind = columns.kinds.get(tag) or self._meet(tag, value)
            if kind != SCALARS:
                continue
            number = number_of(value)
            if number is None:
                columns.skipped += 1
                continue
            points = self._points.get(tag)
            if points is None:
                points = self._points[tag] = []
            points.append((step, wall_time, number, columns.events))

    def _meet(self, tag: str, value: summary_pb2.Summary.Value) -> str | None:
        """Settles the kind of a tag that is new in this read."""
        kind = kind_of(value)
        if not value.HasField("metadata"):
            kind = self._kinds.get(tag, kind)
        if kind is not None:
            self.columns.kinds[tag] = kind
            self.columns.has_graph |= holds_graph(value)
        return kind

    def _has_no_version(self) -> bool:
        version = self.columns.file_version
        return version is None or version < 2


def _parse(payload: bytes) -> event_pb2.Event | None:
    try:
        return event_pb2.Event.FromString(payload)
    except DecodeError:
        pass
    try:
        return event_pb2.Event.FromString(with_readable_strings(payload))
    except (DecodeError, ValueError):
        return None


def _version(text: str) -> float:
    try:
        return float(text.rpartition("brain.Event:")[2])
    except ValueError:
        return -1.0


def _least(one: float | None, other: float) -> float:
    return other if one is None else min(one, other)


def _most(one: float | None, other: float) -> float:
    return other if one is None else max(one, other)
