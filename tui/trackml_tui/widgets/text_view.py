"""A sheet of ready lines that scrolls, with places in it pointed out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

Place = tuple[int, int]
"""Line and character of it."""


class TextView(ScrollView, can_focus=True):
    """Lines of text."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"text-view--found", "text-view--here"}
    DEFAULT_CSS = """
    TextView {
        overflow-x: hidden;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        scrollbar-background: $background;
        scrollbar-color: $foreground 20%;
        & > .text-view--found { background: $warning 35%; }
        & > .text-view--here { background: $warning; color: $background; }
    }
    """

    lines: reactive[Sequence[Strip]] = reactive[Sequence[Strip]]((), always_update=True)
    """What is shown."""
    found: reactive[tuple[Place, ...]] = reactive[tuple[Place, ...]](())
    """Where the words stand that are looked for."""
    length: int = 0
    """How many characters these words have."""
    here: reactive[int] = reactive(0)
    """Which of the places is looked at."""

    class Resized(Message):
        """The lines have another width now."""

    def render_line(self, y: int) -> Strip:
        row = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if row >= len(self.lines):
            return Strip.blank(width, self.rich_style)
        line = self.lines[row]
        for number, (place, start) in enumerate(self.found):
            if place == row:
                name = "text-view--here" if number == self.here else "text-view--found"
                line = _painted(line, start, self.length, self.get_component_rich_style(name))
        return line.apply_style(self.rich_style).adjust_cell_length(width, self.rich_style)

    def watch_lines(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.lines))
        self.refresh()

    def watch_here(self) -> None:
        self._follow()

    def watch_found(self) -> None:
        self._follow()

    def on_resize(self) -> None:
        self.post_message(self.Resized())

    def _follow(self) -> None:
        if self.here < len(self.found):
            row = self.found[self.here][0]
            self.scroll_to(y=max(0, row - self.scrollable_content_region.height // 3), animate=False, immediate=True)
        self.refresh()


def _painted(line: Strip, start: int, length: int, style: Style) -> Strip:
    """A line with some of its characters in another style."""
    text = line.text
    left = cell_len(text[:start])
    right = left + cell_len(text[start : start + length])
    before, middle, after = line.divide([left, right, max(right, line.cell_length)])
    ink = Style(color=style.color, bgcolor=style.bgcolor)
    laid_over = Strip([segment._replace(style=(segment.style or Style()) + ink) for segment in middle])
    return Strip.join([before, laid_over, after])
