"""The chart with its title, its legend, a line about the current run, and what to say when it is empty."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.widgets import Label

from trackml_tui import facts
from trackml_tui.facts import Notice
from trackml_tui.formatting import printable, shorten
from trackml_tui.scene import Scene
from trackml_tui.strokes import legend_of, strokes_of
from trackml_tui.widgets.chart import Chart, Picture
from trackml_tui.widgets.inks import palette
from trackml_tui.widgets.legend_line import LegendLine

_LONGEST_NAME = 48


class ChartPanel(Vertical):
    """Everything at the right of the side bar."""

    DEFAULT_CSS = """
    ChartPanel {
        padding: 0 1;
        #title { height: 1; }
        #title-tag { width: 1fr; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
        #title-facts { width: auto; padding: 0 0 0 2; color: $foreground 55%; }
        Chart { height: 1fr; }
        LegendLine { height: 2; color: $foreground 75%; display: none; }
        #detail { width: 1fr; height: 2; color: $foreground 75%; text-wrap: nowrap; text-overflow: ellipsis; }
        #notice { height: 1fr; display: none; align: center middle; }
        #notice Label { width: 100%; padding: 0 2; text-align: center; }
        #notice-heading { text-style: bold; margin: 0 0 1 0; }
        #notice-body { color: $foreground 75%; }
        &.-notice #notice { display: block; }
        &.-notice Chart, &.-notice LegendLine { display: none; }
        &.-bare #title { display: none; }
    }
    """

    scene: reactive[Scene] = reactive(Scene)
    """What is drawn."""

    def compose(self) -> ComposeResult:
        with Horizontal(id="title"):
            yield Label(id="title-tag", markup=False)
            yield Label(id="title-facts", markup=False)
        yield Chart()
        yield LegendLine()
        with Vertical(id="notice"):
            yield Label(id="notice-heading", markup=False)
            yield Label(id="notice-body", markup=False)
        yield Label(id="detail", markup=False)

    def watch_scene(self, scene: Scene) -> None:
        self.query_one("#title-tag", Label).update(printable(scene.view.tag or ""))
        self.query_one("#title-facts", Label).update(facts.chart_facts(scene))
        self.query_one("#detail", Label).update(self._detail())
        self._show_notice(facts.notice(scene))
        self._show_chart()

    def _show_notice(self, notice: Notice | None) -> None:
        self.set_class(notice is not None, "-notice")
        self.set_class(notice is not None and notice.bare, "-bare")
        if notice is not None:
            self.query_one("#notice-heading", Label).update(notice.heading)
            self.query_one("#notice-body", Label).update(notice.body)

    def _show_chart(self) -> None:
        view, board = self.scene.view, self.scene.board
        strokes = strokes_of(board, view.current, smoothed=view.smoothing > 0.0)
        chart = self.query_one(Chart)
        chart.picture = Picture(strokes, view.x_axis, view.log_y)
        chart.cursor = view.cursor
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
