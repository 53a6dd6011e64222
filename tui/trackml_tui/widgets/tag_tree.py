"""The tree of tags; the tag under the cursor is the one on the chart."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from trackml_tui.formatting import count, fit, printable
from trackml_tui.tags import TagRow
from trackml_tui.widgets.row_list import RowList

_OPEN, _FOLDED, _LEAF, _MARKED = "▾ ", "▸ ", "  ", "+ "


class TagTree(RowList[TagRow]):
    """Tags in groups that fold."""

    STAYS = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "fold", "Fold", id="tags.fold", tooltip="Fold or unfold this group"),
        Binding("space", "mark", "Mark", id="tags.mark", tooltip="Draw this tag too"),
        Binding("slash", "filter", "Filter", key_display="/", id="tags.filter", tooltip="Pick tags by pattern"),
    ]

    class Folded(Message):
        """The group is to be folded, or unfolded if it was."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Chosen(Message):
        """The tag is to be marked, or no more if it was."""

        def __init__(self, tag: str) -> None:
            super().__init__()
            self.tag = tag

    class FilterAsked(Message):
        """The user wants to type a filter."""

    marked: reactive[frozenset[str]] = reactive[frozenset[str]](frozenset())
    """The tags that are drawn together with the chosen one."""

    def paint(self, row: TagRow, width: int) -> list[tuple[str, Style]]:
        dim = self.colour("dim")
        leaf = _MARKED if row.tag in self.marked else _LEAF
        mark = leaf if row.tag is not None else _FOLDED if row.folded else _OPEN
        note = f" {count(row.tags)}" if row.folded else ""
        label = printable(row.label) + ("/" if row.tag is None else "")
        indent = " " + "  " * row.depth + mark
        room = max(1, width - len(indent) - len(note) - 1)
        return [(indent, dim), (fit(label, room), Style() if row.tag else dim), (note, dim)]

    def mark_width(self, row: TagRow) -> int:
        return 0 if row.tag is not None else 2 * row.depth + 3

    def on_row_list_marked(self, event: RowList.Marked) -> None:
        event.stop()
        self.post_message(self.Folded(event.key))

    def action_fold(self) -> None:
        """Folds or unfolds the group under the cursor."""
        if self.cursor is not None and self.cursor.startswith("group "):
            self.post_message(self.Folded(self.cursor))

    def action_mark(self) -> None:
        """Marks the tag under the cursor, or folds the group."""
        tag = next((row.tag for row in self.rows if row.key == self.cursor), None)
        if tag is not None:
            self.post_message(self.Chosen(tag))
        else:
            self.action_fold()

    def action_filter(self) -> None:
        """Asks for a filter."""
        self.post_message(self.FilterAsked())
