"""From lines to what a chart draws: in which order, and how."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from rich.cells import cell_len

from trackml_tui.charts.drawn import Drawn
from trackml_tui.formatting import aligned, printable, shorten
from trackml_tui.palette import Palette
from trackml_tui.plotting.grid import faint, soft, solid
from trackml_tui.plotting.legend import SAMPLE, Entry
from trackml_tui.plotting.patterns import DASHES, pattern
from trackml_tui.plotting.plot import Stroke

CROWD = 8
"""Above so many lines, only the current run has a raw line and its full colour."""
_LONGEST_NAME = 32
_DOTTED = 2
_BAND, _GHOST, _RAW, _MAIN, _CURRENT_RAW, _CURRENT = range(6)


def strokes_of(
    lines: Sequence[Drawn], current: Collection[str], palette: Palette, *, smoothed: bool
) -> tuple[Stroke, ...]:
    """The strokes of all lines; the current run's line lies on top.

    Args:
        lines: What is drawn.
        current: The runs of the line under the cursor of the run list.
        palette: The colours, which say when a line needs a style of its own.
        smoothed: Whether a raw line lies under each main line.
    """
    crowded = len(lines) > CROWD
    strokes: list[Stroke] = []
    for drawn in lines:
        here = not set(current).isdisjoint(drawn.runs)
        style = style_of(drawn, palette)
        strokes += _band(drawn)
        strokes += _strokes(drawn, here, style, in_crowd=crowded and not here, smoothed=smoothed)
    return tuple(strokes)


def style_of(drawn: Drawn, palette: Palette) -> int:
    """The style of a line: that of its slot, with another dash for each further tag of the chart."""
    style = palette.style(drawn.slot)
    return style - style % DASHES + (style + drawn.turn) % DASHES


def _strokes(drawn: Drawn, here: bool, style: int, *, in_crowd: bool, smoothed: bool) -> list[Stroke]:
    line, slot = drawn.line, drawn.slot
    main = Stroke(line.curve, soft(slot) if in_crowd else solid(slot), _CURRENT if here else _MAIN, style=style)
    if in_crowd:
        return [main]
    strokes = [
        Stroke(ghost, faint(slot), _GHOST, marks=False, style=_DOTTED, aux=True, restart=restart)
        for ghost, restart in zip(line.ghosts, line.restarts, strict=True)
    ]
    if smoothed and line.raw_curve is not line.curve:
        layer = _CURRENT_RAW if here else _RAW
        strokes.append(Stroke(line.raw_curve, faint(slot), layer, marks=False, aux=True))
    return [*strokes, main]


def _band(drawn: Drawn) -> list[Stroke]:
    if drawn.band is None:
        return []
    upper, lower = drawn.band
    return [Stroke(upper, faint(drawn.slot), _BAND, marks=False, aux=True, floor=lower)]


def legend_of(
    lines: Sequence[Drawn],
    values: Sequence[float | None],
    current: Collection[str],
    palette: Palette,
    sort: str = "list",
) -> tuple[Entry, ...]:
    """The names of all lines with their values.

    Args:
        lines: What is drawn.
        values: What each line has at the cursor, or at its end; None for nothing.
        current: The runs of the line under the cursor of the run list.
        palette: The colours.
        sort: "list" as they come, the current run first; "value", the largest first; "name".
    """
    pairs = list(zip(lines, values, strict=True))
    if sort == "value":
        pairs.sort(key=lambda pair: (pair[1] is None or pair[1] != pair[1], -(pair[1] or 0.0)))
    elif sort == "name":
        pairs.sort(key=lambda pair: (pair[0].label, pair[0].turn))
    else:
        pairs.sort(key=lambda pair: set(current).isdisjoint(pair[0].runs))
    show = aligned(value for value in values if value is not None)
    return tuple(_entry(drawn, value, show, palette) for drawn, value in pairs)


def _entry(drawn: Drawn, value: float | None, show: Callable[[float], str], palette: Palette) -> Entry:
    name = shorten(printable(drawn.label), _LONGEST_NAME)
    if drawn.turn:
        name = f"{name} {shorten(printable(drawn.tag), _LONGEST_NAME)}"
    label = name if value is None else f"{name} {show(value)}"
    style = style_of(drawn, palette)
    return Entry(label, cell_len(label), solid(drawn.slot), pattern(style).sample if style else SAMPLE)
