"""The list of runs: colour, name, value of the chosen tag, step, and how it is doing."""

from __future__ import annotations

import math
from collections.abc import Callable

from rich.style import Style
from textual.message import Message

from trackml_tui.board import ListRow
from trackml_tui.formatting import aligned, number
from trackml_tui.plotting.patterns import pattern
from trackml_tui.widgets import run_columns
from trackml_tui.widgets.inks import palette
from trackml_tui.widgets.row_list import RowList


class RunList(RowList[ListRow]):
    """Runs, each with the colour of its line, in directories or groups that fold."""

    class Folded(Message):
        """The line is to be folded, or unfolded if it was."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._show: Callable[[float], str] = number

    def paint(self, row: ListRow, width: int) -> list[tuple[str, Style]]:
        columns = run_columns.run_columns(width)
        colours, dim = palette(self), self.colour("dim")
        plain = dim if row.shown is False else Style()
        name = [
            (text, Style(color=colours[kind]) if isinstance(kind, int) else dim if kind == "dim" else plain)
            for text, kind in run_columns.name(row, columns.name)
        ]
        if row.row is None:
            return [(run_columns.mark(row), dim), *name]
        run = row.row
        diverged = run.shown and run.value is not None and not math.isfinite(run.value)
        life = self.colour("bad") if run.status.is_bad else self.colour("good") if run.status.is_live else dim
        style = colours.style(run.slot)
        mark = f"{pattern(style).sample} " if style and row.shown else run_columns.mark(row)
        return [
            (mark, Style(color=colours[run.slot])),
            *name,
            (run_columns.numbers(run, columns, self._show), self.colour("bad") if diverged else plain),
            (run_columns.status(run, columns), life),
        ]

    def mark_width(self, row: ListRow) -> int:
        columns = run_columns.run_columns(self.scrollable_content_region.width)
        return run_columns.MARK + run_columns.fold_width(row, columns.name)

    def watch_rows(self) -> None:
        rows = [line.row for line in self.rows if line.row is not None]
        self._show = aligned([value for row in rows for value in (row.value, row.smoothed) if value is not None])
        super().watch_rows()

    def on_row_list_marked(self, event: RowList.Marked) -> None:
        if event.x >= run_columns.MARK:
            event.stop()
            self.post_message(self.Folded(event.key))
