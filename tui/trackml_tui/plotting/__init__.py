"""Charts as text: numpy arrays in, rows of characters and ink numbers out."""

from __future__ import annotations

from trackml_tui.plotting.grid import Span
from trackml_tui.plotting.legend import Entry, legend
from trackml_tui.plotting.plot import Plot, Stroke, draw
from trackml_tui.plotting.series import Curve, prepare
from trackml_tui.plotting.smoothing import smooth

__all__ = ["Curve", "Entry", "Plot", "Span", "Stroke", "draw", "legend", "prepare", "smooth"]
