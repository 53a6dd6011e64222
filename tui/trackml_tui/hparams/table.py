"""Hyperparameters and metrics of runs: all that they differ in, the best, the last, and the value at a step."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from trackml_tui.formatting import NOTHING, aligned, compact
from trackml_tui.leaderboard.columns import (
    Column,
    Sortable,
    default_metrics,
    is_lower_better,
    metric_columns,
    param_columns,
    short_tag,
)
from trackml_tui.leaderboard.entries import Entry, entries_of, entry_tags
from trackml_tui.leaderboard.table import Table, TableRow, in_order, ranks_of, sorted_entries
from trackml_tui.scene import Scene


def make_table(scene: Scene) -> Table:
    """The table of the runs that tell hyperparameters; all runs if none does."""
    choice = scene.view.hparams.table
    entries = entries_of(scene, everything=choice.everything)
    entries = [entry for entry in entries if entry.params] or entries
    tags = entry_tags(entries)
    metrics = tuple(tag for tag in choice.metrics if tag in tags) or default_metrics(tags, scene.view.tag)
    found = [*param_columns(entries, all_params=scene.view.hparams.everything)]
    for tag in metrics:
        found += metric_columns(entries, tag, lower=is_lower_better(tag, choice.flipped))
        if scene.view.step is not None:
            found.append(step_column(entries, tag, scene.view.step, lower=is_lower_better(tag, choice.flipped)))
    offered = in_order(found, choice)
    by_key = {column.key: column for column in offered}
    key = choice.sort if choice.sort in by_key or choice.sort == "run" else f"best:{metrics[0]}" if metrics else "run"
    ranks = ranks_of(entries, offered)
    rows = tuple(
        TableRow(entry, ranks.get(entry.name))
        for entry in sorted_entries(entries, by_key.get(key), reverse=choice.reverse)
    )
    shown = tuple(column for column in offered if column.key not in choice.hidden)
    return Table(rows, shown, offered, metrics, tags, key, choice.reverse)


def step_column(entries: Sequence[Entry], tag: str, step: int, *, lower: bool) -> Column:
    """The last value of a metric that was logged up to a step."""
    values = {entry.name: value for entry in entries if (value := value_at(entry, tag, step)) is not None}
    show = aligned(values.values())
    sign = 1.0 if lower else -1.0

    def sortable(entry: Entry) -> Sortable:
        value = values.get(entry.name)
        return (2,) if value is None else (1,) if math.isnan(value) else (0, sign * value)

    def text(entry: Entry) -> str:
        return show(values[entry.name]) if entry.name in values else NOTHING

    heading = f"{short_tag(tag)} @{compact(step)}"
    return Column(f"at:{tag}", heading, max(10, len(heading)), text, sortable, tag=tag)


def value_at(entry: Entry, tag: str, step: int) -> float | None:
    """The value of a metric at a step, or the last one before; None if there is none yet."""
    series = entry.series(tag)
    if series is None:
        return None
    before = np.flatnonzero(series.step <= step)
    if not before.size:
        return None
    steps = series.step[before]
    return float(series.value[before[np.flatnonzero(steps == steps.max())[-1]]])
