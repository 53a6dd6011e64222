"""Numbers, ages and names as short text.

Names and tags come from files that anybody may have written. They reach the screen only through
`printable`, which spells out whatever a terminal would obey, or a reader would not see.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

from rich.cells import cell_len

NOTHING = "–"
"""Stands where there is no value."""

_LONGEST_TEXT = 1024
_MOST_MARKS = 2
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
_AGES = ((86400.0, "d"), (3600.0, "h"), (60.0, "m"), (1.0, "s"))
_LONGEST_AGE = 1e4 * 86400.0
_COUNTS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


@lru_cache(maxsize=8192)
def printable(text: str) -> str:
    """`text` on one line, with control, format and bidirectional characters spelled as escapes.

    A text longer than 1,024 characters keeps its two ends. More than two combining marks in a row are
    spelled out too, since a pile of them runs over the neighbouring lines.
    """
    if len(text) > _LONGEST_TEXT:
        half = _LONGEST_TEXT // 2
        text = f"{text[:half]}…{text[-half:]}"
    if text.isascii() and text.isprintable():
        return text
    marks, shown = 0, []
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        shown.append(_escape(character) if category in _UNSEEN or marks > _MOST_MARKS else character)
    return "".join(shown)


@lru_cache(maxsize=8192)
def fit(text: str, width: int) -> str:
    """`text` in exactly `width` cells: padded on the right, or with its middle cut out.

    The end of a run's name often tells it from its neighbours, so the end stays.
    """
    return pad(shorten(text, width), width)


def pad(text: str, width: int) -> str:
    """`text` with blanks to `width` cells."""
    return text + " " * max(0, width - cell_len(text))


def shorten(text: str, width: int) -> str:
    """`text` in at most `width` cells, with its middle cut out if it is longer."""
    if cell_len(text) <= width:
        return text
    if width <= 1:
        return "…"[:width]
    tail = _cells(reversed(text), (width - 1) // 2)
    head = _cells(iter(text), width - 1 - cell_len(tail))
    return f"{head}…{tail[::-1]}"


def flow(parts: Iterable[str], width: int, between: str = " · ") -> list[str]:
    """Lines of at most `width` cells with as many parts each as fit; a part is never broken."""
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]}{between}{part}" if lines else part
        if lines and cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def ending(text: str, width: int) -> str:
    """`text` in exactly `width` cells, with its beginning cut off if it is longer: names differ at their ends."""
    if cell_len(text) <= width:
        return pad(text, width)
    tail = _cells(reversed(text), width - 1)[::-1]
    return pad(f"…{tail}"[:width], width)


def number(value: float) -> str:
    """A value in at most four digits, as TensorBoard's tooltips show it."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if value != 0.0 and not 1e-3 <= abs(value) < 1e4:
        mantissa, exponent = f"{value:.2e}".split("e")
        return f"{mantissa}e{int(exponent)}"
    return f"{value:.4g}"


def aligned(values: Iterable[float]) -> Callable[[float], str]:
    """A formatter that gives all of `values` the same number of decimals, so that they can be compared.

    When no number of decimals suits both the smallest and the largest, each is formatted by itself.
    """
    sizes = [abs(value) for value in values if math.isfinite(value) and value != 0.0]
    if not sizes or min(sizes) < 1e-3 or max(sizes) >= 1e4:
        return number
    decimals = max(0, 3 - math.floor(math.log10(min(sizes))) - 1)

    def fixed(value: float) -> str:
        return f"{value:.{decimals}f}" if math.isfinite(value) else number(value)

    return fixed


def count(value: int) -> str:
    """An integer with separators between its thousands."""
    return f"{value:,}"


def compact(value: int) -> str:
    """An integer in at most five characters: 950, 9,500, 12.4k, 3.1M."""
    if abs(value) < 10_000:
        return f"{value:,}"
    size, suffix = next((size, suffix) for size, suffix in _COUNTS if abs(value) >= size)
    scaled = value / size
    return f"{scaled:.0f}{suffix}" if abs(scaled) >= 99.95 else f"{scaled:.1f}{suffix}"


def age(seconds: float) -> str:
    """How long ago, in its largest unit: 3s, 12m, 5h, 2d; a question mark for what cannot be."""
    whole = max(0.0, seconds)
    if not whole < _LONGEST_AGE:
        return "?"
    size, unit = next(((size, unit) for size, unit in _AGES if whole >= size), _AGES[-1])
    return f"{int(whole // size)}{unit}"


def size(amount: int) -> str:
    """A number of bytes: 512 B, 1.5 KB, 3.1 MB."""
    if amount < 1000:
        return f"{amount} B"
    largest = (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("KB", 1e3))
    unit, scale = next(((unit, scale) for unit, scale in largest if amount >= 0.99995 * scale), largest[-1])
    return f"{amount / scale:.1f} {unit}"


def plural(amount: int, noun: str) -> str:
    """`1 run`, `2 runs`."""
    return f"{count(amount)} {noun}" if amount == 1 else f"{count(amount)} {noun}s"


def _escape(character: str) -> str:
    code = ord(character)
    if character in _NAMED:
        return _NAMED[character]
    if 0xDC80 <= code <= 0xDCFF:
        # A byte of a file name that is no UTF-8, as Python's surrogateescape hands it on.
        code -= 0xDC00
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _cells(characters: Iterable[str], width: int) -> str:
    taken, used = [], 0
    for character in characters:
        used += cell_len(character)
        if used > width:
            break
        taken.append(character)
    return "".join(taken)
