"""The decoder that parses one record after the other: slow, short, and what the fast one must agree with."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError
from tensorboard.compat.proto import event_pb2, summary_pb2

from trackml.events.event_columns import PLACE, Columns, EventColumns, GraphPlace, SessionStart, SummaryStep
from trackml.events.kinds import SCALARS, holds_graph, kind_of, number_of
from trackml.events.wire import with_readable_strings
from trackml.storage.tfrecord import Corrupt, Record, RecordReader

_SESSION_START = event_pb2.SessionLog.START
_COMPARED_APART = ("scalars", "blobs", "kinds", "metadata")


def read_record_by_record(
    reader: RecordReader,
    kinds: Mapping[str, str],
    file_version: float | None = None,
    last_summary_step: int | None = None,
) -> EventColumns:
    """Gives what `reader` has from its offset on."""
    columns = EventColumns(file_version=file_version, last_summary_step=last_summary_step)
    decoder = _Decoder(columns, kinds)
    for outcome in reader:
        if isinstance(outcome, Record):
            decoder.add(outcome)
        elif isinstance(outcome, Corrupt) and outcome.final:
            columns.damage.append(outcome)
        else:
            columns.tail = outcome
    columns.finished = True
    decoder.finish()
    return columns


def plain(columns: EventColumns) -> dict[str, Any]:
    """Gives everything in `columns`, in a form in which NaN is equal to NaN."""
    points = {
        tag: [column.astype(np.float64).tobytes() if column.dtype.kind == "f" else column.tolist() for column in found]
        for tag, found in (columns.scalars | columns.blobs).items()
    }
    columns = dataclasses.replace(
        columns,  # Whether the least of 0.0 and -0.0 has a sign is nobody's business.
        first_wall_time=None if columns.first_wall_time is None else columns.first_wall_time + 0.0,
        last_wall_time=None if columns.last_wall_time is None else columns.last_wall_time + 0.0,
    )
    rest = {name: repr(value) for name, value in vars(columns).items() if name not in _COMPARED_APART}
    return {
        **rest,
        "blobs": sorted(columns.blobs),
        "metadata": columns.metadata,
        "points": points,
        "kinds": columns.kinds,
    }


class _Decoder:
    """Gathers the points in lists, which grow faster than arrays."""

    def __init__(self, columns: EventColumns, kinds: Mapping[str, str]) -> None:
        self.columns = columns
        self._kinds = kinds
        self._points: dict[str, list[tuple[int, float, Any, int]]] = {}

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
            self._add_summary(event, record.offset)
        elif what == "session_log":
            columns.last_step = event.step
            if event.session_log.status == _SESSION_START:
                columns.starts.append(SessionStart(columns.events, event.step, event.wall_time))
        elif what in ("graph_def", "meta_graph_def"):
            columns.has_graph = True
            columns.graphs.append(GraphPlace(record.offset, what == "meta_graph_def"))
        elif what == "file_version":
            columns.file_version = _version(event.file_version)
        columns.events += 1

    def finish(self) -> None:
        for tag, points in self._points.items():
            step, wall_time, value, event = zip(*points)
            is_scalar = self.columns.kinds[tag] == SCALARS
            (self.columns.scalars if is_scalar else self.columns.blobs)[tag] = Columns(
                np.array(step, np.int64),
                np.array(wall_time, np.float64),
                np.array(list(value), np.float64 if is_scalar else PLACE),
                np.array(event, np.int64),
            )

    def _add_summary(self, event: event_pb2.Event, offset: int) -> None:
        columns, step, wall_time = self.columns, event.step, event.wall_time
        place = SummaryStep(columns.events, step, wall_time)
        if columns.first_summary is None:
            columns.first_summary = place
        if columns.last_summary_step is not None and step < columns.last_summary_step and self._has_no_version():
            columns.decreases.append(place)
        columns.last_summary_step = columns.last_step = step
        for index, value in enumerate(event.summary.value):
            tag = value.tag or value.node_name
            kind = columns.kinds.get(tag) or self._meet(tag, value)
            if kind is None:
                continue
            number = number_of(value) if kind == SCALARS else (0, index, offset)
            if number is None:
                columns.skipped += 1
                continue
            self._points.setdefault(tag, []).append((step, wall_time, number, columns.events))

    def _meet(self, tag: str, value: summary_pb2.Summary.Value) -> str | None:
        """Settles the kind of a tag that is new in this read."""
        kind = kind_of(value)
        if not value.HasField("metadata"):
            kind = self._kinds.get(tag, kind)
        if kind is not None:
            self.columns.kinds[tag] = kind
            if value.HasField("metadata"):
                self.columns.metadata[tag] = value.metadata.SerializeToString()
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
