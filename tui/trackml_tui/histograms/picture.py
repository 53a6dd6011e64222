"""The pane of histograms as a drawing: a tile a run, all of them on the same axes."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from trackml.runs import Histogram
from trackml_tui.choices.histograms import HistogramsChoice
from trackml_tui.formatting import compact, count, number
from trackml_tui.gallery.lettering import flowed, head, letter
from trackml_tui.gallery.notes import READING, note
from trackml_tui.gallery.tiles import Tile
from trackml_tui.histograms.bins import BINS, compressed, extent, rebin, widened
from trackml_tui.histograms.density import (
    QUANTILES,
    brightness,
    density_matrix,
    summary_of,
    trimmed_extent,
)
from trackml_tui.histograms.reading import History
from trackml_tui.plotting.bands import draw_bands
from trackml_tui.plotting.bars import bar_of_column, draw_bars
from trackml_tui.plotting.colour_map import blend
from trackml_tui.plotting.heatmap import Axes, framed, gutter_of, heat, inner_size, value_at
from trackml_tui.plotting.paint import Paint
from trackml_tui.plotting.rgb import Pixels, RgbGrid
from trackml_tui.plotting.ridges import draw_ridges
from trackml_tui.plotting.ticks import Tick, count_ticks, linear_ticks

Floats: TypeAlias = NDArray[np.float64]
Range: TypeAlias = "tuple[float, float]"

LEAST_TILE = (26, 9)
"""The least columns and rows of a run's tile."""
_FACT_ROWS = 4
_LEAST_BAR_ROWS = 7
_FADED = 0.45


@dataclass(frozen=True, slots=True, eq=False)
class RunHistograms:
    """What one tile shows."""

    tile: Tile
    label: str
    slot: int
    when: str
    """Step and time of the value that is looked at."""
    step: int
    history: History | None = None
    """All over time; None where one step is shown."""
    value: Histogram | str | None = None
    """One step: a histogram, why there is none, or None while it is being read."""
    key: Hashable = None


