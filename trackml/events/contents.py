"""What values hold that are no scalars: read on demand, and brought into one form, whichever format wrote them.

Source: tensorboard/data_compat.py and dataclass_compat.py (what the first format becomes).
"""

from __future__ import annotations

import os
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from google.protobuf.message import DecodeError
from tensorboard.compat.proto import event_pb2, histogram_pb2, summary_pb2

from trackml.errors import DataLossError, NotFoundError
from trackml.events.tensors import array_of
from trackml.events.wire import with_readable_strings
from trackml.storage.tfrecord import Record, RecordReader


class Histogram(NamedTuple):
    """How many numbers lie in each bucket; buckets go upwards, and the outer ones end at the least and the largest."""

    left: npt.NDArray[np.float64]
    """Where each bucket begins, shape `[buckets]`."""
    right: npt.NDArray[np.float64]
    """Where each bucket ends, shape `[buckets]`."""
    counts: npt.NDArray[np.float64]
    """How many numbers are in it, shape `[buckets]`."""


class Images(NamedTuple):
    """The images of one step, all of one size."""

    width: int
    """In pixels."""
    height: int
    """In pixels."""
    encoded: tuple[bytes, ...]
    """Each as a file: PNG, or what the writer chose (GIF for videos)."""


class Audio(NamedTuple):
    """The clips of one step."""

    encoded: tuple[bytes, ...]
    """Each as a file: WAV, as far as writers are known."""


Content: TypeAlias = "Histogram | Images | Audio | npt.NDArray[Any]"
"""Texts are arrays of `str`, tensors are arrays."""

_ELEMENTS = {"histograms": "biuf", "images": "O", "audio": "O", "text": "O"}
"""The kinds of dtype, as numpy names them, that a tensor of a kind has."""


def read_event(path: str | os.PathLike[str], offset: int) -> event_pb2.Event:
    """Gives the event whose record begins at `offset`.

    Raises:
      NotFoundError: If the file is gone.
      DataLossError: If there is no whole event any more.
    """
    try:
        with RecordReader(path, offset) as reader:
            reader.look()
            outcome = reader.take()
    except FileNotFoundError as error:
        raise NotFoundError(None, None, f"{os.fspath(path)}; No such file or directory") from error
    event = parse_event(outcome.payload) if isinstance(outcome, Record) else None
    if event is None:
        raise DataLossError(
            None, None, f"{os.fspath(path)}: no event at byte {offset} any more; refresh and look again"
        )
    return event


def parse_event(payload: bytes) -> event_pb2.Event | None:
    """Gives the event that `payload` is, None if it is none; texts that are no UTF-8 are made readable."""
    try:
        return event_pb2.Event.FromString(payload)
    except DecodeError:
        pass
    try:
        return event_pb2.Event.FromString(with_readable_strings(payload))
    except (DecodeError, ValueError):
        return None


def content_of(value: summary_pb2.Summary.Value, kind: str) -> Content:
    """Gives what a value of a tag of this kind holds.

    Args:
      value: The value.
      kind: "histograms", "images", "audio", "text" or "tensors".

    Raises:
      ValueError: If the value is nothing of that kind.
    """
    field = value.WhichOneof("value")
    if field == "histo":
        return _of_histo(value.tag, value.histo)
    if field == "image":
        return Images(value.image.width, value.image.height, (value.image.encoded_image_string,))
    if field == "audio":
        return Audio((value.audio.encoded_audio_string,))
    if field == "simple_value":
        return np.array(value.simple_value, np.float32)
    try:
        tensor = array_of(value.tensor)
    except ValueError as error:
        raise ValueError(f"Tag {value.tag!r}: {error}") from error
    try:
        return _of_tensor(tensor, kind)
    except ValueError as error:
        came = f"a tensor of {tensor.dtype} with shape {list(tensor.shape)}"
        raise ValueError(f"Tag {value.tag!r}: expected a value of kind {kind!r}; got {came}.") from error


def _of_tensor(tensor: npt.NDArray[Any], kind: str) -> Content:
    expected = _ELEMENTS.get(kind)
    if expected is not None and tensor.dtype.kind not in expected:
        raise ValueError(f"The elements of {kind} are others")
    if kind == "histograms":
        left, right, counts = tensor.astype(np.float64).reshape(-1, 3).T
        return Histogram(left, right, counts)
    if kind == "images":
        width, height, *encoded = tensor.ravel().tolist()
        return Images(int(width), int(height), tuple(encoded))
    if kind == "audio":
        # Older writers put a label beside each clip.
        clips = np.atleast_1d(tensor)
        return Audio(tuple(clips.reshape(len(clips), -1)[:, 0].tolist()) if clips.size else ())
    if kind == "text":
        texts = [text.decode(errors="replace") for text in tensor.ravel().tolist()]
        return np.array(texts, object).reshape(tensor.shape)
    return tensor


def _of_histo(tag: str, histogram: histogram_pb2.HistogramProto) -> Histogram:
    """Drops empty buckets at both ends, whose limits are infinite in effect, and ends at the least and the largest."""
    if len(histogram.bucket) != len(histogram.bucket_limit):
        sizes = f"{len(histogram.bucket)} buckets and {len(histogram.bucket_limit)} limits"
        raise ValueError(f"Tag {tag!r}: expected a limit for each bucket; got {sizes}.")
    count = np.array(histogram.bucket, np.float64)
    (filled,) = np.nonzero(count > 0)
    if not len(filled):
        return Histogram(np.empty(0), np.empty(0), np.empty(0))
    begin, end = int(filled[0]), int(filled[-1])
    inner = np.array(histogram.bucket_limit, np.float64)[begin:end]  # A slice of the message is made one by one.
    left, right = np.append(histogram.min, inner), np.append(inner, histogram.max)
    return Histogram(left, right, count[begin : end + 1])
