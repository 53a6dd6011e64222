"""Groups of runs: by a hyperparameter, by a part of the name, by directory, or all that differ in their seed alone.

How runs are grouped is one string, so that a view file can hold it: `hparam:lr`, `regex:_(\\w+)_`, `folder`,
`folder:2` (two parts of the path), `seeds`; empty for no groups.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from trackml.runs import RunView
from trackml_tui.catalog.params import Params, ParamsOf, declared_params, show_param
from trackml_tui.order import natural_key

WITHOUT = "–"
"""The label of the runs that have nothing to be grouped by."""

_SEED = re.compile(r"(?:^|[^a-z])seed(?:[^a-z]|$)", re.IGNORECASE)
_SEED_IN_NAME = re.compile(r"[/_.,;-]*(?<![a-z])seeds?[=_:-]?\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RunGroup:
    """Runs that belong together."""

    key: str
    """Tells it from all other groups of this way of grouping."""
    label: str
    """For the user; from files, so it is printed through `printable`."""
    runs: tuple[str, ...]
    """Names, in the order in which they were given."""


def group_runs(runs: Iterable[RunView], how: str, params_of: ParamsOf = declared_params) -> tuple[RunGroup, ...]:
    """The groups of `runs`, by label, those that have nothing to be grouped by last.

    Args:
        runs: Every run lands in exactly one group.
        how: `hparam:NAME`; `regex:PATTERN`, whose first group (or whole match) names the run's group; `folder` or
            `folder:PARTS`; `seeds`, where all hyperparameters are equal but those named seed (of runs without any:
            their names, the seed left out). Anything else, and a pattern that is none, gives one group of all runs.
        params_of: Gives a run's hyperparameters.
    """
    runs = list(runs)
    if how == "seeds":
        return _by_seeds(runs, params_of)
    return _gathered([(run.name, label) for run, label in zip(runs, _labels(runs, how, params_of), strict=True)])


def grouping_error(how: str) -> str | None:
    """Why `how` is no way to group runs; None if it is one."""
    kind, _, argument = how.partition(":")
    if kind == "regex":
        try:
            re.compile(argument)
        except re.error as error:
            return str(error)
        return None
    if how in ("", "seeds", "folder") or (kind == "hparam" and argument) or (kind == "folder" and argument.isdigit()):
        return None
    return "expected hparam:NAME, regex:PATTERN, folder, folder:PARTS or seeds"


def is_seed(param: str) -> bool:
    """Whether a hyperparameter is a seed by its name: `seed`, `random_seed`, `data.seed`."""
    return _SEED.search(param) is not None


def _labels(runs: list[RunView], how: str, params_of: ParamsOf) -> list[str]:
    kind, _, argument = how.partition(":")
    if grouping_error(how) or not how:
        return ["all runs"] * len(runs)
    if kind == "hparam":
        return [_param(params_of(run), argument) for run in runs]
    if kind == "regex":
        find = re.compile(argument, re.IGNORECASE).search
        return [_first_group(find(run.name)) for run in runs]
    return [_folder(run.name, int(argument or 0)) for run in runs]


def _param(params: Params, name: str) -> str:
    return f"{name}={show_param(params[name])}" if name in params else WITHOUT


def _first_group(match: re.Match[str] | None) -> str:
    if match is None:
        return WITHOUT
    return (match.group(1) if match.re.groups else match.group(0)) or WITHOUT


def _folder(name: str, parts: int) -> str:
    path = name.split("/")[:-1]
    return "/".join(path[:parts] if parts else path) or "."


def _gathered(labels: list[tuple[str, str]]) -> tuple[RunGroup, ...]:
    groups: dict[str, list[str]] = {}
    for run, label in labels:
        groups.setdefault(label, []).append(run)
    ordered = sorted(groups, key=lambda label: (label == WITHOUT, natural_key(label)))
    return tuple(RunGroup(label, label, tuple(groups[label])) for label in ordered)


def _by_seeds(runs: list[RunView], params_of: ParamsOf) -> tuple[RunGroup, ...]:
    rest = {run.name: _without_seeds(params_of(run)) for run in runs}
    differing = _differing(list(rest.values()))
    groups: dict[tuple[str, ...], list[str]] = {}
    for run in runs:
        groups.setdefault(_told(run.name, rest[run.name]), []).append(run.name)
    short = {told: _short(told, members[0], rest[members[0]], differing) for told, members in groups.items()}
    uses = Counter(short.values())
    found = [
        RunGroup(" ".join(told), short[told] if uses[short[told]] == 1 else " ".join(told), tuple(members))
        for told, members in groups.items()
    ]
    return tuple(sorted(found, key=lambda group: natural_key(group.label)))


def _without_seeds(params: Params) -> Params:
    return {name: value for name, value in params.items() if not is_seed(name)}


def _differing(params: list[Params]) -> list[str]:
    """The names that have more than one value among the runs, in order."""
    names = sorted({name for each in params for name in each}, key=natural_key)
    return [name for name in names if len({each[name] for each in params if name in each}) > 1]


def _told(name: str, params: Params) -> tuple[str, ...]:
    """What runs of one group have in common: all hyperparameters, or the name."""
    if not params:
        return (seedless_name(name),)
    return tuple(f"{param}={show_param(params[param])}" for param in sorted(params, key=natural_key))


def _short(told: tuple[str, ...], name: str, params: Params, differing: list[str]) -> str:
    """The hyperparameters that tell a group from others."""
    if not params:
        return told[0]
    return " ".join(f"{param}={show_param(params[param])}" for param in differing if param in params) or "all seeds"


@lru_cache(maxsize=16384)
def seedless_name(name: str) -> str:
    """A run's name without its seed: `lr=0.1` of `lr=0.1/seed=3`, `adam` of `adam_seed3`."""
    return _SEED_IN_NAME.sub("", name).strip("/_.,;-") or WITHOUT
