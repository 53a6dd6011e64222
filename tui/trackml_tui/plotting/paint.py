"""The colours that a drawing is made with, so that drawing needs to know no theme."""

from __future__ import annotations

from dataclasses import dataclass

from trackml_tui.plotting.colour_map import blend, colour_map
from trackml_tui.plotting.rgb import Colour, Pixels, RgbGrid


@dataclass(frozen=True, slots=True)
class Paint:
    """What a theme gives to drawings."""

    background: Colour = (18, 22, 28)
    text: Colour = (213, 218, 225)
    accent: Colour = (124, 199, 255)
    warning: Colour = (255, 180, 84)
    dark: bool = True
    """Whether the background is dark."""
    colour: bool = True
    """Whether the terminal has colours; without them densities are characters."""
    series: tuple[Colour, ...] = ((20, 168, 212), (242, 164, 33))
    """The colours of runs by their slots."""

    @property
    def label(self) -> Colour:
        """The colour of numbers at axes and of what matters less."""
        return blend(self.background, self.text, 0.6)

    @property
    def axis(self) -> Colour:
        """The colour of axes."""
        return blend(self.background, self.text, 0.3)

    def of_slot(self, slot: int) -> Colour:
        """The colour of a run."""
        return self.series[slot % len(self.series)]

    @property
    def ramp(self) -> Pixels:
        """The colours of densities from 0 to 1."""
        return colour_map(self.background, dark=self.dark)

    def grid(self, columns: int, rows: int) -> RgbGrid:
        """An empty grid."""
        return RgbGrid(columns, rows, self.text, self.background)
