"""Which of a run's values is looked at, when the user looks at a step.

All runs are looked at at one step, `View.step`. Runs need not have values at the same steps: each shows the last one
that it had by then, or its first one if it had none yet. Without a step each shows its last value, and goes on doing so
as it grows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Steps: TypeAlias = NDArray[np.int64]


def all_steps(series: Iterable[Steps]) -> Steps:
    """Every step at which any of them has a value, going up."""
    found = [np.asarray(steps, np.int64) for steps in series]
    return np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)


def index_at(steps: Steps, step: int | None) -> int:
    """Which value stands for `step`: the last one written of those at the highest step that is not above it.

    Args:
        steps: One a value, in the order in which they were written; at least one.
        step: The step that is looked at; None for the value written last.
    """
    if step is None:
        return len(steps) - 1
    if (steps[1:] >= steps[:-1]).all():
        at = int(np.searchsorted(steps, step, side="right")) - 1
        return at if at >= 0 else _last_at(steps, int(steps[0]))
    earlier = steps[steps <= step]
    return _last_at(steps, int(earlier.max() if len(earlier) else steps.min()))


def position_of(stops: Steps, step: int | None) -> int:
    """Where a slider over `stops` stands: at the last one without a step, else at the highest one not above it."""
    if step is None or not len(stops):
        return len(stops) - 1
    return max(0, int(np.searchsorted(stops, step, side="right")) - 1)


def moved(stops: Steps, step: int | None, by: int) -> int | None:
    """The step `by` stops further; beyond the last one None, which stays with what comes."""
    if not len(stops):
        return step
    target = position_of(stops, step) + by
    return None if target >= len(stops) - (by <= 0) else int(stops[max(0, target)])


def thinned(count: int, most: int) -> tuple[int, Sequence[int]]:
    """Every k-th of `count` values and the last one, k a power of two, so that at most about `most` are left.

    A power of two changes seldom while a series grows, so that what was read can be kept.

    Returns:
        k, and the indices.
    """
    stride = 1
    while count > stride * max(1, most):
        stride *= 2
    indices = list(range(0, count, stride))
    return stride, indices if not count or indices[-1] == count - 1 else [*indices, count - 1]


def _last_at(steps: Steps, step: int) -> int:
    return int(np.flatnonzero(steps == step)[-1])
