"""What a read of an event file gives: columns of points, and what else a reader of runs must know."""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from trackml.storage.tfrecord import Corrupt, Truncated

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Values: TypeAlias = "npt.NDArray[np.float32] | npt.NDArray[np.float64]"


PLACE = np.dtype([("file", "<i4"), ("index", "<i4"), ("offset", "<i8")])
"""Where a value is that stays on disk: which file (the reader of one file leaves it 0), which value of the event, and
where the event's record begins."""


class Columns(NamedTuple):
    """The points of one tag, in the order of the file, all of one length."""

    step: Ints
    wall_time: Floats
    value: npt.NDArray[Any]
    """Numbers: as float32 where every number of the tag was one, else as float64. Of other kinds: `PLACE`."""
    event: Ints
    """Which event each point came from, counted from 0 in this read."""


class SessionStart(NamedTuple):
    """A SessionLog START: training began or began again."""

    event: int
    """Its place among the events, counted from 0 in this read."""
    step: int
    wall_time: float


class SummaryStep(NamedTuple):
    """An event with a summary."""

    event: int
    """Its place among the events, counted from 0 in this read."""
    step: int
    wall_time: float


class GraphPlace(NamedTuple):
    """An event that is a graph."""

    offset: int
    """Where its record begins."""
    is_meta_graph: bool


@dataclasses.dataclass
class EventColumns:
    """What one read of an event file gave."""

    events: int = 0
    """How many events there were."""
    scalars: dict[str, Columns] = dataclasses.field(default_factory=dict)
    """Points by tag."""
    blobs: dict[str, Columns] = dataclasses.field(default_factory=dict)
    """The places of all values that are no scalars, by tag."""
    metadata: dict[str, bytes] = dataclasses.field(default_factory=dict)
    """The serialized `SummaryMetadata` of the first value of each tag, if it had any."""
    graphs: list[GraphPlace] = dataclasses.field(default_factory=list)
    """Graphs that are events of their own."""
    kinds: dict[str, str] = dataclasses.field(default_factory=dict)
    """The kind of every tag that occurs."""
    starts: list[SessionStart] = dataclasses.field(default_factory=list)
    """Where sessions start."""
    decreases: list[SummaryStep] = dataclasses.field(default_factory=list)
    """Summaries whose step lies below that of the summary before; filled only in a file without a version."""
    first_summary: SummaryStep | None = None
    """The first event with a summary."""
    last_summary_step: int | None = None
    """The step of the last event with a summary."""
    file_version: float | None = None
    """The number in `brain.Event:2`; None if there was none, -1 if it is no number."""
    has_graph: bool = False
    """Whether a graph was written."""
    first_wall_time: float | None = None
    """The earliest wall time of any event, in seconds since the epoch."""
    last_wall_time: float | None = None
    """The latest wall time of any event, in seconds since the epoch."""
    last_step: int | None = None
    """The step of the last summary or session log."""
    skipped: int = 0
    """Values that claim to be scalars and hold no number, or several."""
    damage: list[Corrupt] = dataclasses.field(default_factory=list)
    """Bytes that were no events, where good records follow."""
    tail: Truncated | Corrupt | None = None
    """What the end of the file is, if it is no whole record."""
    finished: bool = False
    """Whether the end was reached."""
