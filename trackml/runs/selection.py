"""Choosing series of log directories by kind and by the names of their runs and tags.

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
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from trackml.runs.logdir_spec import LogdirSpec, parse_logdirs
from trackml.runs.sampling import warn_of_samples
from trackml.runs.series import Series, concatenate
from trackml.runs.store import RunStore
from trackml.runs.view import RunView, Snapshot, Written

Logdir: TypeAlias = "LogdirSpec | Sequence[LogdirSpec] | RunStore | Snapshot"
"""Log directories, as `RunStore` takes them, or several of them; a store, which is refreshed; or a snapshot of one."""
Pattern: TypeAlias = "str | re.Pattern[str]"
Patterns: TypeAlias = "Pattern | Iterable[Pattern] | None"
SeriesKind: TypeAlias = Literal["scalars", "histograms", "images", "audio", "text", "tensors", "pr_curves"]
SERIES_KINDS: tuple[SeriesKind, ...] = get_args(SeriesKind)

_NOUNS: Mapping[SeriesKind, str] = {
    "scalars": "scalar tag",
    "histograms": "histogram tag",
    "images": "image tag",
    "audio": "audio tag",
    "text": "text tag",
    "tensors": "tensor tag",
    "pr_curves": "PR curve tag",
}
_PR_CURVES = "pr_curves"
_HPARAMS_PREFIX = "_hparams_/"
"""What is behind it is no value but metadata, which `hparams` gives."""
_REGEX = "re:"
_GLOB_CHARACTERS = frozenset("*?[")
_MOST_NAMES_IN_AN_ERROR = 5


class ChosenSeries(NamedTuple):
    """One tag of one run, or what one file holds of it."""

    run: str
    tag: str
    series: Series
    """Scalars, or the places of what is no scalar."""
    file: Path | None = None
    """The file that holds all of it; None where files were not asked for."""
    superseded: npt.NDArray[np.bool_] | None = None
    """Which points restarts have replaced, shape `[points]`; None where these are left out."""
    plugin: str = ""
    """The plugin that the tag's metadata name; known of tensors only."""

    def part(self, begin: int, end: int) -> ChosenSeries:
        """Gives the points from `begin` up to `end`, without a copy."""
        superseded = None if self.superseded is None else self.superseded[begin:end]
        return self._replace(series=self.series.part(begin, end), superseded=superseded)


def snapshot_of(logdir: Logdir) -> Snapshot:
    """Gives what is in log directories now; a `Snapshot` as it is.

    Raises:
      FileNotFoundError: If there is no such directory.
      ValueError: If `logdir` names no directory, or two by one name.
    """
    if isinstance(logdir, Snapshot):
        return logdir
    store = logdir if isinstance(logdir, RunStore) else RunStore(*_existing(logdir))
    store.refresh()
    return store.snapshot()


def choose(
    snapshot: Snapshot,
    kind: SeriesKind,
    tags: Patterns = None,
    runs: Patterns = None,
    *,
    superseded: bool = False,
    by_file: bool = False,
) -> list[ChosenSeries]:
    """Gives the series of a kind whose tag and run match, in the order of runs and tags.

    Args:
      snapshot: The runs.
      kind: What the tags hold. "tensors" are all that are of no other kind, precision-recall curves among them.
      tags: Patterns, see above; None for every tag.
      runs: Patterns; None for every run.
      superseded: Whether points that restarts have replaced are there too, marked, in the order of writing.
      by_file: Whether there is a series a file. What is no scalar always comes so.

    Raises:
      ValueError: If a pattern is a plain name that nothing has, or no regular expression.

    Warns:
      SampledWarning: If not all points are held, because the store has a memory bound.
    """
    views = [snapshot[name] for name in choose_names("run", snapshot, runs)]
    listed = None if tags is None else _listed(tags)
    by_view = [(view, tags_of_kind(view, kind)) for view in views]
    known = sorted({tag for _, own in by_view for tag in own})
    _reject_other_kinds(views, known, listed, kind)
    chosen = set(choose_names(_NOUNS[kind], known, listed))
    found: list[ChosenSeries] = []
    for view, own in by_view:
        for tag in own:
            if tag in chosen:
                found.extend(_series_of(view, tag, own[tag], superseded, by_file))
    warn_of_samples((one.series for one in found), stacklevel=4)
    return found


def choose_scalars(snapshot: Snapshot, tags: Patterns = None, runs: Patterns = None) -> list[ChosenSeries]:
    """Gives the scalars whose tag and run match; raises what `choose` does."""
    return choose(snapshot, "scalars", tags, runs)


def tags_of_kind(view: RunView, kind: SeriesKind) -> dict[str, str]:
    """Gives the tags of a run that hold values of a kind, with the plugin of each tensor."""
    if kind == "scalars":
        return dict.fromkeys(view.scalars, "")
    if kind not in ("tensors", _PR_CURVES):
        return {tag: "" for tag in view.blobs if view.tags[tag] == kind}
    tensors = [tag for tag in view.blobs if view.tags[tag] == "tensors" and not tag.startswith(_HPARAMS_PREFIX)]
    plugins = {tag: view.metadata[tag].plugin_data.plugin_name if tag in view.metadata else "" for tag in tensors}
    return plugins if kind == "tensors" else {tag: name for tag, name in plugins.items() if name == _PR_CURVES}


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


def _reject_other_kinds(views: list[RunView], known: list[str], tags: list[Pattern] | None, kind: SeriesKind) -> None:
    """Tells of a plain name that is a tag, but of another kind, which `choose_names` would not find at all."""
    for pattern in tags or []:
        if not isinstance(pattern, str) or pattern in known:
            continue
        kinds = {view.tags[pattern] for view in views if pattern in view.tags}
        if kinds:
            came = " and ".join(sorted(kinds))
            raise ValueError(f"expected a tag with {kind}; tag {pattern!r} holds {came}.")


def _series_of(view: RunView, tag: str, plugin: str, superseded: bool, by_file: bool) -> Iterator[ChosenSeries]:
    is_scalar = tag in view.scalars
    if is_scalar and not superseded and not by_file:
        yield ChosenSeries(view.name, tag, view.scalars[tag])
        return
    written = [_without_superseded(one) if not superseded else one for one in view.written[tag]]
    if is_scalar and not by_file:
        series = concatenate([one.points for one in written])
        marks = np.concatenate([one.superseded for one in written])
        yield ChosenSeries(view.name, tag, series, None, marks)
        return
    for one in written:
        if len(one.points):
            marks_here = one.superseded if superseded else None
            yield ChosenSeries(view.name, tag, one.points, one.file, marks_here, plugin)


def _without_superseded(written: Written) -> Written:
    if not written.superseded.any():
        return written
    kept = ~written.superseded
    return Written(written.file, written.points.where(kept), written.superseded[kept])


def _existing(logdir: LogdirSpec | Sequence[LogdirSpec]) -> list[LogdirSpec]:
    """Gives log directories as `RunStore` takes them; all of them are there."""
    given: list[LogdirSpec] = [logdir] if isinstance(logdir, str | os.PathLike | Mapping) else list(logdir)
    for directory in parse_logdirs(*given):
        if not os.path.exists(directory.path):
            raise FileNotFoundError(f"there is no log directory {directory.path!r}.")
    return given
