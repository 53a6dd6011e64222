"""The columns of a table as parallel axes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trackml_tui.formatting import number, printable
from trackml_tui.leaderboard.columns import Column
from trackml_tui.leaderboard.entries import Entry
from trackml_tui.leaderboard.table import Table
from trackml_tui.plotting.parallel import ParallelAxis

_LOG_RATIO = 50.0
"""Positive values that are so far apart are drawn by their logarithms."""
_MOST_AXES = 12


def axes_of(table: Table) -> list[ParallelAxis]:
    """An axis for each hyperparameter that is shown, and one for the best of each metric."""
    wanted = [column for column in table.columns if column.key.startswith(("hparam:", "best:"))]
    entries = [row.entry for row in table.rows]
    return [_axis(column, entries) for column in wanted[:_MOST_AXES]]


def _axis(column: Column, entries: Sequence[Entry]) -> ParallelAxis:
    keys = [column.sortable(entry) for entry in entries]
    texts = [column.text(entry).split(" @")[0].strip() for entry in entries]
    name = printable(column.heading)
    if column.key.startswith("best:"):
        # Sorted the better first: on the axis the better is at the top.
        values = np.array([float(str(key[1])) if key[0] == 0 else np.nan for key in keys])
        places, _ = _scaled(-values)
        return ParallelAxis(name, places, *_ends(places, texts))
    if any(key[0] == 0 and key[1] != 0 for key in keys):
        return _named(name, [text if key[0] == 0 else None for key, text in zip(keys, texts, strict=True)])
    values = np.array([float(str(key[2])) if key[0] == 0 else np.nan for key in keys])
    places, is_log = _scaled(values)
    finite = values[np.isfinite(values)]
    low, high = (number(float(end)) for end in (finite.min(), finite.max())) if finite.size else ("", "")
    return ParallelAxis(f"{name} log" if is_log else name, places, low, high)


def _scaled(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], bool]:
    """Places between 0 and 1, and whether they are those of logarithms."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return np.full(values.size, np.nan), False
    is_log = bool(finite.min() > 0.0 and finite.max() / finite.min() >= _LOG_RATIO)
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = np.log(values) if is_log else values
    low, high = float(np.nanmin(scaled[np.isfinite(values)])), float(np.nanmax(scaled[np.isfinite(values)]))
    if high <= low:
        return np.where(np.isfinite(values), 0.5, np.nan), is_log
    return np.where(np.isfinite(values), (scaled - low) / (high - low), np.nan), is_log


def _named(name: str, texts: Sequence[str | None]) -> ParallelAxis:
    """Words at equal distances, in the order of the alphabet from the top."""
    words = sorted({text for text in texts if text is not None}, reverse=True)
    place = {word: index / (len(words) - 1) if len(words) > 1 else 0.5 for index, word in enumerate(words)}
    places = np.array([np.nan if text is None else place[text] for text in texts])
    return ParallelAxis(name, places, words[0] if len(words) > 1 else "", words[-1])


def _ends(places: NDArray[np.float64], texts: Sequence[str]) -> tuple[str, str]:
    if not np.isfinite(places).any():
        return "", ""
    return texts[int(np.nanargmin(places))], texts[int(np.nanargmax(places))]
