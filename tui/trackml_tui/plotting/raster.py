"""From decimated columns to spans of dots, joined into lines; all lines of a layer at once.

Between two neighbouring points the line is straight. A dot column shows the part of it that lies between
its own borders, half open, so that a slope of one dot a column lights one dot a column, and neighbouring
spans touch without overlapping. A line goes on over the edges of the axis to the points that lie beyond.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.decimate import Columns
from trackml_tui.plotting.scale import Floats, Scale

_FAR = 1e9
_AT_ONCE = 64
_OUTSIDE = 1e7
"""Dots from the chart at which a point beyond its edge is far enough for the slope to be right."""


class Spans(NamedTuple):
    """First and last dot of each line in each dot column, from the top, [lines, width]; first > last if empty."""

    top: NDArray[np.int64]
    bottom: NDArray[np.int64]


class _Joints(NamedTuple):
    """The stretches between neighbouring points, in dots: where each begins and ends."""

    line: NDArray[np.int64]
    start: Floats
    stop: Floats
    leaves: Floats
    arrives: Floats


def line_spans(lines: Sequence[Columns], x: Scale, y: Scale, width: int, height: int) -> Spans:
    """What each line covers of each dot column.

    Args:
        lines: What each series shows in each column; at least one.
        x: The x axis.
        y: The y axis.
        width: Dot columns.
        height: Dot rows.
    """
    # A few lines at a time stay in the processor's cache.
    starts = range(0, len(lines), _AT_ONCE)
    parts = [_line_spans(lines[start : start + _AT_ONCE], x, y, width, height) for start in starts]
    if len(parts) == 1:
        return parts[0]
    return Spans(np.concatenate([part.top for part in parts]), np.concatenate([part.bottom for part in parts]))


def _line_spans(lines: Sequence[Columns], x: Scale, y: Scale, width: int, height: int) -> Spans:
    sizes = [line.place.size for line in lines]
    line = np.repeat(np.arange(len(lines)), sizes)
    place = np.concatenate([each.place for each in lines])
    cell = line * width + place
    first = _dots(np.concatenate([each.first for each in lines]), y, height)
    last = _dots(np.concatenate([each.last for each in lines]), y, height)
    low = _dots(np.concatenate([each.low for each in lines]), y, height)
    high = _dots(np.concatenate([each.high for each in lines]), y, height)
    top, bottom = np.full(len(lines) * width, _FAR), np.full(len(lines) * width, -_FAR)
    top[cell], bottom[cell] = np.rint(high), np.rint(low)
    crossings = np.full((len(lines), width + 1), np.nan)
    inner = _inner_joints(lines, line, place, first, last)
    for joints in (inner, _outer_joints(lines, x, y, width, height)):
        _cross(crossings, joints, width)
    _join(top, bottom, cell, first, last, crossings)
    shape = len(lines), width
    return Spans(top.astype(np.int64).reshape(shape), bottom.astype(np.int64).reshape(shape))


def dot_rows(values: Floats, scale: Scale, height: int) -> NDArray[np.int64]:
    """The dot row of each value, counted from the top, [n]."""
    return np.rint(_dots(values, scale, height)).astype(np.int64)


def _dots(values: Floats, scale: Scale, height: int) -> Floats:
    position = (height - 1) * (1.0 - scale.unit(values))
    result: Floats = np.minimum(np.maximum(position, -_FAR), _FAR)
    return result


def _inner_joints(
    lines: Sequence[Columns], line: NDArray[np.int64], place: NDArray[np.int64], first: Floats, last: Floats
) -> _Joints:
    """The stretches from one occupied column to the next."""
    linked = np.zeros(line.size, np.bool_)
    end = 0
    for each in lines:
        linked[end : end + each.linked.size] = each.linked
        end += each.place.size
    pairs = np.flatnonzero(linked)
    start, stop = place[pairs].astype(np.float64), place[pairs + 1].astype(np.float64)
    return _Joints(line[pairs], start, stop, last[pairs], first[pairs + 1])


def _outer_joints(lines: Sequence[Columns], x: Scale, y: Scale, width: int, height: int) -> _Joints:
    """The stretches that come in from the left of the axis, and that go out at its right."""
    rows: list[tuple[int, float, float, float, float]] = []
    for index, each in enumerate(lines):
        if each.before is None and each.after is None:
            continue
        columns = each.place.size
        if each.before is not None and (columns or each.after is not None):
            rows.append((index, *each.before, *(_inside(each, 0, x, width) if columns else each.after or each.before)))
        if each.after is not None and columns:
            rows.append((index, *_inside(each, -1, x, width), *each.after))
    table = np.array(rows, np.float64).reshape(-1, 5)
    places = np.clip(x.unit(table[:, [1, 3]]) * (width - 1), -_OUTSIDE, _OUTSIDE)
    heights = _dots(table[:, [2, 4]], y, height)
    return _Joints(table[:, 0].astype(np.int64), places[:, 0], places[:, 1], heights[:, 0], heights[:, 1])


def _inside(line: Columns, column: int, x: Scale, width: int) -> tuple[float, float]:
    """Where the line passes through its first column (0) or its last (-1)."""
    value = line.first if column == 0 else line.last
    return x.value(float(line.place[column]) / (width - 1)), float(value[column])


def _cross(crossings: Floats, joints: _Joints, width: int) -> None:
    """Enters the height at which each stretch crosses the border left of each dot column, and right of the last."""
    begin = np.clip(np.ceil(joints.start + 0.5 - 1e-9), 0, width + 1).astype(np.int64)
    end = np.clip(np.floor(joints.stop + 0.5 - 1e-9), -1, width).astype(np.int64)
    amount = np.maximum(end - begin + 1, 0)
    pair = np.repeat(np.arange(amount.size), amount)
    border = np.arange(pair.size) - np.repeat(np.cumsum(amount) - amount, amount) + begin[pair]
    part = (border - 0.5 - joints.start[pair]) / (joints.stop - joints.start)[pair]
    leaves, arrives = joints.leaves[pair], joints.arrives[pair]
    crossings[joints.line[pair], border] = leaves + (arrives - leaves) * part


def _join(top: Floats, bottom: Floats, cell: NDArray[np.int64], first: Floats, last: Floats, crossings: Floats) -> None:
    """Widens the spans in place by the line that enters and leaves each column."""
    enters, leaves = crossings[:, :-1].ravel(), crossings[:, 1:].ravel()
    begins, ends = np.full(top.size, np.nan), np.full(top.size, np.nan)
    begins[cell], ends[cell] = first, last
    upper = np.ceil(np.fmin(np.fmin(enters, begins), np.fmin(leaves, ends)))
    lower = np.ceil(np.fmax(np.fmax(enters, begins), np.fmax(leaves, ends))) - 1.0
    drawn = lower >= upper
    top[drawn] = np.minimum(top[drawn], upper[drawn])
    bottom[drawn] = np.maximum(bottom[drawn], lower[drawn])
    flat = (top > bottom) & ~np.isnan(enters + leaves)
    top[flat] = bottom[flat] = np.rint(0.5 * (enters[flat] + leaves[flat]))
