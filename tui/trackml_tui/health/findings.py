"""What is wrong with runs and files, the worst first.

Rules about curves look at every point, and are asked again only when a series has grown. They say what they saw, so
that one can judge: a rule does not know what is normal for a model.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from weakref import WeakKeyDictionary

import numpy as np

from trackml.runs import FileHealth, RunView, Series
from trackml_tui.catalog.extremes import lower_is_better
from trackml_tui.catalog.status import Status
from trackml_tui.formatting import age, count, number, plural, size
from trackml_tui.scene import Scene


class Severity(IntEnum):
    """How bad it is."""

    BAD = 0
    """Something is lost, or a training is over before its time."""
    WARNING = 1
    NOTE = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    key: str
    """Tells it from all others, and stays while it lasts."""
    severity: Severity
    kind: str
    """In one word."""
    run: str | None
    """The run's name; None for what belongs to none."""
    subject: str
    """The tag, the file or the directory."""
    text: str


_FILES: dict[str, Severity] = {
    "corrupt": Severity.BAD,
    "unreadable": Severity.BAD,
    "deleted": Severity.WARNING,
    "replaced": Severity.NOTE,
}
_FEWEST_POINTS = 20
_DIVERGED = 10.0
"""A loss that is so many times as far above its best value as that was below its first one has diverged."""
_FLAT_PART = 0.5
"""A metric whose best value is older than this part of all its points has stopped to improve."""
_IMPROVES = 1e-3
_RULES: WeakKeyDictionary[Series, tuple[tuple[Severity, str, str], ...]] = WeakKeyDictionary()
"""What was found out about each series, which never changes: severity, kind and text."""


def findings(scene: Scene) -> tuple[Finding, ...]:
    """All that is wrong, the worst first, then by run."""
    snapshot = scene.snapshot
    if snapshot is None:
        return ()
    found = [
        Finding(f"directory {path}", Severity.BAD, "directory", None, str(path), reason)
        for path, reason in snapshot.unreadable.items()
    ]
    found += [
        Finding(f"missing {path}", Severity.BAD, "missing", None, str(path), "is not there") for path in scene.missing
    ]
    for name, run in snapshot.items():
        found += [_file(name, file) for file in run.health if file.status in _FILES or file.bytes_lost]
        found += _curves(name, run)
    found += _lives(scene)
    return tuple(sorted(found, key=lambda each: (each.severity, each.run or "", each.kind, each.subject)))


def rules_of(series: Series, tag: str) -> tuple[tuple[Severity, str, str], ...]:
    """What the rules say of one series: severity, kind and text each."""
    if series not in _RULES:
        _RULES[series] = tuple(_judge(series, tag))
    return _RULES[series]


def _file(run: str, file: FileHealth) -> Finding:
    lost = f"{size(file.bytes_lost)} lost; " if file.bytes_lost else ""
    severity = Severity.BAD if file.bytes_lost else _FILES[file.status]
    said = file.message or f"{plural(file.events, 'event')} read of {size(file.size)}"
    return Finding(f"file {run} {file.path}", severity, file.status, run, file.path.name, f"{lost}{said}")


def _curves(name: str, run: RunView) -> Iterator[Finding]:
    for tag, series in run.scalars.items():
        for severity, kind, text in rules_of(series, tag):
            yield Finding(f"{kind} {name} {tag}", severity, kind, name, tag, text)


def _lives(scene: Scene) -> Iterator[Finding]:
    for row in scene.board.rows:
        manifest = scene.manifest(row.key)
        if row.status is Status.FAILED:
            said = manifest.error if manifest is not None and manifest.error else "it says so itself"
            yield Finding(f"failed {row.key}", Severity.BAD, "failed", row.key, "", said)
        elif row.status is Status.SILENT and manifest is not None:
            since = age(scene.now - manifest.heartbeat)
            text = f"no sign of life for {since}; it used to give one every {manifest.heartbeat_secs:g} s"
            yield Finding(f"silent {row.key}", Severity.BAD, "silent", row.key, "", text)
        elif row.status is Status.INTERRUPTED:
            yield Finding(f"stopped {row.key}", Severity.NOTE, "stopped", row.key, "", "it was told to stop")


def _judge(series: Series, tag: str) -> Iterator[tuple[Severity, str, str]]:
    values = series.value
    finite = np.isfinite(values)
    if not len(series):
        return
    if not finite.all():
        first = int(np.argmin(finite))
        amount = int(finite.size - np.count_nonzero(finite))
        kind, severity = ("NaN", Severity.BAD) if not finite[-1] else ("NaN", Severity.WARNING)
        still = "and still is" if not finite[-1] else "finite again since"
        text = f"{count(amount)} of {count(len(series))} values are NaN or infinite, first at step "
        yield severity, kind, f"{text}{count(int(series.step[first]))}, {still}"
    if not lower_is_better(tag) or "loss" not in tag.casefold() or np.count_nonzero(finite) < _FEWEST_POINTS:
        return
    yield from _judge_loss(series.step[finite], values[finite])


def _judge_loss(steps: np.ndarray, values: np.ndarray) -> Iterator[tuple[Severity, str, str]]:
    place = int(np.argmin(values))
    best, gained = float(values[place]), float(values[0] - values[place])
    tail = float(np.median(values[-max(3, values.size // 20) :]))
    if tail - best > _DIVERGED * max(gained, 1e-12 * abs(best)) and tail > values[0]:
        text = f"{number(tail)} of late, {number(best)} at best (step {count(int(steps[place]))})"
        yield Severity.WARNING, "diverged", text
        return
    usual = np.minimum.accumulate(values)
    reached = int(np.argmax(usual <= best + _IMPROVES * abs(gained))) if gained > 0.0 else 0
    if gained > 0.0 and math.isfinite(gained) and reached < (1.0 - _FLAT_PART) * values.size:
        text = f"best {number(best)}, nearly reached at step {count(int(steps[reached]))} of {count(int(steps[-1]))}"
        yield Severity.NOTE, "plateau", text
