"""Putting decoded blocks together: points by tag, in the order of the file, and what else the events say.

The order of events decides a few things: which kind a tag has (the first value of a tag says it), where sessions start,
and where steps go back. A block holds the records of a template apart from the others, so their order is made again
here, from the places of the records in the block.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import event_pb2

from trackml.events.contents import parse_event
from trackml.events.event_columns import (
    PLACE,
    Columns,
    EventColumns,
    GraphPlace,
    Ints,
    SessionStart,
    SummaryStep,
    Values,
)
from trackml.events.kinds import SCALARS, number_of
from trackml.events.layout import TagKind
from trackml.events.pieces import DecodedBlock
from trackml.storage.tfrecord import FOOTER_BYTES, HEADER_BYTES, Corrupt

_SESSION_START = event_pb2.SessionLog.START
_FIRST_VERSION_WITH_SESSIONS = 2


class _Summaries(NamedTuple):
    """Events with summaries, by their places in the block."""

    place: Ints
    step: Ints
    wall_time: Values


class Gatherer:
    """Gathers what the blocks of one read hold.

    Args:
      columns: Where to put it; what it holds of earlier reads counts.
      kinds: Kinds of tags that earlier reads found.
    """

    def __init__(self, columns: EventColumns, kinds: Mapping[str, str]) -> None:
        self.columns = columns
        self._kinds = kinds
        self._points: defaultdict[str, list[Columns]] = defaultdict(list)

    def add(self, block: DecodedBlock, offset: int) -> None:
        """Adds the next block, which begins at `offset` of the file."""
        _BlockGatherer(self.columns, self._kinds, block, offset).run(self._points)

    def finish(self) -> EventColumns:
        """Gives the columns."""
        for tag, parts in self._points.items():
            columns = self.columns.scalars if self.columns.kinds[tag] == SCALARS else self.columns.blobs
            columns[tag] = _concatenate(parts)
            parts.clear()  # The points of many tags need not be held twice.
        return self.columns


class _BlockGatherer:
    """Adds one block to the columns."""

    def __init__(self, columns: EventColumns, kinds: Mapping[str, str], block: DecodedBlock, offset: int) -> None:
        self._columns = columns
        self._kinds = kinds
        self._block = block
        self._offset = offset
        self._parsed = [(place, parse_event(block.payload(place))) for place in block.others.tolist()]
        lost = [place for place, event in self._parsed if event is None]
        self._lost = np.array(lost, np.int64)
        self._first_event = columns.events
        self._points: defaultdict[str, list[Columns]] = defaultdict(list)
        self._single: defaultdict[str, list[tuple[int, float, Any, int]]] = defaultdict(list)
        self._summaries = [_Summaries(piece.members, piece.step, piece.wall_time) for piece in block.pieces]
        self._versions: list[tuple[int, float | None]] = [(-1, columns.file_version)]
        self._last_session: tuple[int, int] | None = None
        columns.events += len(block.spans.starts) - len(lost)
        columns.damage.extend(self._damage(place, offset) for place in lost)

    def run(self, points: Mapping[str, list[Columns]]) -> None:
        """Adds what the block holds; its points go to `points`, by tag."""
        self._add_in_order()
        self._add_pieces()
        self._add_single_points()
        self._note_wall_times(piece.wall_time for piece in self._block.pieces)
        self._note_summaries()
        for tag, parts in self._points.items():
            points[tag].append(_in_order(parts))

    def _add_in_order(self) -> None:
        """Goes through the events that were parsed and the first ones of each template, in their order."""
        new = (piece for piece in self._block.pieces if any(tag.tag not in self._columns.kinds for tag in piece.tags))
        stops: list[tuple[int, event_pb2.Event | None, tuple[TagKind, ...]]] = [
            *((int(piece.members[0]), None, piece.tags) for piece in new),
            *((place, event, ()) for place, event in self._parsed if event is not None),
        ]
        stops.sort(key=lambda stop: stop[0])
        summaries = []
        for place, event, tags in stops:
            for tag in tags:
                self._settle(tag)
            if event is not None and self._add_event(place, event):
                summaries.append((place, event.step, event.wall_time))
        if summaries:
            places, steps, wall_times = zip(*summaries)
            columns = np.array(places, np.int64), np.array(steps, np.int64), np.array(wall_times, np.float64)
            self._summaries.append(_Summaries(*columns))

    def _add_event(self, place: int, event: event_pb2.Event) -> bool:
        """Takes in an event; tells whether it is a summary."""
        columns = self._columns
        self._note_wall_times([np.array([event.wall_time])])
        what = event.WhichOneof("what")
        if what == "summary":
            self._add_summary(place, event)
        elif what == "session_log":
            self._last_session = place, event.step
            if event.session_log.status == _SESSION_START:
                columns.starts.append(SessionStart(self._event(place), event.step, event.wall_time))
        elif what in ("graph_def", "meta_graph_def"):
            columns.has_graph = True
            columns.graphs.append(GraphPlace(int(self._offsets(place)), what == "meta_graph_def"))
        elif what == "file_version":
            columns.file_version = _version(event.file_version)
            self._versions.append((place, columns.file_version))
        return bool(what == "summary")

    def _add_summary(self, place: int, event: event_pb2.Event) -> None:
        number: float | tuple[int, int, int] | None
        for index, value in enumerate(event.summary.value):
            tag = value.tag or value.node_name
            kind = self._columns.kinds.get(tag) or self._settle(TagKind.of(value))
            if kind == SCALARS:
                number = number_of(value)
                self._columns.skipped += number is None
            else:
                number = (0, index, int(self._offsets(place)))
            if number is not None and kind is not None:
                self._single[tag].append((event.step, event.wall_time, number, self._event(place)))

    def _settle(self, value: TagKind) -> str | None:
        """Gives the kind of a tag, which its first value in this read or an earlier read says."""
        kind = self._columns.kinds.get(value.tag)
        if kind is not None:
            return kind
        kind = value.kind if value.metadata is not None else self._kinds.get(value.tag, value.kind)
        if kind is not None:
            if value.metadata is not None:
                self._columns.metadata[value.tag] = value.metadata
            self._columns.kinds[value.tag] = kind
            self._columns.has_graph |= value.holds_graph
        return kind

    def _add_pieces(self) -> None:
        for piece in self._block.pieces:
            events = self._events(piece.members)
            for index, (tag, value) in enumerate(zip(piece.tags, piece.values)):
                is_scalar = self._columns.kinds[tag.tag] == SCALARS
                held = value if is_scalar else _places(self._offsets(piece.members), index)
                self._points[tag.tag].append(Columns(piece.step, piece.wall_time, held, events))

    def _add_single_points(self) -> None:
        for tag, points in self._single.items():
            step, wall_time, value, event = (list(column) for column in zip(*points))
            is_scalar = self._columns.kinds[tag] == SCALARS
            held = _narrow(np.array(value, np.float64)) if is_scalar else np.array(value, PLACE)
            columns = np.array(step, np.int64), np.array(wall_time, np.float64), held, np.array(event, np.int64)
            self._points[tag].append(Columns(*columns))

    def _note_wall_times(self, wall_times: Iterable[Values]) -> None:
        columns = self._columns
        for column in wall_times:
            least, most = float(np.fmin.reduce(column)), float(np.fmax.reduce(column))
            if not math.isnan(least):
                columns.first_wall_time = min(
                    least, least if columns.first_wall_time is None else columns.first_wall_time
                )
                columns.last_wall_time = max(most, most if columns.last_wall_time is None else columns.last_wall_time)

    def _note_summaries(self) -> None:
        columns = self._columns
        last: tuple[int, int] | None = None
        if self._summaries:
            if columns.first_summary is None:
                columns.first_summary = self._step_at(min(self._summaries, key=lambda part: int(part.place[0])), 0)
            if any(_is_without_sessions(version) for _, version in self._versions):
                columns.decreases.extend(self._decreases())
            latest = max(self._summaries, key=lambda part: int(part.place[-1]))
            last = int(latest.place[-1]), int(latest.step[-1])
            columns.last_summary_step = last[1]
        columns.last_step = max([stop for stop in (last, self._last_session) if stop], default=(0, columns.last_step))[
            1
        ]

    def _decreases(self) -> list[SummaryStep]:
        place, step, wall_time = (np.concatenate(columns) for columns in zip(*self._summaries))
        order = np.argsort(place, kind="stable")
        summaries = _Summaries(place[order], step[order], wall_time[order])
        before = self._columns.last_summary_step
        first = summaries.step[0] if before is None else np.int64(before)
        lower = summaries.step < np.concatenate([[first], summaries.step[:-1]])
        places, versions = zip(*self._versions)
        without = np.array([_is_without_sessions(version) for version in versions])
        lower &= without[np.searchsorted(places, summaries.place, side="right") - 1]
        return [self._step_at(summaries, index) for index in np.flatnonzero(lower).tolist()]

    def _step_at(self, summaries: _Summaries, index: int) -> SummaryStep:
        event = self._event(int(summaries.place[index]))
        return SummaryStep(event, int(summaries.step[index]), float(summaries.wall_time[index]))

    def _offsets(self, places: Any) -> Any:
        """Gives where in the file the records at `places` begin."""
        return self._block.spans.starts[places] + self._offset

    def _event(self, place: int) -> int:
        return int(self._events(np.array([place]))[0])

    def _events(self, places: Ints) -> Ints:
        """Gives the numbers of the events at `places`: records that hold no event are not counted."""
        events = places + self._first_event
        if len(self._lost):
            events -= np.searchsorted(self._lost, places)
        return events

    def _damage(self, place: int, offset: int) -> Corrupt:
        start, length = int(self._block.spans.starts[place]), int(self._block.spans.lengths[place])
        return Corrupt(offset + start, "a record holds no event", length + HEADER_BYTES + FOOTER_BYTES, final=True)


def _in_order(parts: list[Columns]) -> Columns:
    """Gives the points of one tag in the order of the file; parts of one event follow each other as they do here."""
    if len(parts) == 1:
        return parts[0]
    points = _concatenate(sorted(parts, key=lambda part: int(part.event[0])))
    if (points.event[1:] >= points.event[:-1]).all():
        return points
    order = np.argsort(points.event, kind="stable")
    return Columns(points.step[order], points.wall_time[order], points.value[order], points.event[order])


def _concatenate(parts: list[Columns]) -> Columns:
    step, wall_time, value, event = zip(*parts)
    return Columns(np.concatenate(step), np.concatenate(wall_time), np.concatenate(value), np.concatenate(event))


def _places(offsets: Ints, index: int) -> npt.NDArray[np.void]:
    places = np.zeros(len(offsets), PLACE)
    places["offset"] = offsets
    places["index"] = index
    return places


def _narrow(values: Values) -> Values:
    """Gives `values` as float32 if that loses nothing."""
    with np.errstate(over="ignore"):
        narrow = values.astype(np.float32)
    return narrow if np.array_equal(narrow, values, equal_nan=True) else values


def _is_without_sessions(version: float | None) -> bool:
    return version is None or version < _FIRST_VERSION_WITH_SESSIONS


def _version(text: str) -> float:
    try:
        return float(text.rpartition("brain.Event:")[2])
    except ValueError:
        return -1.0
