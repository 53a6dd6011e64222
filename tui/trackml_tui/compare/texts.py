"""How the texts of two runs differ, line by line."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from trackml.runs import RunView
from trackml_tui.compare.rows import CompareRow
from trackml_tui.formatting import printable

_MOST_LINES = 2000
_MOST_SHOWN = 400
_KINDS = {"+": "added", "-": "removed", " ": "same", "@": "place"}


def text_tags(one: RunView, other: RunView) -> list[str]:
    """The texts that either of two runs has."""
    return sorted({*one.texts, *other.texts})


def text_rows(one: RunView, other: RunView) -> tuple[CompareRow, ...]:
    """The lines in which the last texts of two runs differ, as a unified diff; it reads them from disk.

    Raises:
        OpError: If a file cannot be read.
    """
    rows: list[CompareRow] = []
    for tag in text_tags(one, other):
        before, after = _lines(one, tag), _lines(other, tag)
        rows += _diff(tag, before, after)
    return tuple(rows)


def _diff(tag: str, before: Sequence[str], after: Sequence[str]) -> list[CompareRow]:
    changes = list(difflib.unified_diff(before, after, lineterm="", n=2))[2:]
    if not changes:
        return [CompareRow(f"text {tag}", f"{printable(tag)}: equal", kind="folded", differs=False)]
    rows = [CompareRow(f"text {tag}", printable(tag), kind="place")]
    for place, line in enumerate(changes[:_MOST_SHOWN]):
        rows.append(CompareRow(f"text {tag} {place}", printable(line), kind=_KINDS.get(line[:1], "same")))
    if len(changes) > _MOST_SHOWN:
        rows.append(CompareRow(f"text {tag} more", f"{len(changes) - _MOST_SHOWN} more lines", kind="folded"))
    return rows


def _lines(run: RunView, tag: str) -> list[str]:
    series = run.texts.get(tag)
    if series is None or not len(series):
        return []
    texts = [str(text) for text in series[-1].ravel()]
    return "\n".join(texts).splitlines()[:_MOST_LINES]
