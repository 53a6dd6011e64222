"""Curves of scalars: one chart or a grid of them, the names of the lines, and a line about the current run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Label

from trackml_tui import facts
from trackml_tui.charts.commands import CommandError, apply
from trackml_tui.charts.content import Fact, Pictures, shared_facts
from trackml_tui.charts.pages import Page, ordered_tags, page_of, shape_for, turned
from trackml_tui.charts.title import fitted
from trackml_tui.choices.charts import ChartsChoice
from trackml_tui.facts import Notice
from trackml_tui.formatting import plural, printable, shorten
from trackml_tui.panes.pane import Pane
from trackml_tui.plotting.legend import SAMPLE, Entry, legend
from trackml_tui.plotting.patterns import pattern
from trackml_tui.scene import Scene
from trackml_tui.widgets.chart import Chart
from trackml_tui.widgets.chart_grid import ChartGrid, Cursor
from trackml_tui.widgets.chart_prompt import ChartPrompt
from trackml_tui.widgets.inks import palette
from trackml_tui.widgets.legend_line import LegendLine

_LONGEST_NAME = 48
_ZOOM = 0.7
_PAN = 0.15
_ROWS_PER_LEGEND_ROW = 8


class ChartsPane(Pane):
    """Curves of the chosen tag, and of others beside it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "x_axis", "Axis", id="chart.x-axis", tooltip="Steps, relative time, wall time"),
        Binding("y", "y_scale", "Log", id="chart.log-y", tooltip="Linear, log, symlog y axis"),
        Binding("s", "smooth(1)", "Smooth", id="chart.smoother", tooltip="More smoothing; S for less"),
        Binding("m", "more(1)", "Charts", id="chart.more", show=False, tooltip="More charts; M for fewer"),
        Binding("M", "more(-1)", "Fewer charts", id="chart.fewer", show=False),
        Binding("S", "smooth(-1)", "Less smoothing", id="chart.rougher", show=False),
        Binding("X", "log_x", "Log x", id="chart.log-x", show=False),
        Binding("left", "cursor(-1)", "Cursor left", id="chart.left", show=False),
        Binding("right", "cursor(1)", "Cursor right", id="chart.right", show=False),
        Binding("shift+left", "cursor(-10)", "Cursor far left", id="chart.far-left", show=False),
        Binding("shift+right", "cursor(10)", "Cursor far right", id="chart.far-right", show=False),
        Binding("escape", "back", "No cursor", id="chart.no-cursor", show=False),
        Binding("plus,equals_sign", "zoom(1, 0)", "Zoom in", id="chart.zoom-in", show=False),
        Binding("minus", "zoom(-1, 0)", "Zoom out", id="chart.zoom-out", show=False),
        Binding("right_curly_bracket", "zoom(0, 1)", "Zoom in on y", id="chart.zoom-in-y", show=False),
        Binding("left_curly_bracket", "zoom(0, -1)", "Zoom out on y", id="chart.zoom-out-y", show=False),
        Binding("ctrl+left", "pan(-1, 0)", "Pan left", id="chart.pan-left", show=False),
        Binding("ctrl+right", "pan(1, 0)", "Pan right", id="chart.pan-right", show=False),
        Binding("ctrl+up", "pan(0, 1)", "Pan up", id="chart.pan-up", show=False),
        Binding("ctrl+down", "pan(0, -1)", "Pan down", id="chart.pan-down", show=False),
        Binding("R", "reset", "All data", id="chart.reset", show=False, tooltip="Show all data again"),
        Binding("pageup,left_parenthesis", "page(-1)", "Previous page", id="chart.page-up", show=False),
        Binding("pagedown,right_parenthesis", "page(1)", "Next page", id="chart.page-down", show=False),
        Binding("P", "pin", "Pin", id="chart.pin", show=False, tooltip="Put this chart first, or back"),
        Binding("H", "hide", "Hide", id="chart.hide", show=False, tooltip="Take this chart out of the grid, or back"),
        Binding("less_than_sign", "move(-1)", "Move back", id="chart.move-back", show=False),
        Binding("greater_than_sign", "move(1)", "Move on", id="chart.move-on", show=False),
        Binding("w", "together", "With", id="chart.together", show=False, tooltip="Draw this tag in other charts too"),
        Binding("v", "versus", "Versus", id="chart.versus", show=False, tooltip="Take this tag's values as x"),
        Binding("u", "outliers", "Outliers", id="chart.outliers", show=False, tooltip="TensorBoard's outlier rule"),
        Binding("b", "band", "Band", id="chart.band", show=False, tooltip="Groups as their middle with a band"),
        Binding("D", "ghosts", "Superseded", id="chart.ghosts", show=False, tooltip="What restarts replaced"),
        Binding("T", "table", "Table", id="chart.table", show=False, tooltip="Numbers in place of curves"),
        Binding("V", "sort", "Sort values", id="chart.sort", show=False, tooltip="Values by list, size, name"),
        Binding("C", "colours", "Colours", id="chart.colours", show=False, tooltip="The next palette"),
        Binding("L", "canvas", "Lines", id="chart.canvas", show=False, tooltip="Braille, blocks, ASCII"),
        Binding("colon", "prompt", "Type", id="chart.prompt", show=False, tooltip="Ranges, grids, groups by name"),
    ]
    DEFAULT_CSS = """
    ChartsPane {
        #charts-header { height: 1; color: $foreground 55%; display: none; text-wrap: nowrap; text-overflow: ellipsis; }
        &.-grid #charts-header { display: block; }
        &.-no-detail #detail { display: none; }
        LegendLine { height: 2; color: $foreground 75%; display: none; }
        #detail { width: 1fr; height: 2; color: $foreground 75%; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._pictures = Pictures()
        self._said: dict[str, Text] = {}

    def compose_content(self) -> ComposeResult:
        yield Label(id="charts-header", markup=False)
        yield ChartGrid()
        yield LegendLine()
        yield ChartPrompt()
        yield Label(id="detail", markup=False)

    def notice(self, scene: Scene) -> Notice | None:
        return facts.notice(scene) if self._page(scene).shape == (1, 1) else facts.no_charts(scene)

    def show(self, scene: Scene) -> None:
        page, view = self._page(scene), scene.view
        sole = page.shape == (1, 1)
        tags = page.tags if not sole or view.tag is None else (view.tag,)
        colours = palette(self)
        pictures = [self._pictures.picture(scene, tag, colours, sole=sole) for tag in tags]
        cursor = Cursor(view.reads_at, facts.cursor_label(scene))
        self.set_class(not sole, "-grid")
        self._say("#charts-header", Text(_header(scene, page, self.size.width - 2)))
        self.query_one(ChartGrid).show(pictures, page.shape, view.tag, cursor)
        chosen = next((picture for picture in pictures if picture.tag == view.tag), None)
        self._show_legend(chosen.entries if chosen is not None else ())
        self._say("#detail", self._detail())
        self.set_class(scene.row is None, "-no-detail")

    @on(ChartGrid.Resized)
    def _fit(self, event: ChartGrid.Resized) -> None:
        event.stop()
        self._show(self.scene)

    @on(Chart.Pointed)
    def _point(self, event: Chart.Pointed) -> None:
        event.stop()
        self.choose(replace(self.scene.view, cursor=event.x))

    @on(Chart.Picked)
    def _pick(self, event: Chart.Picked) -> None:
        event.stop()
        view = self.scene.view
        if event.is_open:
            self.choose(replace(view, tag=event.tag, charts=replace(view.charts, alone=not view.charts.alone)))
        elif event.tag != view.tag:
            self.choose(replace(view, tag=event.tag))
        elif event.x is not None and self._has_steps:
            self.choose(replace(view, step=round(event.x)))

    @on(Chart.Moved)
    def _move(self, event: Chart.Moved) -> None:
        event.stop()
        charts = self.scene.view.charts
        if event.x is not None:
            charts = replace(charts, x_range=event.x)
        self._choose(charts if event.y is None else charts.with_y_range(event.tag, event.y))

    @on(ChartPrompt.Typed)
    def _obey(self, event: ChartPrompt.Typed) -> None:
        event.stop()
        prompt = self.query_one(ChartPrompt)
        try:
            self.choose(apply(event.text, self.scene.view, self.scene.tags_of("scalars")))
        except CommandError as error:
            prompt.refuse(printable(str(error)))
        else:
            prompt.action_leave()

    @on(ChartPrompt.Left)
    def _leave_prompt(self, event: ChartPrompt.Left) -> None:
        event.stop()
        self.screen.focus_next()

    def action_x_axis(self) -> None:
        """Takes the next kind of x axis."""
        view = self.scene.view
        self.choose(replace(view, charts=view.charts.next_x_axis(), cursor=None))

    def action_y_scale(self) -> None:
        """Takes the next kind of y axis."""
        self._choose(self._charts.next_y_scale())

    def action_log_x(self) -> None:
        """Switches between a linear and a logarithmic x axis."""
        charts = self._charts
        kept = charts.x_range if charts.log_x or (charts.x_range and charts.x_range[0] > 0.0) else None
        self._choose(replace(charts, log_x=not charts.log_x, x_range=kept))

    def action_smooth(self, step: int) -> None:
        """Smooths more or less."""
        self._choose(self._charts.smoother(step))

    def action_more(self, step: int) -> None:
        """Shows more charts, or fewer."""
        shape = self._page(self.scene).shape
        charts = self._charts.more_charts(step, shape)
        if step > 0 and self._page(self._with(charts)).shape == shape:
            charts = replace(charts, grid=(shape[0] + 1, shape[1]))
        self._choose(charts)

    def action_cursor(self, step: int) -> None:
        """Moves the cursor over the charts; where x is steps, it is the chosen step of all panes."""
        chart = self._chart
        if chart is not None and chart.picture.strokes:
            x = chart.neighbour(step)
            view = replace(self.scene.view, cursor=x)
            self.choose(replace(view, step=round(x)) if self._has_steps else view)

    def action_back(self) -> None:
        """Takes the cursor away, so that the run list shows the last values again; then goes back to all charts."""
        view = self.scene.view
        if view.reads_at is not None:
            self.choose(replace(view, cursor=None, step=None))
        elif view.charts.alone:
            self._choose(replace(view.charts, alone=False))

    def action_zoom(self, across: int, up: int) -> None:
        """Shows less of an axis (1), or more (-1)."""
        if self._chart is not None:
            self._chart.zoom(_ZOOM**across, _ZOOM**up)

    def action_pan(self, across: int, up: int) -> None:
        """Moves an axis on (1) or back (-1)."""
        if self._chart is not None:
            self._chart.pan(_PAN * across, _PAN * up)

    def action_reset(self) -> None:
        """Shows all data again."""
        self._choose(self._charts.unzoomed())

    def action_page(self, step: int) -> None:
        """Turns the page."""
        view, tags = self.scene.view, self._tags(self.scene)
        tag = turned(tags, view.tag, self._page(self.scene).shape, step)
        self.choose(replace(view, tag=tag))

    def action_pin(self) -> None:
        """Puts the chosen tag's chart first, or back in its place."""
        self._change_tag(self._charts.pinned_or_not)

    def action_hide(self) -> None:
        """Takes the chosen tag's chart out of the grid, or puts it back."""
        self._change_tag(self._charts.hidden_or_not)

    def action_together(self) -> None:
        """Draws the chosen tag in the charts of others, too."""
        self._change_tag(self._charts.together_or_not)

    def action_versus(self) -> None:
        """Takes the chosen tag's values as x; steps or time again if they are."""
        view = self.scene.view
        tag = None if view.charts.x_tag == view.tag else view.tag
        self.choose(replace(view, charts=view.charts.against(tag), cursor=None))

    def action_move(self, step: int) -> None:
        """Moves the chosen tag's chart among the others."""
        tags = self._tags(self.scene)
        if self.scene.view.tag in tags:
            self._choose(self._charts.moved(self.scene.view.tag or "", step, tags))

    def action_outliers(self) -> None:
        """Leaves room for the inner nine tenths of the values, or for all."""
        self._choose(replace(self._charts, ignore_outliers=not self._charts.ignore_outliers))

    def action_band(self) -> None:
        """Draws groups of runs as their middle with a band, or each run by itself."""
        self._choose(self._charts.next_band())

    def action_ghosts(self) -> None:
        """Shows or hides what restarts have superseded."""
        self._choose(replace(self._charts, ghosts=not self._charts.ghosts))

    def action_table(self) -> None:
        """Shows numbers in place of curves, or curves again."""
        self._choose(replace(self._charts, table=not self._charts.table))

    def action_sort(self) -> None:
        """Sorts the values at the cursor in the next way."""
        self._choose(self._charts.next_sort())

    def action_colours(self) -> None:
        """Takes the next palette."""
        self._choose(self._charts.next_palette())

    def action_canvas(self) -> None:
        """Draws with the next kind of characters."""
        self._choose(self._charts.next_canvas())

    def action_prompt(self) -> None:
        """Opens the line for what keys cannot say."""
        self.query_one(ChartPrompt).open()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides the keys that do nothing while there are no runs."""
        return bool(self.scene.board.total)

    def _show_legend(self, entries: Sequence[Entry]) -> None:
        """Names the lines, in as many rows as they need, up to a part of the room."""
        line = self.query_one(LegendLine)
        line.entries = entries
        most = max(1, self.size.height // _ROWS_PER_LEGEND_ROW)
        line.styles.height = len(legend(entries, max(1, self.size.width - 2), most))

    def _say(self, label: str, text: Text) -> None:
        """Shows a text, if it is another one than before: a label lays out the whole screen."""
        if self._said.get(label) != text:
            self._said[label] = text
            self.query_one(label, Label).update(text)

    @property
    def _charts(self) -> ChartsChoice:
        return self.scene.view.charts

    @property
    def _chart(self) -> Chart | None:
        """The chart that keys act on."""
        return self.query_one(ChartGrid).chart(self.scene.view.tag)

    @property
    def _has_steps(self) -> bool:
        return self._charts.x_axis == "step" and self._charts.x_tag is None

    def _choose(self, charts: ChartsChoice) -> None:
        self.choose(replace(self.scene.view, charts=charts))

    def _change_tag(self, change: Callable[[str], ChartsChoice]) -> None:
        if self.scene.view.tag is not None:
            self._choose(change(self.scene.view.tag))

    def _with(self, charts: ChartsChoice) -> Scene:
        return replace(self.scene, view=replace(self.scene.view, charts=charts))

    def _tags(self, scene: Scene) -> list[str]:
        return ordered_tags(scene.tags_of("scalars"), scene.view.charts)

    def _page(self, scene: Scene) -> Page:
        tags = self._tags(scene)
        room = self.query_one(ChartGrid).size
        return page_of(tags, scene.view.tag, shape_for(scene.view.charts, *room, len(tags)))

    def _detail(self) -> Text:
        row = self.scene.row
        if row is None:
            return Text()
        name, colours = shorten(printable(row.key), _LONGEST_NAME), palette(self)
        style = colours.style(row.slot)
        return Text.assemble(
            (f"{pattern(style).sample if style else SAMPLE} ", colours[row.slot]),
            (f"{name}", "bold"),
            f"  {facts.life_fact(row)}\n  {facts.run_facts(self.scene)}",
        )


def _header(scene: Scene, page: Page, width: int) -> str:
    """What is true of all charts, and which of them are in sight, in `width` cells."""
    number = [Fact(f"page {page.number + 1} of {page.pages}", 9)] if page.pages > 1 else []
    return fitted([*number, Fact(plural(page.charts, "chart"), 1), *shared_facts(scene)], width)
