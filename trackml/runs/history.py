"""What one event file has said so far, read by read."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from trackml.events.event_columns import PLACE, Columns, EventColumns, GraphPlace, Ints, SummaryStep
from trackml.runs.growing_series import GrowingSeries
from trackml.runs.sampling import LEAST_WIDTH, chosen_points


class TagHistory:
    """The points of one tag in one file, and where a session started among them."""

    def __init__(self, dtype: npt.DTypeLike = np.float32) -> None:
        self.points = GrowingSeries(dtype)
        self.holds_places = dtype is PLACE
        """Whether the values are not numbers but where they are in the file."""
        self.session_positions: list[int] = []
        """Where the points of another session begin."""
        self.session_numbers: list[int] = []
        """Which session each of those is: how many SessionLog STARTs the file has before it."""
        self.decreases: list[int] = []
        """Positions of points whose event had a lower step than the summary before; only without a file version."""
        self._width = LEAST_WIDTH
        """Of the buckets that the points were sampled by, if they were."""
        self._needed = 0
        """How many points there were when hardly one of them could be left out."""

    def sample(self) -> bool:
        """Keeps three quarters of the points at the most; gives False if hardly one can be left out."""
        if len(self.points) < 2 * self._needed:
            return False  # Trying again with every new point would take long.
        series = self.points.view()
        weight = np.ones(len(series), np.int64) if series.weight is None else series.weight
        position = np.cumsum(weight, dtype=np.int64) - 1
        begins = np.unique(np.array([0, *self.session_positions, *self.decreases], np.int64))
        while len(series):
            chosen = chosen_points(series.held_value, position, begins, self._width)
            if 4 * np.count_nonzero(chosen) <= 3 * len(series):
                self._keep(chosen, position)
                return True
            if self._width > position[-1]:
                break
            self._width *= 2
        self._needed = len(series)
        return False

    def _keep(self, chosen: npt.NDArray[np.bool_], position: Ints) -> None:
        self.points.keep(chosen, np.diff(position[chosen], prepend=-1).astype(np.uint32))
        place = np.cumsum(chosen) - 1
        self.session_positions = place[self.session_positions].tolist()
        self.decreases = place[self.decreases].tolist() if self.decreases else []

    def extend(self, columns: Columns, session: int, starts: Ints, decreased: Ints) -> None:
        """Adds points.

        Args:
          columns: The points.
          session: Which session goes on.
          starts: The events with which the next ones begin.
          decreased: The events whose step went back.
        """
        begin = len(self.points)
        self.points.extend(columns.step, columns.wall_time, columns.value)
        last = self.session_numbers[-1] if self.session_numbers else -1
        changes = {0, *np.searchsorted(columns.event, starts, side="right").tolist()}
        for change in sorted(changes - {len(columns.event)}):
            number = session + int(np.searchsorted(starts, columns.event[change]))
            if number != last:
                self.session_positions.append(begin + change)
                self.session_numbers.append(number)
                last = number
        if len(decreased):
            events, positions = np.unique(columns.event, return_index=True)
            self.decreases.extend(int(begin + position) for position in positions[np.isin(events, decreased)])


class FileHistory:
    """All reads of one event file, put together.

    Args:
      number: The number of the file in its run.
    """

    def __init__(self, number: int = 0) -> None:
        self.number = number
        self.events = 0
        self.scalars: dict[str, TagHistory] = {}
        self.blobs: dict[str, TagHistory] = {}
        """What is no scalar: not values but where they are."""
        self.metadata: dict[str, bytes] = {}
        """The serialized metadata of the first value of a tag."""
        self.graph: GraphPlace | None = None
        """The last graph; one of its own counts more than one in a meta graph."""
        self.kinds: dict[str, str] = {}
        self.foreign_kinds: set[str] = set()
        """The tags whose kinds other files of the run told."""
        self.start_steps: list[int] = []
        """The step of each SessionLog START, in the order of the file."""
        self.start_wall_times: list[float] = []
        """The wall time of each SessionLog START."""
        self.file_version: float | None = None
        self.first_summary: SummaryStep | None = None
        """The first event with a summary."""
        self.first_summary_tags: frozenset[str] = frozenset()
        """The tags in it."""
        self.last_summary_step: int | None = None
        self.has_graph = False
        self.first_wall_time: float | None = None
        self.last_wall_time: float | None = None
        self.last_step: int | None = None
        self.bytes_lost = 0
        self.damages = 0
        self.damage = ""
        """The reason of the first damage."""
        self.skipped = 0

    def extend(self, columns: EventColumns, kinds: Mapping[str, str] | None = None) -> None:
        """Adds what the next read gave.

        Args:
          columns: What it gave.
          kinds: The kinds of tags that it was told.
        """
        if kinds:
            self.foreign_kinds.update((columns.kinds.keys() - self.kinds.keys()) & kinds.keys())
        if self.first_summary is None and columns.first_summary is not None:
            self._note_first_summary(columns, columns.first_summary)
        starts = np.array([start.event for start in columns.starts], np.int64)
        decreased = np.array([decrease.event for decrease in columns.decreases], np.int64)
        for tag, points in columns.scalars.items():
            self.scalars.setdefault(tag, TagHistory()).extend(points, len(self.start_steps), starts, decreased)
        for tag, points in columns.blobs.items():
            points.value["file"] = self.number
            self.blobs.setdefault(tag, TagHistory(PLACE)).extend(points, len(self.start_steps), starts, decreased)
        for tag, metadata in columns.metadata.items():
            self.metadata.setdefault(tag, metadata)
        for graph in columns.graphs:
            if self.graph is None or self.graph.is_meta_graph or not graph.is_meta_graph:
                self.graph = graph
        self.start_steps.extend(start.step for start in columns.starts)
        self.start_wall_times.extend(start.wall_time for start in columns.starts)
        for tag, kind in columns.kinds.items():
            self.kinds.setdefault(tag, kind)
        self._take_latest(columns)

    def histories(self) -> Iterator[tuple[str, TagHistory]]:
        """Gives the history of every tag."""
        return itertools.chain(self.scalars.items(), self.blobs.items())

    def settle(self) -> None:
        """Gives back the memory that was kept for points to come."""
        for _, history in self.histories():
            history.points.settle()

    def _note_first_summary(self, columns: EventColumns, first: SummaryStep) -> None:
        self.first_summary = first
        columns_by_tag = itertools.chain(columns.scalars.items(), columns.blobs.items())
        tags = (tag for tag, points in columns_by_tag if points.event[0] == first.event)
        self.first_summary_tags = frozenset(tags)

    def _take_latest(self, columns: EventColumns) -> None:
        self.events += columns.events
        self.file_version = columns.file_version
        self.last_summary_step = columns.last_summary_step
        self.has_graph |= columns.has_graph
        self.first_wall_time = min(known([self.first_wall_time, columns.first_wall_time]), default=None)
        self.last_wall_time = max(known([self.last_wall_time, columns.last_wall_time]), default=None)
        self.last_step = self.last_step if columns.last_step is None else columns.last_step
        self.bytes_lost += sum(damage.bytes_lost for damage in columns.damage)
        self.damages += len(columns.damage)
        if not self.damage and columns.damage:
            self.damage = f"{columns.damage[0].reason} (byte {columns.damage[0].offset})"
        self.skipped += columns.skipped


def known(numbers: Iterable[float | None]) -> list[float]:
    """Gives the numbers that are not None."""
    return [number for number in numbers if number is not None]
