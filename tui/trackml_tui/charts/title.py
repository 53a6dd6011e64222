"""The line over a chart: its tag at the left, what there is to know about it at the right."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from trackml_tui.charts.content import Fact, Picture
from trackml_tui.formatting import pad, shorten
from trackml_tui.plotting.grid import LABEL, TITLE, Span

_BETWEEN = " · "
_SHORTEST_TITLE = 8
_GAP = 2


def density_fact(densest: int, *, sampled: bool = False) -> Fact:
    """Whether each point has a dot column of its own, or how many share one.

    Args:
        densest: Points of one line in one dot column, at most.
        sampled: Whether points were left out when the runs were read.
    """
    if densest <= 1:
        return Fact("sample" if sampled else "all points", 5)
    return Fact(f"{'sample, ' if sampled else ''}1 in {densest:,}", 5)


def title_spans(picture: Picture, densest: int, width: int) -> list[Span]:
    """The title in `width` cells; facts of little weight are left out where they do not fit.

    Args:
        picture: The chart.
        densest: Points of one line in one dot column, at most.
        width: Cells.
    """
    facts = [*picture.facts]
    if picture.strokes and not picture.table:
        facts.append(density_fact(densest, sampled=picture.sampled))
    text = fitted(facts, width - min(cell_len(picture.title), _SHORTEST_TITLE) - _GAP)
    left = max(0, width - cell_len(text) - (_GAP if text else 0))
    return [Span(pad(shorten(picture.title, left), left), TITLE), Span(" " * _GAP + text if text else "", LABEL)]


def fitted(facts: Sequence[Fact], width: int) -> str:
    """The facts in one line of at most `width` cells; those of little weight are left out where they do not fit."""
    left = [*facts]
    while left and cell_len(_joined(left)) > width:
        left.remove(min(left, key=lambda fact: fact.weight))
    return _joined(left)


def _joined(facts: Sequence[Fact]) -> str:
    return _BETWEEN.join(fact.text for fact in facts)
