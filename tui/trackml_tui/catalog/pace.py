"""How fast a run goes, and when it will be done."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from trackml.runs import RunManifest, RunView, Series
from trackml_tui.catalog.params import Params

_RECENT = 50
"""Points that tell the present speed."""
_STEPS_TOLD = ("max_steps", "total_steps", "num_steps", "train_steps", "num_train_steps", "max_iters")
_SPEEDS: WeakKeyDictionary[RunView, float | None] = WeakKeyDictionary()
"""A view never changes."""


@dataclass(frozen=True, slots=True)
class Goal:
    """The step at which a run will be done."""

    step: int
    told: bool
    """Whether the run says so; else it is how far the others went."""


def steps_per_second(run: RunView) -> float | None:
    """The speed over the last points of the series with the highest step; None if it cannot be told."""
    if run not in _SPEEDS:
        _SPEEDS[run] = _speed(run)
    return _SPEEDS[run]


def goal_of(manifest: RunManifest | None, params: Params, longest: int | None) -> Goal | None:
    """Where a run will end: as its manifest or hyperparameters tell, or else where the longest of the others is.

    Args:
        manifest: What it says of itself.
        params: Its hyperparameters.
        longest: The highest step of all runs.
    """
    told = [] if manifest is None else [manifest.facts.get("max_steps")]
    told += [params.get(name) for name in _STEPS_TOLD]
    for value in told:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e15:
            return Goal(int(value), told=True)
    return None if longest is None else Goal(longest, told=False)


def seconds_left(run: RunView, goal: Goal | None) -> float | None:
    """Seconds until the run is where it wants to go; None if that is not known, or behind it."""
    speed, step = steps_per_second(run), run.last_step
    if goal is None or speed is None or step is None or goal.step <= step:
        return None
    return (goal.step - step) / speed


def _speed(run: RunView) -> float | None:
    series = max(run.scalars.values(), key=_end, default=None)
    if series is None or len(series) < 2:
        return None
    recent = min(_RECENT, len(series))
    seconds = float(series.wall_time[-1]) - float(series.wall_time[-recent])
    steps = int(series.step[-1]) - int(series.step[-recent])
    return steps / seconds if seconds > 0 and steps > 0 else None


def _end(series: Series) -> tuple[int, int]:
    return (int(series.step[-1]), len(series)) if len(series) > 1 else (-1, 0)
