"""Hyperparameters of runs beside what they led to."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from trackml_tui.choices.leaderboard import LeaderboardChoice
from trackml_tui.facts import Notice
from trackml_tui.hparams.axes import axes_of
from trackml_tui.hparams.table import make_table
from trackml_tui.leaderboard.table import Table
from trackml_tui.panes.leaderboard import LeaderboardPane
from trackml_tui.plotting.grid import Grid, faint, solid
from trackml_tui.plotting.parallel import parallel
from trackml_tui.scene import Scene
from trackml_tui.widgets.grid_view import GridView

_CROWD = 12
"""Above so many runs, only the current one has its full colour."""


class HparamsPane(LeaderboardPane):
    """A table of hyperparameters and metrics, and lines between parallel axes."""

    TITLE = "Hyperparameters"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "parallel", "Lines", id="hparams.parallel", tooltip="Lines between parallel axes, or none"),
        Binding("i", "constants", "Equal ones", id="hparams.all", show=False, tooltip="Those that all runs share, too"),
    ]
    DEFAULT_CSS = """
    HparamsPane {
        #parallel { height: 1fr; min-height: 7; margin: 1 0 0 0; display: none; }
        &.-parallel #parallel { display: block; }
    }
    """

    def compose_content(self) -> ComposeResult:
        yield from super().compose_content()
        yield GridView(id="parallel")

    def notice(self, scene: Scene) -> Notice | None:
        nothing = super().notice(scene)
        if nothing is not None or any(row.entry.params for row in make_table(scene).rows):
            return nothing
        return Notice(
            "No hyperparameters",
            "No listed run tells any: neither by the hparams plugin (add_hparams) nor in the manifest of an Estimator.",
        )

    def make_table(self, scene: Scene) -> Table:
        return make_table(scene)

    def show(self, scene: Scene) -> None:
        super().show(scene)
        self.set_class(scene.view.hparams.parallel, "-parallel")
        table = self._table
        axes = axes_of(table)
        crowded = len(table.rows) > _CROWD
        names = [row.key for row in table.rows]
        current = names.index(scene.view.current) if scene.view.current in names else None
        inks = [
            (faint if crowded and place != current else solid)(row.entry.row.slot)
            for place, row in enumerate(table.rows)
        ]

        def paint(columns: int, rows: int) -> Grid:
            return parallel(axes, inks, columns, rows, on_top=current)

        self.query_one("#parallel", GridView).paint(paint)

    def action_parallel(self) -> None:
        """Draws lines between parallel axes, or no more."""
        choice = self.scene.view.hparams
        self.choose(replace(self.scene.view, hparams=replace(choice, parallel=not choice.parallel)))

    def action_constants(self) -> None:
        """Shows hyperparameters that are the same in all runs, or no more."""
        choice = self.scene.view.hparams
        self.choose(replace(self.scene.view, hparams=replace(choice, everything=not choice.everything)))

    @property
    def _choice(self) -> LeaderboardChoice:
        return self.scene.view.hparams.table

    def _choose(self, choice: LeaderboardChoice) -> None:
        self.choose(replace(self.scene.view, hparams=replace(self.scene.view.hparams, table=choice)))
