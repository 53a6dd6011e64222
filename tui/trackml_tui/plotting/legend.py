"""Names of lines in the inks of their lines, flowing over a few rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trackml_tui.plotting.grid import LABEL, Span

SAMPLE = "━"
_BETWEEN = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """One line's name."""

    label: str
    """Printable text on one line."""
    cells: int
    """How many cells the label takes."""
    ink: int
    sample: str = SAMPLE
    """How its line looks."""


def legend(entries: Sequence[Entry], width: int, rows: int) -> list[list[Span]]:
    """At most `rows` rows of entries, none wider than `width`; what does not fit is counted at the end."""
    lines: list[list[Span]] = [[]]
    used = 0
    for place, entry in enumerate(entries):
        left = len(entries) - place
        reserve = len(_more(left)) if len(lines) == rows and left > 1 else 0
        needed = entry.cells + len(entry.sample) + 1
        if used and used + needed + reserve > width:
            if len(lines) == rows:
                lines[-1].append(Span(_more(left), LABEL))
                break
            lines.append([])
            used = 0
        lines[-1] += [Span(f"{entry.sample} ", entry.ink), Span(entry.label + " " * _BETWEEN, LABEL)]
        used += needed + _BETWEEN
    return lines


def _more(count: int) -> str:
    return f"+{count} more"