@dataclass(frozen=True, slots=True, eq=False)
class HistogramsPicture:
    """All tiles in sight."""

    runs: tuple[RunHistograms, ...]
    choice: HistogramsChoice
    marked: int | None
    """The step that was chosen; None while the last ones are followed."""

    @property
    def key(self) -> Hashable:
        """Tells the picture from all others."""
        return self.choice, self.marked, tuple(
            (run.tile, run.label, run.slot, run.when, run.key) for run in self.runs
        )  # fmt: skip

    def draw(self, columns: int, rows: int, paint: Paint) -> RgbGrid:
        """The tiles."""
        grid = paint.grid(columns, rows)
        draw = {"heat": self._heat, "distribution": self._bands, "bars": self._bars}.get(self.choice.mode, self._ridges)
        for run, body in zip(self.runs, draw(paint)):
            head(grid, run.tile, run.label, run.when, paint.of_slot(run.slot), paint)
            grid.paste(run.tile.row + 1, run.tile.column, body)
        return grid

    def step_at(self, column: int, row: int) -> int | None:
        """The step at a cell of a picture over time; None elsewhere."""
        run = next((run for run in self.runs if run.tile.holds(column, row)), None)
        axes = self._axes_over_time() if self.choice.mode in ("heat", "distribution") else None
        if run is None or axes is None or axes.gutter is None or not row > run.tile.row:
            return None
        inner = column - run.tile.column - axes.gutter
        columns, _ = inner_size(run.tile.columns, run.tile.rows - 1, axes)
        return round(value_at((inner + 0.5) / columns, axes.x)) if 0 <= inner < columns else None

    def bar_at(self, column: int, row: int) -> int | None:
        """The bar at a cell of a picture of one step; None elsewhere."""
        run = next((run for run in self.runs if run.tile.holds(column, row)), None)
        if run is None or self.choice.mode != "bars" or not isinstance(run.value, Histogram):
            return None
        ends = self._bar_ends()
        axes = _bar_axes(*_binned(run.value, ends)) if ends else None
        if axes is None:
            return None
        columns, _ = inner_size(run.tile.columns, run.tile.rows - 1 - self._fact_rows(run), axes)
        inner = column - run.tile.column - (run.tile.columns - columns)
        return int(bar_of_column(columns, BINS)[inner]) if 0 <= inner < columns else None

    def _heat(self, paint: Paint) -> list[RgbGrid]:
        axes, most = self._axes_over_time(), 0.0
        matrices: list[Floats | None] = []
        for run in self.runs:
            matrix = None
            if run.history is not None and run.history.histograms and axes is not None:
                columns, rows = inner_size(run.tile.columns, run.tile.rows - 1, axes)
                history = run.history
                matrix = density_matrix(history.histograms, history.steps, axes.x, axes.y, columns, 2 * rows)
                most = max(most, float(np.nanmax(matrix, initial=0.0)))
            matrices.append(matrix)
        return [
            _unread(run, paint)
            if matrix is None or axes is None
            else framed(heat(brightness(matrix, most, self.choice.scale), paint), self._marked(axes, run), paint)
            for run, matrix in zip(self.runs, matrices)
        ]

    def _bands(self, paint: Paint) -> list[RgbGrid]:
        axes = self._axes_over_time()
        bodies = []
        for run in self.runs:
            values = _percentiles(run)
            if values is None or run.history is None or axes is None:
                bodies.append(_unread(run, paint))
                continue
            columns, rows = inner_size(run.tile.columns, run.tile.rows - 1, axes)
            places = (run.history.steps.astype(np.float64) - axes.x[0]) / (axes.x[1] - axes.x[0])
            bands = draw_bands(values, places, *axes.y, columns, rows, paint.of_slot(run.slot), paint)
            bodies.append(framed(bands, self._marked(axes, run), paint))
        return bodies

    def _ridges(self, paint: Paint) -> list[RgbGrid]:
        ends = self._ends([run.history for run in self.runs if run.history is not None])
        return [_unread(run, paint) if ends is None else self._ridges_of(run, ends, paint) for run in self.runs]

    def _ridges_of(self, run: RunHistograms, ends: Range, paint: Paint) -> RgbGrid:
        history = run.history
        if history is None or not history.histograms:
            return _unread(run, paint)
        rebinned = rebin(history.histograms, ends)
        overlay = self.choice.mode == "overlay"
        steps = history.steps.astype(np.float64)
        places = (steps - steps[0]) / ((steps[-1] - steps[0]) or 1.0)
        axes = _ridge_axes(rebinned.edges, history, overlay=overlay, most=float(rebinned.counts.max(initial=0.0)))
        columns, rows = inner_size(run.tile.columns, run.tile.rows - 1, axes)
        colours = _by_age(paint, run.slot, places)
        if self.marked is not None:
            colours[int(np.searchsorted(history.steps, run.step, side="right")) - 1] = paint.accent
        body = draw_ridges(rebinned.counts, places, columns, rows, colours, paint, overlay=overlay)
        return framed(body, axes, paint)

    def _bars(self, paint: Paint) -> list[RgbGrid]:
        ends = self._bar_ends()
        return [
            self._bars_of(run, run.value, ends, paint)
            if isinstance(run.value, Histogram) and ends is not None
            else _unread(run, paint)
            for run in self.runs
        ]

    def _bars_of(self, run: RunHistograms, value: Histogram, ends: Range, paint: Paint) -> RgbGrid:
        columns, rows, room = run.tile.columns, run.tile.rows - 1, self._fact_rows(run)
        edges, counts = _binned(value, ends)
        axes = _bar_axes(edges, counts)
        inner = inner_size(columns, rows - room, axes)
        bars = draw_bars(counts, axes.y[1], *inner, paint.of_slot(run.slot), paint, chosen=self.choice.bin)
        grid = paint.grid(columns, rows)
        grid.paste(0, 0, framed(bars, axes, paint))
        for row, fact in enumerate(_facts(value, edges, counts, self.choice.bin, columns)[:room], rows - room):
            letter(grid, row, 0, fact, paint.accent if fact.startswith("▸") else paint.label)
        return grid

    def _bar_ends(self) -> Range | None:
        values = [run.value for run in self.runs if isinstance(run.value, Histogram)]
        ends = (trimmed_extent(values) if self.choice.clip else None) or extent(values)
        return None if ends is None else widened(ends)

    def _fact_rows(self, run: RunHistograms) -> int:
        return max(0, min(_FACT_ROWS + (self.choice.bin is not None), run.tile.rows - 1 - _LEAST_BAR_ROWS))

    def _axes_over_time(self) -> Axes | None:
        histories = [run.history for run in self.runs if run.history is not None and len(run.history.steps)]
        ends = self._ends(histories)
        if ends is None:
            return None
        y = self._percentile_ends() if self.choice.mode == "distribution" else widened(ends)
        first = float(min(history.steps[0] for history in histories))
        last = float(max(history.steps[-1] for history in histories))
        x = (first, last) if last > first else (first - 0.5, last + 0.5)
        rows = max((run.tile.rows - 1 for run in self.runs), default=1)
        axes = Axes(x, y)
        return replace(axes, gutter=gutter_of([axes], rows))

    def _percentile_ends(self) -> Range:
        lines = [each for run in self.runs if (each := _percentiles(run)) is not None]
        outer = slice(1, -1) if self.choice.clip else slice(None)
        low = min(float(each[:, outer].min()) for each in lines)
        high = max(float(each[:, outer].max()) for each in lines)
        return _padded((low, high))

    def _ends(self, histories: list[History]) -> Range | None:
        histograms = [histogram for history in histories for histogram in history.histograms]
        return (trimmed_extent(histograms) if self.choice.clip else None) or extent(histograms)

    def _marked(self, axes: Axes, run: RunHistograms) -> Axes:
        return axes if self.marked is None else replace(axes, mark=float(run.step), mark_label=compact(run.step))


