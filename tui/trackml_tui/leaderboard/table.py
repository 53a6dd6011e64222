"""The leaderboard as a value: columns in the user's order, runs sorted and ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trackml_tui.choices.leaderboard import LeaderboardChoice
from trackml_tui.leaderboard.columns import (
    Column,
    default_metrics,
    end_columns,
    is_lower_better,
    metric_columns,
    param_columns,
    state_columns,
)
from trackml_tui.leaderboard.entries import Entry, entries_of, entry_tags
from trackml_tui.scene import Scene

_GAP = 2
"""Blanks between two columns."""
_RANK = 4
_NARROWEST_NAME, _WIDEST_NAME = 12, 40


@dataclass(frozen=True, slots=True, eq=False)
class TableRow:
    """One run."""

    entry: Entry
    rank: int | None
    """Its place by the best of the first metric; None without a value."""

    @property
    def key(self) -> str:
        """The run's name."""
        return self.entry.name


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """What the leaderboard shows."""

    rows: tuple[TableRow, ...] = ()
    columns: tuple[Column, ...] = ()
    """Those that are shown, in their order."""
    offered: tuple[Column, ...] = ()
    """All there are, hidden ones included."""
    metrics: tuple[str, ...] = ()
    """The tags that have columns."""
    tags: frozenset[str] = frozenset()
    """The tags that could have columns."""
    sort: str = ""
    """The key of the column that the rows are sorted by; "run" for the name."""
    reverse: bool = False

    def column(self, key: str) -> Column | None:
        """The column with this key, if it is shown."""
        return next((column for column in self.columns if column.key == key), None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column is drawn."""

    column: Column
    x: int


def make_table(scene: Scene) -> Table:
    """The table of the scene's runs under the choices of its view."""
    choice = scene.view.leaderboard
    entries = entries_of(scene, everything=choice.everything)
    tags = entry_tags(entries)
    metrics = tuple(tag for tag in choice.metrics if tag in tags) or default_metrics(tags, scene.view.tag)
    offered = _columns(entries, metrics, choice)
    columns = tuple(column for column in offered if column.key not in choice.hidden)
    ranks = ranks_of(entries, offered)
    by_key = {column.key: column for column in offered}
    key = choice.sort if choice.sort in by_key or choice.sort == "run" else f"best:{metrics[0]}" if metrics else "run"
    ordered = sorted_entries(entries, by_key.get(key), reverse=choice.reverse)
    rows = tuple(TableRow(entry, ranks.get(entry.name)) for entry in ordered)
    return Table(rows, columns, offered, metrics, tags, key, choice.reverse)


def name_width(labels: Sequence[str], width: int) -> int:
    """Cells for the names of runs: what the longest needs, and a third of `width` at most."""
    longest = max(map(len, labels), default=0)
    return max(_NARROWEST_NAME, min(longest + 1, _WIDEST_NAME, max(18, width // 3)))


def places(columns: Sequence[Column], width: int, names: int, current: str) -> list[Place]:
    """The columns that fit beside the names, so many moved out at the left that the current one is in sight.

    Args:
        columns: All that could be shown.
        width: Cells there are.
        names: Cells that the names of the runs take.
        current: The key of the column that has to be in sight.
    """
    start = _RANK + names + _GAP
    keys = [column.key for column in columns]
    first = 0
    while first < len(columns):
        shown = _fitting(columns[first:], start, width)
        if current not in keys[first:] or current in [place.column.key for place in shown] or len(shown) < 1:
            return shown
        first += 1
    return []


def rank_width() -> int:
    """Cells of the ranks at the left edge."""
    return _RANK


def _fitting(columns: Sequence[Column], start: int, width: int) -> list[Place]:
    found, x = [], start
    for column in columns:
        if x + column.width > width:
            break
        found.append(Place(column, x))
        x += column.width + _GAP
    return found


def _columns(entries: Sequence[Entry], metrics: Sequence[str], choice: LeaderboardChoice) -> tuple[Column, ...]:
    pairs = [metric_columns(entries, tag, lower=is_lower_better(tag, choice.flipped)) for tag in metrics]
    of_metrics = [column for pair in pairs for column in pair]
    return in_order(
        [*of_metrics[:1], *state_columns(), *of_metrics[1:], *param_columns(entries), *end_columns()], choice
    )


def in_order(found: Sequence[Column], choice: LeaderboardChoice) -> tuple[Column, ...]:
    """The columns in the order that the user gave them."""
    places = {key: place for place, key in enumerate(choice.order)}
    # Columns that the user never moved stay behind the one that they came after.
    ranks: list[tuple[int, int]] = []
    for place, column in enumerate(found):
        ranks.append((places.get(column.key, ranks[-1][0] if ranks else -1), place))
    return tuple(column for _, column in sorted(zip(ranks, found, strict=True), key=lambda pair: pair[0]))


def ranks_of(entries: Sequence[Entry], columns: Sequence[Column]) -> dict[str, int]:
    """The places of runs by the best of the first metric."""
    column = next((column for column in columns if column.key.startswith("best:")), None)
    if column is None:
        return {}
    ordered = sorted((found, entry.name) for entry in entries if (found := column.sortable(entry))[0] == 0)
    return {name: place + 1 for place, (_, name) in enumerate(ordered)}


def sorted_entries(entries: Sequence[Entry], column: Column | None, *, reverse: bool) -> list[Entry]:
    """Runs without a value are last, whichever way they are sorted."""
    if column is None:
        return list(reversed(entries)) if reverse else list(entries)
    keyed = [(column.sortable(entry), entry) for entry in entries]
    with_value = [pair for pair in keyed if pair[0][0] == 0]
    without = sorted((pair for pair in keyed if pair[0][0] != 0), key=lambda pair: pair[0][:1])
    with_value.sort(key=lambda pair: pair[0], reverse=reverse)
    return [entry for _, entry in [*with_value, *without]]
