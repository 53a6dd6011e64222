"""How a run is doing: what it says of itself, and else what its events let one guess.

A manifest tells whether a training runs, and shows signs of life; three missed ones in a row mean that the process is
gone, or stopped. So may hyperparameters tell that a run has ended. Where there is neither it is inferred, since event
files do not say that a run ended, and marked so: a run is `live?` while its last event is younger than `LIVE_SECONDS`,
or than three times the usual distance between its events. Writers may hold events back for two minutes before they
flush, so the limit is not lower than that.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from weakref import WeakKeyDictionary

from trackml.runs import RunManifest, RunView, Series

LIVE_SECONDS = 150.0
"""A run is live at least this long after an event: two minutes of a writer's buffer, and some delay."""
_LONGEST_LIVE_SECONDS = 7200.0
_PATIENCE = 3.0
_RECENT_EVENTS = 20
_LATE_SECONDS = 5.0
"""Events so long after a run said that it ended belong to its end."""


class Status(Enum):
    """How a run is doing."""

    RUNNING = "running"
    """It says so, and shows signs of life."""
    SILENT = "silent"
    """It should run, and shows no sign of life."""
    FINISHED = "finished"
    FAILED = "failed"
    INTERRUPTED = "stopped"
    """It was told to stop."""
    LIVE = "live?"
    """Inferred from the age of its last event."""
    IDLE = "idle"
    """Nothing came for long; it may have ended."""
    EMPTY = "no events"

    @property
    def is_live(self) -> bool:
        """Whether more is to be expected."""
        return self in (Status.RUNNING, Status.LIVE)

    @property
    def is_bad(self) -> bool:
        """Whether something went wrong."""
        return self in (Status.SILENT, Status.FAILED)


_TOLD = {"finished": Status.FINISHED, "failed": Status.FAILED, "interrupted": Status.INTERRUPTED}
_DECLARED = {"SUCCESS": Status.FINISHED, "FAILURE": Status.FAILED}
_ENDS: WeakKeyDictionary[RunView, Status | None] = WeakKeyDictionary()
_PATIENCES: WeakKeyDictionary[RunView, float] = WeakKeyDictionary()
"""What `_patience` gave: a view never changes, and is asked about every second."""


def status_of(run: RunView, now: float, manifest: RunManifest | None = None) -> Status:
    """How the run is doing.

    Args:
        run: The run.
        now: Seconds since the epoch.
        manifest: What it says of itself, or what the training says that evaluates into it.
    """
    if manifest is not None and manifest.status in _TOLD:
        return _TOLD[manifest.status]
    if manifest is not None and manifest.status == "running":
        return Status.SILENT if manifest.is_silent(now) else Status.RUNNING
    if run.last_wall_time is None:
        return Status.EMPTY
    return _declared_end(run) or _inferred(run, run.last_wall_time, now)


def manifest_for(name: str, manifests: Mapping[str, RunManifest]) -> RunManifest | None:
    """What says how run `name` is doing: its own manifest, or, of `eval` and `eval_NAME`, the training's above it."""
    if name in manifests or not manifests:
        return manifests.get(name)
    above, _, last = name.rpartition("/")
    return manifests.get(above or ".") if last == "eval" or last.startswith("eval_") else None


def _declared_end(run: RunView) -> Status | None:
    """How the run says among its hyperparameters that it ended, unless it wrote more since.

    Writers that declare the end at once with the hyperparameters give it no time.
    """
    if run not in _ENDS:
        hparams = run.hparams
        ended = hparams.ended if hparams is not None else None
        is_over = ended is not None and (run.last_wall_time or 0.0) <= ended + _LATE_SECONDS
        _ENDS[run] = _DECLARED.get(hparams.status) if hparams is not None and is_over else None
    return _ENDS[run]


def _inferred(run: RunView, last: float, now: float) -> Status:
    if run not in _PATIENCES:
        _PATIENCES[run] = _patience(run, last)
    return Status.LIVE if now - last <= _PATIENCES[run] else Status.IDLE


def _patience(run: RunView, last: float) -> float:
    """How many seconds after its last event the run still counts as live.

    Only tags that were on schedule at that event tell the usual distance: not those that were written at
    the start, and never again.
    """
    usual = [
        distance
        for series in run.scalars.values()
        if (distance := _usual_distance(series)) and last - float(series.wall_time[-1]) <= _PATIENCE * distance
    ]
    return min(max(LIVE_SECONDS, _PATIENCE * min(usual, default=0.0)), _LONGEST_LIVE_SECONDS)


def _usual_distance(series: Series) -> float:
    """Mean seconds between the last events of a series; 0 with less than two events."""
    recent = min(_RECENT_EVENTS, len(series))
    if recent < 2:
        return 0.0
    return (float(series.wall_time[-1]) - float(series.wall_time[-recent])) / (recent - 1)
