"""One line to type what keys cannot say: `x 100..500`, `y 0..1`, `grid 2x3`."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label

from trackml_tui.charts.commands import HINT


class ChartPrompt(Vertical):
    """An input that is there while one types."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="prompt.leave", tooltip="Changes nothing"),
    ]
    DEFAULT_CSS = """
    ChartPrompt {
        height: auto;
        display: none;
        &.-open { display: block; }
        Horizontal { height: 1; background: $panel; padding: 0 1; }
        Horizontal > Label { color: $accent; padding: 0 1 0 0; }
        Input, Input:focus { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
        #prompt-error { color: $text-error; padding: 0 1; display: none; }
        &.-wrong #prompt-error { display: block; }
    }
    """

    class Typed(Message):
        """A line was typed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The user is done typing."""

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Label(":")
            yield Input(placeholder=HINT, compact=True)
        yield Label(id="prompt-error", markup=False)

    def open(self, text: str = "") -> None:
        """Shows the input and takes the keys."""
        self.remove_class("-wrong")
        self.add_class("-open")
        self.query_one(Input).value = text
        self.query_one(Input).focus()

    def refuse(self, reason: str) -> None:
        """Says why what was typed cannot be done."""
        self.query_one("#prompt-error", Label).update(reason)
        self.add_class("-wrong")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.remove_class("-wrong")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.post_message(self.Typed(event.value))
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Closes the input."""
        self.remove_class("-open", "-wrong")
        self.post_message(self.Left())
