"""Charts in rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.containers import Grid
from textual.message import Message

from trackml_tui.charts.content import Picture
from trackml_tui.widgets.chart import Chart


class Cursor(NamedTuple):
    """The vertical line over all charts."""

    x: float | None
    label: str


class ChartGrid(Grid):
    """As many charts as there are pictures; on a page that is not full they are larger."""

    DEFAULT_CSS = """
    ChartGrid {
        height: 1fr;
        grid-gutter: 0 2;
        Chart { height: 1fr; }
    }
    """

    class Resized(Message):
        """There is more or less room for charts."""

    @property
    def charts(self) -> list[Chart]:
        """Those in sight, row by row."""
        return [chart for chart in self.query(Chart) if chart.display]

    def chart(self, tag: str | None) -> Chart | None:
        """The chart of a tag, or else the first."""
        charts = self.charts
        return next((chart for chart in charts if chart.picture.tag == tag), charts[0] if charts else None)

    def show(self, pictures: Sequence[Picture], shape: tuple[int, int], chosen: str | None, cursor: Cursor) -> None:
        """Brings the charts up to date.

        Args:
            pictures: What they show, row by row.
            shape: Rows and columns of a full page.
            chosen: The chosen tag.
            cursor: The vertical line.
        """
        columns = max(1, min(shape[1], len(pictures)))
        self.styles.grid_size_columns = columns
        self.styles.grid_size_rows = max(1, -(-len(pictures) // columns))
        is_alone = shape == (1, 1)
        charts = [*self.query(Chart)]
        missing = [Chart() for _ in range(len(pictures) - len(charts))]
        if missing:
            self.mount_all(missing)
        for place, chart in enumerate([*charts, *missing]):
            chart.display = place < len(pictures)
            if chart.display:
                self._fill(chart, pictures[place], not is_alone and pictures[place].tag == chosen, cursor)

    def on_resize(self) -> None:
        self.post_message(self.Resized())

    @staticmethod
    def _fill(chart: Chart, picture: Picture, is_chosen: bool, cursor: Cursor) -> None:
        chart.picture = picture
        chart.is_chosen = is_chosen
        chart.cursor = cursor.x
        chart.cursor_label = cursor.label
