"""Protobuf messages as bytes: where their fields lie, and texts that are no UTF-8 made readable.

protobuf refuses a message with a malformed string altogether, yet the tags of a foreign writer may hold any bytes. The
fields that are strings are few and known, so they are rewritten and the message is parsed again.

Source: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

VARINT, FIXED64, LENGTH_DELIMITED, FIXED32 = 0, 1, 2, 5
"""Wire types. The two of groups occur in no message of an event file."""

Strings: TypeAlias = "Mapping[int, Strings | None]"

_METADATA: Strings = {1: {1: None}, 2: None, 3: None}
_VALUE: Strings = {1: None, 6: {5: None}, 7: None, 9: _METADATA}
_EVENT: Strings = {
    3: None,
    5: {1: _VALUE},
    6: {2: None},
    7: {2: None, 3: None},
    8: {1: None},
    10: {1: None},
}
"""Field numbers of `Event` that are strings (None) or messages that hold strings."""


class WireField(NamedTuple):
    """A field of a message as it lies in the bytes."""

    number: int
    wire_type: int
    start: int
    """Where its key begins."""
    begin: int
    """Where its content begins, behind the key and the length."""
    end: int


def fields(message: bytes, begin: int = 0, end: int | None = None) -> Iterator[WireField]:
    """Gives the fields of the message that lies between `begin` and `end`, in their order.

    Raises:
      ValueError: If it is no protobuf message.
    """
    position = begin
    limit = len(message) if end is None else end
    while position < limit:
        key, content = _read_varint(message, position)
        wire_type = key & 7
        start = position
        if wire_type == LENGTH_DELIMITED:
            length, content = _read_varint(message, content)
            position = content + length
        elif wire_type == VARINT:
            _, position = _read_varint(message, content)
        elif wire_type in (FIXED32, FIXED64):
            position = content + (4 if wire_type == FIXED32 else 8)
        else:
            raise ValueError(f"wire type {wire_type} at byte {start} of a message")
        if position > limit:
            raise ValueError(f"the field at byte {start} of a message reaches beyond its end")
        yield WireField(key >> 3, wire_type, start, content, position)


def with_readable_strings(event: bytes) -> bytes:
    """Gives the serialized `event` with replacement characters where its strings are no UTF-8.

    Raises:
      ValueError: If it is no protobuf message.
    """
    return _rewrite(event, _EVENT)


def _rewrite(message: bytes, strings: Strings) -> bytes:
    rewritten = bytearray()
    for number, wire_type, start, begin, end in fields(message):
        if number not in strings or wire_type != LENGTH_DELIMITED:
            rewritten += message[start:end]
            continue
        inner = strings[number]
        body = message[begin:end]
        new = body.decode(errors="replace").encode() if inner is None else _rewrite(body, inner)
        rewritten += _varint(number << 3 | LENGTH_DELIMITED) + _varint(len(new)) + new
    return bytes(rewritten)


def _read_varint(message: bytes, position: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(message):
            break
        byte = message[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
    raise ValueError("a varint does not end")


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