def _percentiles(run: RunHistograms) -> Floats | None:
    if run.history is None or not run.history.histograms:
        return None
    return np.nan_to_num(np.stack([compressed(histogram) for histogram in run.history.histograms]))


def _facts(value: Histogram, edges: Floats, counts: Floats, chosen: int | None, columns: int) -> list[str]:
    """What can be said about one histogram, the most important first, in lines of so many columns."""
    summary = summary_of(value)
    amount = count(round(summary.amount)) if summary.amount < 1e15 else number(summary.amount)
    quantiles = [f"{100 * part:g} % {number(at)}" for part, at in zip(QUANTILES[1:-1], summary.quantiles[1:-1])]
    facts = flowed(
        [
            f"n {amount}",
            f"mean ≈ {number(summary.mean)}",
            f"std ≈ {number(summary.std)}",
            f"min {number(summary.quantiles[0])}",
            f"max {number(summary.quantiles[-1])}",
            *quantiles,
            f"{len(value.counts)} buckets",
        ],
        columns,
    )
    if chosen is not None and chosen < len(counts):
        between = f"{number(float(edges[chosen]))} … {number(float(edges[chosen + 1]))}"
        facts.insert(0, f"▸ {between}: {number(float(counts[chosen]))}")
    return facts


def _binned(value: Histogram, ends: Range) -> tuple[Floats, Floats]:
    edges, (counts,) = rebin([value], ends)
    return edges, counts


def _bar_axes(edges: Floats, counts: Floats) -> Axes:
    most = float(counts.max(initial=0.0)) or 1.0
    return Axes((float(edges[0]), float(edges[-1])), (0.0, most), linear_ticks, _amount_ticks)


def _ridge_axes(edges: Floats, history: History, *, overlay: bool, most: float) -> Axes:
    if overlay:
        return Axes((edges[0], edges[-1]), (0.0, most or 1.0), linear_ticks, _amount_ticks)
    first, last = float(history.steps[0]), float(history.steps[-1])
    span = (last - first) or 1.0

    def steps_downwards(low: float, high: float, about: int) -> list[Tick]:
        # Time begins where the highest ridge ends, and goes down to the lowest base.
        ticks = count_ticks(first, last, about)
        return [Tick((1 - (tick.value - first) / span) * _OFFSET_PART, tick.label) for tick in ticks]

    return Axes((edges[0], edges[-1]), (0.0, 1.0), linear_ticks, steps_downwards)


_OFFSET_PART = 0.6
"""The part of the height over which the bases of ridges are spread: 1 - 1 / 2.5."""


def _amount_ticks(low: float, high: float, about: int) -> list[Tick]:
    return [Tick(tick.value, _amount_label(tick)) for tick in linear_ticks(low, high, about)]


def _amount_label(tick: Tick) -> str:
    return compact(int(tick.value)) if 1000 <= tick.value < 1e15 else tick.label


def _by_age(paint: Paint, slot: int, places: Floats) -> Pixels:
    """The run's colour for each ridge: the earlier, the more faded."""
    colour = paint.of_slot(slot)
    return np.array([blend(paint.background, colour, _FADED + (1 - _FADED) * place) for place in places], np.uint8)


def _padded(ends: Range) -> Range:
    low, high = ends
    room = 0.02 * (high - low) or max(1e-12, 0.05 * abs(low))
    return low - room, high + room


def _unread(run: RunHistograms, paint: Paint) -> RgbGrid:
    """What stands where there is no histogram: why."""
    columns, rows = run.tile.columns, run.tile.rows - 1
    history = run.history
    if isinstance(run.value, str):
        return note(run.value, columns, rows, paint, paint.warning)
    if history is not None and not history.waiting:
        text = history.errors[0] if history.errors else "Every histogram of this tag is empty."
        return note(text, columns, rows, paint, paint.warning if history.errors else None)
    return note(READING, columns, rows, paint)
