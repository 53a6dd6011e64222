"""A widget that shows what `plotting` draws for its size, in the colours of the theme."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeAlias

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from trackml_tui.plotting.grid import AXIS, CURSOR, GUIDE, LABEL, Grid, Span
from trackml_tui.widgets.inks import ink_style

Painter: TypeAlias = "Callable[[int, int], Grid]"
"""Draws for so many columns and rows."""

_COMPONENTS = {AXIS: "grid--axis", LABEL: "grid--label", GUIDE: "grid--guide", CURSOR: "grid--cursor"}


class GridView(Widget):
    """Cells with inks; drawn anew only when there is something else to draw, or another size."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = set(_COMPONENTS.values())
    DEFAULT_CSS = """
    GridView {
        & > .grid--axis { color: $foreground 30%; }
        & > .grid--label { color: $text-muted; }
        & > .grid--guide { color: $foreground 13%; }
        & > .grid--cursor { color: $text-accent; }
    }
    """

    class Clicked(Message):
        """A cell was clicked."""

        def __init__(self, view: GridView, column: int, row: int) -> None:
            super().__init__()
            self.view = view
            self.column = column
            self.row = row

        @property
        def control(self) -> GridView:
            """The widget."""
            return self.view

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._painter: Painter | None = None
        self._lines: list[list[Span]] | None = None

    def paint(self, painter: Painter) -> None:
        """Shows what `painter` draws from now on."""
        self._painter, self._lines = painter, None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        lines = self._drawn()
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

    def on_resize(self) -> None:
        self._lines = None
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        self.post_message(self.Clicked(self, event.x, event.y))

    def _drawn(self) -> list[list[Span]]:
        if self._lines is None:
            width, height = self.size
            self._lines = self._painter(width, height).lines() if self._painter and width and height else []
        return self._lines
