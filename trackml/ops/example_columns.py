"""The values of chosen features of serialized `Example` messages, many messages at a time.

Messages of one dataset are mostly alike: of equal length, they have the same features at the same places and differ
in the values alone. So one message is read field by field, and its layout is laid over all others of that length as
the rows of a matrix of bytes; where everything but the values agrees, the values are columns of the matrix. What
does not agree is tried with another layout, and at last read one by one with protobuf.

    Example      { 1: Features }
    Features     { 1: entry } for each feature        entry { 1: key, 2: Feature }
    Feature      { 1: BytesList | 2: FloatList | 3: Int64List }, each { 1: values }, numbers packed
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from google.protobuf.message import DecodeError

from trackml.protos.example_pb2 import Example

Array = np.ndarray[Any, Any]

_FEWEST = 4
"""Fewer messages than these are not worth a layout."""
_MOST_LAYOUTS = 8
"""How many layouts are tried on messages of one length."""

_LENGTH_DELIMITED_1, _LENGTH_DELIMITED_2, _LENGTH_DELIMITED_3 = 0x0A, 0x12, 0x1A
_BYTES, _FLOAT, _INT64 = 1, 2, 3


class ValuesOfFeature:
    """The values of one feature in each message of a batch.

    Either `matrix`, with a row a message, or `rows` is there.
    """

    __slots__ = ("matrix", "rows")

    def __init__(self, matrix: Array | None = None, rows: list[Array | None] | None = None) -> None:
        self.matrix = matrix
        """`[messages, values]`, when all messages have as many values."""
        self.rows = rows
        """The values of each message, None where it lacks the feature."""

    def each(self) -> Iterable[Array | None]:
        """The values message by message."""
        return self.matrix if self.matrix is not None else self.rows or ()


class _Collected:
    """What was found of one feature so far."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._blocks: list[tuple[Array, Array]] = []
        self.rows: dict[int, Array] = {}

    def add(self, indices: Array, matrix: Array) -> None:
        """The values of several messages, a row each."""
        self._blocks.append((indices, matrix))

    def values(self) -> ValuesOfFeature:
        """All that was found, as one matrix where that can be."""
        if not self.rows and self._is_even():
            indices, matrix = self._blocks[0]
            if len(self._blocks) > 1:
                indices = np.concatenate([block[0] for block in self._blocks])
                matrix = np.concatenate([block[1] for block in self._blocks])
            ordered = np.empty_like(matrix)
            ordered[indices] = matrix
            return ValuesOfFeature(matrix=ordered)
        rows: list[Array | None] = [None] * self._count
        for indices, matrix in self._blocks:
            for index, row in zip(indices.tolist(), matrix):
                rows[index] = row
        for index, row in self.rows.items():
            rows[index] = row
        return ValuesOfFeature(rows=rows)

    def _is_even(self) -> bool:
        kinds = {(matrix.dtype, matrix.shape[1]) for _, matrix in self._blocks}
        return len(kinds) == 1 and sum(len(indices) for indices, _ in self._blocks) == self._count


class UnreadableExampleError(ValueError):
    """Bytes that are no `Example`."""


def values_of_features(serialized: Sequence[bytes], keys: Sequence[str]) -> dict[str, ValuesOfFeature]:
    """The values of the features `keys` in serialized `Example` messages, as float32, int64 or objects (bytes).

    Raises:
        UnreadableExampleError: Bytes are no `Example`.
    """
    found = {key: _Collected(len(serialized)) for key in keys}
    for indices in _by_length(serialized):
        for index in _lift_alike(serialized, indices, found):
            _read_one(serialized[index], index, found)
    return {key: collected.values() for key, collected in found.items()}


def _lift_alike(serialized: Sequence[bytes], indices: Array, found: dict[str, _Collected]) -> list[int]:
    """Reads messages of one length by their layouts, and gives those that are left."""
    for _ in range(_MOST_LAYOUTS):
        if len(indices) < _FEWEST:
            break
        layout = _layout(serialized[indices[0]], list(found))
        if layout is None:
            break
        messages = np.frombuffer(b"".join(serialized[index] for index in indices), np.uint8)
        alike, values = _lifted(layout, messages.reshape(len(indices), -1))
        for key, matrix in values.items():
            found[key].add(indices[alike], matrix)
        indices = indices[~alike]
    left: list[int] = indices.tolist()
    return left


def _by_length(serialized: Sequence[bytes]) -> list[Array]:
    lengths = np.fromiter(map(len, serialized), np.int64, len(serialized))
    order = np.argsort(lengths, kind="stable")
    return [group for group in np.split(order, np.flatnonzero(np.diff(lengths[order])) + 1) if group.size]


def _read_one(message: bytes, index: int, found: dict[str, _Collected]) -> None:
    try:
        features = Example.FromString(message).features.feature
    except DecodeError:
        raise UnreadableExampleError(f"Could not parse example input, value: '{_shown(message)}'") from None
    for key, collected in found.items():
        values = _values(features[key]) if key in features else None
        if values is not None:
            collected.rows[index] = values


def _shown(message: bytes) -> str:
    return message.decode("utf-8", "backslashreplace")


