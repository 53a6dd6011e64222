"""A slider over the steps at which there are values; it moves with the pointer and with the wheel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from trackml_tui.formatting import count

_LEAST_TRACK = 6
_FOLLOWING = "latest"


@dataclass(frozen=True, slots=True)
class Stops:
    """Where the slider stands."""

    count: int = 0
    """How many stops there are."""
    position: int = 0
    """Which one it is at, from 0."""
    step: int | None = None
    """The step of that stop; None if there is no stop."""
    following: bool = True
    """Whether it stays at the last stop, whatever comes."""


class StepSlider(Widget, can_focus=True):
    """One row: the track with its knob, then the step, and which of how many it is.

    Its keys are those of the pane around it; with the focus here no list takes Home and End away.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"slider--track", "slider--done", "slider--knob", "slider--label"}
    DEFAULT_CSS = """
    StepSlider {
        height: 1;
        & > .slider--track { color: $foreground 20%; }
        & > .slider--done { color: $accent 70%; }
        & > .slider--knob { color: $accent; }
        &:focus > .slider--knob { color: $background; background: $accent; }
        &:focus > .slider--label { color: $foreground; text-style: bold; }
        & > .slider--label { color: $foreground 75%; }
    }
    """

    stops: reactive[Stops] = reactive(Stops)
    """What is shown."""

    class Moved(Message):
        """The user moved the slider to a stop."""

        def __init__(self, position: int) -> None:
            super().__init__()
            self.position = position
            """Which stop, from 0; beyond the last one, to follow what comes."""

    def render_line(self, y: int) -> Strip:
        stops, width = self.stops, self.size.width
        label = label_of(stops)
        track = max(0, width - len(label) - 2)
        if y or not stops.count or track < _LEAST_TRACK:
            return Strip([Segment(label[:width], self._style("label"))]).adjust_cell_length(width, self.rich_style)
        knob = knob_at(stops, track)
        segments = [
            Segment("━" * knob, self._style("done")),
            Segment("●", self._style("knob")),
            Segment("─" * (track - knob - 1), self._style("track")),
            Segment(f"  {label}", self._style("label")),
        ]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self.capture_mouse()
        self._go(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if event.button and self.app.mouse_captured is self:
            self._go(event.x)

    def on_mouse_up(self) -> None:
        self.release_mouse()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.post_message(self.Moved(self.stops.position - 1))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.post_message(self.Moved(self.stops.position + 1))

    def _go(self, x: int) -> None:
        track = max(1, self.size.width - len(label_of(self.stops)) - 2)
        self.post_message(self.Moved(stop_at(x, self.stops.count, track)))

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"slider--{part}")


def label_of(stops: Stops) -> str:
    """Which stop it is, in words."""
    if stops.step is None:
        return "no steps"
    latest = f" · {_FOLLOWING}" if stops.following else ""
    return f"step {count(stops.step)} · {count(stops.position + 1)} of {count(stops.count)}{latest}"


def knob_at(stops: Stops, track: int) -> int:
    """The column of the knob on a track of so many columns."""
    return 0 if stops.count < 2 else round(stops.position * (track - 1) / (stops.count - 1))


def stop_at(column: int, count: int, track: int) -> int:
    """The stop at a column of the track; the last column goes beyond the last stop, to follow what comes."""
    if column >= track - 1:
        return count
    return round(max(0, column) * (count - 1) / max(1, track - 1))
