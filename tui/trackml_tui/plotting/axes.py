"""What the two axes of a chart show, and how: their kinds, their ends, their round values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from trackml_tui.plotting.calendar_ticks import clock_ticks
from trackml_tui.plotting.decimate import points_between
from trackml_tui.plotting.scale import (
    Linear,
    Log,
    Range,
    Scale,
    Symlog,
    fit_linear,
    fit_log,
    fit_symlog,
    is_range,
    symlog_threshold,
)
from trackml_tui.plotting.series import Curve, Piece, Y
from trackml_tui.plotting.ticks import (
    Tick,
    count_ticks,
    duration_ticks,
    linear_ticks,
    log_count_ticks,
    log_duration_ticks,
    log_ticks,
    symlog_ticks,
)

Ticks = Callable[[float, float, int], "list[Tick]"]
X_TICKS: dict[str, Ticks] = {
    "step": count_ticks,
    "relative": duration_ticks,
    "wall": clock_ticks,
    "value": linear_ticks,
}
"""The kinds of x axis, each with its round values; "value" is that of another tag."""
LOG_X_TICKS: dict[str, Ticks] = {"step": log_count_ticks, "relative": log_duration_ticks, "value": log_ticks}
"""The same for a logarithmic x axis. There is none of times of day."""
Y_SCALES = ("linear", "log", "symlog")

_LEAST_FOR_OUTLIERS = 2
_INNER_LOW, _INNER_HIGH = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class Axes:
    """What was chosen about both axes."""

    x_axis: str = "step"
    """A key of `X_TICKS`."""
    log_x: bool = False
    y_scale: str = "linear"
    """One of `Y_SCALES`."""
    x_range: Range | None = None
    """The ends of the x axis; None for those of the data."""
    y_range: Range | None = None
    """The ends of the y axis; None for those of the data in sight."""
    ignore_outliers: bool = False
    """Leave room for the inner nine tenths of the values only, as TensorBoard does unless told otherwise."""
    threshold: float | None = None
    """Where the linear part of a symlog axis ends; None for what suits the data."""

    @property
    def has_log_x(self) -> bool:
        """Whether x is logarithmic."""
        return self.log_x and self.x_axis in LOG_X_TICKS

    def x_ticks(self, scale: Scale, count: int) -> list[Tick]:
        """About `count` round values of the x axis."""
        kinds = LOG_X_TICKS if isinstance(scale, Log) else X_TICKS
        return kinds[self.x_axis](scale.low, scale.high, count)


def y_ticks(scale: Scale, count: int) -> list[Tick]:
    """About `count` round values of the y axis."""
    if isinstance(scale, Symlog):
        return symlog_ticks(scale.low, scale.high, scale.threshold, count)
    return (log_ticks if isinstance(scale, Log) else linear_ticks)(scale.low, scale.high, count)


def x_scale(axes: Axes, curves: Sequence[Curve]) -> Scale:
    """The x axis for `curves`."""
    kind = Log if axes.has_log_x else Linear
    if axes.x_range is not None and is_range(*axes.x_range, positive=axes.has_log_x):
        return kind(*axes.x_range)
    drawn = [curve for curve in curves if curve.pieces and not (axes.has_log_x and curve.x_low <= 0.0)]
    low = min((curve.x_low for curve in drawn), default=1.0 if axes.has_log_x else 0.0)
    high = max((curve.x_high for curve in drawn), default=10.0 if axes.has_log_x else 1.0)
    if high <= low:
        if axes.has_log_x:
            return Log(low / 2.0, low * 2.0)
        # Beyond 2 ** 53 a half is lost in rounding.
        room = max(0.5, 1e-9 * abs(low))
        return Linear(low - room, low + room)
    return kind(low, high)


def y_scale(axes: Axes, curves: Sequence[Curve], x: Scale, aux: Sequence[Curve] = ()) -> Scale:
    """The y axis for what is in sight between the ends of `x`.

    Args:
        axes: What was chosen.
        curves: Main lines.
        x: The x axis.
        aux: Lines that lie under the main ones. Outliers are looked for in the main ones alone, as TensorBoard does.
    """
    fixed, positive = axes.y_range, axes.y_scale == "log"
    fixed = fixed if fixed is not None and is_range(*fixed, positive=positive) else None
    threshold = _threshold(axes, [*curves, *aux], x)
    if fixed is not None:
        return {"linear": Linear(*fixed), "log": Log(*fixed) if positive else Linear(*fixed)}.get(
            axes.y_scale, Symlog(*fixed, threshold)
        )
    low, high = (inner_extent if axes.ignore_outliers else visible_extent)([*curves], x)
    if aux and not axes.ignore_outliers:
        aux_low, aux_high = visible_extent(aux, x)
        low, high = min(low, aux_low), max(high, aux_high)
    if axes.y_scale == "symlog":
        return fit_symlog(low, high, threshold)
    return (fit_log if positive else fit_linear)(low, high)


def visible_extent(curves: Sequence[Curve], x: Scale) -> Range:
    """Smallest and largest value between the ends of `x`; of all points if there is none between them."""
    extents = [_extent(curve, x) for curve in curves]
    low = min((extent[0] for extent in extents), default=np.inf)
    high = max((extent[1] for extent in extents), default=-np.inf)
    if low > high:
        low = min((curve.y_low for curve in curves), default=np.inf)
        high = max((curve.y_high for curve in curves), default=-np.inf)
    return low, high


def inner_extent(curves: Sequence[Curve], x: Scale) -> Range:
    """The extent of the inner nine tenths of all values of all curves between the ends of `x`.

    With n values, sorted, these are the ones at ceil(0.05 (n - 1)) and floor(0.95 (n - 1)); of two values or less,
    all.

    Source: tensorboard/webapp/widgets/line_chart_v2/line_chart_internal_utils.ts (TensorBoard 2.21).
    """
    parts = [visible(piece, x, trail=curve.trail) for curve in curves for piece in curve.pieces]
    values = np.concatenate(parts) if parts else np.empty(0)
    if values.size <= _LEAST_FOR_OUTLIERS:
        return visible_extent(curves, x)
    last = values.size - 1
    places = int(np.ceil(last * _INNER_LOW)), int(np.floor(last * _INNER_HIGH))
    inner = np.partition(values, places)
    return float(inner[places[0]]), float(inner[places[1]])


def visible(piece: Piece, x: Scale, *, trail: bool = False) -> Y:
    """The values of `piece` between the ends of `x`."""
    if trail:
        return piece.y[(piece.x >= x.low) & (piece.x <= x.high)]
    return piece.y[slice(*points_between(piece.x, x.low, x.high))]


def _extent(curve: Curve, x: Scale) -> Range:
    if x.low <= curve.x_low and curve.x_high <= x.high:
        return curve.y_low, curve.y_high
    values = [visible(piece, x, trail=curve.trail) for piece in curve.pieces]
    values = [part for part in values if part.size]
    low = min((float(part.min()) for part in values), default=np.inf)
    return low, max((float(part.max()) for part in values), default=-np.inf)


def _threshold(axes: Axes, curves: Sequence[Curve], x: Scale) -> float:
    if axes.y_scale != "symlog":
        return 1.0
    if axes.threshold is not None:
        return axes.threshold
    parts = [visible(piece, x, trail=curve.trail) for curve in curves for piece in curve.pieces]
    return symlog_threshold(np.concatenate(parts)) if parts else 1.0
