"""The lines of a chart on their canvas: layer by layer, each layer at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.canvas import Canvas
from trackml_tui.plotting.decimate import Columns, decimate
from trackml_tui.plotting.patterns import broken, marker_columns, pattern
from trackml_tui.plotting.raster import Spans, dot_rows, line_spans
from trackml_tui.plotting.scale import Scale
from trackml_tui.plotting.series import ABOVE, BELOW, NAN, Curve
from trackml_tui.plotting.trail import trail_dots

MARK = "•"
NOT_FINITE = {NAN: "×", ABOVE: "△", BELOW: "▽"}
"""What stands at the edge of a chart for a value that has no place on it."""
_COLUMNS_PER_MARK = 4


@dataclass(frozen=True, slots=True)
class Stroke:
    """A curve and how it is drawn."""

    curve: Curve
    ink: int
    layer: int = 1
    """Higher layers hide lower ones cell by cell; strokes of one layer share cells, the last one's ink wins."""
    marks: bool = True
    """Show each point as a mark while points are few."""
    style: int = 0
    """A number of `patterns.pattern`; 0 is a solid line."""
    aux: bool = False
    """It lies under a main line: its outliers have no say."""
    floor: Curve | None = None
    """Of a band, its lower side, at the same x as `curve`, which is the upper one; what lies between is shaded."""
    restart: float | None = None
    """The x at which a restart took over from what this stroke shows."""


class _Line(NamedTuple):
    stroke: Stroke
    number: int
    columns: Columns


def densest(strokes: Sequence[Stroke], x: Scale, width: int) -> int:
    """How many points of one line share one dot column, at most."""
    shared = [each.columns.points for each in _lines(strokes, x, width) if not each.stroke.aux]
    return max((int(points.max()) for points in shared if points.size), default=0)


def paint(canvas: Canvas, strokes: Sequence[Stroke], x: Scale, y: Scale) -> Canvas:
    """The canvas with all strokes on it, those of higher layers over those of lower ones."""
    for layer in sorted({stroke.layer for stroke in strokes}):
        upper = Canvas(canvas.columns, canvas.rows, canvas.dots)
        members = [stroke for stroke in strokes if stroke.layer == layer]
        for stroke in members:
            if stroke.floor is not None:
                _put_band(upper, stroke, stroke.floor, x, y)
            elif stroke.curve.trail:
                _put_trail(upper, stroke, x, y)
        _put_lines(upper, members, x, y)
        for stroke in members:
            if stroke.curve.marks is not None:
                _put_not_finite(upper, stroke, x)
        canvas = upper.over(canvas)
    return canvas


def _lines(strokes: Sequence[Stroke], x: Scale, width: int) -> list[_Line]:
    return [
        _Line(stroke, number, decimate(piece, x, width))
        for number, stroke in enumerate(strokes)
        if not stroke.curve.trail and stroke.floor is None
        for piece in stroke.curve.pieces
    ]


def _put_lines(canvas: Canvas, strokes: Sequence[Stroke], x: Scale, y: Scale) -> None:
    lines = _lines(strokes, x, canvas.width)
    if not lines:
        return
    spans = line_spans([line.columns for line in lines], x, y, canvas.width, canvas.height)
    bottom = spans.bottom
    for place, line in enumerate(lines):
        if line.stroke.style:
            dash = pattern(line.stroke.style).dash
            bottom[place] = broken(spans.top[place], bottom[place], dash, 3 * line.number)
    inks = np.array([line.stroke.ink for line in lines], np.int16)
    canvas.spans(spans.top, bottom, inks)
    for place, line in enumerate(lines):
        _put_marks(canvas, line, Spans(spans.top[place], bottom[place]), y)


def _put_marks(canvas: Canvas, line: _Line, spans: Spans, y: Scale) -> None:
    stroke, columns = line.stroke, line.columns
    if not stroke.marks:
        return
    marker = pattern(stroke.style).marker if stroke.style else ""
    if stroke.curve.points * _COLUMNS_PER_MARK <= canvas.columns:
        rows = dot_rows(columns.last, y, canvas.height) // canvas.dots.rows
        canvas.mark(columns.place // canvas.dots.columns, rows, marker or MARK, stroke.ink)
    elif marker:
        cells = marker_columns(canvas.columns, line.number)
        top, bottom = (side[cells * canvas.dots.columns] for side in spans)
        drawn = bottom >= top
        canvas.mark(cells[drawn], (top + bottom)[drawn] // (2 * canvas.dots.rows), marker, stroke.ink)


def _put_band(canvas: Canvas, stroke: Stroke, floor: Curve, x: Scale, y: Scale) -> None:
    for upper, lower in zip(stroke.curve.pieces, floor.pieces, strict=True):
        sides = [decimate(piece, x, canvas.width) for piece in (upper, lower)]
        spans = line_spans(sides, x, y, canvas.width, canvas.height)
        canvas.shade(spans.top[0], spans.bottom[1], stroke.ink)


def _put_trail(canvas: Canvas, stroke: Stroke, x: Scale, y: Scale) -> None:
    for piece in stroke.curve.pieces:
        column = np.clip(x.unit(piece.x.astype(np.float64)) * (canvas.width - 1), -1e9, 1e9)
        row = np.clip((1.0 - y.unit(piece.y.astype(np.float64))) * (canvas.height - 1), -1e9, 1e9)
        linked = np.ones(piece.y.size - 1, np.bool_) if piece.gap is None else piece.gap[1:] == piece.gap[:-1]
        canvas.points(*trail_dots(column, row, linked, canvas.width, canvas.height), stroke.ink)
        if stroke.marks and piece.y.size * _COLUMNS_PER_MARK <= canvas.columns:
            _mark_dots(canvas, column, row, MARK, stroke.ink)


def _mark_dots(canvas: Canvas, column: NDArray[np.float64], row: NDArray[np.float64], glyph: str, ink: int) -> None:
    dots = (np.rint(place).astype(np.int64) for place in (column, row))
    across, down = dots
    canvas.mark(across // canvas.dots.columns, down // canvas.dots.rows, glyph, ink)


def _put_not_finite(canvas: Canvas, stroke: Stroke, x: Scale) -> None:
    marks = stroke.curve.marks
    if marks is None or not stroke.marks:
        return
    unit = x.unit(marks.x.astype(np.float64))
    inside = (unit >= 0.0) & (unit <= 1.0)
    column = np.rint(unit[inside] * (canvas.width - 1)).astype(np.int64) // canvas.dots.columns
    for kind, glyph in NOT_FINITE.items():
        places = np.unique(column[marks.kind[inside] == kind])
        row = np.full(places.size, 0 if kind == ABOVE else canvas.rows - 1)
        canvas.mark(places, row, glyph, stroke.ink)
