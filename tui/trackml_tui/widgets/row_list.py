"""A scrolling list of rows with a cursor, that draws only the rows in sight.

The cursor belongs to a row's key, not to its place: it stays with its run when the list is sorted anew or
grows.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip


class Row(Protocol):
    """Anything with a key that no other row of the list has."""

    @property
    def key(self) -> str:
        """Tells the row from all others."""


RowT = TypeVar("RowT", bound=Row)


class RowList(ScrollView, Generic[RowT], can_focus=True):
    """A list of rows; a subclass says how one row is drawn."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, id="list.up"),
        Binding("down,j", "move(1)", "Down", show=False, id="list.down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="list.page-up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="list.page-down"),
        Binding("home", "first", "First", show=False, id="list.first"),
        Binding("end,G", "last", "Last", show=False, id="list.last"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-list--row",
        "row-list--cursor",
        "row-list--dim",
        "row-list--good",
        "row-list--bad",
        "row-list--accent",
    }
    DEFAULT_CSS = """
    RowList {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-background: $surface;
        scrollbar-background-hover: $surface;
        scrollbar-color: $foreground 20%;
        & > .row-list--row { color: $foreground; }
        & > .row-list--cursor { background: $surface-lighten-1; }
        & > .row-list--dim { color: $foreground 55%; }
        & > .row-list--good { color: $text-success; }
        & > .row-list--bad { color: $text-warning; }
        & > .row-list--accent { color: $accent; }
        &:focus > .row-list--cursor { background: $block-cursor-blurred-background; text-style: bold; }
    }
    """

    STAYS: ClassVar[bool] = False
    """Whether the cursor stays with its row's key while there is no such row, and waits for it."""

    rows: reactive[Sequence[RowT]] = reactive[Sequence[RowT]]((), always_update=True)
    """What is listed."""
    cursor: reactive[str | None] = reactive[str | None](None)
    """The key of the row under the cursor; None in an empty list."""

    class Moved(Message):
        """The cursor is on another row."""

        def __init__(self, row_list: RowList[Any], key: str) -> None:
            super().__init__()
            self.row_list = row_list
            self.key = key

        @property
        def control(self) -> RowList[Any]:
            """The list."""
            return self.row_list

    class Marked(Message):
        """The mark at the left edge of a row was clicked, `x` cells from the edge."""

        def __init__(self, row_list: RowList[Any], key: str, x: int) -> None:
            super().__init__()
            self.row_list = row_list
            self.key = key
            self.x = x

        @property
        def control(self) -> RowList[Any]:
            """The list."""
            return self.row_list

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._places: dict[str, int] = {}
        self._place = 0

    @abstractmethod
    def paint(self, row: RowT, width: int) -> list[tuple[str, Style]]:
        """The pieces of a row, `width` cells together; styles are laid over the row's own."""

    def colour(self, kind: str) -> Style:
        """The foreground of a component, `dim`, `good`, `bad` or `accent`, to lay over a row's style."""
        return Style(color=self.get_component_rich_style(f"row-list--{kind}").color)

    def render_line(self, y: int) -> Strip:
        place = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if not 0 <= place < len(self.rows):
            return Strip.blank(width, self.rich_style)
        row = self.rows[place]
        here = row.key == self.cursor
        base = self.get_component_rich_style("row-list--cursor" if here else "row-list--row")
        segments = [Segment(text, base + style) for text, style in self.paint(row, width)]
        return Strip(segments).adjust_cell_length(width, base)

    def watch_rows(self) -> None:
        self._places = {row.key: place for place, row in enumerate(self.rows)}
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.rows))
        if not self.rows:
            self.cursor = self.cursor if self.STAYS else None
        elif self.cursor not in self._places and not (self.STAYS and self.cursor is not None):
            self._go(min(self._place, len(self.rows) - 1))
        else:
            self._follow_cursor()
        self.refresh()

    def watch_cursor(self, key: str | None) -> None:
        if key is not None:
            self.post_message(self.Moved(self, key))
        self._follow_cursor()
        self.refresh()

    def on_resize(self) -> None:
        self._follow_cursor()

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        place = -1 if offset is None else offset.y + self.scroll_offset.y
        if offset is None or not 0 <= place < len(self.rows):
            return
        self._go(place)
        if offset.x < self.mark_width(self.rows[place]):
            self.post_message(self.Marked(self, self.rows[place].key, offset.x))

    def mark_width(self, row: RowT) -> int:
        """How many cells at the left edge are the mark."""
        return 3

    def action_move(self, step: int) -> None:
        """Moves the cursor by some rows, inside the list."""
        if self.rows:
            self._go(min(max(self._places.get(self.cursor or "", 0) + step, 0), len(self.rows) - 1))

    def action_first(self) -> None:
        """Moves the cursor to the first row."""
        self.action_move(-len(self.rows))

    def action_last(self) -> None:
        """Moves the cursor to the last row."""
        self.action_move(len(self.rows))

    def action_page(self, pages: int) -> None:
        """Moves the cursor by some screens of rows."""
        self.action_move(pages * max(1, self.scrollable_content_region.height - 1))

    def _go(self, place: int) -> None:
        self.cursor = self.rows[place].key

    def _follow_cursor(self) -> None:
        place = self._places.get(self.cursor or "")
        if place is None:
            return
        self._place = place
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if place < top:
            self.scroll_to(y=place, animate=False, immediate=True)
        elif height and place >= top + height:
            self.scroll_to(y=place - height + 1, animate=False, immediate=True)
