"""Events whose texts are no UTF-8: the bytes of a protobuf message with such texts made readable.

protobuf refuses a message with a malformed string altogether, yet the tags of a foreign writer may hold any bytes. The
fields that are strings are few and known, so they are rewritten and the message is parsed again.

Source: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

Strings: TypeAlias = "Mapping[int, Strings | None]"

_VARINT, _FIXED64, _LENGTH_DELIMITED, _FIXED32 = 0, 1, 2, 5
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


def with_readable_strings(event: bytes) -> bytes:
    """Gives the serialized `event` with replacement characters where its strings are no UTF-8.

    Raises:
      ValueError: If it is no protobuf message.
    """
    return _rewrite(event, _EVENT)


def _rewrite(message: bytes, strings: Strings) -> bytes:
    rewritten = bytearray()
    for number, head, body in _fields(message):
        if number not in strings or head[0] & 7 != _LENGTH_DELIMITED:
            rewritten += head + body
            continue
        inner = strings[number]
        new = body.decode(errors="replace").encode() if inner is None else _rewrite(body, inner)
        rewritten += _varint(number << 3 | _LENGTH_DELIMITED) + _varint(len(new)) + new
    return bytes(rewritten)


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Gives each field's number, its bytes up to the content, and its content."""
    position = 0
    while position < len(message):
        key, content = _read_varint(message, position)
        kind = key & 7
        if kind == _LENGTH_DELIMITED:
            length, content = _read_varint(message, content)
            end = content + length
        elif kind == _VARINT:
            _, end = _read_varint(message, content)
        elif kind in (_FIXED32, _FIXED64):
            end = content + (4 if kind == _FIXED32 else 8)
        else:
            raise ValueError(f"wire type {kind} at byte {position} of a message")
        if end > len(message):
            raise ValueError(f"the field at byte {position} of a message reaches beyond its end")
        yield key >> 3, message[position:content], message[content:end]
        position = end


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
