"""A chart as SVG: the same lines and axes as in the terminal, as curves for paper and web pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.axes import Axes, x_scale, y_scale, y_ticks
from trackml_tui.plotting.decimate import Columns, decimate
from trackml_tui.plotting.grid import STRENGTHS
from trackml_tui.plotting.layers import NOT_FINITE, Stroke
from trackml_tui.plotting.patterns import DASHES
from trackml_tui.plotting.scale import Scale
from trackml_tui.plotting.series import Piece
from trackml_tui.plotting.ticks import Tick

_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 8, 24
_DASHES = ("", "8 4", "2 3", "10 3 2 3", "16 5")
_OPACITY = (1.0, 0.6, 0.3)
_WIDTHS = (1.6, 1.2, 1.0)
_PIXELS_PER_X_TICK, _PIXELS_PER_Y_TICK = 90, 45
_FONT = 'font-family="system-ui, sans-serif" font-size="11"'


def vector(
    strokes: Sequence[Stroke], axes: Axes, colour: Callable[[int], str], width: int = 640, height: int = 320
) -> str:
    """The chart as an SVG element.

    Args:
        strokes: What to draw.
        axes: All about both axes.
        colour: The colour of a slot, as `#rrggbb`.
        width: In pixels.
        height: In pixels.
    """
    x = x_scale(axes, [stroke.curve for stroke in strokes])
    main = [stroke.curve for stroke in strokes if not stroke.aux]
    aux = [stroke.curve for stroke in strokes if stroke.aux]
    aux += [stroke.floor for stroke in strokes if stroke.floor is not None]
    area = _Area(x, y_scale(axes, main, x, aux), width, height)
    body = [
        *_axes(area, axes),
        f'<svg x="{_LEFT}" y="{_TOP}" width="{area.width}" height="{area.height}" overflow="hidden">',
        *(part for stroke in sorted(strokes, key=lambda each: each.layer) for part in _stroke(area, stroke, colour)),
        "</svg>",
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"{''.join(body)}</svg>"
    )


class _Area:
    """Where things are, in pixels of the drawing area."""

    def __init__(self, x: Scale, y: Scale, width: int, height: int) -> None:
        self.x_scale, self.y_scale = x, y
        self.width, self.height = width - _LEFT - _RIGHT, height - _TOP - _BOTTOM

    def x(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels from the left of positions on the x axis."""
        return unit * self.width

    def y(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels from the top of values; far ones are cut off, so that numbers stay short."""
        pixels: NDArray[np.float64] = (1.0 - self.y_scale.unit(values)) * self.height
        return np.clip(np.nan_to_num(pixels, nan=-10.0), -10.0 * self.height, 11.0 * self.height)


def _axes(area: _Area, axes: Axes) -> Iterator[str]:
    for tick in y_ticks(area.y_scale, max(2, area.height // _PIXELS_PER_Y_TICK)):
        y = _TOP + float(area.y(np.array([tick.value]))[0])
        yield f'<path class="guide" d="M{_LEFT} {y:.1f}h{area.width}" stroke="#8883" fill="none"/>'
        yield _text(_LEFT - 6, y + 4, tick, "end")
    for tick in axes.x_ticks(area.x_scale, max(1, area.width // _PIXELS_PER_X_TICK)):
        x = _LEFT + float(area.x(area.x_scale.unit(np.array([tick.value], np.float64)))[0])
        yield f'<path d="M{x:.1f} {_TOP + area.height}v4" stroke="#888" fill="none"/>'
        yield _text(x, _TOP + area.height + 17, tick, "middle")
    yield f'<path d="M{_LEFT} {_TOP}v{area.height}h{area.width}" stroke="#888" fill="none"/>'


def _text(x: float, y: float, tick: Tick, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {_FONT} fill="#888" text-anchor="{anchor}">{escape(tick.label)}</text>'


def _stroke(area: _Area, stroke: Stroke, colour: Callable[[int], str]) -> Iterator[str]:
    slot, strength = divmod(stroke.ink, STRENGTHS)
    paint = colour(slot)
    if stroke.floor is not None:
        for upper, lower in zip(stroke.curve.pieces, stroke.floor.pieces, strict=True):
            yield f'<path d="{_band(area, upper, lower)}" fill="{paint}" opacity="0.18"/>'
        return
    dash = f' stroke-dasharray="{_DASHES[stroke.style % DASHES]}"' if stroke.style % DASHES else ""
    look = f'fill="none" stroke="{paint}" stroke-width="{_WIDTHS[strength]}" opacity="{_OPACITY[strength]}"{dash}'
    for piece in stroke.curve.pieces:
        line = _trail(area, piece) if stroke.curve.trail else _line(area, decimate(piece, area.x_scale, area.width))
        if line:
            yield f'<path d="{line}" {look} stroke-linejoin="round" stroke-linecap="round"/>'
    yield from _not_finite(area, stroke, paint)


def _line(area: _Area, columns: Columns) -> str:
    """Through the first, the lowest, the highest and the last value of each column, so that no spike is lost."""
    if not columns.place.size:
        return ""
    x = (columns.place + 0.0) * area.width / max(1, area.width - 1)
    first, low, high, last = (area.y(each) for each in (columns.first, columns.low, columns.high, columns.last))
    parts = []
    for place in range(columns.place.size):
        start = "M" if place == 0 or not columns.linked[place - 1] else "L"
        parts.append(f"{start}{x[place]:.1f} {first[place]:.1f}")
        if low[place] != high[place]:
            parts.append(f"V{low[place]:.1f}V{high[place]:.1f}V{last[place]:.1f}")
        elif columns.place.size == 1 or (start == "M" and not _goes_on(columns, place)):
            parts.append("h0.1")  # a point alone is a dot
    return "".join(parts)


def _goes_on(columns: Columns, place: int) -> bool:
    return place < columns.linked.size and bool(columns.linked[place])


def _trail(area: _Area, piece: Piece) -> str:
    x, y = area.x(area.x_scale.unit(piece.x.astype(np.float64))), area.y(piece.y.astype(np.float64))
    linked = np.ones(piece.y.size, np.bool_)
    linked[0] = False
    if piece.gap is not None:
        linked[1:] = piece.gap[1:] == piece.gap[:-1]
    return "".join(f"{'L' if on else 'M'}{a:.1f} {b:.1f}" for on, a, b in zip(linked, x, y, strict=True))


def _band(area: _Area, upper: Piece, lower: Piece) -> str:
    """The area between two curves of the same x."""
    sides = []
    for piece, end in ((upper, "high"), (lower, "low")):
        columns = decimate(piece, area.x_scale, area.width)
        x = columns.place * area.width / max(1, area.width - 1)
        sides.append((x, area.y(getattr(columns, end))))
    (x, top), (x_low, bottom) = sides
    if not x.size:
        return ""
    there = [f"{a:.1f} {b:.1f}" for a, b in zip(x, top, strict=True)]
    back = [f"{a:.1f} {b:.1f}" for a, b in zip(x_low[::-1], bottom[::-1], strict=True)]
    return f"M{'L'.join([*there, *back])}Z"


def _not_finite(area: _Area, stroke: Stroke, paint: str) -> Iterator[str]:
    """Marks at the edges for values that have no place on the chart."""
    if stroke.curve.marks is None or not stroke.marks:
        return
    units = area.x_scale.unit(stroke.curve.marks.x.astype(np.float64))
    for unit, kind in sorted(
        {(round(float(unit), 3), int(kind)) for unit, kind in zip(units, stroke.curve.marks.kind)}
    ):
        if 0.0 <= unit <= 1.0:
            y = area.height - 4 if NOT_FINITE[kind] == "▽" else 12
            yield (
                f'<text x="{unit * area.width:.1f}" y="{y}" {_FONT} fill="{paint}" text-anchor="middle">'
                f"{NOT_FINITE[kind]}</text>"
            )
