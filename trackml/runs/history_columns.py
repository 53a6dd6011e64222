"""A `FileHistory` taken apart, to be kept in a file: a document of plain values, and arrays.

Nothing of what is read back is believed: a document that cannot be what `take_apart` gave is a `ValueError`, or one of
the errors that Python has for values of another type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from trackml.events.event_columns import PLACE, GraphPlace, SummaryStep
from trackml.runs.growing_series import GrowingSeries
from trackml.runs.history import FileHistory, TagHistory
from trackml.runs.series import Series

Array: TypeAlias = npt.NDArray[Any]
Document: TypeAlias = "dict[str, Any]"
ReadArray: TypeAlias = Callable[[int, "np.dtype[Any]"], Array]
"""Gives the next array: how many elements, of which type."""

_Part: TypeAlias = "tuple[int, np.dtype[Any]]"

_STEP: np.dtype[Any] = np.dtype("<i8")
_WALL_TIME: np.dtype[Any] = np.dtype("<f8")
_VALUES: dict[str, np.dtype[Any]] = {"float32": np.dtype("<f4"), "float64": np.dtype("<f8"), "place": PLACE}


def take_apart(history: FileHistory) -> tuple[Document, list[Array]]:
    """Gives what a history holds now, also when it grows on: values that JSON can hold, and arrays."""
    tags, arrays = [], []
    for tag, points in history.histories():
        series = points.points.view()
        decreases = np.array(points.decreases, np.int64)
        arrays += [series.step, series.wall_time, series.held_value, decreases]
        kind = "place" if points.holds_places else series.held_value.dtype.name
        tags.append([tag, kind, len(series), len(decreases), [*points.session_positions], [*points.session_numbers]])
    document = {
        "events": history.events,
        "tags": tags,
        "metadata": {tag: serialized.decode("latin-1") for tag, serialized in history.metadata.items()},
        "graph": history.graph,
        "kinds": dict(history.kinds),
        "foreign_kinds": sorted(history.foreign_kinds),
        "start_steps": [*history.start_steps],
        "start_wall_times": [*history.start_wall_times],
        "file_version": history.file_version,
        "first_summary": history.first_summary,
        "first_summary_tags": sorted(history.first_summary_tags),
        "last_summary_step": history.last_summary_step,
        "has_graph": history.has_graph,
        "first_wall_time": history.first_wall_time,
        "last_wall_time": history.last_wall_time,
        "last_step": history.last_step,
        "bytes_lost": history.bytes_lost,
        "damages": history.damages,
        "damage": history.damage,
        "skipped": history.skipped,
    }
    return document, arrays


def count_bytes(document: Document) -> int:
    """Gives how many bytes the arrays of a document have.

    Raises:
      ValueError, TypeError, KeyError: If it is none.
    """
    return sum(count * dtype.itemsize for _, parts in _tags(document) for count, dtype in parts)


def put_together(document: Document, read_array: ReadArray, number: int) -> FileHistory:
    """Gives the history that was taken apart.

    Args:
      document: What `take_apart` gave, when JSON had it.
      read_array: Gives the arrays, one after the other.
      number: Of the file in its run.

    Raises:
      ValueError, TypeError, KeyError, OverflowError: If it is none.
    """
    history = FileHistory(number)
    _set_numbers(history, document)
    history.metadata = {str(tag): text.encode("latin-1") for tag, text in document["metadata"].items()}
    history.kinds = {str(tag): str(kind) for tag, kind in document["kinds"].items()}
    history.foreign_kinds = set(map(str, document["foreign_kinds"]))
    history.start_steps = [_step(step) for step in document["start_steps"]]
    history.start_wall_times = [float(wall_time) for wall_time in document["start_wall_times"]]
    _require(len(history.start_steps) == len(history.start_wall_times))
    for (tag, kind, _, _, positions, numbers), parts in _tags(document):
        step, wall_time, value, decreases = (_native(read_array(count, dtype)) for count, dtype in parts)
        points = TagHistory(_VALUES[kind])
        points.points = GrowingSeries.of(Series(step, wall_time, value))
        points.session_positions, points.session_numbers = [*map(int, positions)], [*map(int, numbers)]
        points.decreases = decreases.tolist()
        _check_places(points, len(history.start_steps))
        if points.holds_places:
            value["file"] = number
        _require(tag in history.kinds)
        (history.blobs if points.holds_places else history.scalars)[tag] = points
    return history


def _set_numbers(history: FileHistory, document: Document) -> None:
    history.events = int(document["events"])
    history.file_version = _optional(float, document["file_version"])
    history.last_summary_step = _optional(_step, document["last_summary_step"])
    history.first_wall_time = _optional(float, document["first_wall_time"])
    history.last_wall_time = _optional(float, document["last_wall_time"])
    history.last_step = _optional(_step, document["last_step"])
    history.has_graph = bool(document["has_graph"])
    history.bytes_lost, history.damages = int(document["bytes_lost"]), int(document["damages"])
    history.damage, history.skipped = str(document["damage"]), int(document["skipped"])
    if document["graph"] is not None:
        offset, is_meta_graph = document["graph"]
        history.graph = GraphPlace(int(offset), bool(is_meta_graph))
    if document["first_summary"] is not None:
        event, step, wall_time = document["first_summary"]
        history.first_summary = SummaryStep(int(event), _step(step), float(wall_time))
    history.first_summary_tags = frozenset(map(str, document["first_summary_tags"]))


def _tags(document: Document) -> Iterator[tuple[list[Any], list[_Part]]]:
    """Gives each tag, and the length and type of each of its arrays."""
    for tag in document["tags"]:
        name, kind, count, decreases, _, _ = tag
        _require(isinstance(name, str) and _is_count(count) and _is_count(decreases))
        yield tag, [(count, _STEP), (count, _WALL_TIME), (count, _VALUES[kind]), (decreases, _STEP)]


def _check_places(points: TagHistory, starts: int) -> None:
    """Points of sessions and decreases are looked up later, where a wrong one would be an error."""
    positions, numbers = points.session_positions, points.session_numbers
    _require(len(positions) == len(numbers) and positions[:1] in ([], [0]))
    _require(all(0 <= number <= starts for number in numbers))
    for places in (positions, points.decreases):
        _require(places == sorted(set(places)) and all(0 <= place < len(points.points) for place in places))
    _require(bool(positions) == bool(len(points.points)))


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _step(value: Any) -> int:
    return int(np.int64(value))


def _optional(kind: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else kind(value)


def _native(column: Array) -> Array:
    return column if column.dtype == PLACE else column.astype(column.dtype.newbyteorder("="), copy=False)


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError("not the columns of an event file")
