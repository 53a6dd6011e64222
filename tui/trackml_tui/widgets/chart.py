"""The chart: what `plotting` draws, in the colours of the theme, under a title."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from trackml_tui.charts.content import Picture
from trackml_tui.charts.tables import table_lines
from trackml_tui.charts.title import title_spans
from trackml_tui.plotting.dots import DOTS
from trackml_tui.plotting.grid import AXIS, BOX, CURSOR, GUIDE, LABEL, TEXT, TITLE, Span
from trackml_tui.plotting.plot import Plot, draw
from trackml_tui.plotting.scale import Range, panned, stretch, zoomed
from trackml_tui.widgets.inks import ink_style, palette

_COMPONENTS = {
    AXIS: "chart--axis",
    LABEL: "chart--label",
    GUIDE: "chart--guide",
    CURSOR: "chart--cursor",
    TITLE: "chart--title",
    BOX: "chart--box",
}
_WHEEL = 0.8
_TITLE_ROWS = 1
_RIGHT = 3
_NOTHING = "no shown run has it"


class _Drag(NamedTuple):
    """The pointer is down, since here."""

    column: int
    row: int
    plot: Plot
    is_box: bool


class Chart(Widget, can_focus=True):
    """Lines over axes, with a vertical cursor."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {*_COMPONENTS.values(), "chart--chosen"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "One chart", id="chart.open", tooltip="This chart alone; again: all of them"),
    ]
    DEFAULT_CSS = """
    Chart {
        & > .chart--axis { color: $foreground 30%; }
        & > .chart--label { color: $text-muted; }
        & > .chart--guide { color: $foreground 13%; }
        & > .chart--cursor { color: $text-accent; }
        & > .chart--title { text-style: bold; }
        & > .chart--chosen { color: $text-accent; text-style: bold; }
        & > .chart--box { color: $text-accent; }
        &:focus > .chart--axis { color: $foreground 60%; }
    }
    """

    picture: reactive[Picture] = reactive(Picture)
    """What is drawn."""
    cursor: reactive[float | None] = reactive[float | None](None)
    """x of the vertical cursor."""
    cursor_label: reactive[str] = reactive("")
    """What stands under the cursor, on the axis."""
    is_chosen: reactive[bool] = reactive(False)
    """Whether it is the chart of the chosen tag, where there are others beside it."""

    class Pointed(Message):
        """The pointer is over an x of the chart, or left it."""

        def __init__(self, x: float | None) -> None:
            super().__init__()
            self.x = x

    class Picked(Message):
        """The chart was clicked, or opened."""

        def __init__(self, tag: str, *, x: float | None = None, is_open: bool = False) -> None:
            super().__init__()
            self.tag = tag
            self.x = x
            self.is_open = is_open

    class Moved(Message):
        """The axes are to have other ends; None for those that stay as they are."""

        def __init__(self, tag: str, x: Range | None, y: Range | None) -> None:
            super().__init__()
            self.tag = tag
            self.x = x
            self.y = y

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._plot: Plot | None = None
        self._lines: list[list[Span]] | None = None
        self._styles: dict[int, Style] = {}
        self._look: tuple[object, ...] = ()
        self._drag: _Drag | None = None
        self._was_dragged = False
        self._box: tuple[int, int, int, int] | None = None

    def render_line(self, y: int) -> Strip:
        lines = self._drawn_lines()
        if y >= len(lines):
            return Strip.blank(self.size.width, self.rich_style)
        styles = self._styles_now()
        for ink in {span.ink for span in lines[y]}.difference(styles):
            styles[ink] = self.style_of(ink)
        segments = [Segment(span.text, styles[span.ink]) for span in lines[y]]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)

    def style_of(self, ink: int) -> Style:
        """The style of an ink in the present theme."""
        if ink == TITLE and self.is_chosen:
            return self.get_component_rich_style("chart--chosen")
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
        if self._drag is not None:
            self._drag_to(event)
            return
        plot = self._drawn()
        inside = event.x >= plot.left and event.y >= _TITLE_ROWS
        self.post_message(self.Pointed(plot.x(event.x) if inside else None))

    def on_leave(self) -> None:
        if self._drag is None:
            self.post_message(self.Pointed(None))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self._drag = _Drag(event.x, event.y, self._drawn(), event.shift or event.button == _RIGHT)
        self._box, self._was_dragged = None, False
        self.capture_mouse()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        drag, box, self._drag, self._box = self._drag, self._box, None, None
        self.release_mouse()
        if drag is not None and box is not None:
            self._zoom_to_box(box, drag.plot)
        self._lines = None
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        if self._was_dragged:
            return
        plot = self._drawn()
        is_open = event.chain == 2 or event.y < _TITLE_ROWS
        x = plot.x(event.x) if event.x >= plot.left and not is_open else None
        self.post_message(self.Picked(self.picture.tag, x=x, is_open=is_open))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, _WHEEL)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 1.0 / _WHEEL)

    def action_open(self) -> None:
        """Shows this chart alone, or all again."""
        self.post_message(self.Picked(self.picture.tag, is_open=True))

    def neighbour(self, step: int) -> float:
        """The x that is `step` columns from the cursor; from the right edge if there is no cursor."""
        plot = self._drawn()
        column = self.size.width - 1 if self.cursor is None else plot.column(self.cursor) + step
        return plot.x(min(max(column, plot.left), self.size.width - 1))

    def zoom(self, across: float = 1.0, up: float = 1.0) -> None:
        """Shows a part of each axis, or more of it: about the cursor on x, about the middle on y."""
        plot = self._drawn()
        about = plot.x_unit(plot.column(self.cursor)) if self.cursor is not None and plot.shows(self.cursor) else 0.5
        self._move(
            zoomed(plot.x_scale, about, across) if across != 1.0 else None,
            zoomed(plot.y_scale, 0.5, up) if up != 1.0 else None,
        )

    def pan(self, across: float = 0.0, up: float = 0.0) -> None:
        """Moves the axes by a part of their length."""
        plot = self._drawn()
        self._move(
            panned(plot.x_scale, across) if across else None,
            panned(plot.y_scale, up) if up else None,
        )

    def _wheel(self, event: events.MouseEvent, factor: float) -> None:
        event.stop()
        plot = self._drawn()
        if event.ctrl:
            about = plot.y_unit(event.y - _TITLE_ROWS)
            self._move(None, zoomed(plot.y_scale, about, factor))
        elif event.shift:
            self._move(panned(plot.x_scale, 0.1 if factor < 1.0 else -0.1), None)
        else:
            self._move(zoomed(plot.x_scale, plot.x_unit(event.x), factor), None)

    def _drag_to(self, event: events.MouseMove) -> None:
        if self._drag is None:
            return
        column, row, plot, is_box = self._drag
        self._was_dragged |= (event.x, event.y) != (column, row)
        if is_box:
            self._box = column, row - _TITLE_ROWS, event.x, event.y - _TITLE_ROWS
            self._lines = None
            self.refresh()
            return
        across = -(event.x - column) / max(1, self.size.width - plot.left - 1)
        up = (event.y - row) / max(1, plot.rows - 1)
        self._move(panned(plot.x_scale, across) if across else None, panned(plot.y_scale, up) if up else None)

    def _zoom_to_box(self, box: tuple[int, int, int, int], plot: Plot) -> None:
        left, top, right, bottom = box
        x = stretch(plot.x_scale, plot.x_unit(left), plot.x_unit(right)) if left != right else None
        is_flat = abs(bottom - top) < 2
        self._move(x, None if is_flat else stretch(plot.y_scale, plot.y_unit(top), plot.y_unit(bottom)))

    def _move(self, x: Range | None, y: Range | None) -> None:
        if x is not None or y is not None:
            self.post_message(self.Moved(self.picture.tag, x, y))

    def _styles_now(self) -> dict[int, Style]:
        """The styles of inks that were asked for since the widget has its present look."""
        look = self.app.theme, palette(self), self.background_colors, self.has_focus, self.is_chosen
        if look != self._look:
            self._look, self._styles = look, {}
        return self._styles

    def _drawn(self) -> Plot:
        if self._plot is None:
            picture = self.picture
            room = Size(self.size.width, max(0, self.size.height - _TITLE_ROWS))
            self._plot = draw(picture.strokes, *room, axes=picture.axes, dots=DOTS[picture.canvas])
        return self._plot

    def _drawn_lines(self) -> list[list[Span]]:
        if self._lines is None:
            plot, picture = self._drawn(), self.picture
            title = title_spans(picture, plot.densest, self.size.width)
            room = self.size.height - _TITLE_ROWS
            if not picture.strokes:
                body = [*[[Span("", TEXT)]] * (room // 2), [Span(_NOTHING.center(self.size.width), LABEL)]]
            elif picture.table:
                body = table_lines(picture, plot.x_scale, self.size.width, room)
            else:
                body = plot.lines(self.cursor, self.cursor_label, self._box)
            self._lines = [title, *body]
        return self._lines

    def _forget(self) -> None:
        self._plot = self._lines = None
        self.refresh()
