"""From a chart of a layout to what a chart draws: lines of all tags that match, or lines with bands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from trackml.runs import RunView
from trackml_tui import facts
from trackml_tui.charts.content import Fact, Picture, axes_of, shared_facts, values_at
from trackml_tui.charts.drawn import Bands, Drawn, drawn_lines
from trackml_tui.charts.strokes import legend_of, strokes_of
from trackml_tui.choices.charts import ChartsChoice
from trackml_tui.curves import Line
from trackml_tui.custom.layout import CustomChart, Margin, matching
from trackml_tui.formatting import plural, printable, shorten
from trackml_tui.palette import Palette
from trackml_tui.plotting.dots import DOTS
from trackml_tui.plotting.series import Curve, prepare
from trackml_tui.scene import Scene

_MOST_KEPT = 64
_LONGEST_COMPLAINT = 24
_LONGEST_LABEL, _LONGEST_TAG = 16, 15
"""Together what a legend has room for."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a chart, and what there is to say of them."""

    drawn: tuple[Drawn, ...] = ()
    tags: int = 0
    told: str = ""
    """What is wrong with the chart's layout; empty if nothing is."""

    def looks(self) -> tuple[object, ...]:
        """What two charts have in common that look the same: lines are the same as long as nothing came."""
        each = ((drawn.line, drawn.label, drawn.slot, drawn.turn) for drawn in self.drawn)
        return (*each, self.tags, self.told)


class CustomPictures:
    """Makes the pictures of charts, and keeps each as long as its lines and the choices stay the same."""

    def __init__(self) -> None:
        self._bands = Bands()
        self._made: dict[str, tuple[tuple[object, ...], Picture]] = {}

    def picture(self, scene: Scene, key: str, chart: CustomChart, palette: Palette, *, sole: bool) -> Picture:
        """A chart of the layout.

        Args:
            scene: What there is.
            key: The chart's name among others, as `layout.keys_of` gives it.
            chart: What it draws.
            palette: The colours.
            sole: Whether no other chart is in sight.
        """
        lines = _lines_of(scene, chart, self._bands)
        looks = (scene.view, chart, palette, sole, scene.board.members(scene.view.current), lines.looks())
        made = self._made.get(key)
        if made is None or made[0] != looks:
            if len(self._made) >= _MOST_KEPT:
                self._made.clear()
            made = looks, _picture(scene, key, chart, lines, palette, sole=sole)
            self._made[key] = made
        return made[1]


def told_of(chart: CustomChart) -> str:
    """What the chart draws, in words of its layout, or what is wrong with them."""
    if chart.margins:
        names = [f"{margin.value} from {margin.lower} to {margin.upper}" for margin in chart.margins]
        return printable(", ".join(names))
    try:
        matching(chart.patterns, frozenset())
    except ValueError as error:
        return printable(str(error))
    return printable(", ".join(chart.patterns)) or "nothing"


def _lines_of(scene: Scene, chart: CustomChart, bands: Bands) -> _Lines:
    if chart.margins:
        return _with_margins(scene, chart.margins)
    try:
        tags = matching(chart.patterns, scene.tags_of("scalars"))
    except ValueError as error:
        return _Lines(told=shorten(printable(str(error)), _LONGEST_COMPLAINT))
    drawn = drawn_lines(scene, tags, bands)
    return _Lines(tuple(map(_named, drawn) if len(tags) > 1 else drawn), len(tags))


def _named(drawn: Drawn) -> Drawn:
    """With its tag in the label, which those of later tags have in the legend anyway."""
    if drawn.turn:
        return drawn
    tag = shorten(printable(drawn.tag), _LONGEST_TAG)
    return replace(drawn, label=f"{shorten(printable(drawn.label), _LONGEST_LABEL)} {tag}")


