"""The leaderboard: every run in one line, sorted by what matters."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Label

from trackml_tui.choices.leaderboard import LeaderboardChoice
from trackml_tui.formatting import plural, printable
from trackml_tui.leaderboard.columns import is_lower_better
from trackml_tui.leaderboard.table import Table, make_table, name_width, places
from trackml_tui.panes.pane import Pane
from trackml_tui.scene import Scene
from trackml_tui.tags import tag_rows
from trackml_tui.widgets.menu import Choice, Menu
from trackml_tui.widgets.row_list import RowList
from trackml_tui.widgets.table_list import TableHeading, TableList

_REFRESH_SECONDS = 2.0
"""Ages and times left are brought up to date so often where nothing else changed."""


class LeaderboardPane(Pane):
    """Runs in a table."""

    TITLE: ClassVar[str] = "Leaderboard"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "column(-1)", "Column", id="leaderboard.left", key_display="← →", tooltip="Previous column"),
        Binding("right", "column(1)", "Next column", id="leaderboard.right", show=False),
        Binding("o", "sort", "Sort", id="leaderboard.sort", tooltip="Sort by this column; again: the other way round"),
        Binding("c", "columns", "Columns", id="leaderboard.columns", tooltip="Show and hide columns"),
        Binding("m", "metrics", "Metrics", id="leaderboard.metrics", tooltip="Give metrics columns"),
        Binding("minus", "hide", "Hide", id="leaderboard.hide", show=False, tooltip="Hide this column"),
        Binding("less_than_sign", "move(-1)", "Move left", id="leaderboard.move-left", show=False),
        Binding("greater_than_sign", "move(1)", "Move right", id="leaderboard.move-right", show=False),
        Binding(
            "v", "flip", "Best", id="leaderboard.flip", show=False, tooltip="The other end of the metric is better"
        ),
        Binding("e", "everything", "All runs", id="leaderboard.all", show=False, tooltip="Hidden runs too"),
    ]
    DEFAULT_CSS = """
    LeaderboardPane {
        #leaderboard-title { width: 1fr; height: 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
        TableList { height: 1fr; }
        #leaderboard-detail { height: 1; color: $foreground 75%; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._table = Table()
        self._made_of: Hashable = None

    def compose_content(self) -> ComposeResult:
        yield Label(id="leaderboard-title", markup=False)
        yield TableHeading(id="leaderboard-heading")
        yield TableList(id="leaderboard")
        yield Label(id="leaderboard-detail", markup=False)

    def show(self, scene: Scene) -> None:
        parts = (id(scene.snapshot), id(scene.labels), self._choice, scene.view.tag, scene.view.order, scene.view.step)
        runs = tuple((row.key, row.shown, row.status) for row in scene.board.rows)
        made_of = (*parts, runs, scene.now // _REFRESH_SECONDS)
        if made_of != self._made_of:
            self._made_of = made_of
            self._table = self.make_table(scene)
        self._lay_out(scene)
        self.query_one("#leaderboard-title", Label).update(_title(self.TITLE, self._table))
        self.query_one("#leaderboard-detail", Label).update(_detail(scene))

    def make_table(self, scene: Scene) -> Table:
        """What is listed."""
        return make_table(scene)

    def on_resize(self) -> None:
        if self.is_mounted and self._table.rows:
            self._lay_out(self.scene)

    @on(RowList.Moved, "#leaderboard")
    def _choose_run(self, event: RowList.Moved) -> None:
        event.stop()
        if event.key != self.scene.view.current:
            self.choose(replace(self.scene.view, current=event.key))

    @on(RowList.Marked, "#leaderboard")
    def _toggle(self, event: RowList.Marked) -> None:
        event.stop()
        self.choose(self.scene.view.toggled(event.key))

    @on(TableHeading.Picked)
    def _sort_by(self, event: TableHeading.Picked) -> None:
        event.stop()
        self._choose(self._choice.sorted_by(event.key))

    def action_column(self, step: int) -> None:
        """Goes to the next or previous column."""
        keys = ["run", *(column.key for column in self._table.columns)]
        here = keys.index(self._current) if self._current in keys else 0
        self._choose(replace(self._choice, column=keys[min(max(here + step, 0), len(keys) - 1)]))

    def action_sort(self) -> None:
        """Sorts by the current column, or the other way round."""
        self._choose(self._choice.sorted_by(self._current))

    def action_hide(self) -> None:
        """Hides the current column."""
        if self._current != "run":
            keys = [column.key for column in self._table.columns]
            here = keys.index(self._current)
            others = [key for key in keys if key != self._current]
            column = others[min(here, len(others) - 1)] if others else "run"
            self._choose(replace(self._choice.hidden_or_not(self._current), column=column))

    def action_move(self, step: int) -> None:
        """Moves the current column."""
        keys = [column.key for column in self._table.offered]
        self._choose(self._choice.moved(self._current, step, keys))

    def action_flip(self) -> None:
        """Takes the other end of the current column's metric for the better one."""
        column = self._table.column(self._current)
        tag = column.tag if column is not None else self._table.metrics[0] if self._table.metrics else None
        if tag is not None:
            self._choose(self._choice.flipped_or_not(tag))

    def action_everything(self) -> None:
        """Lists runs that are switched off too, or no more."""
        self._choose(replace(self._choice, everything=not self._choice.everything))

    def action_columns(self) -> None:
        """Offers all columns."""
        hidden = self._choice.hidden
        choices = [
            Choice(column.key, column.heading, "hidden" if column.key in hidden else "shown")
            for column in self._table.offered
        ]
        self.app.push_screen(Menu("Show or hide a column", choices), self._show_or_hide)

    def action_metrics(self) -> None:
        """Offers all metrics."""
        metrics, flipped = self._table.metrics, self._choice.flipped
        tags = [row.tag for row in tag_rows(self._table.tags, frozenset()) if row.tag is not None]
        choices = [
            Choice(
                tag,
                tag,
                ("lower is better" if is_lower_better(tag, flipped) else "higher is better") if tag in metrics else "",
            )
            for tag in sorted(tags, key=lambda tag: tag not in metrics)
        ]
        self.app.push_screen(Menu("Columns for a metric, or none", choices), self._take_metric)

    def _show_or_hide(self, key: str | None) -> None:
        if key is not None:
            self._choose(self._choice.hidden_or_not(key))

    def _take_metric(self, tag: str | None) -> None:
        if tag is not None:
            self._choose(self._choice.with_metric(tag, self._table.metrics))

    @property
    def _choice(self) -> LeaderboardChoice:
        return self.scene.view.leaderboard

    @property
    def _current(self) -> str:
        column = self._choice.column
        return column if self._table.column(column) is not None or column == "run" else self._table.sort

    def _choose(self, choice: LeaderboardChoice) -> None:
        self.choose(replace(self.scene.view, leaderboard=choice))

    def _lay_out(self, scene: Scene) -> None:
        rows, heading = self.query_one(TableList), self.query_one(TableHeading)
        width = rows.scrollable_content_region.width
        names = name_width([printable(scene.label(row.key)) for row in self._table.rows], width)
        rows.names = heading.names = names
        rows.places = heading.places = places(self._table.columns, width, names, self._choice.column)
        rows.label = scene.label
        heading.table, heading.current = self._table, self._current
        heading.refresh()
        with rows.prevent(RowList.Moved):
            if scene.view.current in {row.key for row in self._table.rows}:
                rows.cursor = scene.view.current
            rows.rows = self._table.rows


def _title(title: str, table: Table) -> Text:
    text = Text(title)
    by = next((column.heading for column in table.offered if column.key == table.sort), "name")
    return text.append(f"  {plural(len(table.rows), 'run')} by {by}", "not bold dim")


def _detail(scene: Scene) -> Text:
    """What the current run's manifest or the user says, where there is a line for it."""
    run = scene.run
    if run is None:
        return Text()
    manifest, label = scene.manifest(run.name), scene.labels.of(run)
    facts = [printable(scene.label(run.name))]
    if label.note:
        facts.append(printable(label.note))
    if manifest is not None and manifest.error:
        facts.append(printable(manifest.error))
    facts += [
        f"{name}={printable(str(manifest.facts[name]))}" for name in ("host",) if manifest and name in manifest.facts
    ]
    return Text(" · ".join(facts))
