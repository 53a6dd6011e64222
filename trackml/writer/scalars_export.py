"""What `add_scalars` wrote, read back from its files: so nothing need be held for those who may ask for it later."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event

from trackml.storage.tfrecord import Record, RecordReader


class ScalarsExport:
    """Exports points to JSON, each once."""

    def __init__(self) -> None:
        self._offsets: dict[Path, int] = {}
        """How far each file was exported."""

    def write(self, path: str | os.PathLike[str], files: Mapping[str, Iterable[Path]]) -> None:
        """Writes what was not yet exported, as `{name: [[wall time, step, value], ...], ...}`.

        Args:
            path: The JSON file.
            files: By name: the event files, which must be flushed.

        Raises:
            OSError: A file cannot be read or written.
        """
        offsets = dict(self._offsets)
        found = {name: [point for path in paths for point in _points(path, offsets)] for name, paths in files.items()}
        with open(path, "w", encoding="ascii") as stream:
            json.dump({name: points for name, points in found.items() if points}, stream)
        self._offsets = offsets


def _points(path: Path, offsets: dict[Path, int]) -> list[list[float]]:
    """Gives the scalars from the file's offset on, and moves it."""
    with RecordReader(path, offsets.get(path, 0)) as reader:
        events = [Event.FromString(outcome.payload) for outcome in reader if isinstance(outcome, Record)]
        offsets[path] = reader.offset
    return [[event.wall_time, event.step, value.simple_value] for event in events for value in event.summary.value]