def _with_margins(scene: Scene, margins: Sequence[Margin]) -> _Lines:
    charts = replace(scene.view.charts, band="")  # a margin is a band of its own
    bare = replace(scene, view=replace(scene.view, charts=charts))
    result: list[Drawn] = []
    uneven = False
    for turn, margin in enumerate(margins):
        found = drawn_lines(bare, list(dict.fromkeys(margin)), Bands())
        lines = {(drawn.key, drawn.tag): drawn for drawn in found}
        for middle in [drawn for drawn in found if drawn.tag == margin.value]:
            sides = lines.get((middle.key, margin.upper)), lines.get((middle.key, margin.lower))
            uneven |= charts.x_tag is None and not all(_same_steps(middle, side) for side in sides)
            drawn = replace(middle, turn=turn, band=_band(*sides, charts))
            result.append(_named(drawn) if len(margins) > 1 else drawn)
    return _Lines(tuple(result), len(margins), "steps of the margins differ" if uneven else "")


def _same_steps(drawn: Drawn, side: Drawn | None) -> bool:
    return side is not None and np.array_equal(drawn.line.step, side.line.step)


def _band(upper: Drawn | None, lower: Drawn | None, charts: ChartsChoice) -> tuple[Curve, Curve] | None:
    """Both sides at the steps that both have; a logarithmic axis cuts the lower one off at the smallest value."""
    if upper is None or lower is None or charts.x_tag is not None:
        return None
    return _sides(upper.line, lower.line, charts)


def _sides(upper: Line, lower: Line, charts: ChartsChoice) -> tuple[Curve, Curve] | None:
    _, here, there = np.intersect1d(upper.step, lower.step, return_indices=True)
    order = np.argsort(lower.x[there], kind="stable")
    x, high, low = lower.x[there][order], upper.smoothed[here][order], lower.smoothed[there][order]
    keep = np.isfinite(high) & np.isfinite(low) & np.isfinite(x)
    if charts.log_y:
        keep &= high > 0.0
    if charts.log_x and charts.x_axis != "wall":
        keep &= x > 0
    if not keep.any():
        return None
    x, high, low = x[keep], high[keep].astype(np.float64), low[keep].astype(np.float64)
    if charts.log_y:
        low = _positive(low, high)
    return prepare(x, high), prepare(x, low)


def _positive(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
    both = np.concatenate([low, high])
    result: NDArray[np.float64] = np.where(low > 0.0, low, both[both > 0.0].min())
    return result


def _picture(scene: Scene, key: str, chart: CustomChart, lines: _Lines, palette: Palette, *, sole: bool) -> Picture:
    charts, current = scene.view.charts, scene.board.members(scene.view.current)
    values = values_at(lines.drawn, scene.view.reads_at)
    entries = legend_of(lines.drawn, values, current, palette, charts.sort)
    return Picture(
        tag=key,
        title=printable(chart.title) or "untitled",
        facts=(*(shared_facts(scene) if sole else ()), *_facts(lines, chart)),
        strokes=strokes_of(lines.drawn, current, palette, smoothed=charts.smoothing > 0.0 and not charts.band),
        axes=axes_of(charts, key),
        canvas=charts.canvas,
        table=charts.table,
        entries=tuple(replace(entry, sample=DOTS[charts.canvas].text(entry.sample)) for entry in entries),
        columns=tuple(_column(drawn) for drawn in lines.drawn),
        sampled=_is_sampled(scene, lines.drawn),
    )


def _facts(lines: _Lines, chart: CustomChart) -> tuple[Fact, ...]:
    lost = facts.lost_facts(curve for drawn in lines.drawn for curve in drawn.logged)
    told = [Fact(lines.told, 9)] if lines.told else []
    amount = [] if chart.margins or lines.told else [Fact(plural(lines.tags, "tag"), 2)]
    return (*told, *amount, *(Fact(text, 4) for text in lost))


def _column(drawn: Drawn) -> str:
    label = printable(drawn.label)
    return f"{label} {printable(drawn.tag)}" if drawn.turn else label


def _is_sampled(scene: Scene, lines: Collection[Drawn]) -> bool:
    runs: Mapping[str, RunView] = scene.snapshot if scene.snapshot is not None else {}
    found = [runs[run].scalars.get(drawn.tag) for drawn in lines for run in drawn.runs if run in runs]
    return any(series is not None and series.weight is not None for series in found)
