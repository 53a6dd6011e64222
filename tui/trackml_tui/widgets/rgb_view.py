"""Drawings in full colour: what `plotting` draws on an `RgbGrid`, in the colours of the theme."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache

from rich.color import Color as RichColor
from rich.color import ColorType
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.color import Color
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from trackml_tui.palette import DARK, LIGHT
from trackml_tui.plotting.paint import Paint
from trackml_tui.plotting.rgb import Colour, RgbGrid


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn: drawings with equal keys look alike."""

    key: Hashable = None
    draw: Callable[[int, int, Paint], RgbGrid] = field(
        default=lambda columns, rows, paint: paint.grid(columns, rows), compare=False
    )
    """Draws it at a size in cells."""


class RgbView(Widget):
    """A drawing that fills the widget."""

    ALLOW_SELECT = False

    drawing: reactive[Drawing] = reactive(Drawing)
    """What is shown."""

    class Resized(Message):
        """The widget has another size, at which other things may be worth drawing."""

    class Pointed(Message):
        """The pointer is over a cell, or left the widget."""

        def __init__(self, cell: tuple[int, int] | None) -> None:
            super().__init__()
            self.cell = cell
            """Column and row."""

    class Clicked(Message):
        """A cell was clicked."""

        def __init__(self, cell: tuple[int, int]) -> None:
            super().__init__()
            self.cell = cell
            """Column and row."""

    class Dragged(Message):
        """The pointer moved with its button held."""

        def __init__(self, columns: int, rows: int, cell: tuple[int, int]) -> None:
            super().__init__()
            self.columns = columns
            self.rows = rows
            self.cell = cell
            """Where the pointer is."""

    class Scrolled(Message):
        """The wheel was turned: up is 1."""

        def __init__(self, by: int, cell: tuple[int, int]) -> None:
            super().__init__()
            self.by = by
            self.cell = cell

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawn: tuple[Hashable, RgbGrid] | None = None
        self._strips: dict[int, Strip] = {}

    @property
    def grid(self) -> RgbGrid:
        """What is on the screen."""
        paint = paint_of(self)
        key = (self.drawing.key, self.size, paint)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = key, self.drawing.draw(*self.size, paint)
            self._strips.clear()
        return self._drawn[1]

    def render_line(self, y: int) -> Strip:
        grid = self.grid
        if y >= grid.rows:
            return Strip.blank(self.size.width, self.rich_style)
        if y not in self._strips:
            segments = [Segment(run.text, style_of(run.fore, run.back)) for run in grid.runs(y)]
            self._strips[y] = Strip(segments, grid.columns).adjust_cell_length(self.size.width, self.rich_style)
        return self._strips[y]

    def on_resize(self) -> None:
        self.post_message(self.Resized())

    def on_mouse_move(self, event: events.MouseMove) -> None:
        cell = (event.x, event.y)
        if event.button:
            self.post_message(self.Dragged(event.delta_x, event.delta_y, cell))
        else:
            self.post_message(self.Pointed(cell))

    def on_click(self, event: events.Click) -> None:
        self.post_message(self.Clicked((event.x, event.y)))

    def on_leave(self) -> None:
        self.post_message(self.Pointed(None))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.post_message(self.Scrolled(1, (event.x, event.y)))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.post_message(self.Scrolled(-1, (event.x, event.y)))


def paint_of(widget: Widget) -> Paint:
    """The colours of a widget's place in the present theme."""
    theme = widget.app.current_theme
    background = widget.background_colors[1]
    variables = widget.app.theme_variables
    return Paint(
        background=background.rgb,
        text=_variable(variables, "foreground", background),
        accent=_variable(variables, "accent", background),
        warning=_variable(variables, "warning", background),
        dark=theme.dark,
        colour=has_colours(widget),
        series=_series_colours(theme.dark),
    )


def has_colours(widget: Widget) -> bool:
    """Whether the user wants to see colours, and the terminal is not known to have sixteen of them only."""
    return not widget.app.no_color and widget.app.console.color_system not in ("standard", "windows")


@lru_cache(maxsize=2**15)
def style_of(fore: Colour, back: Colour) -> Style:
    """The style of a pair of colours."""
    return Style(color=_colour(fore), bgcolor=_colour(back))


@lru_cache(maxsize=2**15)
def _colour(colour: Colour) -> RichColor:
    return RichColor("", ColorType.TRUECOLOR, triplet=ColorTriplet(*colour))


@lru_cache(maxsize=2)
def _series_colours(dark: bool) -> tuple[Colour, ...]:
    return tuple(Color.parse(colour).rgb for colour in (DARK if dark else LIGHT))


def _variable(variables: dict[str, str], name: str, background: Color) -> Colour:
    try:
        return Color.parse(variables[name]).rgb
    except (KeyError, ValueError):
        return background.inverse.rgb
