"""A sheet of text over the dashboard, closed by any of the usual keys."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Label


class Sheet(ModalScreen[None]):
    """A titled text that scrolls; a subclass writes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,question_mark,f1,h", "dismiss", "Close", id="sheet.close"),
        Binding("j", "scroll(1)", "Down", show=False, id="sheet.down"),
        Binding("k", "scroll(-1)", "Up", show=False, id="sheet.up"),
    ]
    DEFAULT_CSS = """
    Sheet {
        align: center middle;
        background: $background 60%;
        & > VerticalScroll {
            width: 100%; max-width: 84;
            height: auto; max-height: 100%;
            background: $surface; padding: 1 2;
            scrollbar-size-vertical: 1;
            scrollbar-background: $surface;
            scrollbar-color: $foreground 20%;
        }
        #sheet-text { width: 100%; }
        #sheet-title { text-style: bold; margin: 0 0 1 0; }
    }
    """
    HEADING = ""

    @abstractmethod
    def write(self) -> Text:
        """The text of the sheet."""

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Label(self.HEADING, id="sheet-title", markup=False)
            yield Label(self.write(), id="sheet-text", markup=False)

    def action_scroll(self, lines: int) -> None:
        """Scrolls the text."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)
