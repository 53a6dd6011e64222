"""Curves of scalars: the chart with its title, its legend, and a line about the current run."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Label

from trackml_tui import facts
from trackml_tui.facts import Notice
from trackml_tui.formatting import printable, shorten
from trackml_tui.panes.pane import Pane
from trackml_tui.scene import Scene
from trackml_tui.strokes import legend_of, strokes_of
from trackml_tui.widgets.chart import Chart, Picture
from trackml_tui.widgets.inks import palette
from trackml_tui.widgets.legend_line import LegendLine

_LONGEST_NAME = 48


class ChartsPane(Pane):
    """Curves of the chosen tag."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "x_axis", "Axis", id="chart.x-axis", tooltip="Steps, relative time, wall time"),
        Binding("y", "log_y", "Log", id="chart.log-y", tooltip="Logarithmic y axis"),
        Binding("s", "smooth(1)", "Smooth", id="chart.smoother", tooltip="More smoothing; S for less"),
        Binding("S", "smooth(-1)", "Less smoothing", id="chart.rougher", show=False),
        Binding("left", "cursor(-1)", "Cursor left", id="chart.left", show=False),
        Binding("right", "cursor(1)", "Cursor right", id="chart.right", show=False),
        Binding("shift+left", "cursor(-10)", "Cursor far left", id="chart.far-left", show=False),
        Binding("shift+right", "cursor(10)", "Cursor far right", id="chart.far-right", show=False),
        Binding("escape", "no_cursor", "No cursor", id="chart.no-cursor", show=False),
    ]
    DEFAULT_CSS = """
    ChartsPane {
        #title { height: 1; }
        #title-tag { width: 1fr; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
        #title-facts { width: auto; padding: 0 0 0 2; color: $foreground 55%; }
        Chart { height: 1fr; }
        LegendLine { height: 2; color: $foreground 75%; display: none; }
        #detail { width: 1fr; height: 2; color: $foreground 75%; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def compose_content(self) -> ComposeResult:
        with Horizontal(id="title"):
            yield Label(id="title-tag", markup=False)
            yield Label(id="title-facts", markup=False)
        yield Chart()
        yield LegendLine()
        yield Label(id="detail", markup=False)

    def notice(self, scene: Scene) -> Notice | None:
        return facts.notice(scene)

    def show(self, scene: Scene) -> None:
        self.query_one("#title-tag", Label).update(printable(scene.view.tag or ""))
        self.query_one("#title-facts", Label).update(facts.chart_facts(scene))
        self.query_one("#detail", Label).update(self._detail())
        self._show_chart()

    @on(Chart.Pointed)
    def _point(self, event: Chart.Pointed) -> None:
        event.stop()
        self.choose(replace(self.scene.view, cursor=event.x))

    def action_x_axis(self) -> None:
        """Takes the next kind of x axis."""
        view = self.scene.view
        self.choose(replace(view, charts=view.charts.next_x_axis(), cursor=None))

    def action_log_y(self) -> None:
        """Switches between a linear and a logarithmic y axis."""
        view = self.scene.view
        self.choose(replace(view, charts=view.charts.next_y_scale()))

    def action_smooth(self, step: int) -> None:
        """Smooths more or less."""
        view = self.scene.view
        self.choose(replace(view, charts=view.charts.smoother(step)))

    def action_cursor(self, step: int) -> None:
        """Moves the cursor over the chart."""
        if self.scene.board.drawn:
            self.choose(replace(self.scene.view, cursor=self.query_one(Chart).neighbour(step)))

    def action_no_cursor(self) -> None:
        """Takes the cursor away: the run list shows the last values again."""
        self.choose(replace(self.scene.view, cursor=None))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides the keys that do nothing while there are no runs."""
        return bool(self.scene.board.total)

    def _show_chart(self) -> None:
        view, board = self.scene.view, self.scene.board
        strokes = strokes_of(board, view.current, smoothed=view.charts.smoothing > 0.0)
        chart = self.query_one(Chart)
        chart.picture = Picture(strokes, view.charts.x_axis, view.charts.log_y)
        chart.cursor = view.reads_at
        chart.cursor_label = facts.cursor_label(self.scene)
        self.query_one(LegendLine).entries = legend_of(board, view.current)

    def _detail(self) -> Text:
        row = self.scene.row
        if row is None:
            return Text()
        name = shorten(printable(row.key), _LONGEST_NAME)
        return Text.assemble(
            ("━ ", palette(self)[row.slot]),
            (f"{name}", "bold"),
            f"  {facts.life_fact(row)}\n  {facts.run_facts(self.scene)}",
        )