def _values(feature: Any) -> Array | None:
    kind = feature.WhichOneof("kind")
    if kind == "float_list":
        count = len(feature.float_list.value)
        # Written again, the numbers are one after the other at the end.
        packed = feature.float_list.SerializeToString()
        return np.frombuffer(packed, "<f4", count, len(packed) - 4 * count)
    if kind == "int64_list":
        return np.array(feature.int64_list.value, np.int64)
    if kind == "bytes_list":
        return _objects(feature.bytes_list.value)
    return None


def _objects(texts: Sequence[bytes]) -> Array:
    array = np.empty(len(texts), object)
    array[:] = list(texts)
    return array


class _Place(NamedTuple):
    """Where the values of a feature are."""

    kind: int
    """Which list they are in."""
    spans: tuple[tuple[int, int], ...]
    """The bytes of each text, or those of all numbers."""


class _Layout(NamedTuple):
    """Where everything is in messages that are like one."""

    message: Array
    """The bytes of that one."""
    fixed: Array
    """Which bytes must be the same in others."""
    places: dict[str, _Place]
    """The features that are wanted and there."""


class _OddMessageError(Exception):
    """A message that is not written as TensorFlow writes it."""


def _layout(message: bytes, keys: Sequence[str]) -> _Layout | None:
    """The layout of a message, or None when there is anything unusual in it, which is left to protobuf."""
    fixed = np.ones(len(message), np.bool_)
    places: dict[str, _Place] = {}
    wanted = {key.encode(): key for key in keys}
    seen = set()
    try:
        at, end = _span(message, 0, len(message), _LENGTH_DELIMITED_1)
        if end != len(message):
            return None
        while at < end:
            entry, at = _span(message, at, end, _LENGTH_DELIMITED_1)
            key_start, key_end = _span(message, entry, at, _LENGTH_DELIMITED_1)
            feature, feature_end = _span(message, key_end, at, _LENGTH_DELIMITED_2)
            key = message[key_start:key_end]
            if feature_end != at or key in seen:
                return None
            seen.add(key)
            place = _place(message, feature, feature_end)
            if place is None:
                continue
            for start, stop in place.spans:
                fixed[start:stop] = False
            if key in wanted:
                places[wanted[key]] = place
    except _OddMessageError:
        return None
    return _Layout(np.frombuffer(message, np.uint8), fixed, places)


def _place(message: bytes, start: int, end: int) -> _Place | None:
    """Where the values of the Feature at these bytes are; None when it is empty."""
    if start == end:
        return None
    kind = message[start] >> 3
    if message[start] not in (_LENGTH_DELIMITED_1, _LENGTH_DELIMITED_2, _LENGTH_DELIMITED_3):
        raise _OddMessageError
    at, stop = _span(message, start, end, message[start])
    if stop != end:
        raise _OddMessageError
    spans = []
    while at < end:
        first, at = _span(message, at, end, _LENGTH_DELIMITED_1)
        spans.append((first, at))
    if kind != _BYTES and (len(spans) > 1 or (kind == _FLOAT and spans and (spans[0][1] - spans[0][0]) % 4)):
        raise _OddMessageError
    return _Place(kind, tuple(spans))


def _span(message: bytes, at: int, end: int, tag: int) -> tuple[int, int]:
    """The bytes of the field that starts at `at`, which has that tag and lies before `end`."""
    if at >= end or message[at] != tag:
        raise _OddMessageError
    size = shift = 0
    while True:
        at += 1
        if at >= end or shift > 28:
            raise _OddMessageError
        size |= (message[at] & 0x7F) << shift
        if message[at] < 0x80:
            break
        shift += 7
    start = at + 1
    if start + size > end:
        raise _OddMessageError
    return start, start + size


def _lifted(layout: _Layout, messages: Array) -> tuple[Array, dict[str, Array]]:
    """Which of `messages`, a row each, have the layout, and the values of those."""
    found = np.asarray((messages[:, layout.fixed] == layout.message[layout.fixed]).all(axis=1))
    for place in layout.places.values():
        if place.kind == _INT64 and place.spans:
            (start, end), = place.spans  # fmt: skip
            found &= ((messages[:, start:end] ^ layout.message[start:end]) < 0x80).all(axis=1)
    alike = messages if found.all() else messages[found]
    return found, {key: _matrix(alike, place, layout.message) for key, place in layout.places.items()}


def _matrix(messages: Array, place: _Place, like: Array) -> Array:
    if place.kind == _BYTES:
        texts = np.empty((len(messages), len(place.spans)), object)
        for column, (start, end) in enumerate(place.spans):
            texts[:, column] = [row.tobytes() for row in messages[:, start:end]]
        return texts
    if not place.spans:
        return np.empty((len(messages), 0), np.float32 if place.kind == _FLOAT else np.int64)
    (start, end), = place.spans  # fmt: skip
    packed = np.ascontiguousarray(messages[:, start:end])
    return packed.view("<f4") if place.kind == _FLOAT else _integers(packed, like[start:end])


def _integers(packed: Array, like: Array) -> Array:
    """Numbers in groups of seven bits, lowest first; a byte of 0x80 and more says that the number goes on."""
    starts = np.flatnonzero(np.concatenate([[True], like[:-1] < 0x80]))
    widths = np.diff(starts, append=len(like))
    shifts = 7 * (np.arange(len(like)) - np.repeat(starts, widths))
    bits = (packed & np.uint8(0x7F)).astype(np.uint64) << shifts.astype(np.uint64)
    return np.asarray(np.bitwise_or.reduceat(bits, starts, axis=1).view(np.int64))
