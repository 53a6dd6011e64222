"""What a cell is made of: the dots that a character can show, and the characters themselves.

Braille has two by four dots a cell, half blocks one by two, ASCII one. Lines are laid out in dots; only the last
step, from dots to characters, differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Dots:
    """A way to draw dots with characters."""

    name: str
    columns: int
    """Dots beside each other in a cell."""
    rows: int
    """Dots above each other in a cell."""
    weights: tuple[tuple[int, ...], ...]
    """The bit that each dot has in `codes`, [rows][columns]."""
    codes: NDArray[np.uint32]
    """The character for each combination of bits."""
    signs: Mapping[str, str] = field(default_factory=dict)
    """Axis and mark characters to draw in place of the usual ones."""

    def sign(self, character: str) -> str:
        """What stands for a character of an axis, or for a mark."""
        return self.signs.get(character, character)

    def text(self, text: str) -> str:
        """`text` with each of its characters as `sign` gives it."""
        return "".join(map(self.sign, text)) if self.signs else text


def _table(characters: str) -> NDArray[np.uint32]:
    return np.array([ord(character) for character in characters], np.uint32)


BRAILLE = Dots(
    "braille",
    2,
    4,
    ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80)),
    np.array([ord(" "), *range(0x2801, 0x2900)], np.uint32),
)
"""Two by four dots a cell, the finest there is."""

BLOCKS = Dots("blocks", 1, 2, ((1,), (2,)), _table(" ▀▄█"))
"""One by two blocks a cell, for fonts without braille."""

ASCII = Dots(
    "ascii",
    1,
    1,
    ((1,),),
    _table(" -|+."),
    dict(zip("│┤┬┌┐┘└─┴┈┊━…╍┉╸•●■▲◆★▼○□△▽×", "|++++++-+.:-~=.=*o#A@%V0H^vx", strict=True)),
)
"""One character a cell out of `-`, `|`, `+` and `.`, for terminals and eyes that have nothing else."""

DOTS: Mapping[str, Dots] = {each.name: each for each in (BRAILLE, BLOCKS, ASCII)}
"""All of them, by name."""

LEVEL, STEEP, CROSSED, FAINT = 1, 2, 3, 4
"""What `ASCII.codes` has: a level line, a steep one, several, and what lies under the main lines."""
