"""Scalars with a row a step and a column a tag.

The points of one run that have the same step share a row. Where a tag has several points for a step, the second goes
into the step's second row and so on, so that no point is lost. Rows go up by step within a run. Where files or
superseded points are asked for, only points of one file, or of one fate, share a row.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trackml.runs.points import Bools, Codes, Floats, Ints, joined
from trackml.runs.selection import ChosenSeries
from trackml.runs.series import Series


@dataclasses.dataclass(frozen=True, eq=False, kw_only=True)
class WideScalars:
    """Scalars with a row a step of a run. NaN stands where a tag has no point."""

    runs: tuple[str, ...]
    """The names that `run_codes` counts."""
    run_codes: Codes
    """Which of `runs`, shape `[rows]`."""
    step: Ints
    """Global step, shape `[rows]`."""
    wall_time: Floats
    """When the first point of the row was written, in seconds since the epoch, shape `[rows]`."""
    values: Mapping[str, Floats]
    """The scalars by tag, tags sorted, each with shape `[rows]`."""
    present: Mapping[str, Bools]
    """Where a tag has a point, by tag, each with shape `[rows]`: a point may be NaN too."""
    files: tuple[str, ...] = ()
    """The names that `file_codes` counts."""
    file_codes: Codes | None = None
    """Which of `files`, shape `[rows]`; None if files were not asked for."""
    superseded: Bools | None = None
    """Which rows restarts have replaced, shape `[rows]`; None where these are left out."""

    def __len__(self) -> int:
        return len(self.step)


class _Fate(NamedTuple):
    """What the points of a row have in common, besides their step."""

    run: str
    file: Path | None
    superseded: bool | None


class _Rows(NamedTuple):
    """The rows of one fate."""

    begin: int
    """How many rows are before."""
    step: Ints
    members: list[tuple[str, Series, Ints]]
    """Tag, points, and the row of each point."""


def widen(chosen: Sequence[ChosenSeries]) -> WideScalars:
    """Gives the points of several series beside each other."""
    groups: dict[_Fate, list[tuple[str, Series]]] = {}
    for one in chosen:
        for fate, series in _fates(one):
            groups.setdefault(fate, []).append((one.tag, series))
    laid: list[_Rows] = []
    begin = 0
    fates = _sorted(list(groups))
    for members in (groups[fate] for fate in fates):
        step, rows = _lay([series for _, series in members])
        laid.append(_Rows(begin, step, [(tag, series, own) for (tag, series), own in zip(members, rows)]))
        begin += len(step)
    tags = sorted({one.tag for one in chosen})
    return _filled(tags, fates, laid, begin)


def _filled(tags: list[str], fates: list[_Fate], laid: list[_Rows], length: int) -> WideScalars:
    values = {tag: np.full(length, np.nan) for tag in tags}
    present = {tag: np.zeros(length, np.bool_) for tag in tags}
    wall_time = np.full(length, np.nan)
    for begin, step, members in laid:
        times = wall_time[begin : begin + len(step)]
        for tag, series, rows in members:
            values[tag][begin + rows] = series.value
            present[tag][begin + rows] = True
            times[rows] = np.fmin(times[rows], series.wall_time)
    lengths = [len(rows.step) for rows in laid]
    runs = {name: code for code, name in enumerate(dict.fromkeys(fate.run for fate in fates))}
    files = {name: code for code, name in enumerate(dict.fromkeys(fate.file.name for fate in fates if fate.file))}
    codes = [files[fate.file.name] for fate in fates if fate.file]
    marks = [fate.superseded for fate in fates if fate.superseded is not None]
    return WideScalars(
        runs=tuple(runs),
        run_codes=np.repeat(np.array([runs[fate.run] for fate in fates], np.int32), lengths),
        step=joined([rows.step for rows in laid], np.int64),
        wall_time=wall_time,
        values=values,
        present=present,
        files=tuple(files),
        file_codes=np.repeat(np.array(codes, np.int32), lengths) if codes else None,
        superseded=np.repeat(np.array(marks, np.bool_), lengths) if marks else None,
    )


def _fates(one: ChosenSeries) -> list[tuple[_Fate, Series]]:
    if one.superseded is None:
        return [(_Fate(one.run, one.file, None), one.series)]
    parts = [(mark, one.series.where(one.superseded == mark)) for mark in (False, True)]
    return [(_Fate(one.run, one.file, mark), series) for mark, series in parts if len(series)]


def _sorted(fates: list[_Fate]) -> list[_Fate]:
    """Gives fates in the order of runs, in each of files, and in each what counts before what is superseded."""
    runs = {run: number for number, run in enumerate(dict.fromkeys(fate.run for fate in fates))}
    return sorted(fates, key=lambda fate: (runs[fate.run], fate.file.name if fate.file else "", bool(fate.superseded)))


def _lay(group: list[Series]) -> tuple[Ints, list[Ints]]:
    """Gives the steps of the rows of one fate, and for each series the rows that its points are in."""
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
