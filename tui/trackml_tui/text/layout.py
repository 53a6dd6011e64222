"""Texts of several runs, below each other or beside each other, as the lines of one sheet."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from trackml_tui.formatting import count, pad, printable, shorten
from trackml_tui.gallery.notes import READING
from trackml_tui.plotting.paint import Paint
from trackml_tui.plotting.rgb import Colour
from trackml_tui.text.rendering import Page

LEAST_COLUMN = 34
"""The least columns of a text beside another one."""
_BETWEEN = " │ "


@dataclass(frozen=True, slots=True)
class RunText:
    """The text of one run."""

    label: str
    slot: int
    when: str
    page: Page | str | None
    """The text; why there is none; None while it is being read."""


def columns_of(runs: int, width: int, *, beside: bool) -> int:
    """How many texts stand beside each other."""
    return max(1, min(runs, (width + len(_BETWEEN)) // (LEAST_COLUMN + len(_BETWEEN)))) if beside else 1


def column_width(columns: int, width: int) -> int:
    """How wide one of so many texts is."""
    return max(1, (width - (columns - 1) * len(_BETWEEN)) // columns)


def sheet(texts: Sequence[RunText], columns: int, width: int, paint: Paint) -> list[Strip]:
    """All lines, each `width` wide at most."""
    one = column_width(columns, width)
    blocks = [_block(text, one, paint) for text in texts]
    lines: list[Strip] = []
    for start in range(0, len(blocks), columns):
        lines += _beside(blocks[start : start + columns], one, paint)
        lines.append(Strip.blank(width))
    return lines[:-1]


def _block(text: RunText, width: int, paint: Paint) -> list[Strip]:
    head = _head(text, width, paint)
    if not isinstance(text.page, Page):
        colour = paint.label if text.page is None else paint.warning
        return [head, *(_line(part, colour) for part in _wrapped(READING if text.page is None else text.page, width))]
    remarks = [text.page.remark] if text.page.remark else []
    if text.page.parts > 1:
        whole = f"{count(text.page.characters)} characters"
        remarks.append(f"part {text.page.part + 1} of {text.page.parts}, {whole}: . and , for others")
    notes = [_line(part, paint.warning) for remark in remarks for part in _wrapped(remark, width)]
    return [head, *notes, *(Strip(line) for line in text.page.lines)]


def _head(text: RunText, width: int, paint: Paint) -> Strip:
    room = width - 2
    when = text.when if cell_len(text.label) + len(text.when) + 2 <= room else ""
    label = pad(shorten(text.label, room - len(when)), room - len(when))
    return Strip(
        [
            Segment("━ ", Style(color=_rgb(paint.of_slot(text.slot)))),
            Segment(label, Style(bold=True)),
            Segment(when, Style(color=_rgb(paint.label))),
        ]
    )


def _beside(blocks: Sequence[list[Strip]], width: int, paint: Paint) -> list[Strip]:
    if len(blocks) == 1:
        return blocks[0]
    rule = Strip([Segment(_BETWEEN, Style(color=_rgb(paint.axis)))])
    rows = zip_longest(*blocks, fillvalue=Strip([]))
    return [_joined([line.adjust_cell_length(width) for line in row], rule) for row in rows]


def _joined(parts: Sequence[Strip], rule: Strip) -> Strip:
    pieces = [piece for part in parts for piece in (rule, part)][1:]
    return Strip.join(pieces)


def _line(text: str, colour: Colour) -> Strip:
    return Strip([Segment(text, Style(color=_rgb(colour)))])


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(printable(text), width) or [""]


def _rgb(colour: Colour) -> str:
    return f"#{colour[0]:02x}{colour[1]:02x}{colour[2]:02x}"
