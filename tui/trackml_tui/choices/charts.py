"""What the user chose about charts: axes, smoothing, which tags are side by side, what lies on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from trackml_tui import palette
from trackml_tui.choices.checks import one_of, within

X_AXES = ("step", "relative", "wall")
Y_SCALES = ("linear", "log", "symlog")
SMOOTHING = (0.0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999)
"""The smoothing weights that the keys step through; TensorBoard's slider ends at 0.999 too."""
GRIDS = ((1, 1), (1, 2), (2, 2), (2, 3), (3, 3), (3, 4), (4, 4), (4, 5), (5, 5), (5, 6), (6, 6))
"""Rows and columns of charts that the keys step through."""
BANDS = ("", "mean±std", "mean min-max", "median IQR", "median min-max")
"""How runs of a group are drawn: each by itself, or their middle with a band around it."""
SORTS = ("list", "value", "name")
"""How values at the cursor are sorted: as the run list is, the largest first, by name."""
CANVASES = ("braille", "blocks", "ascii")
PALETTES = tuple(palette.PALETTES)
_MOST_RANGES = 64
_LARGEST_GRID = 6


@dataclass(frozen=True, slots=True)
class ChartsChoice:
    """How charts are shown."""

    x_axis: str = "step"
    """One of `X_AXES`."""
    x_tag: str | None = None
    """The tag whose values are the x axis, in place of steps or time."""
    log_x: bool = False
    y_scale: str = "linear"
    """One of `Y_SCALES`."""
    symlog_threshold: float | None = None
    """Where the linear part of a symlog axis ends; None for what suits the data."""
    smoothing: float = 0.6
    """Weight of the past in the smoothed line; TensorBoard's default."""
    ignore_outliers: bool = False
    """Leave room for the inner nine tenths of the values only."""
    x_range: tuple[float, float] | None = None
    """The ends of all x axes; None for those of the data."""
    y_ranges: tuple[tuple[str, float, float], ...] = ()
    """The ends of the y axes that were fixed: tag, low, high."""
    grid: tuple[int, int] = (1, 1)
    """Rows and columns of charts on a page; (0, 0) for as many as there is room for."""
    alone: bool = False
    """Show the chosen tag's chart alone, whatever the grid."""
    pinned: tuple[str, ...] = ()
    """Tags whose charts come first, in this order."""
    hidden: frozenset[str] = frozenset()
    """Tags without a chart."""
    order: tuple[str, ...] = ()
    """Tags in the order the user gave them; the others follow in that of the tree."""
    together: tuple[str, ...] = ()
    """Tags that are drawn in the chart of the chosen tag too."""
    band: str = ""
    """One of `BANDS`."""
    ghosts: bool = True
    """Show what restarts have superseded."""
    sort: str = "list"
    """One of `SORTS`."""
    table: bool = False
    """Show numbers in place of curves."""
    canvas: str = "braille"
    """One of `CANVASES`."""
    palette: str = "trackml"
    """One of `PALETTES`."""

    def __post_init__(self) -> None:
        """Refuses what cannot be, which a file of a view may ask for."""
        one_of("x_axis", self.x_axis, X_AXES)
        one_of("y_scale", self.y_scale, Y_SCALES)
        one_of("band", self.band, BANDS)
        one_of("sort", self.sort, SORTS)
        one_of("canvas", self.canvas, CANVASES)
        one_of("palette", self.palette, PALETTES)
        within("smoothing", self.smoothing, 0.0, 0.9999)
        for side in self.grid:
            within("grid", side, 0, _LARGEST_GRID)

    @property
    def log_y(self) -> bool:
        """Whether the y axis can show positive values only."""
        return self.y_scale == "log"

    @property
    def has_log_x(self) -> bool:
        """Whether the x axis can show positive positions only; times of day have no logarithm."""
        return self.log_x and (self.x_axis != "wall" or self.x_tag is not None)

    def y_range(self, tag: str) -> tuple[float, float] | None:
        """The fixed ends of a tag's y axis."""
        return next(((low, high) for name, low, high in self.y_ranges if name == tag), None)

    def with_y_range(self, tag: str, ends: tuple[float, float] | None) -> ChartsChoice:
        """Fixes the ends of a tag's y axis, or frees them; the oldest of too many are forgotten."""
        others = tuple(entry for entry in self.y_ranges if entry[0] != tag)
        return replace(self, y_ranges=(*others, *([(tag, *ends)] if ends else []))[-_MOST_RANGES:])

    def unzoomed(self, tag: str | None = None) -> ChartsChoice:
        """Shows all data again: x, and the y axis of a tag, or of all."""
        kept = tuple(entry for entry in self.y_ranges if tag is not None and entry[0] != tag)
        return replace(self, x_range=None, y_ranges=kept)

    def next_x_axis(self) -> ChartsChoice:
        """The next kind of x axis; its ends go, since their unit does."""
        kind = X_AXES[0] if self.x_tag is not None else _next(X_AXES, self.x_axis)
        return replace(self, x_axis=kind, x_tag=None, x_range=None)

    def against(self, tag: str | None) -> ChartsChoice:
        """Takes a tag's values as x, or steps or time again."""
        return replace(self, x_tag=tag, x_range=None)

    def next_y_scale(self) -> ChartsChoice:
        """The next kind of y axis; fixed ends that it cannot show go."""
        scale = _next(Y_SCALES, self.y_scale)
        kept = tuple(entry for entry in self.y_ranges if scale != "log" or entry[1] > 0.0)
        return replace(self, y_scale=scale, y_ranges=kept)

    def smoother(self, step: int) -> ChartsChoice:
        """The smoothing weight one `step` up (1) or down (-1), inside the list."""
        nearest = min(range(len(SMOOTHING)), key=lambda index: abs(SMOOTHING[index] - self.smoothing))
        return replace(self, smoothing=SMOOTHING[min(max(nearest + step, 0), len(SMOOTHING) - 1)])

    def more_charts(self, step: int, shape: tuple[int, int]) -> ChartsChoice:
        """The next larger (1) or smaller (-1) grid; from one chart on, as many as there is room for.

        Args:
            step: 1 or -1.
            shape: Rows and columns that are in sight now.
        """
        if shape == (1, 1) and step > 0:
            return replace(self, grid=(0, 0), alone=False)
        here = min(range(len(GRIDS)), key=lambda place: abs(_cells(GRIDS[place]) - _cells(shape)))
        return replace(self, grid=GRIDS[min(max(here + step, 0), len(GRIDS) - 1)], alone=False)

    def next_band(self) -> ChartsChoice:
        """The next way to draw the runs of a group."""
        return replace(self, band=_next(BANDS, self.band))

    def next_sort(self) -> ChartsChoice:
        """The next way to sort the values at the cursor."""
        return replace(self, sort=_next(SORTS, self.sort))

    def next_canvas(self) -> ChartsChoice:
        """The next kind of characters to draw with."""
        return replace(self, canvas=_next(CANVASES, self.canvas))

    def next_palette(self) -> ChartsChoice:
        """The next set of colours."""
        return replace(self, palette=_next(PALETTES, self.palette))

    def pinned_or_not(self, tag: str) -> ChartsChoice:
        """Puts a tag's chart before all others, or back in its place."""
        return replace(self, pinned=_toggled(self.pinned, tag))

    def hidden_or_not(self, tag: str) -> ChartsChoice:
        """Takes a tag's chart out of the grid, or puts it back."""
        return replace(self, hidden=self.hidden ^ {tag})

    def together_or_not(self, tag: str) -> ChartsChoice:
        """Draws a tag in the chosen tag's chart too, or no more."""
        return replace(self, together=_toggled(self.together, tag))

    def moved(self, tag: str, step: int, tags: Sequence[str]) -> ChartsChoice:
        """Moves a tag's chart some places on (or back), among the others of its kind, pinned or not.

        Args:
            tag: The tag.
            step: How many places.
            tags: All tags as they are now.
        """
        if tag in self.pinned:
            return replace(self, pinned=_shifted(self.pinned, tag, step))
        return replace(self, order=_shifted([each for each in tags if each not in self.pinned], tag, step))


def _cells(grid: tuple[int, int]) -> int:
    return grid[0] * grid[1]


def _next(choices: tuple[str, ...], current: str) -> str:
    return choices[(choices.index(current) + 1) % len(choices)] if current in choices else choices[0]


def _toggled(tags: tuple[str, ...], tag: str) -> tuple[str, ...]:
    return tuple(each for each in tags if each != tag) if tag in tags else (*tags, tag)


def _shifted(tags: Sequence[str], tag: str, step: int) -> tuple[str, ...]:
    others = [each for each in tags if each != tag]
    place = min(max(list(tags).index(tag) + step, 0), len(others))
    return (*others[:place], tag, *others[place:])
