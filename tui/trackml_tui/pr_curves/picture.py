"""Precision over recall, as cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trackml_tui.plotting.axes import Axes
from trackml_tui.plotting.grid import Grid, solid
from trackml_tui.plotting.layers import Stroke
from trackml_tui.plotting.plot import draw
from trackml_tui.plotting.raster import dot_rows
from trackml_tui.plotting.series import prepare
from trackml_tui.pr_curves.curve import PrCurve

POINT = "◆"
"""Where the chosen threshold is on a curve."""
_AXES = Axes("value", x_range=(0.0, 1.0), y_range=(0.0, 1.04))


def picture(curves: Sequence[tuple[int, PrCurve]], threshold: float, columns: int, rows: int) -> Grid:
    """All curves over one another, recall to the right and precision upwards, with a mark at the threshold.

    Args:
        curves: Each with the slot of its colour.
        threshold: Where the marks are.
        columns: Width in cells.
        rows: Height in cells.
    """
    strokes = []
    for slot, curve in curves:
        order = np.argsort(curve.recall, kind="stable")
        strokes.append(Stroke(prepare(curve.recall[order], curve.precision[order]), solid(slot), marks=False))
    plot = draw(strokes, columns, rows, axes=_AXES)
    for slot, curve in curves:
        place = curve.place(threshold)
        dots = plot.dots.rows * plot.rows
        row = int(dot_rows(curve.precision[place : place + 1], plot.y_scale, dots)[0]) // plot.dots.rows
        plot.grid.write(min(max(row, 0), plot.rows - 1), plot.column(float(curve.recall[place])), POINT, solid(slot))
    return plot.grid
