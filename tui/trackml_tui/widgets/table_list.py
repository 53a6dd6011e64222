"""The leaderboard's table: a heading that sorts, and rows of which only those in sight are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from trackml_tui.formatting import ending, fit, printable, shorten
from trackml_tui.leaderboard.table import Place, Table, TableRow, rank_width
from trackml_tui.widgets.inks import palette
from trackml_tui.widgets.row_list import RowList

_ARROWS = {False: "▼", True: "▲"}


class TableList(RowList[TableRow]):
    """Runs with the columns that fit."""

    DEFAULT_CSS = """
    TableList {
        & > .row-list--good { text-style: bold; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.places: Sequence[Place] = ()
        """Which columns are where."""
        self.names = 0
        """Cells for the names of runs."""
        self.label: Callable[[str], str] = lambda name: name
        """Gives what a run is called."""

    def paint(self, row: TableRow, width: int) -> list[tuple[str, Style]]:
        dim, run = self.colour("dim"), row.entry.row
        rank = "" if row.rank is None else str(row.rank)
        mark = "●" if run.shown else "○"
        pieces = [
            (rank.rjust(rank_width() - 2) + " ", dim),
            (mark + " ", Style(color=palette(self)[run.slot])),
            (ending(printable(self.label(row.key)), self.names - 1), Style() if run.shown else dim),
            (" ", Style()),
        ]
        x = rank_width() + self.names + 1
        for place in self.places:
            pieces.append((" " * (place.x - x), Style()))
            pieces.append((_cell(place.column.text(row.entry), place), self._style(row, place)))
            x = place.x + place.column.width
        return pieces

    def mark_width(self, row: TableRow) -> int:
        return rank_width() + 1

    def _style(self, row: TableRow, place: Place) -> Style:
        if row.key in place.column.best:
            return self.colour("good") + Style(bold=True)
        status = row.entry.status
        if place.column.key == "status" and (status.is_live or status.is_bad):
            return self.colour("good" if status.is_live else "bad")
        if place.column.key == "damaged":
            return self.colour("bad")
        return Style() if place.column.tag or place.column.key.startswith("hparam:") else self.colour("dim")


class TableHeading(Widget):
    """The names of the columns; a click sorts by one."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"table-heading--sorted", "table-heading--cursor"}
    DEFAULT_CSS = """
    TableHeading {
        height: 1;
        color: $foreground 55%;
        & > .table-heading--sorted { color: $accent; }
        & > .table-heading--cursor { text-style: reverse; }
    }
    """

    table: reactive[Table] = reactive(Table)
    """What is shown."""
    current: reactive[str] = reactive("")
    """The key of the column under the cursor."""

    class Picked(Message):
        """A column's heading was clicked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.places: Sequence[Place] = ()
        """Which columns are where."""
        self.names = 0
        """Cells for the names of runs."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1

    def render_line(self, y: int) -> Strip:
        base = self.rich_style
        runs = f"{' ' * rank_width()}{self._title('run', 'run')}"
        segments = [Segment(fit(runs, rank_width() + self.names + 1), self._style("run", base))]
        x = rank_width() + self.names + 1
        for place in self.places:
            text = _cell(self._title(place.column.heading, place.column.key), place)
            segments += [Segment(" " * (place.x - x), base), Segment(text, self._style(place.column.key, base))]
            x = place.x + place.column.width
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def on_click(self, event: events.Click) -> None:
        key = next((place.column.key for place in reversed(self.places) if event.x >= place.x - 1), "run")
        self.post_message(self.Picked(key))

    def _title(self, heading: str, key: str) -> str:
        return heading + (_ARROWS[self.table.reverse] if key == self.table.sort else "")

    def _style(self, key: str, base: Style) -> Style:
        style = base
        if key == self.table.sort:
            style += Style(color=self.get_component_rich_style("table-heading--sorted").color)
        return style + Style(underline=True) if key == self.current else style


def _cell(text: str, place: Place) -> str:
    """A cell's text in exactly the column's width."""
    width = place.column.width
    if place.column.left:
        return fit(text, width)
    text = shorten(text, width)
    return " " * (width - cell_len(text)) + text
