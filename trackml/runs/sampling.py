"""Which points of a series are kept when there is no room for all.

A series is cut into buckets of so many points as they were written, 4 or a higher power of two. Of each bucket stay
the first least and the first greatest number, and the first NaN, the first infinity and the first negative infinity
if it has them. So no spike is lost, and no sign of a training that diverged. The first and the last point of each
session stay as well, of which most series have one; buckets end where sessions end.

Buckets of a width are halves of buckets of twice the width, and the least of the least is the least of both. So it does
not matter how often a series was sampled on its way to a width, nor when: the result is that of all points.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from trackml.events.event_columns import Ints
from trackml.runs.series import Series

Bools: TypeAlias = npt.NDArray[np.bool_]

LEAST_WIDTH = 4
"""Of a narrower bucket hardly a point could be left out."""


class SampledWarning(UserWarning):
    """What was asked for is a sample of what was written, since the store has a memory bound."""


def warn_of_samples(series: Iterable[Series], stacklevel: int = 2) -> None:
    """Issues a `SampledWarning` if not all points of all series are held.

    Args:
      series: What was asked for.
      stacklevel: Whose line to name, as in `warnings.warn`.
    """
    series = list(series)
    sampled = [one.sampled for one in series if one.sampled is not None]
    if sampled:
        kept, written = (sum(counts) for counts in zip(*sampled))
        warnings.warn(
            f"{len(sampled)} of {len(series)} series are samples: {kept} of {written} points are held, because the "
            "store has a memory bound (max_points or memory_limit).",
            SampledWarning,
            stacklevel + 1,
        )


def chosen_points(value: npt.NDArray[Any], position: Ints, begins: Ints, width: int) -> Bools:
    """Tells which points of a series stay, shape `[points]`.

    Args:
      value: The numbers, shape `[points]`, of all points or of those that earlier choices left.
      position: The place of each among all points that were written, ascending, shape `[points]`.
      begins: Which of the points begin a session, ascending; the first is 0.
      width: Of the buckets, in points that were written.
    """
    chosen = np.zeros(len(value), np.bool_)
    chosen[begins] = True
    chosen[np.append(begins[1:], len(value)) - 1] = True
    starts = _bucket_starts(position, begins, width)
    bucket = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(value)))
    finite = np.isfinite(value)
    for extreme, absent in ((np.minimum, np.inf), (np.maximum, -np.inf)):
        numbers = np.where(finite, value, absent)
        _choose_first(chosen, finite & (numbers == extreme.reduceat(numbers, starts)[bucket]), bucket)
    if not finite.all():
        for marked in (np.isnan(value), value == np.inf, value == -np.inf):
            _choose_first(chosen, marked, bucket)
    return chosen


def _bucket_starts(position: Ints, begins: Ints, width: int) -> Ints:
    """Gives which points begin a bucket."""
    sessions = np.repeat(np.arange(len(begins)), np.diff(begins, append=len(position)))
    number = (position - position[begins][sessions]) // width
    begins_bucket = np.ones(len(position), np.bool_)
    begins_bucket[1:] = (number[1:] != number[:-1]) | (sessions[1:] != sessions[:-1])
    return np.flatnonzero(begins_bucket)


def _choose_first(chosen: Bools, marked: Bools, bucket: Ints) -> None:
    """Chooses the first marked point of each bucket."""
    places = np.flatnonzero(marked)
    buckets = bucket[places]
    chosen[places[np.diff(buckets, prepend=-1) != 0]] = True
