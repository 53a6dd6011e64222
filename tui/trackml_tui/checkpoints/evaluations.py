"""How a run is evaluated: when it was last, when it will be next, and which checkpoints that leaves out.

`train_and_evaluate` evaluates a new checkpoint only if a throttle allows it. Its manifest says what it decided and why;
where there is none, what can be said follows from the events of the evaluations, and is marked as inferred.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from trackml.runs import ManifestDecision, RunManifest, RunView
from trackml_tui.formatting import age, count, plural

_MEDIAN_OF = 20
_EVAL = "eval"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One evaluation of a run."""

    name: str
    """As in TensorFlow's directories: `eval`, or `eval_NAME`."""
    step: int | None
    """Of the checkpoint that was evaluated last; None before the first."""
    time: float | None
    """When that was, in seconds since the epoch."""
    running: int | None = None
    """The step of the checkpoint that is being evaluated."""
    throttle: float | None = None
    """The least seconds between two evaluations; the usual ones if this is inferred."""
    due: float | None = None
    """When the next one may begin, in seconds since the epoch."""
    skipped: int = 0
    """Checkpoints that were passed over since."""
    reason: str = ""
    """Why the last of them was."""
    behind: int | None = None
    """How many steps of training came since."""
    inferred: bool = False


def evaluation_runs(name: str, runs: Mapping[str, RunView]) -> dict[str, RunView]:
    """The runs that hold the evaluations of run `name`: its directories `eval` and `eval_NAME`."""
    prefix = "" if name == "." else f"{name}/"
    return {
        other.removeprefix(prefix): run
        for other, run in runs.items()
        if other.startswith(prefix) and is_evaluation(other.removeprefix(prefix))
    }


def training_run(name: str, runs: Mapping[str, RunView]) -> str:
    """The run that `name` evaluates; `name` itself if it is none of its evaluations."""
    parent, _, last = name.rpartition("/")
    parent = parent or "."
    return parent if is_evaluation(last) and parent in runs else name


def is_evaluation(directory: str) -> bool:
    """Whether TensorFlow calls an evaluation's directory so."""
    return directory == _EVAL or (directory.startswith(f"{_EVAL}_") and "/" not in directory)


def evaluations(
    training: RunView, evaluated: Mapping[str, RunView], manifest: RunManifest | None
) -> tuple[Evaluation, ...]:
    """How a run is evaluated.

    Args:
        training: The run.
        evaluated: What `evaluation_runs` gave for it.
        manifest: What it says of itself.
    """
    told = {_EVAL if name is None else f"{_EVAL}_{name}": name for name in _names(manifest)}
    result = []
    for name in sorted({*told, *evaluated}):
        if manifest is not None and name in told:
            result.append(_told(name, told[name], training, manifest))
        else:
            result.append(_inferred(name, training, evaluated[name]))
    return tuple(result)


def sentences(evaluation: Evaluation, now: float, *, is_training: bool) -> tuple[str, ...]:
    """What can be said, most important first.

    Args:
        evaluation: One of them.
        now: Seconds since the epoch.
        is_training: Whether more checkpoints are to be expected.
    """
    facts = [_last(evaluation, now)]
    if is_training and evaluation.running is None:
        facts.append(_next(evaluation, now))
    if evaluation.skipped:
        why = f" ({evaluation.reason})" if evaluation.reason else ""
        facts.append(f"{plural(evaluation.skipped, 'checkpoint')} skipped{why}")
    if evaluation.behind:
        facts.append(f"{count(evaluation.behind)} steps behind")
    if evaluation.throttle is not None and not evaluation.inferred:
        facts.append(f"throttle {evaluation.throttle:g} s")
    if evaluation.inferred:
        facts.append("inferred from its events")
    return tuple(fact for fact in facts if fact)


def countdown(seconds: float) -> str:
    """Seconds as `0:42`, `12:07`, `1:02:00`."""
    whole = max(0, int(np.ceil(min(seconds, 1e7))))
    hours, minutes = divmod(whole // 60, 60)
    clock = f"{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"
    return f"{hours}:{clock}" if hours else clock


def _names(manifest: RunManifest | None) -> set[str | None]:
    if manifest is None:
        return set()
    return {*manifest.throttle_secs, *(decision.evaluation for decision in manifest.decisions)}


def _told(directory: str, name: str | None, training: RunView, manifest: RunManifest) -> Evaluation:
    decisions = [each for each in manifest.decisions if each.evaluation == name]
    done = [each for each in decisions if each.decision == "evaluated"]
    last = done[-1] if done else None
    since = decisions[decisions.index(last) + 1 :] if last is not None else decisions
    skipped = [each for each in since if each.decision == "skipped"]
    return Evaluation(
        name=directory,
        step=last.step if last else None,
        time=last.made if last else None,
        running=_running(since, manifest),
        throttle=manifest.throttle_secs.get(name),
        due=next((each.next_due for each in reversed(decisions) if each.next_due is not None), None),
        skipped=len(skipped),
        reason=_in_words(skipped[-1].reason) if skipped else "",
        behind=_behind(training, last.step if last else None),
    )


def _running(since: list[ManifestDecision], manifest: RunManifest) -> int | None:
    if not since or since[-1].decision != "evaluating" or manifest.status != "running":
        return None
    return since[-1].step


def _inferred(name: str, training: RunView, evaluated: RunView) -> Evaluation:
    times = np.unique(np.concatenate([np.empty(0), *(series.wall_time for series in evaluated.scalars.values())]))
    gaps = np.diff(times[-_MEDIAN_OF:])
    usual = float(np.median(gaps[gaps > 1.0])) if bool((gaps > 1.0).any()) else None
    last = evaluated.last_wall_time
    return Evaluation(
        name=name,
        step=evaluated.last_step,
        time=last,
        throttle=usual,
        due=last + usual if usual is not None and last is not None else None,
        behind=_behind(training, evaluated.last_step),
        inferred=True,
    )


def _behind(training: RunView, step: int | None) -> int | None:
    return None if training.last_step is None or step is None else max(0, training.last_step - step)


def _last(evaluation: Evaluation, now: float) -> str:
    if evaluation.running is not None:
        return f"evaluating step {count(evaluation.running)}"
    if evaluation.step is None or evaluation.time is None:
        return "not evaluated yet"
    return f"last at step {count(evaluation.step)}, {age(now - evaluation.time)} ago"


def _next(evaluation: Evaluation, now: float) -> str:
    if evaluation.due is None:
        return ""
    about = "about " if evaluation.inferred else ""
    if evaluation.due > now:
        return f"next due in {about}{countdown(evaluation.due - now)}"
    return "next usual by now" if evaluation.inferred else "next due at the next checkpoint"


def _in_words(reason: str) -> str:
    return "throttle" if reason == "throttle_secs" else reason
