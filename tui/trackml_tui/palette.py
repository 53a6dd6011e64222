"""Colours of runs: ten that stay apart for colour-blind eyes, and a book of who has which.

Both palettes hold the same ten hues in the same order, for dark and for light backgrounds. They were
found by maximising the smallest distance (Oklab) between any two of them as seen with normal vision,
protanopia, deuteranopia and tritanopia (Machado, Oliveira, Fernandes 2009), near familiar hues and with a
contrast to the background of at least 4.5 (dark) and 3.2 (light).
"""

from __future__ import annotations

from collections.abc import Iterable
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


class SlotBook:
    """Which palette slot each run has; a run keeps its slot as long as the book lives.

    A run's name decides the slot it would like, so that it looks the same in every session; it gets the
    next one that is used least, so that no two runs share a colour before all colours are used.
    """

    def __init__(self) -> None:
        self._slots: dict[str, int] = {}
        self._used = [0] * SLOTS

    def __getitem__(self, name: str) -> int:
        return self._slots[name]

    def enter(self, names: Iterable[str]) -> None:
        """Gives a slot to each run that has none."""
        for name in names:
            if name not in self._slots:
                self._slots[name] = slot = self._free_slot(name)
                self._used[slot] += 1

    def _free_slot(self, name: str) -> int:
        liked = crc32(name.encode("utf-8", "surrogatepass")) % SLOTS
        order = [(liked + step) % SLOTS for step in range(SLOTS)]
        return min(order, key=lambda slot: self._used[slot])
