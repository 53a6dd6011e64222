"""The chart: what `plotting` draws, in the colours of the theme."""

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

from trackml_tui.plotting.grid import AXIS, CURSOR, GUIDE, LABEL, Span
from trackml_tui.plotting.plot import Plot, Stroke, draw
from trackml_tui.widgets.inks import ink_style

_COMPONENTS = {AXIS: "chart--axis", LABEL: "chart--label", GUIDE: "chart--guide", CURSOR: "chart--cursor"}


@dataclass(frozen=True, slots=True)
class Picture:
    """What a chart shows."""

    strokes: tuple[Stroke, ...] = ()
    x_axis: str = "step"
    log_y: bool = False


class Chart(Widget):
    """Lines over axes, with a vertical cursor."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = set(_COMPONENTS.values())
    DEFAULT_CSS = """
    Chart {
        & > .chart--axis { color: $foreground 30%; }
        & > .chart--label { color: $text-muted; }
        & > .chart--guide { color: $foreground 13%; }
        & > .chart--cursor { color: $text-accent; }
    }
    """

    picture: reactive[Picture] = reactive(Picture)
    """What is drawn."""
    cursor: reactive[float | None] = reactive[float | None](None)
    """x of the vertical cursor."""
    cursor_label: reactive[str] = reactive("")
    """What stands under the cursor, on the axis."""

    class Pointed(Message):
        """The pointer is over an x of the chart, or left it."""

        def __init__(self, x: float | None) -> None:
            super().__init__()
            self.x = x

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._plot: Plot | None = None
        self._lines: list[list[Span]] | None = None

    def render_line(self, y: int) -> Strip:
        lines = self._drawn_lines()
        if y >= len(lines):
            return Strip.blank(self.size.width, self.rich_style)
        styles = {ink: self.style_of(ink) for ink in {span.ink for span in lines[y]}}
        segments = [Segment(span.text, styles[span.ink]) for span in lines[y]]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)

    def style_of(self, ink: int) -> Style:
        """The style of an ink in the present theme."""
        if ink in _COMPONENTS:
            return self.get_component_rich_style(_COMPONENTS[ink])
        return ink_style(self, ink)

    def watch_picture(self) -> None:
        self._forget()

    def watch_cursor(self) -> None:
        self._lines = None
        self.refresh()

    def watch_cursor_label(self) -> None:
        self.watch_cursor()

    def on_resize(self) -> None:
        self._forget()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        plot = self._drawn()
        self.post_message(self.Pointed(plot.x(event.x) if event.x >= plot.left else None))

    def on_leave(self) -> None:
        self.post_message(self.Pointed(None))

    def neighbour(self, step: int) -> float:
        """The x that is `step` columns from the cursor; from the right edge if there is no cursor."""
        plot = self._drawn()
        column = self.size.width - 1 if self.cursor is None else plot.column(self.cursor) + step
        return plot.x(min(max(column, plot.left), self.size.width - 1))

    def _drawn(self) -> Plot:
        if self._plot is None:
            picture = self.picture
            self._plot = draw(picture.strokes, *self.size, x_axis=picture.x_axis, log_y=picture.log_y)
        return self._plot

    def _drawn_lines(self) -> list[list[Span]]:
        if self._lines is None:
            self._lines = self._drawn().lines(self.cursor, self.cursor_label)
        return self._lines

    def _forget(self) -> None:
        self._plot = self._lines = None
        self.refresh()
