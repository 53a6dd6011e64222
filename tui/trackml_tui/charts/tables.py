"""A chart as a table of text, for screen readers and for eyes that want numbers."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from trackml_tui.charts.content import Picture
from trackml_tui.formatting import NOTHING, compact, fit, number, shorten
from trackml_tui.plotting.calendar_ticks import clock_label
from trackml_tui.plotting.grid import LABEL, TEXT, Span
from trackml_tui.plotting.scale import Scale
from trackml_tui.plotting.table import Table, tabulate
from trackml_tui.plotting.ticks import duration_label

_POSITION = 9
_NARROWEST = 8
_WIDEST = 18
_SUMMARY_ROWS = 4
_HEADINGS = {"step": "step", "relative": "time", "wall": "clock", "value": "x"}


def table_lines(picture: Picture, scale: Scale, width: int, height: int) -> list[list[Span]]:
    """The rows of the table: a heading, positions, and below them min, max, last and points of each line.

    Args:
        picture: The chart.
        scale: Its x axis.
        width: Cells.
        height: Rows.
    """
    main = [stroke for stroke in picture.strokes if not stroke.aux]
    column = min(_WIDEST, max(_NARROWEST, (width - _POSITION) // max(1, len(main)) - 1))
    shown = max(0, (width - _POSITION) // (column + 1))
    table = tabulate([stroke.curve for stroke in main[:shown]], scale, max(1, height - 1 - _SUMMARY_ROWS))
    inks = [stroke.ink for stroke in main[:shown]]
    left = len(main) - shown
    heading = [Span(fit(_HEADINGS[picture.axes.x_axis], _POSITION), LABEL)]
    names = [shorten(name, column) for name in picture.columns]
    heading += [Span(" " * (1 + column - cell_len(name)) + name, ink) for name, ink in zip(names, inks, strict=False)]
    if left > 0:
        heading[0] = Span(fit(f"+{left} more", _POSITION), LABEL)
    rows = [heading]
    for place, values in zip(table.x, table.rows, strict=True):
        rows.append([Span(fit(_position(place, picture.axes.x_axis), _POSITION), LABEL), *_cells(values, column)])
    return rows + _summary(table, column)


def _summary(table: Table, column: int) -> list[list[Span]]:
    parts: list[tuple[str, Sequence[float | None]]] = [
        ("min", [each.lowest for each in table.summaries]),
        ("max", [each.highest for each in table.summaries]),
        ("last", [each.last for each in table.summaries]),
    ]
    rows = [[Span(fit(name, _POSITION), LABEL), *_cells(values, column)] for name, values in parts]
    counts = [Span(" " + compact(each.points).rjust(column), TEXT) for each in table.summaries]
    return [*rows, [Span(fit("points", _POSITION), LABEL), *counts]]


def _cells(values: Sequence[float | None], column: int) -> list[Span]:
    return [Span(" " + (NOTHING if value is None else number(value)).rjust(column), TEXT) for value in values]


def _position(value: float, x_axis: str) -> str:
    if x_axis == "step":
        return f"{value:.0f}"
    if x_axis == "relative":
        return duration_label(value)
    return clock_label(value) if x_axis == "wall" else number(value)
