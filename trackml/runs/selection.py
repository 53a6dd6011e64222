"""Choosing series of a log directory by the names of their runs and tags.

A pattern is one of, the first that fits:

- a name as it stands, also one that holds `*`, `?` or `[`;
- `re:` and a regular expression, or a compiled one, which is searched for anywhere in the name;
- a glob with `*`, `?` or `[...]`, which matches the whole name; `*` crosses slashes.
"""

from __future__ import annotations

import difflib
import fnmatch
import os
import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple, TypeAlias

from trackml.runs.series import Series
from trackml.runs.store import RunStore
from trackml.runs.view import RunView, Snapshot

Logdir: TypeAlias = "str | os.PathLike[str] | Snapshot"
Pattern: TypeAlias = "str | re.Pattern[str]"
Patterns: TypeAlias = "Pattern | Iterable[Pattern] | None"

_SCALARS = "scalars"
_REGEX = "re:"
_GLOB_CHARACTERS = frozenset("*?[")
_MOST_NAMES_IN_AN_ERROR = 5


class ChosenSeries(NamedTuple):
    """The scalars of one tag of one run."""

    run: str
    tag: str
    series: Series


def snapshot_of(logdir: Logdir) -> Snapshot:
    """Gives what `logdir` holds now; a `Snapshot` as it is.

    Raises:
      FileNotFoundError: If there is no such directory.
    """
    if isinstance(logdir, Snapshot):
        return logdir
    if not Path(logdir).exists():
        raise FileNotFoundError(f"there is no log directory {os.fspath(logdir)!r}.")
    store = RunStore(logdir)
    store.refresh()
    return store.snapshot()


def choose_scalars(snapshot: Snapshot, tags: Patterns = None, runs: Patterns = None) -> list[ChosenSeries]:
    """Gives the scalars whose tag and run match, in the order of runs and tags.

    Args:
      snapshot: The runs.
      tags: Patterns, see above; None for every tag.
      runs: Patterns; None for every run.

    Raises:
      ValueError: If a pattern is a plain name that nothing has, or no regular expression.
    """
    views = [snapshot[name] for name in choose_names("run", snapshot, runs)]
    known = sorted({tag for view in views for tag in view.scalars})
    _reject_other_kinds(views, known, tags)
    chosen = set(choose_names("scalar tag", known, tags))
    return [
        ChosenSeries(view.name, tag, series) for view in views for tag, series in view.scalars.items() if tag in chosen
    ]


def choose_names(noun: str, names: Collection[str], patterns: Patterns) -> list[str]:
    """Gives those of `names` that match any of `patterns`, in their order; all if `patterns` is None.

    Args:
      noun: What the names are of, for the error.
      names: To choose from.
      patterns: See above.

    Raises:
      ValueError: If a pattern is a plain name that is not there, or no regular expression.
    """
    if patterns is None:
        return list(names)
    chosen: set[str] = set()
    for pattern in _listed(patterns):
        chosen.update(_matches(noun, names, pattern))
    return [name for name in names if name in chosen]


def unknown_name(noun: str, name: str, names: Collection[str]) -> str:
    """Gives the sentence that says that `name` is not there, and which names are near or, if none is, some others."""
    near = near_names(name, names)
    listed = near or list(names)
    shown = ", ".join(map(repr, listed[:_MOST_NAMES_IN_AN_ERROR]))
    if len(listed) > _MOST_NAMES_IN_AN_ERROR:
        shown += f" and {len(listed) - _MOST_NAMES_IN_AN_ERROR} more"
    hint = f"Did you mean {shown}?" if near else f"There are {shown}." if names else f"There is no {noun} at all."
    return f"no {noun} is called {name!r}. {hint}"


def near_names(name: str, names: Iterable[str]) -> list[str]:
    """Gives names that are spelled like `name` or hold it, the nearest first."""
    names = list(names)
    folded = name.casefold()
    spelled = difflib.get_close_matches(name, names, n=3, cutoff=0.6)
    holding = [other for other in names if folded and folded in other.casefold()]
    return list(dict.fromkeys([*spelled, *holding]))


def _listed(patterns: Pattern | Iterable[Pattern]) -> list[Pattern]:
    return [patterns] if isinstance(patterns, str | re.Pattern) else list(patterns)


def _matches(noun: str, names: Collection[str], pattern: Pattern) -> list[str]:
    if isinstance(pattern, str):
        if pattern in names:
            return [pattern]
        if not pattern.startswith(_REGEX):
            return _matches_of_glob(noun, names, pattern)
        try:
            pattern = re.compile(pattern.removeprefix(_REGEX))
        except re.error as error:
            raise ValueError(f"{pattern!r} holds no regular expression after {_REGEX!r}: {error}.") from None
    return [name for name in names if pattern.search(name)]


def _matches_of_glob(noun: str, names: Collection[str], pattern: str) -> list[str]:
    if _GLOB_CHARACTERS.isdisjoint(pattern):
        raise ValueError(unknown_name(noun, pattern, names))
    return [name for name in names if fnmatch.fnmatchcase(name, pattern)]


def _reject_other_kinds(views: list[RunView], known: list[str], tags: Patterns) -> None:
    for pattern in [] if tags is None else _listed(tags):
        kinds = {view.tags[pattern] for view in views if isinstance(pattern, str) and pattern in view.tags}
        if pattern not in known and kinds - {_SCALARS}:
            raise ValueError(f"expected a tag with scalars; tag {pattern!r} holds {' and '.join(sorted(kinds))}.")
