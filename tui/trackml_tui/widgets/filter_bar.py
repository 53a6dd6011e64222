"""One line to type a filter: a query that picks runs, a pattern that picks tags."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label

from trackml_tui.widgets.saying import say


class FilterBar(Vertical):
    """An input that filters while one types; it stays in sight as long as it filters.

    Args:
        check: Gives the reason why a text is no filter; None if it is one.
        placeholder: What can be typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "Clear filter", id="filter.clear", tooltip="List everything again"),
    ]
    DEFAULT_CSS = """
    FilterBar {
        height: auto;
        display: none;
        &.-open { display: block; }
        Horizontal { height: 1; background: $panel; padding: 0 1; }
        Horizontal > Label { color: $accent; padding: 0 1 0 0; }
        Input, Input:focus { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
        .filter-error { width: 100%; color: $text-error; padding: 0 1; display: none; }
        &.-wrong .filter-error { display: block; }
    }
    """

    class Filtered(Message):
        """Another filter is to be used; it makes sense."""

        def __init__(self, bar: FilterBar, pattern: str) -> None:
            super().__init__()
            self.bar = bar
            self.pattern = pattern

        @property
        def control(self) -> FilterBar:
            """The bar."""
            return self.bar

    class Left(Message):
        """The user is done typing."""

        def __init__(self, bar: FilterBar) -> None:
            super().__init__()
            self.bar = bar

        @property
        def control(self) -> FilterBar:
            """The bar."""
            return self.bar

    def __init__(self, check: Callable[[str], str | None], placeholder: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._check = check
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Label("/")
            yield Input(placeholder=self._placeholder, compact=True)
        yield Label(classes="filter-error", markup=False)

    def open(self) -> None:
        """Shows the input and takes the keys."""
        self.add_class("-open")
        self.query_one(Input).focus()

    def show(self, pattern: str, doubt: str = "") -> None:
        """Shows a filter that was chosen elsewhere, unless the user is typing, and what is odd about it."""
        line = self.query_one(Input)
        if not line.has_focus and line.value != pattern and self._check(line.value) is None:
            with line.prevent(Input.Changed):
                line.value = pattern
            self.set_class(bool(pattern), "-open")
        if self._check(line.value) is None:
            self._say(doubt)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        reason = self._check(event.value)
        self._say(reason or "")
        if reason is None:
            self.post_message(self.Filtered(self, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._leave()

    def action_clear(self) -> None:
        """Drops the filter and closes."""
        self.query_one(Input).value = ""
        self._leave()

    def _leave(self) -> None:
        self.set_class(bool(self.query_one(Input).value), "-open")
        self.post_message(self.Left(self))

    def _say(self, reason: str) -> None:
        self.set_class(bool(reason), "-wrong")
        say(self.query_one(".filter-error", Label), reason)
