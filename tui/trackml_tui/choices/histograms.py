"""What the user chose about histograms."""

from __future__ import annotations

from dataclasses import dataclass, replace

from trackml_tui.choices.checks import one_of

MODES = ("heat", "ridges", "overlay", "distribution", "bars")
"""Density over time; one behind the other; on one base; percentile bands over time; one step in detail."""
SCALES = ("root", "linear", "log")
"""How brightness grows with density."""


@dataclass(frozen=True, slots=True)
class HistogramsChoice:
    """How histograms are shown."""

    mode: str = "heat"
    """`heat` (density over steps), `ridges`, `overlay` (ridges on one base), `distribution` (percentiles) or `bars`."""
    scale: str = "root"
    """How brightness grows with density: `root`, `linear` or `log`."""
    clip: bool = False
    """Whether the axis of values leaves out the outermost hundredth on either side."""
    bin: int | None = None
    """The bar that is pointed out."""

    def __post_init__(self) -> None:
        one_of("mode", self.mode, MODES)
        one_of("scale", self.scale, SCALES)

    def next_mode(self, by: int = 1) -> HistogramsChoice:
        """The next way to draw them."""
        return replace(self, mode=MODES[(MODES.index(self.mode) + by) % len(MODES)])

    def next_scale(self) -> HistogramsChoice:
        """The next scale of brightness."""
        return replace(self, scale=SCALES[(SCALES.index(self.scale) + 1) % len(SCALES)])

    def next_bin(self, by: int, bins: int) -> HistogramsChoice:
        """The bar `by` further, inside the row of them; from outside it comes in at an end."""
        start = (-1 if by > 0 else bins) if self.bin is None else self.bin
        return replace(self, bin=min(max(start + by, 0), bins - 1))
