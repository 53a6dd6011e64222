"""The runs that have values of the chosen tag, and values of theirs that are read while nobody waits."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from trackml.runs import BlobSeries, RunView
from trackml_tui.contents import Loaded
from trackml_tui.formatting import count, printable
from trackml_tui.gallery.steps import Steps, all_steps, index_at
from trackml_tui.plotting.calendar_ticks import clock_label
from trackml_tui.scene import Scene

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A run and its values of one tag."""

    run: str
    label: str
    slot: int
    """Its place in the palette."""
    tag: str
    series: BlobSeries[Any]

    @property
    def steps(self) -> Steps:
        """The steps of its values, in the order in which they were written."""
        return np.asarray(self.series.step, np.int64)

    def index_at(self, step: int | None) -> int:
        """Which value stands for a step."""
        return index_at(self.steps, step)

    def identity(self, index: int) -> tuple[Hashable, ...]:
        """What tells a value from all others, those that a restart puts in its place included."""
        return self.run, self.tag, index, int(self.series.step[index]), float(self.series.wall_time[index])

    def when(self, index: int) -> str:
        """Step and time of day of a value."""
        return f"step {count(int(self.series.step[index]))} · {clock_label(float(self.series.wall_time[index]))}"

    def read(self, scene: Scene, kind: str, index: int, reader: Callable[[Any], T]) -> Loaded[T] | None:
        """A value, as `reader` makes it out of what the file holds; None while it is being read."""
        series = self.series
        return scene.contents.get((kind, *self.identity(index)), lambda: reader(series[index]))


def shown_with(scene: Scene, kind: str, tag: str | None) -> list[Shown]:
    """The runs that are switched on and have values of this tag, in the order of the list."""
    if tag is None:
        return []
    return [
        Shown(run.name, printable(scene.label(run.name)), scene.slot(run.name), tag, series)
        for run in scene.shown_runs
        if (series := _series(run, kind, tag)) is not None and len(series)
    ]


def place_of_current(scene: Scene, shown: list[Shown]) -> int:
    """Which of them is under the cursor of the run list; 0 if none is."""
    return next((place for place, each in enumerate(shown) if each.run == scene.view.current), 0)


def stops_of(shown: list[Shown]) -> Steps:
    """Every step at which one of them has a value."""
    return all_steps(each.steps for each in shown)


def _series(run: RunView, kind: str, tag: str) -> BlobSeries[Any] | None:
    if kind == "pr_curves":
        return run.pr_curves.get(tag)
    return run.blobs[tag] if run.tags.get(tag) == kind and tag in run.blobs else None
