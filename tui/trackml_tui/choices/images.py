"""What the user chose about images."""

from __future__ import annotations

from dataclasses import dataclass, replace

from trackml_tui.choices.checks import one_of, within

LAYOUTS = ("runs", "batch", "steps")
"""Side by side: one image of each run; all images of one step of the current run; one image of it at several steps."""
ZOOMS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Pixels of the screen for one of the image; 0 fits the image in."""
MOST_BRIGHTNESS, MOST_CONTRAST = 2000, 5000
"""The ends of TensorBoard's sliders, in thousandths."""


@dataclass(frozen=True, slots=True)
class ImagesChoice:
    """How images are shown."""

    layout: str = "runs"
    """What stands side by side: `runs`, `batch` or `steps`."""
    sample: int = 0
    """Which image of a step's batch, from 0."""
    zoom: float = 0.0
    """Pixels of the screen for one of the image; 0 fits the image in."""
    centre: tuple[float, float] = (0.5, 0.5)
    """The part of the image in the middle of its tile: from the left and from the top, 0 to 1."""
    brightness: int = 1000
    """Thousandths, as on TensorBoard's slider."""
    contrast: int = 1000
    """Thousandths, as on TensorBoard's slider."""

    def __post_init__(self) -> None:
        one_of("layout", self.layout, LAYOUTS)
        within("sample", self.sample, 0, float("inf"))
        within("zoom", self.zoom, 0, ZOOMS[-1])
        for part in self.centre:
            within("centre", part, 0, 1)
        within("brightness", self.brightness, 0, MOST_BRIGHTNESS)
        within("contrast", self.contrast, 0, MOST_CONTRAST)

    def next_layout(self) -> ImagesChoice:
        """The next choice of what stands side by side."""
        return replace(self, layout=LAYOUTS[(LAYOUTS.index(self.layout) + 1) % len(LAYOUTS)])

    def zoomed(self, by: int) -> ImagesChoice:
        """Larger or smaller by one step of the list; the smallest fits the image in."""
        here = min(range(len(ZOOMS)), key=lambda place: abs(ZOOMS[place] - self.zoom))
        return replace(self, zoom=ZOOMS[min(max(here + by, 0), len(ZOOMS) - 1)])

    def panned(self, across: float, down: float) -> ImagesChoice:
        """Another part of the image in the middle."""
        x, y = self.centre
        return replace(self, centre=(min(max(x + across, 0.0), 1.0), min(max(y + down, 0.0), 1.0)))

    def adjusted(self, brightness: int = 0, contrast: int = 0) -> ImagesChoice:
        """Brighter or darker, stronger or weaker."""
        return replace(
            self,
            brightness=min(max(self.brightness + brightness, 0), MOST_BRIGHTNESS),
            contrast=min(max(self.contrast + contrast, 0), MOST_CONTRAST),
        )

    def plain(self) -> ImagesChoice:
        """The whole image, as it is."""
        return replace(self, zoom=0.0, centre=(0.5, 0.5), brightness=1000, contrast=1000)
