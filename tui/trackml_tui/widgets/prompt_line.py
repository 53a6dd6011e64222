"""One line to type an answer: a name, a note, a pattern."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label

Check = Callable[[str], "str | None"]


class PromptLine(Vertical):
    """A question and an input; enter answers, escape does not."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", id="prompt.leave", tooltip="Change nothing"),
    ]
    DEFAULT_CSS = """
    PromptLine {
        height: auto;
        display: none;
        &.-open { display: block; }
        Horizontal { height: 1; background: $panel; padding: 0 1; }
        Horizontal > Label { color: $accent; padding: 0 1 0 0; }
        Input, Input:focus { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
        .prompt-error { width: 100%; color: $text-error; padding: 0 1; display: none; }
        &.-wrong .prompt-error { display: block; }
    }
    """

    class Left(Message):
        """The question is closed, answered or not."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._answer: Callable[[str], None] = lambda text: None
        self._check: Check = lambda text: None

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Label(markup=False, classes="prompt-question")
            yield Input(compact=True)
        yield Label(classes="prompt-error", markup=False)

    def ask(
        self, question: str, value: str, answer: Callable[[str], None], check: Check = lambda text: None, hint: str = ""
    ) -> None:
        """Asks, and takes the keys.

        Args:
            question: A word or two.
            value: What stands there already.
            answer: Takes the text.
            check: Gives the reason why a text is no answer; None if it is one.
            hint: What stands there while nothing does.
        """
        self._answer, self._check = answer, check
        self.query_one(".prompt-question", Label).update(question)
        self.add_class("-open")
        line = self.query_one(Input)
        line.placeholder = hint
        line.value = value
        line.cursor_position = len(value)
        line.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._complain(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if not self._complain(event.value):
            self.action_leave()
            self._answer(event.value)

    def action_leave(self) -> None:
        """Closes the question."""
        self.remove_class("-open", "-wrong")
        self.post_message(self.Left())

    def _complain(self, text: str) -> bool:
        reason = self._check(text)
        self.set_class(reason is not None, "-wrong")
        if reason is not None:
            self.query_one(".prompt-error", Label).update(reason)
        return reason is not None
