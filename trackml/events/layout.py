"""Layouts of records: which bytes of a scalar event vary from record to record, and what they mean.

Two records with the same layout differ in wall time, step and values at the same places, and in their tags. Whatever is
no scalar event of a usual form has no layout; such records are parsed one by one.

Source: tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto and tensor.proto.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from google.protobuf.message import DecodeError
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2

from trackml.events.kinds import BFLOAT16, STORAGE, holds_graph, kind_of, number_of
from trackml.events.wire import FIXED32, FIXED64, LENGTH_DELIMITED, VARINT, WireField, fields

_WALL_TIME, _STEP, _SUMMARY = 1, 2, 5
_SUMMARY_VALUE = 1
_TAG, _SIMPLE_VALUE, _NODE_NAME, _TENSOR, _METADATA = 1, 2, 7, 8, 9
_CONTENT = 4
_CONSTANT_TENSOR_FIELDS = frozenset({1, 2, 3})
_NUMBER_OF_FIELD = {field.name: field.number for field in tensor_pb2.TensorProto.DESCRIPTOR.fields}
_ELEMENT = {"float_val": "<f4", "double_val": "<f8"}
"""The fields of a tensor whose elements have a fixed size; all others hold varints."""


class Place(NamedTuple):
    """Where a number lies in the payload of a record."""

    begin: int
    width: int
    is_varint: bool

    def moved(self, octets: int) -> Place:
        """Gives the place that lies `octets` bytes behind this one."""
        return self._replace(begin=self.begin + octets)


class Slot(NamedTuple):
    """Where a value lies in the payload of a record, and what it is."""

    place: Place
    reading: str
    """The dtype of the bytes, or "<field>:<dtype>" for the varint of a tensor's field."""


class Layout(NamedTuple):
    """Where the numbers of an event lie."""

    length: int
    """Of the payload."""
    wall_time: Place | None
    """None if it is 0 in every record."""
    step: Place | None
    """None if it is 0 in every record."""
    slots: tuple[Slot, ...]
    keys: tuple[tuple[int, int], ...]
    """Where in the payload the keys of the event's fields lie, and which bytes they are."""


class TagKind(NamedTuple):
    """What a value says about its tag."""

    tag: str
    kind: str | None
    """By the value alone; what other values of the tag said comes first."""
    metadata: bytes | None
    """Serialized; None if there is none."""
    holds_graph: bool

    @classmethod
    def of(cls, value: summary_pb2.Summary.Value) -> TagKind:
        """Gives what `value` says."""
        tag = value.tag or value.node_name
        metadata = value.metadata.SerializeToString() if value.HasField("metadata") else None
        return cls(tag, kind_of(value), metadata, holds_graph(value))


class LaidOut(NamedTuple):
    """An event that has a layout."""

    layout: Layout
    values: tuple[TagKind, ...]
    """In the order of the slots."""
    numbers: tuple[float, ...]
    """The values of this event."""


def find_layout(payload: bytes) -> LaidOut | None:
    """Gives the layout of an event; None if it has none."""
    try:
        event = event_pb2.Event.FromString(payload)
        layout = _layout(payload, event)
    except (DecodeError, ValueError):
        return None
    numbers = [number_of(value) for value in event.summary.value]
    if layout is None or None in numbers:
        return None
    kinds = tuple(TagKind.of(value) for value in event.summary.value)
    return LaidOut(layout, kinds, tuple(number for number in numbers if number is not None))


def _layout(payload: bytes, event: event_pb2.Event) -> Layout | None:
    wall_time = step = None
    slots: list[Slot] = []
    keys: dict[int, int] = {}
    for field in fields(payload):
        if field.number in keys:
            return None
        keys[field.number] = field.start
        if (field.number, field.wire_type) == (_WALL_TIME, FIXED64):
            wall_time = _place(field)
        elif (field.number, field.wire_type) == (_STEP, VARINT):
            step = _place(field)
        elif (field.number, field.wire_type) == (_SUMMARY, LENGTH_DELIMITED):
            values = list(fields(payload, field.begin, field.end))
            found = [_slot(payload, place, value) for place, value in zip(values, event.summary.value)]
            slots = [slot for slot in found if slot is not None]
            if len(slots) != len(values):
                return None
        else:
            return None
    key_bytes = tuple((start, payload[start]) for start in keys.values())
    return Layout(len(payload), wall_time, step, tuple(slots), key_bytes) if slots else None


def _slot(payload: bytes, place: WireField, value: summary_pb2.Summary.Value) -> Slot | None:
    if (place.number, place.wire_type) != (_SUMMARY_VALUE, LENGTH_DELIMITED):
        return None
    slot = None
    seen = set()
    for field in fields(payload, place.begin, place.end):
        if field.number in seen:
            return None
        seen.add(field.number)
        if field.number in (_TAG, _NODE_NAME, _METADATA):
            continue
        if slot is not None:
            return None
        if (field.number, field.wire_type) == (_SIMPLE_VALUE, FIXED32):
            slot = Slot(_place(field), "<f4")
        elif (field.number, field.wire_type) == (_TENSOR, LENGTH_DELIMITED):
            slot = _tensor_slot(payload, field, value.tensor)
        if slot is None:
            return None
    return slot


def _tensor_slot(payload: bytes, place: WireField, tensor: tensor_pb2.TensorProto) -> Slot | None:
    if tensor.dtype not in STORAGE:
        return None
    name, content_dtype = STORAGE[tensor.dtype]
    slot = None
    for field in fields(payload, place.begin, place.end):
        if field.number in _CONSTANT_TENSOR_FIELDS:
            continue
        if slot is not None:
            return None
        if field.number == _CONTENT:
            slot = Slot(_place(field), content_dtype)
        elif field.number == _NUMBER_OF_FIELD[name]:
            element = _ELEMENT.get(name)
            is_varint = element is None
            slot = Slot(Place(field.begin, field.end - field.begin, is_varint), element or f"{name}:{content_dtype}")
        if slot is None or not _has_its_size(payload, slot):
            return None
    return slot


def _has_its_size(payload: bytes, slot: Slot) -> bool:
    begin, width, is_varint = slot.place
    if not is_varint:
        return width == (2 if slot.reading == BFLOAT16 else np.dtype(slot.reading).itemsize)
    octets = payload[begin : begin + width]
    return 0 < width <= 10 and all(octet & 0x80 for octet in octets[:-1]) and not octets[-1] & 0x80


def _place(field: WireField) -> Place:
    return Place(field.begin, field.end - field.begin, field.wire_type == VARINT)
