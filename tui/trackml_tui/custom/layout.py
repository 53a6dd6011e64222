"""Layouts of charts, as TensorBoard's custom scalars have them, of several runs as one.

Sources: tensorboard/plugins/custom_scalar/layout.proto, custom_scalars_plugin.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from trackml.runs import RunView

if TYPE_CHECKING:
    from tensorboard.plugins.custom_scalar import layout_pb2

LAYOUT_TAG = "custom_scalars__config__"
"""The tag under which a run keeps its layout."""


class Margin(NamedTuple):
    """The tags of a line with a band."""

    value: str
    lower: str
    upper: str


@dataclass(frozen=True, slots=True)
class CustomChart:
    """One chart of a category."""

    title: str
    patterns: tuple[str, ...] = ()
    """Regular expressions; tags whose beginning matches one of them are drawn."""
    margins: tuple[Margin, ...] = ()
    """Lines with bands; a chart has either these or patterns."""


@dataclass(frozen=True, slots=True)
class Category:
    """Charts that are shown together."""

    title: str
    charts: tuple[CustomChart, ...] = ()


class Layout(NamedTuple):
    """The charts of all runs."""

    categories: tuple[Category, ...] = ()
    errors: tuple[str, ...] = ()
    """Why the layouts of some runs are not among them."""


def has_layout(run: RunView) -> bool:
    """Whether the run says how its charts are laid out."""
    return run.tags.get(LAYOUT_TAG) == "tensors"


def read_layout(runs: Sequence[RunView]) -> Layout:
    """What the runs say of their charts; a damaged layout is told and left out. It reads files."""
    parts = [_read_one(run) for run in runs]
    errors = tuple(part for part in parts if isinstance(part, str))
    found = [category for part in parts if not isinstance(part, str) for category in part]
    return Layout(merged(found), errors)


def _read_one(run: RunView) -> list[Category] | str:
    """The categories of a run, or what is wrong with its layout."""
    try:
        layout = run.read_custom_scalars()
    except Exception as error:  # whatever a damaged file makes a decoder raise is for the user to see
        return f"{run.name}: {error}"
    return categories_of(layout) if layout is not None else []


def categories_of(layout: layout_pb2.Layout) -> list[Category]:
    """The categories of one run's layout."""
    return [Category(category.title, tuple(map(_chart, category.chart))) for category in layout.category]


def merged(categories: Iterable[Category]) -> tuple[Category, ...]:
    """Categories of the same title as one, with each chart once, in the order in which they come."""
    result: dict[str, Category] = {}
    for category in categories:
        held = result.setdefault(category.title, Category(category.title))
        charts = dict.fromkeys((*held.charts, *category.charts))
        result[category.title] = replace(held, charts=tuple(charts))
    return tuple(result.values())


def keys_of(category: Category) -> list[str]:
    """Names that tell the charts of a category from each other and from those of others."""
    keys: list[str] = []
    for chart in category.charts:
        key = f"{category.title}/{chart.title}"
        again = sum(each == key or each.startswith(f"{key}#") for each in keys)
        keys.append(f"{key}#{again + 1}" if again else key)
    return keys


@lru_cache(maxsize=256)
def matching(patterns: tuple[str, ...], tags: frozenset[str]) -> tuple[str, ...]:
    """The tags whose beginning matches one of the patterns, sorted.

    Raises:
        ValueError: A pattern is empty or no regular expression; the message names it.
    """
    compiled = [_compiled(pattern) for pattern in patterns]
    return tuple(sorted(tag for tag in tags if any(each.match(tag) for each in compiled)))


def _compiled(pattern: str) -> re.Pattern[str]:
    if not pattern:
        raise ValueError("empty regex")
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"no regex: {pattern} ({error})") from None


def _chart(chart: layout_pb2.Chart) -> CustomChart:
    margins = tuple(Margin(each.value, each.lower, each.upper) for each in chart.margin.series)
    return CustomChart(chart.title, tuple(chart.multiline.tag), margins)
