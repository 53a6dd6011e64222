"""Colours of runs, and a book of who has which.

The palette of the dashboard holds ten hues in the same order, for dark and for light backgrounds. They were
found by maximising the smallest distance (Oklab) between any two of them as seen with normal vision,
protanopia, deuteranopia and tritanopia (Machado, Oliveira, Fernandes 2009), near familiar hues and with a
contrast to the background of at least 4.5 (dark) and 3.2 (light).

The other palettes are those that people know: Okabe and Ito (2008), Paul Tol's bright and muted, TensorBoard's own,
the colours that a terminal of sixteen has, and none at all. Where a palette repeats, lines get dashes and marks, so
that every slot looks different from every other one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

DARK = (
    *("#14a8d4", "#f2a421", "#4ad78c", "#fb5fb1", "#eeec47"),
    *("#9273fd", "#fb4701", "#89fefe", "#9f8365", "#d2bce0"),
)
LIGHT = (
    *("#3873d6", "#cd7217", "#237f53", "#d03976", "#8c690b"),
    *("#6832cf", "#a81311", "#0098b8", "#5d4e3d", "#76738f"),
)
SLOTS = len(DARK)
"""How many runs get a colour before one is used again."""

_TOL_BRIGHT = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377")
_TOL_MUTED = (
    *("#cc6677", "#332288", "#ddcc77", "#117733", "#88ccee"),
    *("#882255", "#44aa99", "#999933", "#aa4499"),
)
_TOL_MUTED_DARK = (
    *("#cc6677", "#7d6fd6", "#ddcc77", "#39a35b", "#88ccee"),
    *("#c0508a", "#44aa99", "#999933", "#c26bb8"),
)
_TENSORBOARD = ("#12b5cb", "#e52592", "#f9ab00", "#9334e6", "#7cb342", "#e8710a")


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by slot; beyond the last one they begin anew, in another style of line."""

    name: str
    colours: tuple[str, ...]
    """What Rich and Textual take for colours; of a palette without any, the foreground."""
    plain: bool = False
    """The terminal's own colours, or none: they cannot be mixed with the background, so what is less bright is dim."""

    def __getitem__(self, slot: int) -> str:
        """The colour of a slot."""
        return self.colours[slot % len(self.colours)]

    def __len__(self) -> int:
        return len(self.colours)

    def style(self, slot: int) -> int:
        """The number of the dash and mark that tell a slot from others of its colour."""
        return slot // len(self.colours)


def _both(name: str, dark: Sequence[str], light: Sequence[str], *, plain: bool = False) -> tuple[Palette, Palette]:
    return Palette(name, tuple(dark), plain), Palette(name, tuple(light), plain)


PALETTES: Mapping[str, tuple[Palette, Palette]] = {
    pair[0].name: pair
    for pair in (
        _both("trackml", DARK, LIGHT),
        _both(
            "okabe-ito",
            ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#3b8fd6", "#d55e00", "#cc79a7"),
            ("#b87e00", "#2a8fc9", "#009e73", "#a89d00", "#0072b2", "#d55e00", "#cc79a7"),
        ),
        _both("tol-bright", ("#6a9bd1", *_TOL_BRIGHT[1:2], "#3fae52", *_TOL_BRIGHT[3:5], "#cf5c9c"), _TOL_BRIGHT),
        _both("tol-muted", _TOL_MUTED_DARK, _TOL_MUTED),
        _both("tensorboard", ("#8e98a3", *_TENSORBOARD[:3], "#b06bf0", *_TENSORBOARD[4:]), ("#425066", *_TENSORBOARD)),
        _both(
            "ansi",
            ("bright_cyan", "bright_yellow", "bright_green", "bright_magenta", "bright_red", "bright_blue"),
            ("blue", "red", "green", "magenta", "cyan", "yellow"),
            plain=True,
        ),
        _both("mono", ("white",), ("black",), plain=True),
    )
}
"""Palettes by name, each for dark and for light backgrounds."""


def palette_of(name: str, *, dark: bool) -> Palette:
    """The palette of this name, or the first if there is none, for a dark or a light background."""
    return PALETTES.get(name, PALETTES["trackml"])[0 if dark else 1]


class SlotBook:
    """Which palette slot each run has; a run keeps its slot as long as the book lives.

    A run's name decides which of the first slots it would like, so that it looks the same in every session; it gets
    the next one that is used least, so that no two runs share a colour before all colours are used. Whoever shares
    a colour has a slot that is `SLOTS` higher, and so another style of line.
    """

    def __init__(self) -> None:
        self._slots: dict[str, int] = {}
        self._used = [0] * SLOTS
        self.chosen: Mapping[str, int] = {}
        """The slots that the user gave, which hold in place of those of the book."""

    def __getitem__(self, name: str) -> int:
        return self.chosen.get(name, self._slots[name]) if self.chosen else self._slots[name]

    def enter(self, names: Iterable[str]) -> None:
        """Gives a slot to each run that has none."""
        for name in names:
            if name not in self._slots:
                first = self._free_slot(name)
                self._slots[name] = first + SLOTS * self._used[first]
                self._used[first] += 1

    def _free_slot(self, name: str) -> int:
        liked = crc32(name.encode("utf-8", "surrogatepass")) % SLOTS
        order = [(liked + step) % SLOTS for step in range(SLOTS)]
        return min(order, key=lambda slot: self._used[slot])
