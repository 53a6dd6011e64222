"""A line to type into, which is there only while somebody types."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input


class Prompt(Input):
    """One row; Escape, or leaving it, closes it and gives the focus back to what had it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False, id="prompt.leave"),
        Binding("down", "go(1)", "Next", show=False, id="prompt.next"),
        Binding("up", "go(-1)", "Previous", show=False, id="prompt.previous"),
    ]
    DEFAULT_CSS = """
    Prompt { display: none; height: 1; border: none; padding: 0; background: $panel; }
    Prompt:focus { border: none; background: $panel; }
    Prompt.-open { display: block; }
    """

    class Left(Message):
        """It was closed."""

    class Went(Message):
        """The user wants the next (1) or the previous (-1) of what was typed."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(placeholder=placeholder, id=id)
        self._before: Widget | None = None

    def open(self, value: str = "") -> None:
        """Shows it and takes the focus."""
        if not self.has_class("-open"):
            self._before = self.screen.focused
        self.value = value
        self.add_class("-open")
        self.focus()

    def action_leave(self) -> None:
        """Closes it."""
        if not self.has_class("-open"):
            return
        self.remove_class("-open")
        if self._before is not None:
            self._before.focus()
        self.post_message(self.Left())

    def action_go(self, by: int) -> None:
        """Asks for the next or previous one."""
        self.post_message(self.Went(by))

    def on_blur(self, event: events.Blur) -> None:
        if self.has_class("-open"):
            self._before = None
            self.action_leave()
