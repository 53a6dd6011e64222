"""What readers of runs get: immutable views that stay as they are while the store reads on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

from trackml.runs.series import Series

FileStatus: TypeAlias = Literal["ok", "truncated", "corrupt", "replaced", "deleted", "unreadable"]


@dataclasses.dataclass(frozen=True)
class FileHealth:
    """How far an event file was read, and what was wrong with it."""

    path: Path
    size: int
    """In bytes."""
    bytes_read: int
    """Up to where whole records were read."""
    status: FileStatus
    """"truncated": it ends inside a record, as a file that is being written may. "replaced": another file came in its
    place, or its bytes changed, and it was read again. "deleted": it is gone, what it said is kept."""
    events: int
    bytes_lost: int
    """Damaged bytes that were left out."""
    message: str
    """What happened, in words; empty if nothing did."""


@dataclasses.dataclass(frozen=True, eq=False)
class RunView:
    """One run, as it was when the snapshot was taken."""

    name: str
    """The path below the log directory, "." for the log directory itself."""
    path: Path
    scalars: Mapping[str, Series]
    """Points by tag, tags sorted. All points are here, in the order in which they were written."""
    tags: Mapping[str, str]
    """The kind of every tag, tags sorted: "scalars", "histograms", "images", "audio", "text" or "tensors"."""
    has_graph: bool
    first_wall_time: float | None
    """The earliest of any event, in seconds since the epoch."""
    last_wall_time: float | None
    """The latest of any event, in seconds since the epoch."""
    last_step: int | None
    """The step of the last summary or session log; of several files, that of the file written last."""
    superseded: Mapping[str, tuple[Series, ...]]
    """What restarts replaced, by tag: a series for each session that lost points, oldest first."""
    health: tuple[FileHealth, ...]
    """One entry a file, in the order of their names."""


class Snapshot(Mapping[str, RunView]):
    """The runs by name, sorted, as a store knew them at one moment."""

    def __init__(
        self, runs: Mapping[str, RunView], version: int, *, loading: bool, bytes_read: int, bytes_total: int
    ) -> None:
        self._runs = dict(sorted(runs.items()))
        self.version = version
        """The store's version."""
        self.loading = loading
        """Whether bytes are unread because the time of the last refresh was up."""
        self.bytes_read = bytes_read
        """Of the files that are there."""
        self.bytes_total = bytes_total
        """Of the files that are there."""

    def __getitem__(self, name: str) -> RunView:
        return self._runs[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._runs)

    def __len__(self) -> int:
        return len(self._runs)
