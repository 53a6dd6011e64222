"""A list of things to choose from, over the dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from trackml_tui.formatting import printable, shorten

_WIDEST = 56


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a menu."""

    key: str
    """What the menu gives when it is chosen."""
    text: str
    hint: str = ""
    """The key that does the same, or what stands behind the text."""


class Menu(ModalScreen["str | None"]):
    """Gives the key of what was chosen; None if nothing was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Close", id="menu.close"),
        Binding("j", "move('down')", "Down", show=False, id="menu.down"),
        Binding("k", "move('up')", "Up", show=False, id="menu.up"),
    ]
    DEFAULT_CSS = """
    Menu {
        align: center middle;
        background: $background 60%;
        & > Vertical { width: 64; max-width: 100%; height: auto; max-height: 100%; background: $surface; padding: 1 2; }
        Label { text-style: bold; margin: 0 0 1 0; }
        OptionList, OptionList:focus {
            height: auto; max-height: 16; border: none; padding: 0; background: $surface;
            text-wrap: nowrap; text-overflow: ellipsis; scrollbar-size-vertical: 1;
        }
    }
    """

    def __init__(self, heading: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._heading = heading
        self._choices = choices

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label(shorten(printable(self._heading), _WIDEST), markup=False)
            yield OptionList(*(Option(_line(choice)) for choice in self._choices), markup=False)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index].key)

    def action_leave(self) -> None:
        """Closes the menu."""
        self.dismiss(None)

    def action_move(self, direction: str) -> None:
        """Moves the cursor."""
        options = self.query_one(OptionList)
        if direction == "down":
            options.action_cursor_down()
        else:
            options.action_cursor_up()


def _line(choice: Choice) -> Text:
    hint = printable(choice.hint)
    room = max(8, _WIDEST - len(hint) - 2)
    text = Text(shorten(printable(choice.text), room).ljust(room), no_wrap=True)
    return text.append(f"  {hint}", "dim") if hint else text
