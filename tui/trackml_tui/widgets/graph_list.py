"""Scopes and operations of a graph as a tree that folds."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message

from trackml_tui.formatting import compact, fit, printable, shorten
from trackml_tui.graphs.tree import GraphRow
from trackml_tui.widgets.row_list import RowList

_DEEPEST = 12
_COUNT, _PARAMETERS, _KIND = 7, 8, 22
_WIDE = 70


class GraphList(RowList[GraphRow]):
    """The tree of a graph."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "fold", "Fold", id="graph.fold", tooltip="Open or close this scope"),
    ]

    class Folded(Message):
        """The scope is to be opened, or closed if it is open."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    @staticmethod
    def heading(width: int) -> str:
        """The names of the columns."""
        name = max(8, width - _COUNT - _PARAMETERS - (_KIND + 1 if width >= _WIDE else 0))
        kind = f" {'type or shape':<{_KIND}}" if width >= _WIDE else ""
        return f"{'   scope or operation':<{name}}{'ops':>{_COUNT}}{'params':>{_PARAMETERS}}{kind}"[:width]

    def paint(self, row: GraphRow, width: int) -> list[tuple[str, Style]]:
        dim = self.colour("dim")
        sign = "  " if row.folded is None else "▸ " if row.folded else "▾ "
        indent = " " + "  " * min(row.depth, _DEEPEST) + sign
        wide = width >= _WIDE
        room = max(4, width - len(indent) - _COUNT - _PARAMETERS - (_KIND + 1 if wide else 0))
        kind = shorten(" ".join(filter(None, (printable(row.op), printable(row.shape)))), _KIND) if wide else ""
        return [
            (indent, dim),
            (fit(printable(row.label) + ("/" if row.folded is not None else ""), room), Style()),
            (f"{compact(row.ops) if row.folded is not None else '':>{_COUNT}}", dim),
            (f"{compact(row.parameters) if row.parameters else '':>{_PARAMETERS}}", self.colour("good")),
            (f" {kind}", dim),
        ]

    def mark_width(self, row: GraphRow) -> int:
        return 0 if row.folded is None else 2 * min(row.depth, _DEEPEST) + 3

    def on_row_list_marked(self, event: RowList.Marked) -> None:
        event.stop()
        self.post_message(self.Folded(event.key))

    def action_fold(self) -> None:
        """Opens or closes the scope under the cursor."""
        if self.cursor is not None:
            self.post_message(self.Folded(self.cursor))
