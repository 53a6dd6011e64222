"""The manifest of a run: what the process that trains says about itself, one JSON object a record.

A manifest is an event file whose events are log messages. TensorFlow and TensorBoard pass over these, and a model
directory has no file but those that they know. Its name sorts before every other event file: TensorBoard reads the
files of a directory in the order of their names and never goes back, so it must not meet this one last.

Records are added, never replaced: each says what changed. The newest of a key holds, but for what happened, such as a
checkpoint written, which is a history. A record is one `write`, so that a process killed at any moment leaves whole
ones.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import os
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from tensorboard.compat.proto import event_pb2

from trackml.events.filenames import event_file_name
from trackml.storage.tfrecord import frame

MANIFEST_SUFFIX = ".manifest"

KEY = "trackml"
"""The one key of a record's outer object, which tells it from the log messages of others."""

SCHEMA = 1
"""Of the records; a reader takes what it knows of later ones."""

HEARTBEAT_SECS = 15.0

_LONGEST = 2000  # characters of a string
_MOST = 1000  # entries of a list or dict
_DEEPEST = 6


def is_manifest(name: str) -> bool:
    """Tells whether an event file of this name is a manifest."""
    return name.endswith(MANIFEST_SUFFIX)


class ManifestWriter:
    """Writes the manifest of a run.

    A manifest serves those who look on, so nothing that goes wrong with it stops the one who trains: after an error of
    the file system the writer says so in `error` and does nothing more. In a fork of the process it does nothing.

    Args:
      directory: The run; made if it is not there.
      heartbeat_secs: The longest silence within `beating`; each record is a sign of life.
    """

    def __init__(self, directory: str | os.PathLike[str], heartbeat_secs: float = HEARTBEAT_SECS) -> None:
        self._process = os.getpid()
        self.path = Path(directory) / event_file_name(0, f".{time.time_ns()}.{self._process}{MANIFEST_SUFFIX}")
        """The file."""
        self.error: OSError | None = None
        """What ended the writing."""
        self._lock = threading.Lock()
        self._heartbeat_secs = heartbeat_secs
        self._descriptor: int | None = None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
        except OSError as error:
            self.error = error
        self._write(_header())
        self.record(schema=SCHEMA, heartbeat_secs=heartbeat_secs)

    @property
    def closed(self) -> bool:
        """Whether records are no longer taken: after `close`, after an error, in a fork, without the file."""
        return self._descriptor is None or self._process != os.getpid() or not self.path.exists()

    def record(self, **facts: Any) -> None:
        """Adds a record; does nothing if the writer is closed.

        Args:
          **facts: Numbers, strings, None, lists and dicts of these; of anything else its `repr`. What is too long or
            too deep is cut off.
        """
        message = json.dumps({KEY: _plain(facts)}, separators=(",", ":"))
        log = event_pb2.LogMessage(level=event_pb2.LogMessage.INFO, message=message)
        self._write(event_pb2.Event(wall_time=time.time(), log_message=log))

    @contextlib.contextmanager
    def beating(self) -> Iterator[None]:
        """Shows signs of life while the block runs."""
        done = threading.Event()

        def beat() -> None:
            while not done.wait(self._heartbeat_secs):
                self.record(alive=True)

        thread = threading.Thread(target=beat, name="trackml-manifest", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def close(self) -> None:
        """Closes the file; does nothing the second time."""
        with self._lock:
            self._drop()

    def _write(self, event: event_pb2.Event) -> None:
        data = frame(event.SerializeToString())
        with self._lock:
            if self._descriptor is None or self._process != os.getpid():
                return
            try:
                _append(self._descriptor, data)
            except OSError as error:
                self.error = error
                self._drop()

    def _drop(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _plain(value: Any, depth: int = 0) -> Any:
    """Gives what JSON can hold; whatever somebody uses as params must not stop a training."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    if isinstance(value, str):
        return value[:_LONGEST]
    if isinstance(value, Mapping) and depth < _DEEPEST:
        return {str(key)[:_LONGEST]: _plain(value[key], depth + 1) for key in itertools.islice(value, _MOST)}
    if isinstance(value, (list, tuple)) and depth < _DEEPEST:
        return [_plain(item, depth + 1) for item in value[:_MOST]]
    return _representation(value)


def _representation(value: object) -> str:
    try:
        return repr(value)[:_LONGEST]
    except Exception as error:  # a __repr__ of somebody else's may raise anything
        return f"<{type(value).__name__}: {type(error).__name__}>"


def _append(descriptor: int, data: bytes) -> None:
    """Writes all of `data`, or nothing that would hide what comes later.

    Raises:
      OSError: If it does not fit.
    """
    end = os.fstat(descriptor).st_size
    written = os.write(descriptor, data)
    if written < len(data):
        os.ftruncate(descriptor, end)
        raise OSError(f"only {written} of {len(data)} bytes could be written")


def _header() -> event_pb2.Event:
    return event_pb2.Event(wall_time=time.time(), file_version="brain.Event:2")
