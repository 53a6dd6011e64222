"""Records of scalars, a whole batch at a time in numpy, byte for byte what one message a scalar would give.

A record of one scalar is the same for every point of a tag but for the wall time, the step, the value and the checksum:

    length, its checksum | 09 wall_time | 10 step | 2A n 0A n 0A n tag 15 | value | checksum
          12 bytes            9 bytes    2 to 11        the tag's bytes     4 bytes  4 bytes

A wall time of 0 and a step of 0 are left out, as proto3 has it. Points whose records have one layout are the rows of
one array, filled column by column. Their checksums are sums over GF(2): a term of the length, a term of the tag's
bytes, and one look-up for each byte that varies (see `trackml.storage.crc32c`).

Source: https://protobuf.dev/programming-guides/encoding/; tensorflow/core/util/event.proto.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import summary_pb2

from trackml.storage.crc32c import byte_terms, crc32c, crc32c_of_zeros, mask_rows
from trackml.storage.tfrecord import FOOTER_BYTES, HEADER_BYTES, record_header

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.intp]

LONGEST_TAG_BYTES = 1000
"""A longer tag is not worth a template: the tables of checksums grow with it."""

POINT_FIELDS = 4
"""How many elements of a list of points make one point: tag index, value, step, wall time."""

_WALL_TIME_KEY, _STEP_KEY, _SUMMARY_KEY, _VALUE_KEY, _TAG_KEY, _SIMPLE_VALUE_KEY = 0x09, 0x10, 0x2A, 0x0A, 0x0A, 0x15
_WALL_TIME_BYTES, _VALUE_BYTES = 8, 4
_LONGEST_VARINT = 10
# The first number that takes one, two, three ... bytes.
_VARINT_LIMITS = np.array([1, *(1 << shift for shift in range(7, 70, 7))], np.uint64)


class _Points(NamedTuple):
    """Columns of one length, a row for each point."""

    tag: Ints
    value: Bytes
    step: npt.NDArray[np.uint64]
    wall_time: Bytes

    def take(self, rows: Ints) -> _Points:
        return _Points(self.tag[rows], self.value[rows], self.step[rows], self.wall_time[rows])


class _Layout(NamedTuple):
    """What decides where the fields of a record lie."""

    tag_bytes: int
    step_bytes: int
    has_wall_time: bool

    @property
    def payload_bytes(self) -> int:
        head = (1 + _WALL_TIME_BYTES) * self.has_wall_time + (1 + self.step_bytes) * (self.step_bytes > 0)
        return head + self.tag_bytes + _VALUE_BYTES


class ScalarEncoder:
    """Knows the tags of one event file and gives the records of their points.

    `add_tag` and `index` belong to whoever adds points, `encode` to whoever writes them: tags are only ever appended.
    """

    index: dict[str, int]
    """The number of each tag."""

    def __init__(self) -> None:
        self.index = {}
        self._tags: list[bytes] = []
        self._lengths: Ints = np.zeros(0, np.intp)
        self._templates: Bytes = np.zeros((0, 0), np.uint8)
        self._terms: npt.NDArray[np.uint32] = np.zeros(0, np.uint32)

    def add_tag(self, tag: str) -> int:
        """Gives the number of a new tag.

        Raises:
          TypeError: If it is no str.
          ValueError: If it has no UTF-8, or is longer than `LONGEST_TAG_BYTES`.
        """
        if not isinstance(tag, str):
            raise TypeError(f"A tag must be a str; got {tag!r} of type {type(tag).__name__}.")
        encoded = tag.encode()
        if len(encoded) > LONGEST_TAG_BYTES:
            raise ValueError(f"A tag may have {LONGEST_TAG_BYTES} bytes; got {len(encoded)}: {tag[:60]!r}...")
        self._tags.append(_template(encoded))
        self.index[tag] = len(self._tags) - 1
        return self.index[tag]

    def encode(self, points: list[Any]) -> list[bytes]:
        """Gives the record of each point, in their order.

        Args:
          points: Tag index, value, step and wall time of the first point, then of the second and so on: values and
            wall times are floats, steps are ints of 64 bits.
        """
        columns = self._columns(points)
        records = np.empty(len(columns.tag), object)
        for layout, rows in self._layouts(columns):
            encoded = self._encode(layout, columns if len(rows) == len(records) else columns.take(rows))
            records[rows] = encoded.view(f"V{encoded.shape[1]}")[:, 0].astype(object)
        encoded_in_order: list[bytes] = records.tolist()
        return encoded_in_order

    def _columns(self, points: list[Any]) -> _Points:
        tag, value, step, wall_time = (points[field::POINT_FIELDS] for field in range(POINT_FIELDS))
        self._learn_tags()
        with np.errstate(over="ignore"):
            values = np.array(value, np.float64).astype("<f4")
        return _Points(
            np.array(tag, np.intp),
            values.view(np.uint8).reshape(-1, _VALUE_BYTES),
            np.array(step, np.int64).view(np.uint64),
            np.array(wall_time, "<f8").view(np.uint8).reshape(-1, _WALL_TIME_BYTES),
        )

    def _layouts(self, points: _Points) -> Iterator[tuple[_Layout, Ints]]:
        """Gives the layouts that occur, each with the rows that have it."""
        step_bytes = np.searchsorted(_VARINT_LIMITS, points.step, side="right")
        has_wall_time = points.wall_time.any(axis=1)
        keys = (self._lengths[points.tag] * (_LONGEST_VARINT + 1) + step_bytes) * 2 + has_wall_time
        order = np.argsort(keys.astype(np.uint16), kind="stable")  # a radix sort
        for rows in np.split(order, np.flatnonzero(np.diff(keys[order])) + 1):
            key, with_wall_time = divmod(int(keys[rows[0]]), 2)
            yield _Layout(*divmod(key, _LONGEST_VARINT + 1), bool(with_wall_time)), rows

    def _encode(self, layout: _Layout, points: _Points) -> Bytes:
        """Gives one record a row."""
        width = layout.payload_bytes
        records = np.empty((len(points.tag), HEADER_BYTES + width + FOOTER_BYTES), np.uint8)
        records[:, :HEADER_BYTES] = np.frombuffer(record_header(width), np.uint8)
        payload = records[:, HEADER_BYTES:-FOOTER_BYTES]
        head = width - layout.tag_bytes - _VALUE_BYTES
        _fill_head(payload[:, :head], layout, points)
        payload[:, head:-_VALUE_BYTES] = self._templates[:, : layout.tag_bytes].take(points.tag, axis=0)
        payload[:, -_VALUE_BYTES:] = points.value
        checksum = self._terms[points.tag] ^ np.uint32(crc32c_of_zeros(width))
        terms = byte_terms(width)
        for column in (*range(head), *range(width - _VALUE_BYTES, width)):
            checksum ^= terms[width - 1 - column].take(payload[:, column])
        records[:, -FOOTER_BYTES:] = mask_rows(checksum).astype("<u4").view(np.uint8).reshape(-1, FOOTER_BYTES)
        return records

    def _learn_tags(self) -> None:
        """Brings the arrays by tag up to date."""
        known, tags = len(self._lengths), self._tags
        count = len(tags)  # others may follow meanwhile
        if known == count:
            return
        self._lengths = np.append(self._lengths, np.array([len(tag) for tag in tags[known:count]], np.intp))
        self._terms = np.append(self._terms, np.array([_term(tag) for tag in tags[known:count]], np.uint32))
        padded = np.array(tags[:count], f"S{self._lengths.max()}")
        self._templates = padded.view(np.uint8).reshape(count, -1)


def _fill_head(head: Bytes, layout: _Layout, points: _Points) -> None:
    """Fills in wall time and step."""
    if layout.has_wall_time:
        head[:, 0] = _WALL_TIME_KEY
        head[:, 1 : 1 + _WALL_TIME_BYTES] = points.wall_time
    if layout.step_bytes:
        varint = head[:, -layout.step_bytes :]
        head[:, -layout.step_bytes - 1] = _STEP_KEY
        for index in range(layout.step_bytes):
            varint[:, index] = points.step >> np.uint64(7 * index) & np.uint64(0x7F)
        varint[:, :-1] |= 0x80


def _template(tag: bytes) -> bytes:
    """Gives the bytes between step and value."""
    number = summary_pb2.Summary.Value(simple_value=0).SerializeToString()
    name = bytes([_TAG_KEY]) + _varint(len(tag)) + tag if tag else b""
    value = bytes([_VALUE_KEY]) + _varint(len(name) + len(number)) + name
    return bytes([_SUMMARY_KEY]) + _varint(len(value) + len(number)) + value + bytes([_SIMPLE_VALUE_KEY])


def _varint(value: int) -> bytes:
    return bytes([value & 0x7F | 0x80, value >> 7]) if value >= 0x80 else bytes([value])


def _term(template: bytes) -> int:
    """Gives what a tag's bytes add to the checksum, with the value behind them."""
    count = len(template) + _VALUE_BYTES
    return crc32c(template + bytes(_VALUE_BYTES)) ^ crc32c_of_zeros(count)
