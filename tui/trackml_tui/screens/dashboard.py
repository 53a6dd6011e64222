"""The main screen: runs and tags at the left, one chart, the keys at the bottom.

What the user chose is one `View`; what the log directories hold is one `Snapshot`. Whenever either
changes, and once a second, the screen makes a `Scene` of both, which its widgets are bound to.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Footer

from trackml.runs import Snapshot
from trackml_tui import facts
from trackml_tui.board import make_board
from trackml_tui.curves import Curves
from trackml_tui.palette import SlotBook
from trackml_tui.scene import Scene
from trackml_tui.tags import default_tag, scalar_tags, tag_rows
from trackml_tui.view import View
from trackml_tui.widgets.chart import Chart
from trackml_tui.widgets.chart_panel import ChartPanel
from trackml_tui.widgets.filter_bar import FilterBar
from trackml_tui.widgets.row_list import RowList
from trackml_tui.widgets.run_list import RunList
from trackml_tui.widgets.sidebar import Sidebar
from trackml_tui.widgets.status_line import StatusLine
from trackml_tui.widgets.tag_tree import TagTree

_TICK_SECONDS = 1.0
_NEEDS_RUNS = frozenset({"show_or_hide", "solo", "filter", "order", "x_axis", "log_y", "smooth", "full"})


class DashboardScreen(Screen[None]):
    """Runs, tags and a chart."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "show_or_hide", "Toggle", id="run.toggle", tooltip="Show or hide the current run"),
        Binding("enter", "solo", "Only", id="run.solo", tooltip="The current run alone; again: as before"),
        Binding("up,k", "run(-1)", "Previous run", id="run.previous", show=False),
        Binding("down,j", "run(1)", "Next run", id="run.next", show=False),
        Binding("slash", "filter", "Filter", key_display="/", id="run.filter", tooltip="Pick runs by regex"),
        Binding("a", "all_or_none", "All", id="run.all", show=False, tooltip="Show all runs, or none"),
        Binding("o", "order", "Sort", id="run.order", tooltip="Sort by name, value, last event or step"),
        Binding("n", "tag(1)", "Next tag", id="tag.next", show=False),
        Binding("p", "tag(-1)", "Previous tag", id="tag.previous", show=False),
        Binding("x", "x_axis", "Axis", id="chart.x-axis", tooltip="Steps, relative time, wall time"),
        Binding("y", "log_y", "Log", id="chart.log-y", tooltip="Logarithmic y axis"),
        Binding("s", "smooth(1)", "Smooth", id="chart.smoother", tooltip="More smoothing; S for less"),
        Binding("S", "smooth(-1)", "Less smoothing", id="chart.rougher", show=False),
        Binding("left", "cursor(-1)", "Cursor left", id="chart.left", show=False),
        Binding("right", "cursor(1)", "Cursor right", id="chart.right", show=False),
        Binding("shift+left", "cursor(-10)", "Cursor far left", id="chart.far-left", show=False),
        Binding("shift+right", "cursor(10)", "Cursor far right", id="chart.far-right", show=False),
        Binding("escape", "no_cursor", "No cursor", id="chart.no-cursor", show=False),
        Binding("z", "full", "Full", id="chart.full", tooltip="The chart alone"),
    ]

    scene: reactive[Scene] = reactive(Scene)
    """What the widgets show."""
    view: reactive[View] = reactive(View)
    """What the user chose."""

    def __init__(self, logdirs: Sequence[Path], view: View, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._clock = clock
        self._curves = Curves()
        self._slots = SlotBook()
        self._empty = Scene(logdirs)
        self._snapshot: Snapshot | None = None
        self._missing: Sequence[Path] = ()
        self._tags: frozenset[str] = frozenset()
        self.set_reactive(DashboardScreen.view, view)
        self.set_reactive(DashboardScreen.scene, self._empty)

    def compose(self) -> ComposeResult:
        yield StatusLine().data_bind(DashboardScreen.scene)
        with Horizontal(id="body"):
            yield Sidebar().data_bind(DashboardScreen.scene)
            yield ChartPanel().data_bind(DashboardScreen.scene)
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        self.query_one(RunList).focus()
        self.set_interval(_TICK_SECONDS, self._look)

    def look(self, snapshot: Snapshot, missing: Sequence[Path]) -> None:
        """Shows a new snapshot.

        Args:
            snapshot: What the log directories hold.
            missing: Log directories that are not there.
        """
        self._snapshot, self._missing = snapshot, missing
        self._tags = scalar_tags(snapshot)
        if self.view.tag is None and self._tags:
            self.view = replace(self.view, tag=default_tag(self._tags))
        self._look()

    def watch_view(self) -> None:
        self._look()

    def watch_scene(self, scene: Scene) -> None:
        notice = facts.notice(scene)
        self.set_class(notice is not None and notice.bare, "-bare")
        self.refresh_bindings()

    @on(RowList.Moved, "#runs")
    def _choose_run(self) -> None:
        self.view = replace(self.view, current=self.query_one(RunList).cursor)

    @on(RowList.Moved, "#tags")
    def _choose_tag(self) -> None:
        tree = self.query_one(TagTree)
        tag = next((row.tag for row in tree.rows if row.key == tree.cursor), None)
        if tag is not None:
            self.view = replace(self.view, tag=tag)

    @on(RowList.Marked, "#runs")
    def _toggle(self, event: RowList.Marked) -> None:
        self.view = self.view.toggled(event.key)

    @on(FilterBar.Filtered)
    def _filter(self, event: FilterBar.Filtered) -> None:
        self.view = replace(self.view, pattern=event.pattern)

    @on(FilterBar.Left)
    def _leave_filter(self) -> None:
        self.query_one(RunList).focus()

    @on(Chart.Pointed)
    def _point(self, event: Chart.Pointed) -> None:
        self.view = replace(self.view, cursor=event.x)

    def action_run(self, step: int) -> None:
        """Moves the cursor of the run list, whether it is in sight or not."""
        self.query_one(RunList).action_move(step)

    def action_show_or_hide(self) -> None:
        """Shows or hides the current run."""
        if self.view.current is not None:
            self.view = self.view.toggled(self.view.current)

    def action_solo(self) -> None:
        """Shows the current run alone."""
        if self.view.current is not None:
            self.view = self.view.soloed(self.view.current)

    def action_filter(self) -> None:
        """Opens the filter."""
        self.remove_class("-full")
        self.query_one(FilterBar).open()

    def action_all_or_none(self) -> None:
        """Shows all runs, or none."""
        self.view = self.view.all_or_none()

    def action_order(self) -> None:
        """Sorts the runs in the next way, and goes to the first: the best, the newest."""
        self.view = self.view.next_order()
        self.query_one(RunList).action_first()

    def action_tag(self, step: int) -> None:
        """Chooses the next or previous tag, folded groups included."""
        tags = [row.tag for row in tag_rows(self._tags, frozenset()) if row.tag is not None]
        if self.view.tag in tags:
            self.view = replace(self.view, tag=tags[(tags.index(self.view.tag) + step) % len(tags)])

    def action_x_axis(self) -> None:
        """Takes the next kind of x axis."""
        self.view = self.view.next_x_axis()

    def action_log_y(self) -> None:
        """Switches between a linear and a logarithmic y axis."""
        self.view = replace(self.view, log_y=not self.view.log_y)

    def action_smooth(self, step: int) -> None:
        """Smooths more or less."""
        self.view = self.view.smoother(step)

    def action_cursor(self, step: int) -> None:
        """Moves the cursor over the chart."""
        if self.scene.board.drawn:
            self.view = replace(self.view, cursor=self.query_one(Chart).neighbour(step))

    def action_no_cursor(self) -> None:
        """Takes the cursor away: the run list shows the last values again."""
        self.view = replace(self.view, cursor=None)

    def action_full(self) -> None:
        """Gives the whole width to the chart, or takes it back."""
        self.toggle_class("-full")
        if not self.has_class("-full"):
            self.query_one(RunList).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides the keys that do nothing while there are no runs."""
        return not self.has_class("-bare") or action not in _NEEDS_RUNS

    def _look(self) -> None:
        """Makes the scene of the present moment."""
        if self._snapshot is None:
            return
        board = make_board(self._snapshot, self.view, self._curves, self._slots, self._clock())
        self.scene = Scene(self._empty.logdirs, self._missing, self._snapshot, self.view, board, self._tags)
