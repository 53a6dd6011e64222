"""A chart as one value: its lines, its axes, its words, the values at the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from trackml_tui import facts
from trackml_tui.charts.drawn import Bands, Drawn, drawn_lines
from trackml_tui.charts.strokes import legend_of, strokes_of
from trackml_tui.choices.charts import ChartsChoice
from trackml_tui.formatting import number, printable
from trackml_tui.palette import Palette
from trackml_tui.plotting.axes import Axes
from trackml_tui.plotting.dots import DOTS, Dots
from trackml_tui.plotting.legend import Entry
from trackml_tui.plotting.plot import Stroke
from trackml_tui.scene import Scene

_CURSOR_TOLERANCE = 0.01
_MOST_KEPT = 64
_X_AXES = {"step": "step", "relative": "relative time", "wall": "wall time"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A few words in a title."""

    text: str
    weight: int = 1
    """Where there is no room for all, light ones are left out first."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a chart shows."""

    tag: str = ""
    title: str = ""
    """For the user."""
    facts: tuple[Fact, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    axes: Axes = field(default_factory=Axes)
    canvas: str = "braille"
    """A key of `plotting.dots.DOTS`."""
    table: bool = False
    """Show numbers in place of curves."""
    entries: tuple[Entry, ...] = ()
    """The names of the lines, with their values."""
    columns: tuple[str, ...] = ()
    """The names of the lines in the order of the main strokes, for a table."""
    sampled: bool = False
    """Whether points were left out when the runs were read."""


class Pictures:
    """Makes the pictures of charts, and keeps each as long as its lines and the choices stay the same."""

    def __init__(self) -> None:
        self._bands = Bands()
        self._made: dict[str, tuple[tuple[object, ...], list[Drawn], Picture]] = {}

    def picture(self, scene: Scene, tag: str, palette: Palette, *, sole: bool) -> Picture:
        """The chart of a tag.

        Args:
            scene: What there is.
            tag: What is drawn; with it, in the chart of the chosen tag, those that the user put together with it.
            palette: The colours.
            sole: Whether no other chart is in sight: then its title says what otherwise is said once for all.
        """
        lines = drawn_lines(scene, _tags(scene, tag), self._bands)
        key = (scene.view, palette, sole, scene.board.members(scene.view.current))
        made = self._made.get(tag)
        if made is None or made[0] != key or not _alike(made[1], lines):
            if len(self._made) >= _MOST_KEPT:
                self._made.clear()
            made = key, lines, _picture_of(scene, tag, lines, palette, sole=sole)
            self._made[tag] = made
        return made[2]


def picture_of(scene: Scene, tag: str, palette: Palette, bands: Bands, *, sole: bool) -> Picture:
    """The chart of a tag, made once; as `Pictures.picture`, but that `bands` keeps what is computed of groups."""
    return _picture_of(scene, tag, drawn_lines(scene, _tags(scene, tag), bands), palette, sole=sole)


def _alike(some: Sequence[Drawn], others: Sequence[Drawn]) -> bool:
    return len(some) == len(others) and all(
        one.line is other.line and one.label == other.label and one.slot == other.slot
        for one, other in zip(some, others, strict=True)
    )


def _picture_of(scene: Scene, tag: str, lines: Sequence[Drawn], palette: Palette, *, sole: bool) -> Picture:
    view, charts = scene.view, scene.view.charts
    tags = _tags(scene, tag)
    values = values_at(lines, view.reads_at)
    own_facts = _own_facts(lines, charts, tag)
    current = scene.board.members(view.current)
    return Picture(
        tag=tag,
        title=_title(tags, charts),
        facts=(*(shared_facts(scene) if sole else _value_facts(lines, values, view.current)), *own_facts),
        strokes=strokes_of(lines, current, palette, smoothed=charts.smoothing > 0.0 and not charts.band),
        axes=axes_of(charts, tag),
        canvas=charts.canvas,
        table=charts.table,
        entries=_with_signs(legend_of(lines, values, current, palette, charts.sort), DOTS[charts.canvas]),
        columns=tuple(_column(drawn, len(tags) > 1) for drawn in lines),
        sampled=_is_sampled(scene, lines),
    )


def axes_of(charts: ChartsChoice, tag: str) -> Axes:
    """What was chosen about the axes of a tag's chart."""
    return Axes(
        x_axis="value" if charts.x_tag is not None else charts.x_axis,
        log_x=charts.log_x,
        y_scale=charts.y_scale,
        x_range=charts.x_range,
        y_range=charts.y_range(tag),
        ignore_outliers=charts.ignore_outliers,
        threshold=charts.symlog_threshold,
    )


def shared_facts(scene: Scene) -> tuple[Fact, ...]:
    """What is true of all charts: x axis, scale, smoothing, bands."""
    charts = scene.view.charts
    log_x = charts.has_log_x
    x = f"over {printable(charts.x_tag)}" if charts.x_tag is not None else _X_AXES[charts.x_axis]
    result = [Fact(f"log {x}" if log_x else x, 2 if log_x or x != "step" else 0)]
    if charts.y_scale != "linear":
        result.append(Fact(f"{charts.y_scale} y", 2))
    if charts.band and charts.x_tag is None:
        result.append(Fact(f"{charts.band} of {scene.view.runs.group or 'seeds'}", 2))
    if charts.smoothing:
        result.append(Fact(f"smoothing {charts.smoothing:g}", 0))
    if charts.ignore_outliers:
        result.append(Fact("outliers ignored", 3))
    return tuple(result)


def values_at(lines: Sequence[Drawn], x: float | None) -> list[float | None]:
    """The value of each line at `x`, as it was logged; its last one without an x."""
    if x is None:
        return [float(drawn.line.value[-1]) if drawn.line.value.size else None for drawn in lines]
    curves = [drawn.line.raw_curve for drawn in lines if drawn.line.raw_curve.pieces]
    extent = max((c.x_high for c in curves), default=0.0) - min((c.x_low for c in curves), default=0.0)
    places = [drawn.line.nearest(x, _CURSOR_TOLERANCE * extent) for drawn in lines]
    return [
        None if place is None else float(drawn.line.value[place]) for drawn, place in zip(lines, places, strict=True)
    ]


def _tags(scene: Scene, tag: str) -> list[str]:
    if tag != scene.view.tag:
        return [tag]
    return [tag, *(each for each in scene.view.charts.together if each != tag)]


def _title(tags: Sequence[str], charts: ChartsChoice) -> str:
    pin = "◆ " if tags[0] in charts.pinned else ""
    return pin + " + ".join(map(printable, tags))


def _column(drawn: Drawn, several: bool) -> str:
    label = printable(drawn.label)
    return f"{label} {printable(drawn.tag)}" if several else label


def _value_facts(lines: Sequence[Drawn], values: Sequence[float | None], current: str | None) -> tuple[Fact, ...]:
    """The current run's value, which of several charts only one has in the run list."""
    found = [value for drawn, value in zip(lines, values, strict=True) if drawn.key == current and drawn.turn == 0]
    return tuple(Fact(number(value), 6) for value in found if value is not None)


def _with_signs(entries: Sequence[Entry], dots: Dots) -> tuple[Entry, ...]:
    """Entries whose samples are drawn as the lines are."""
    return tuple(replace(entry, sample=dots.text(entry.sample)) for entry in entries)


def _own_facts(lines: Sequence[Drawn], charts: ChartsChoice, tag: str) -> tuple[Fact, ...]:
    result = [Fact(text, 4) for text in facts.lost_facts(curve for drawn in lines for curve in drawn.logged)]
    ghosts = sum(len(drawn.line.ghosts) for drawn in lines)
    if ghosts:
        result.append(Fact(f"{ghosts} superseded", 3))
    if charts.x_range is not None:
        result.append(Fact("x fixed", 1))
    if charts.y_range(tag) is not None:
        result.append(Fact("y fixed", 1))
    return tuple(result)


def _is_sampled(scene: Scene, lines: Sequence[Drawn]) -> bool:
    if scene.snapshot is None:
        return False
    named = [(scene.snapshot.get(run), drawn.tag) for drawn in lines for run in drawn.runs]
    found = [run.scalars.get(tag) for run, tag in named if run is not None]
    return any(series.weight is not None for series in found if series is not None)
