"""A run with all that a query may ask of it."""

from __future__ import annotations

from dataclasses import dataclass

from trackml.runs import RunManifest, RunView
from trackml_tui.catalog.labels import PLAIN, Label
from trackml_tui.catalog.params import Params, params_of
from trackml_tui.catalog.status import Status, status_of


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One run before it is known whether it is listed."""

    run: RunView
    label: Label
    """What the user says of it."""
    manifest: RunManifest | None
    """What it says of itself, or what the training says that evaluates into it."""
    status: Status
    now: float
    """Seconds since the epoch."""
    group: str = ""
    """The label of its group; empty without groups."""

    @property
    def name(self) -> str:
        """The run's own name."""
        return self.run.name

    @property
    def params(self) -> Params:
        """Its hyperparameters."""
        return params_of(self.run, self.manifest)

    @property
    def age(self) -> float | None:
        """Seconds since its last event; None without events."""
        last = self.run.last_wall_time
        return None if last is None else max(0.0, self.now - last)


def candidate(run: RunView, now: float, manifest: RunManifest | None = None, label: Label = PLAIN) -> Candidate:
    """The run with its status at `now`."""
    return Candidate(run, label, manifest, status_of(run, now, manifest), now)
