"""Names, numbers and tables as text for a terminal or a pipe.

Names and tags come from files that anybody may have written. They are printed only through `printable`, which spells
out whatever a terminal would obey, or a reader would not see.
"""

from __future__ import annotations

import datetime
import os
import shutil
import sys
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple, TextIO

NOTHING = "-"
"""Stands where there is no value."""

_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_STYLES = {"": "", "bold": "1", "bad": "31", "good": "32", "doubtful": "33"}
_UNITS = (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("KB", 1e3))


class Cell(NamedTuple):
    """What stands in one place of a table."""

    text: str
    style: str = ""
    """"bold", "good", "doubtful", "bad" or nothing."""


class Column(NamedTuple):
    """How one column of a table looks."""

    title: str
    is_number: bool = False
    """Numbers stand at the right."""
    least: int | None = None
    """How narrow it may become in a narrow terminal, as long as what differs looks different; None if it may not."""


def table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str | Cell]],
    *,
    colours: bool = False,
    width: int | None = None,
) -> list[str]:
    """Gives the lines of a table with a line of titles.

    Args:
      columns: One for each cell of a row.
      rows: Cells; plain strings have no style.
      colours: Whether styles show.
      width: How wide the terminal is: columns that may become narrower do so, and what they hold loses its middle.
        None if nothing is to be cut.
    """
    cells = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]
    titles = [Cell(column.title, "bold") for column in columns]
    widths = [max(width_of(row[index].text) for row in [titles, *cells]) for index in range(len(columns))]
    if width is not None and _total(widths) > width:
        texts = [[row[at].text for row in cells] for at in range(len(columns))]
        widths = _narrowed([_least(*both) for both in zip(columns, texts)], widths, width)
    return [
        "  ".join(
            _laid(cell, width, column.is_number, colours) for cell, width, column in zip(row, widths, columns)
        ).rstrip()
        for row in [titles, *cells]
    ]


def wants_colours(stream: TextIO | None = None) -> bool:
    """Tells whether a stream, standard output by default, is a terminal whose user has not declined colours.

    Source: https://no-color.org
    """
    stream = sys.stdout if stream is None else stream
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


def width_of_terminal() -> int | None:
    """Gives the width of the terminal that standard output is; None if it is none."""
    return shutil.get_terminal_size().columns if is_terminal(sys.stdout) else None


def is_terminal(stream: TextIO | None) -> bool:
    """Tells whether a stream is a terminal that understands escape sequences."""
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def printable(text: str) -> str:
    """Gives `text` on one line, with control, format and bidirectional characters spelled as escapes.

    Example:
      >>> print(printable("loss\\x1b[2J"))
      loss\\x1b[2J
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        ascii(character)[1:-1] if unicodedata.category(character) in _UNSEEN else character for character in text
    )


def width_of(text: str) -> int:
    """Gives the number of columns that `text` takes up in a terminal."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def number(value: float | None) -> str:
    """Gives a number with six digits.

    Example:
      >>> number(0.1234567), number(12345678.0), number(None)
      ('0.123457', '1.23457e+07', '-')
    """
    return NOTHING if value is None else f"{value:.6g}"


def count(value: int | None) -> str:
    """Gives an integer with all its digits."""
    return NOTHING if value is None else str(value)


def byte_size(amount: int) -> str:
    """Gives a number of bytes.

    Example:
      >>> byte_size(512), byte_size(1500), byte_size(227_000_000)
      ('512 B', '1.5 KB', '227.0 MB')
    """
    for unit, scale in _UNITS:
        if amount >= 0.99995 * scale:
            return f"{amount / scale:.1f} {unit}"
    return f"{amount} B"


def moment(wall_time: float | None) -> str:
    """Gives a wall time as date and time of day where the user is."""
    if wall_time is None:
        return NOTHING
    try:
        return datetime.datetime.fromtimestamp(wall_time).strftime("%Y-%m-%d %H:%M:%S")
    except (OverflowError, ValueError, OSError):
        return number(wall_time)


def plural(amount: int, noun: str) -> str:
    """Gives an amount with its noun.

    Example:
      >>> plural(1, "run"), plural(2, "run"), plural(2, "series")
      ('1 run', '2 runs', '2 series')
    """
    return f"{amount} {noun}" if amount == 1 or noun.endswith("s") else f"{amount} {noun}s"


def shortened(text: str, width: int) -> str:
    """Gives `text` without its middle, if it takes up more than `width` columns.

    Example:
      >>> shortened("experiments/first/eval", 12)
      'experi…/eval'
    """
    if width_of(text) <= width:
        return text
    begin, end = (width - 1) - (width - 1) // 2, (width - 1) // 2
    while width_of(text[:begin]) + 1 + width_of(text[len(text) - end :]) > width:
        begin, end = begin - 1, max(0, end - 1)
    return f"{text[:begin]}…{text[len(text) - end :]}"


def _least(column: Column, texts: list[str]) -> int | None:
    """Gives how narrow a column may become: two names must not come to look like one."""
    if column.least is None:
        return None
    distinct = set(texts)
    widths = range(column.least, max(map(width_of, distinct), default=0))
    fits = (width for width in widths if len({shortened(text, width) for text in distinct}) == len(distinct))
    return next(fits, widths.stop)


def _narrowed(leasts: Sequence[int | None], widths: list[int], width: int) -> list[int]:
    """Takes from the widest of the columns that may become narrower, until all fit or none can give more."""
    narrowed = list(widths)
    while _total(narrowed) > width:
        able = [at for at, least in enumerate(leasts) if least is not None and narrowed[at] > least]
        if not able:
            break
        narrowed[max(able, key=narrowed.__getitem__)] -= 1
    return narrowed


def _total(widths: Sequence[int]) -> int:
    """Gives how wide columns are together, with the space between."""
    return sum(widths) + 2 * (len(widths) - 1)


def _laid(cell: Cell, width: int, is_number: bool, colours: bool) -> str:
    shown = shortened(cell.text, width)
    blanks = " " * (width - width_of(shown))
    code = _STYLES[cell.style] if colours else ""
    text = f"\x1b[{code}m{shown}\x1b[0m" if code else shown
    return blanks + text if is_number else text + blanks
