"""Many values that are no scalars, read from disk in one pass: each file is opened once, each event parsed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy.typing as npt
from tensorboard.compat.proto import event_pb2, summary_pb2

from trackml.events.contents import parse_event
from trackml.runs.selection import ChosenSeries
from trackml.storage.tfrecord import Record, RecordReader

Lost: TypeAlias = Callable[[str], object]
"""Is called with a sentence for each value that could not be read."""


class _Place(NamedTuple):
    """Where a value is, and the number that it has among those that are asked for."""

    offset: int
    position: int
    """Which of the event's values it is."""
    number: int
    tag: str


def read_values(chosen: Sequence[ChosenSeries], lost: Lost) -> Iterator[tuple[int, summary_pb2.Summary.Value]]:
    """Gives every value of some series with its number, counted through the series, in the order of the files.

    Values that are not there any more, because a file was replaced or damaged since it was looked at, are left out
    and told.

    Args:
      chosen: Series of places, as `choose` gives them for all kinds but scalars.
      lost: Told of what is left out.
    """
    for path, places in _places_by_file(chosen).items():
        yield from _read_file(path, places, lost)


def _places_by_file(chosen: Sequence[ChosenSeries]) -> dict[Path, list[_Place]]:
    by_file: dict[Path, list[_Place]] = {}
    begin = 0
    for one in chosen:
        if one.file is None:
            raise ValueError(f"expected series of places; got scalars of tag {one.tag!r}.")
        held: npt.NDArray[Any] = one.series.held_value
        numbers = range(begin, begin + len(held))
        places = zip(held["offset"].tolist(), held["index"].tolist(), numbers)
        by_file.setdefault(one.file, []).extend(_Place(*place, one.tag) for place in places)
        begin += len(held)
    return {path: sorted(places) for path, places in by_file.items()}


def _read_file(path: Path, places: list[_Place], lost: Lost) -> Iterator[tuple[int, summary_pb2.Summary.Value]]:
    done = 0
    try:
        with open(path, "rb") as stream:
            for value in _read_places(path, RecordReader(stream), places, lost):
                done += 1
                if value is not None:
                    yield places[done - 1].number, value
    except OSError as error:
        for place in places[done:]:
            lost(f"tag {place.tag!r}: {path} cannot be read: {error.strerror or error}")


def _read_places(
    path: Path, reader: RecordReader, places: list[_Place], lost: Lost
) -> Iterator[summary_pb2.Summary.Value | None]:
    reader.look()
    offset: int | None = None
    event: event_pb2.Event | None = None
    for place in places:
        if place.offset != offset:
            offset = place.offset
            event = _event_at(reader, offset)
        value = _value_of(event, place)
        if value is None:
            lost(f"tag {place.tag!r}: it is not at byte {place.offset} of {path} any more")
        yield value


def _event_at(reader: RecordReader, offset: int) -> event_pb2.Event | None:
    reader.offset = offset
    outcome = reader.take()
    return parse_event(outcome.payload) if isinstance(outcome, Record) else None


def _value_of(event: event_pb2.Event | None, place: _Place) -> summary_pb2.Summary.Value | None:
    values = () if event is None else event.summary.value
    if place.position >= len(values):
        return None
    value = values[place.position]
    return value if (value.tag or value.node_name) == place.tag else None
