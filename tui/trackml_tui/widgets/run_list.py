"""The list of runs: colour, name, value of the chosen tag, step, and whether it is alive."""

from __future__ import annotations

import math
from collections.abc import Callable

from rich.style import Style

from trackml_tui.board import RunRow, Status
from trackml_tui.formatting import aligned, number
from trackml_tui.widgets import run_columns
from trackml_tui.widgets.inks import palette
from trackml_tui.widgets.row_list import RowList


class RunList(RowList[RunRow]):
    """Runs, each with the colour of its line."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._show: Callable[[float], str] = number

    def paint(self, row: RunRow, width: int) -> list[tuple[str, Style]]:
        columns = run_columns.run_columns(width)
        colour = Style(color=palette(self)[row.slot])
        dim = self.colour("dim")
        good = self.colour("good")
        plain = Style() if row.shown else dim
        live = row.status is Status.LIVE
        diverged = row.shown and row.value is not None and not math.isfinite(row.value)
        return [
            (run_columns.mark(row), colour),
            (run_columns.name(row, columns), plain),
            (run_columns.numbers(row, columns, self._show), self.colour("bad") if diverged else plain),
            (run_columns.status(row, columns), good if live else dim),
        ]

    def watch_rows(self) -> None:
        values = [value for row in self.rows for value in (row.value, row.smoothed) if value is not None]
        self._show = aligned(values)
        super().watch_rows()
