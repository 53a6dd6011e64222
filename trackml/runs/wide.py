"""Scalars with a row a step and a column a tag.

The points of one run that have the same step share a row. Where a tag has several points for a step, the second goes
into the step's second row and so on, so that no point is lost. Rows go up by step within a run.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from trackml.runs.selection import ChosenSeries
from trackml.runs.series import Series

Floats: TypeAlias = "npt.NDArray[np.float64]"
Ints: TypeAlias = "npt.NDArray[np.int64]"


@dataclasses.dataclass(frozen=True, eq=False)
class WideScalars:
    """Scalars with a row a step of a run. NaN stands where a tag has no point."""

    runs: tuple[str, ...]
    """The names that `run_codes` counts."""
    run_codes: npt.NDArray[np.int32]
    """Which of `runs`, shape `[rows]`."""
    step: Ints
    """Global step, shape `[rows]`."""
    values: Mapping[str, Floats]
    """The scalars by tag, tags sorted, each with shape `[rows]`."""

    def __len__(self) -> int:
        return len(self.step)


def widen(chosen: Sequence[ChosenSeries]) -> WideScalars:
    """Gives the points of several series beside each other."""
    runs = {run: list(group) for run, group in itertools.groupby(chosen, key=lambda one: one.run)}
    laid = [_lay([one.series for one in group]) for group in runs.values()]
    lengths = [len(step) for step, _ in laid]
    begins = np.cumsum([0, *lengths])
    values = {tag: np.full(begins[-1], np.nan) for tag in sorted({one.tag for one in chosen})}
    for begin, group, (_, rows) in zip(begins, runs.values(), laid):
        for one, own_rows in zip(group, rows):
            values[one.tag][begin + own_rows] = one.series.value
    return WideScalars(
        runs=tuple(runs),
        run_codes=np.repeat(np.arange(len(runs), dtype=np.int32), lengths),
        step=np.concatenate([step for step, _ in laid]) if laid else np.empty(0, np.int64),
        values=values,
    )


def _lay(group: list[Series]) -> tuple[Ints, list[Ints]]:
    """Gives the steps of the rows of one run, and for each series the rows that its points are in."""
    first = group[0].step
    if _is_rising(first) and all(np.array_equal(first, other.step) for other in group[1:]):
        return first, [np.arange(len(first))] * len(group)
    steps = np.concatenate([series.step for series in group])
    repeats = np.concatenate([_repeats(series.step) for series in group])
    order = np.lexsort((repeats, steps))
    is_new = _differs_from_last(steps[order]) | _differs_from_last(repeats[order])
    rows = np.empty(len(order), np.int64)
    rows[order] = np.cumsum(is_new) - 1
    ends = np.cumsum([len(series) for series in group])
    return steps[order][is_new], np.split(rows, ends[:-1])


def _repeats(step: Ints) -> Ints:
    """Gives how many points before each one have the same step."""
    if _is_rising(step):
        return np.zeros(len(step), np.int64)
    order = np.argsort(step, kind="stable")
    begins = np.flatnonzero(_differs_from_last(step[order]))
    lengths = np.diff(begins, append=len(step))
    repeats = np.empty(len(step), np.int64)
    repeats[order] = np.arange(len(step)) - np.repeat(begins, lengths)
    return repeats


def _differs_from_last(numbers: Ints) -> npt.NDArray[np.bool_]:
    return np.concatenate(([True], numbers[1:] != numbers[:-1]))


def _is_rising(step: Ints) -> bool:
    return bool((step[1:] > step[:-1]).all())
