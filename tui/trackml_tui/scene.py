"""One moment of the dashboard: what is there, what was chosen, and what follows from both.

The main screen makes a scene whenever either changes, and its widgets show it; none of them computes
anything that another one needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trackml.runs import RunView, Series, Snapshot
from trackml_tui.board import Board, RunRow
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
    tags: frozenset[str] = frozenset()
    """Every scalar tag of any run."""

    @property
    def row(self) -> RunRow | None:
        """The current run in the run list."""
        return self.board.row(self.view.current)

    @property
    def run(self) -> RunView | None:
        """The current run's files and series."""
        return self.snapshot.get(self.view.current) if self.snapshot and self.view.current else None

    @property
    def series(self) -> Series | None:
        """The current run's series of the chosen tag."""
        return self.run.scalars.get(self.view.tag) if self.run and self.view.tag else None
