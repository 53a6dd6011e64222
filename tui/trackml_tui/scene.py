"""One moment of the dashboard: what is there, what was chosen, and what follows from both.

The main screen makes a scene whenever either changes, and its widgets show it; none of them computes
anything that another one needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trackml.runs import RunManifest, RunView, Series, Snapshot
from trackml_tui.board import Board, RunRow
from trackml_tui.catalog.labels import NO_LABELS, Labels
from trackml_tui.catalog.status import manifest_for
from trackml_tui.contents import Contents
from trackml_tui.curves import Curves
from trackml_tui.palette import SlotBook
from trackml_tui.view import View


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What the widgets of the main screen show."""

    logdirs: Sequence[Path] = ()
    missing: Sequence[Path] = ()
    """Log directories that are not there."""
    snapshot: Snapshot | None = None
    """None before the first look into the directories."""
    view: View = field(default_factory=View)
    board: Board = field(default_factory=Board)
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Every tag of any run, by kind."""
    slots: SlotBook = field(default_factory=SlotBook)
    """Which run has which colour."""
    curves: Curves = field(default_factory=Curves)
    """The lines of any run and tag, kept while they are asked for."""
    contents: Contents = field(default_factory=lambda: Contents(lambda message: None))
    """What is read from disk on demand."""
    labels: Labels = NO_LABELS
    """What the user says of runs."""
    manifests: Mapping[str, RunManifest] = field(default_factory=dict)
    """What runs say of themselves, by name; of those that keep a manifest."""
    kind: str | None = "scalars"
    """The kind of tags that the side bar lists."""
    now: float = 0.0
    """Seconds since the epoch."""
    reading: str = ""
    """How far reading is; empty when all is read."""

    @property
    def row(self) -> RunRow | None:
        """The current run in the run list."""
        return self.board.row(self.view.current)

    @property
    def run(self) -> RunView | None:
        """The current run's files and series."""
        return self.snapshot.get(self.view.current) if self.snapshot and self.view.current else None

    @property
    def shown_runs(self) -> list[RunView]:
        """The runs that are listed and switched on, in the order of the list."""
        return [self.snapshot[row.key] for row in self.board.rows if row.shown and self.snapshot is not None]

    def tags_of(self, kind: str) -> frozenset[str]:
        """Every tag of this kind."""
        return self.tags.get(kind, frozenset())

    def label(self, run: str) -> str:
        """What the user calls the run, or else its name without the directory that all runs are in."""
        view = self.snapshot.get(run) if self.snapshot is not None and self.labels else None
        name = self.labels.of(view).name if view is not None else ""
        return name or run.removeprefix(self.board.directory)

    def manifest(self, run: str) -> RunManifest | None:
        """What says how the run is doing: its own manifest, or that of the training which evaluates into it."""
        return manifest_for(run, self.manifests)

    def slot(self, run: str) -> int:
        """The run's place in the palette."""
        return self.slots[run]

    @property
    def series(self) -> Series | None:
        """The current run's series of the chosen tag."""
        return self.run.scalars.get(self.view.tag) if self.run and self.view.tag else None
