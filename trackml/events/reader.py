"""Reading an event file from one end to the other."""

from __future__ import annotations

import os
from collections.abc import Iterator

from google.protobuf.message import DecodeError
from tensorboard.compat.proto import event_pb2

from trackml.errors import DataLossError, NotFoundError
from trackml.storage.tfrecord import Corrupt, Record, RecordReader


def summary_iterator(path: str | os.PathLike[str]) -> Iterator[event_pb2.Event]:
    """Gives the events of the file at `path`, in order.

    Unlike TensorFlow's, it ends quietly at a record that is not whole yet, as the last of a growing file may be.

    Args:
      path: An event file.

    Yields:
      One `Event` a record.

    Raises:
      NotFoundError: If there is no such file.
      DataLossError: If a record is damaged or holds no event.
    """
    name = os.fspath(path)
    try:
        reader = RecordReader(name)
    except FileNotFoundError as error:
        raise NotFoundError(None, None, f"{name}; No such file or directory") from error
    with reader:
        for outcome in reader:
            if isinstance(outcome, Corrupt):
                raise DataLossError(None, None, f"{name}: corrupted record at {outcome.offset}: {outcome.reason}")
            if isinstance(outcome, Record):
                yield _parse(name, outcome)


def _parse(name: str, record: Record) -> event_pb2.Event:
    try:
        return event_pb2.Event.FromString(record.payload)
    except DecodeError as error:
        raise DataLossError(None, None, f"{name}: the record at {record.offset} holds no event: {error}") from error
