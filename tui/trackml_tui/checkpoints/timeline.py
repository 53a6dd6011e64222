"""The checkpoints of a run in the order of their steps: those on disk, and those that its manifest tells of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from trackml.runs import Checkpoint, ManifestCheckpoint, ManifestDecision, RunManifest, Series
from trackml_tui.order import natural_key


class State(Enum):
    """What became of a checkpoint."""

    LATEST = "latest"
    """It is on disk, and training would go on from it."""
    KEPT = "kept"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Entry:
    """One checkpoint."""

    key: str
    """Its name below the run's directory."""
    step: int | None
    size: int
    """Of its files, in bytes."""
    written: float
    """When, in seconds since the epoch."""
    state: State
    deleted: float | None = None
    """When it was seen to be gone, if that is known."""
    file: Checkpoint | None = None
    """It, if it is on disk."""
    verdict: str = ""
    """"evaluated", "evaluating", "skipped"; empty where nothing is known."""
    reason: str = ""
    """Why it was skipped or evaluated, in the run's own words."""
    inferred: bool = False
    """Whether the verdict is a conclusion from the files, and not what the run says."""
    value: float | None = None
    """Of the chosen tag at its step."""
    best: bool = False
    """Whether no other checkpoint has a better value."""

    @property
    def is_on_disk(self) -> bool:
        """Whether it can be opened."""
        return self.file is not None


def timeline(
    found: Sequence[Checkpoint],
    manifest: RunManifest | None,
    evaluated_steps: frozenset[int] | None,
    metric: Series | None,
    *,
    lower_is_better: bool,
    exactly: bool = False,
) -> tuple[Entry, ...]:
    """The checkpoints of one run by step.

    Args:
        found: Those on disk.
        manifest: What the run says of itself.
        evaluated_steps: The steps of its evaluations, None if it has none; verdicts are inferred from them where the
            manifest gives none.
        metric: A series that is worth most at the best checkpoint.
        lower_is_better: Whether the best value is the smallest.
        exactly: Whether the series has a value for each checkpoint that was evaluated, as an evaluation has; of others
            the value before stands for a step that was not logged.
    """
    on_disk = {each.name: each for each in found}
    entries = [_told(each, on_disk) for each in (manifest.checkpoints if manifest is not None else ())]
    known = {entry.key for entry in entries}
    entries += [_of_file(each) for each in found if each.name not in known]
    verdicts = _verdicts(manifest.decisions) if manifest is not None else {}
    entries = [_judged(entry, verdicts, evaluated_steps) for entry in entries]
    entries = [replace(entry, value=_value_at(metric, entry.step, exactly)) for entry in entries]
    return tuple(_with_best(sorted(entries, key=_order), lower_is_better))


def _told(told: ManifestCheckpoint, on_disk: Mapping[str, Checkpoint]) -> Entry:
    """What is on disk is there, whatever the manifest says: it may have been copied back."""
    file = on_disk.get(told.name)
    if file is None:
        return Entry(told.name, told.step, told.size, told.written, State.DELETED, told.deleted)
    return replace(_of_file(file), step=told.step)


def _of_file(file: Checkpoint) -> Entry:
    state = State.LATEST if file.latest else State.KEPT
    return Entry(file.name, file.step, file.size, file.written, state, file=file)


def _verdicts(decisions: Iterable[ManifestDecision]) -> dict[int, ManifestDecision]:
    """The decision that counts for each step: of several evaluations, one that took place."""
    result: dict[int, ManifestDecision] = {}
    for decision in decisions:
        if decision.decision != "skipped" or decision.step not in result:
            result[decision.step] = decision
    return result


def _judged(entry: Entry, verdicts: Mapping[int, ManifestDecision], evaluated_steps: frozenset[int] | None) -> Entry:
    if entry.step is None:
        return entry
    if entry.step in verdicts:
        decision = verdicts[entry.step]
        return replace(entry, verdict=decision.decision, reason=decision.reason)
    if evaluated_steps is None or verdicts:
        return entry
    return replace(entry, verdict="evaluated" if entry.step in evaluated_steps else "skipped", inferred=True)


def _value_at(metric: Series | None, step: int | None, exactly: bool) -> float | None:
    """The last value that was logged for this step or, if that will do, just before; none beyond the series' end."""
    if metric is None or step is None or not len(metric):
        return None
    steps = metric.step
    at = np.flatnonzero(steps == step)
    if at.size:
        return float(metric.value[at[-1]])
    before = np.flatnonzero(steps < step)
    if exactly or not before.size or not bool((steps > step).any()):
        return None
    return float(metric.value[before[np.argmax(steps[before])]])


def _with_best(entries: list[Entry], lower_is_better: bool) -> list[Entry]:
    values = [entry.value for entry in entries if entry.value is not None and np.isfinite(entry.value)]
    if len(values) < 2:
        return entries
    best = min(values) if lower_is_better else max(values)
    place = next(place for place, entry in enumerate(entries) if entry.value == best)
    entries[place] = replace(entries[place], best=True)
    return entries


def _order(entry: Entry) -> tuple[bool, int, float, object]:
    return entry.step is not None, entry.step or 0, entry.written, natural_key(entry.key)
