"""What stands where a value cannot be drawn: words in the middle of a tile."""

from __future__ import annotations

import textwrap

from trackml_tui.formatting import printable
from trackml_tui.gallery.lettering import letter
from trackml_tui.plotting.paint import Paint
from trackml_tui.plotting.rgb import Colour, RgbGrid

READING = "reading…"


def note(text: str, columns: int, rows: int, paint: Paint, colour: Colour | None = None) -> RgbGrid:
    """Words in the middle of an empty grid, wrapped; what does not fit is cut off."""
    grid = paint.grid(columns, rows)
    lines = textwrap.wrap(printable(text), max(1, columns - 2))[:rows]
    top = max(0, (rows - len(lines)) // 2)
    for row, line in enumerate(lines, top):
        letter(grid, row, max(0, (columns - len(line)) // 2), line, colour or paint.label)
    return grid
