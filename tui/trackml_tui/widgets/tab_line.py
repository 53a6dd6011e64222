"""One line with the panes; the one in sight stands out, those with nothing to show are dim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

_SPACE = 1


@dataclass(frozen=True, slots=True)
class Tab:
    """A pane's place on the line."""

    key: str
    title: str
    digit: str
    here: bool
    """Whether it is in sight."""
    empty: bool
    """Whether it has nothing to show."""

    @property
    def width(self) -> int:
        """In cells."""
        return cell_len(self.title) + (cell_len(self.digit) + 1 if self.digit else 0) + 2 * _SPACE


class TabLine(Widget):
    """The panes by name, with the digit that goes there."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"tab--here", "tab--other", "tab--empty", "tab--digit"}
    DEFAULT_CSS = """
    TabLine {
        height: 1;
        background: $surface;
        & > .tab--here { color: $foreground; background: $panel-lighten-1; text-style: bold; }
        & > .tab--other { color: $foreground 75%; }
        & > .tab--empty { color: $foreground 38%; }
        & > .tab--digit { color: $accent; }
    }
    """

    tabs: reactive[tuple[Tab, ...]] = reactive(())
    """All panes."""

    class Picked(Message):
        """A tab was clicked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def render_line(self, y: int) -> Strip:
        segments: list[Segment] = []
        digit = self.get_component_rich_style("tab--digit")
        for tab in visible_tabs(self.tabs, self.size.width):
            name = "tab--here" if tab.here else "tab--empty" if tab.empty else "tab--other"
            style = self.get_component_rich_style(name)
            space = Segment(" " * _SPACE, style)
            number = [Segment(f"{tab.digit} ", style if tab.empty else style + digit)] if tab.digit else []
            segments += [space, *number, Segment(tab.title, style), space]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)

    def places(self) -> list[tuple[str, Offset]]:
        """The keys of the tabs in sight, and where they stand on the screen."""
        found, x = [], self.region.x
        for tab in visible_tabs(self.tabs, self.size.width):
            found.append((tab.key, Offset(x, self.region.y)))
            x += tab.width
        return found

    def on_click(self, event: events.Click) -> None:
        right = 0
        for tab in visible_tabs(self.tabs, self.size.width):
            right += tab.width
            if event.x < right:
                self.post_message(self.Picked(tab.key))
                return


def visible_tabs(tabs: Sequence[Tab], width: int) -> list[Tab]:
    """The tabs that fit: where room is short, first those with nothing to show go, then the last ones."""
    shown = list(tabs)
    for disposable in ([tab for tab in tabs if tab.empty], list(tabs)):
        for tab in reversed(disposable):
            if sum(each.width for each in shown) <= width:
                return shown
            if tab in shown and not tab.here:
                shown.remove(tab)
    return shown
