"""Jump mode: a letter on everything that can have the focus; typing it goes there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

LETTERS = "asdfgqwertzxcvbyuiophjklnm"


@dataclass(frozen=True, slots=True)
class Target:
    """A place to go to."""

    letter: str
    place: Offset
    """Where its letter stands."""
    key: str
    """What the screen gives when it is chosen."""


class _Letter(Widget):
    DEFAULT_CSS = """
    _Letter { width: 3; height: 1; position: absolute; background: $accent; color: $background; text-style: bold; }
    """

    def __init__(self, target: Target) -> None:
        super().__init__()
        self._target = target
        self.absolute_offset = target.place

    def render_line(self, y: int) -> Strip:
        return Strip([Segment(f" {self._target.letter} ", self.rich_style)])


class JumpScreen(ModalScreen["str | None"]):
    """Shows the letters and gives the key of the place that was chosen; None for any other key."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Cancel", id="jump.cancel")]
    DEFAULT_CSS = """
    JumpScreen { background: $background 40%; }
    """

    def __init__(self, targets: Sequence[Target]) -> None:
        super().__init__()
        self._targets = targets

    def compose(self) -> ComposeResult:
        yield from (_Letter(target) for target in self._targets)

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss(next((target.key for target in self._targets if target.letter == event.character), None))

    def action_leave(self) -> None:
        """Goes nowhere."""
        self.dismiss(None)
