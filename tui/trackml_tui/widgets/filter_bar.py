"""One line to type a regular expression that picks runs."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label

from trackml_tui.view import pattern_error


class FilterBar(Vertical):
    """An input that filters while one types; it stays in sight as long as it filters."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "Clear filter", id="filter.clear", tooltip="List all runs again"),
    ]
    DEFAULT_CSS = """
    FilterBar {
        height: auto;
        display: none;
        &.-open { display: block; }
        Horizontal { height: 1; background: $panel; padding: 0 1; }
        Horizontal > Label { color: $accent; padding: 0 1 0 0; }
        Input, Input:focus { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
        #filter-error { color: $text-error; padding: 0 1; display: none; }
        &.-wrong #filter-error { display: block; }
    }
    """

    class Filtered(Message):
        """Another pattern is to be used; it compiles."""

        def __init__(self, pattern: str) -> None:
            super().__init__()
            self.pattern = pattern

    class Left(Message):
        """The user is done typing."""

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Label("/")
            yield Input(placeholder="regular expression", compact=True)
        yield Label(id="filter-error", markup=False)

    def open(self) -> None:
        """Shows the input and takes the keys."""
        self.add_class("-open")
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        reason = pattern_error(event.value)
        self.set_class(reason is not None, "-wrong")
        if reason is None:
            self.post_message(self.Filtered(event.value))
        else:
            self.query_one("#filter-error", Label).update(reason)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._leave()

    def action_clear(self) -> None:
        """Drops the pattern and closes."""
        self.query_one(Input).value = ""
        self._leave()

    def _leave(self) -> None:
        self.set_class(bool(self.query_one(Input).value), "-open")
        self.post_message(self.Left())
