"""Which charts are on which page: their order, how many fit, where a page ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from trackml_tui.choices.charts import ChartsChoice
from trackml_tui.tags import tag_rows

MOST = 6
"""Rows and columns of the largest grid."""
_WIDTH, _HEIGHT = 36, 11
"""Cells that a chart would like to have, where the grid is chosen by the room there is."""
_NARROWEST, _LOWEST = 16, 6
"""Cells that a chart needs, however many were asked for."""


class Page(NamedTuple):
    """The charts that are in sight."""

    tags: tuple[str, ...]
    number: int
    """Which page this is, from 0."""
    pages: int
    shape: tuple[int, int]
    """Rows and columns."""
    charts: int
    """How many charts there are on all pages."""


def ordered_tags(tags: Iterable[str], choice: ChartsChoice) -> list[str]:
    """The tags that have a chart: pinned ones first, then as the user put them, then as the tree has them."""
    present = frozenset(tags) - choice.hidden
    tree = [row.tag for row in tag_rows(sorted(present), frozenset()) if row.tag is not None]
    first = [tag for tag in choice.pinned if tag in present]
    chosen = [tag for tag in choice.order if tag in present and tag not in first]
    rest = [tag for tag in tree if tag not in first]
    return first + (_merged(rest, chosen) if chosen else rest)


def _merged(tree: list[str], chosen: list[str]) -> list[str]:
    """The chosen order; a tag that it does not know comes behind the one that it follows in the tree."""
    result = list(chosen)
    for place, tag in enumerate(tree):
        if tag not in chosen:
            before = tree[place - 1] if place else None
            result.insert(result.index(before) + 1 if before in result else 0, tag)
    return result


def shape_for(choice: ChartsChoice, width: int, height: int, charts: int) -> tuple[int, int]:
    """Rows and columns of the grid in a room of `width` by `height` cells.

    Args:
        choice: What was chosen; a grid of (0, 0) is one by the room there is.
        width: Cells across.
        height: Cells down.
        charts: How many charts there are.
    """
    if choice.alone:
        return 1, 1
    wanted = choice.grid
    if wanted == (0, 0):
        wanted = room_for(width, height, charts)
    rows = min(wanted[0], max(1, height // _LOWEST), MOST)
    return max(1, rows), max(1, min(wanted[1], max(1, width // _NARROWEST), MOST))


def room_for(width: int, height: int, charts: int) -> tuple[int, int]:
    """The grid that shows as many charts as can be read well, and no empty row."""
    columns = min(max(1, width // _WIDTH), MOST, max(1, charts))
    rows = min(max(1, round(height / _HEIGHT)), MOST, -(-max(1, charts) // columns))
    return rows, columns


def page_of(tags: Sequence[str], tag: str | None, shape: tuple[int, int]) -> Page:
    """The page that `tag` is on; the first one if it has no chart.

    Args:
        tags: All charts in their order.
        tag: The chosen one.
        shape: Rows and columns of the grid.
    """
    pages = _pages(tags, shape[0] * shape[1])
    number = next((place for place, page in enumerate(pages) if tag in page), 0)
    return Page(tuple(pages[number]), number, len(pages), shape, len(tags))


def turned(tags: Sequence[str], tag: str | None, shape: tuple[int, int], step: int) -> str | None:
    """The first tag of the page that lies `step` pages from that of `tag`."""
    pages = _pages(tags, shape[0] * shape[1])
    number = page_of(tags, tag, shape).number + step
    page = pages[min(max(number, 0), len(pages) - 1)]
    return page[0] if page else tag


def _pages(tags: Sequence[str], cells: int) -> list[list[str]]:
    """Tags by pages; a group of tags that fits on one page is not torn apart."""
    pages: list[list[str]] = [[]]
    for group in _groups(tags):
        if pages[-1] and len(pages[-1]) + len(group) > cells and len(group) <= cells:
            pages.append([])
        for tag in group:
            if len(pages[-1]) == cells:
                pages.append([])
            pages[-1].append(tag)
    return pages


def _groups(tags: Sequence[str]) -> list[list[str]]:
    """Neighbouring tags with the same path before their last part."""
    groups: list[list[str]] = []
    for tag in tags:
        if groups and "/" in tag and groups[-1][-1].rpartition("/")[0] == tag.rpartition("/")[0]:
            groups[-1].append(tag)
        else:
            groups.append([tag])
    return groups
