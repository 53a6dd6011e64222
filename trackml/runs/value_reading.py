"""Many values that are no scalars, read from disk in one pass: each file is opened once, each event parsed once.

Records that lie near each other are read together, and their checksums verified as rows of a matrix: one by one that
would take as long as all the rest.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import event_pb2, summary_pb2

from trackml.events.contents import parse_event
from trackml.runs.selection import ChosenSeries
from trackml.storage.crc32c import mask_rows
from trackml.storage.crc32c_batch import crc32c_spans
from trackml.storage.tfrecord import FOOTER_BYTES, HEADER_BYTES, Record, RecordReader, record_header

Lost: TypeAlias = Callable[[str], object]
"""Is called with a sentence for each value that could not be read."""

_LENGTH = struct.Struct("<Q")
_NEAR = 1 << 16
"""Bytes that are read beside those that are wanted: a gap of this size costs less than a read of its own."""
_BLOCK = 1 << 22


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
            for value in _read_places(path, stream, places, lost):
                done += 1
                if value is not None:
                    yield places[done - 1].number, value
    except OSError as error:
        for place in places[done:]:
            lost(f"tag {place.tag!r}: {path} cannot be read: {error.strerror or error}")


def _read_places(
    path: Path, stream: BinaryIO, places: list[_Place], lost: Lost
) -> Iterator[summary_pb2.Summary.Value | None]:
    offsets = list(dict.fromkeys(place.offset for place in places))
    payloads = _read_records(stream, offsets)
    offset: int | None = None
    event: event_pb2.Event | None = None
    for place in places:
        if place.offset != offset:
            offset, payload = next(payloads)
            event = None if payload is None else parse_event(payload)
        value = _value_of(event, place)
        if value is None:
            lost(f"tag {place.tag!r}: it is not at byte {place.offset} of {path} any more")
        yield value


def _read_records(stream: BinaryIO, offsets: list[int]) -> Iterator[tuple[int, bytes | None]]:
    """Gives the payload of the record at each offset, None where there is no whole one whose checksums hold."""
    size = stream.seek(0, os.SEEK_END)
    for group in _near(offsets):
        stream.seek(group[0])
        block = stream.read(group[-1] - group[0] + _NEAR)
        starts = np.array(group, np.int64) - group[0]
        lengths = np.array([_length_at(block, start) for start in starts.tolist()], np.int64)
        is_whole = (lengths >= 0) & (starts + HEADER_BYTES + lengths + FOOTER_BYTES <= len(block))
        is_good = np.zeros(len(group), np.bool_)
        is_good[is_whole] = _check(block, starts[is_whole] + HEADER_BYTES, lengths[is_whole])
        for offset, start, length, whole, good in zip(group, starts, lengths, is_whole, is_good):
            if whole:
                yield offset, block[start + HEADER_BYTES : start + HEADER_BYTES + length] if good else None
            else:
                yield offset, _read_alone(stream, offset) if offset < size else None


def _near(offsets: list[int]) -> Iterator[list[int]]:
    """Gives rising offsets in groups that are read together."""
    group: list[int] = []
    for offset in offsets:
        if group and (offset - group[-1] > _NEAR or offset - group[0] > _BLOCK):
            yield group
            group = []
        group.append(offset)
    if group:
        yield group


def _length_at(block: bytes, start: int) -> int:
    """Gives the length of the payload of a record, -1 if no good header is there."""
    header = block[start : start + HEADER_BYTES]
    if len(header) < HEADER_BYTES:
        return -1
    (length,) = _LENGTH.unpack_from(header)
    return length if length < _BLOCK and header == record_header(length) else -1


def _check(block: bytes, begins: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    octets = np.frombuffer(block, np.uint8)
    stored = octets[(begins + lengths)[:, None] + np.arange(FOOTER_BYTES)].copy().view("<u4").ravel()
    is_good: npt.NDArray[np.bool_] = mask_rows(crc32c_spans(block, begins, lengths)) == stored
    return is_good


def _read_alone(stream: BinaryIO, offset: int) -> bytes | None:
    reader = RecordReader(stream, offset)
    reader.look()
    outcome = reader.take()
    return outcome.payload if isinstance(outcome, Record) else None


def _value_of(event: event_pb2.Event | None, place: _Place) -> summary_pb2.Summary.Value | None:
    values = () if event is None else event.summary.value
    if place.position >= len(values):
        return None
    value = values[place.position]
    return value if (value.tag or value.node_name) == place.tag else None
