"""The names of the lines on the chart, for when the run list is out of sight."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from trackml_tui.plotting.legend import Entry, legend
from trackml_tui.widgets.inks import ink_style


class LegendLine(Widget):
    """At most as many rows of names as the widget is high."""

    ALLOW_SELECT = False

    entries: reactive[Sequence[Entry]] = reactive[Sequence[Entry]](())
    """The lines, the most important first."""

    def render_line(self, y: int) -> Strip:
        lines = legend(self.entries, self.size.width, self.size.height)
        spans = lines[y] if y < len(lines) else []
        segments = [Segment(span.text, ink_style(self, span.ink)) for span in spans]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)
