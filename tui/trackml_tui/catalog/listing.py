"""Which runs are listed, in which order, and as which lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from trackml.runs import RunManifest, Snapshot
from trackml_tui.catalog.candidates import Candidate, candidate
from trackml_tui.catalog.groups import RunGroup, group_runs
from trackml_tui.catalog.labels import Labels
from trackml_tui.catalog.params import params_of
from trackml_tui.catalog.query import EVERYTHING, QueryError, parse
from trackml_tui.catalog.selection import Selection, select
from trackml_tui.catalog.status import manifest_for
from trackml_tui.catalog.tree import Node, flat_nodes, group_nodes, tree_nodes
from trackml_tui.choices.runs import RunsChoice
from trackml_tui.order import common_directory, natural_key


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """The runs there are, and those of them that are listed."""

    everything: tuple[Candidate, ...]
    """All runs, by name."""
    listed: tuple[Candidate, ...]
    """Those that the query picks and that are not put away, by name."""
    directory: str
    """The path that all names begin with, with a slash at its end."""
    groups: tuple[RunGroup, ...]
    """The groups of the listed runs; none without a way to group them."""
    reasons: tuple[str, ...]
    """Why parts of the query picked nothing."""
    archived: int
    """How many runs are not listed because they are put away."""


def list_runs(
    snapshot: Snapshot,
    pattern: str,
    choice: RunsChoice,
    labels: Labels,
    manifests: Mapping[str, RunManifest],
    now: float,
) -> Listing:
    """The runs of `snapshot` that `pattern` picks.

    Args:
        snapshot: What the log directories hold.
        pattern: A query; one that cannot be understood picks everything.
        choice: How runs are grouped, and whether those that were put away are listed.
        labels: What the user says of runs.
        manifests: What runs say of themselves, by name.
        now: Seconds since the epoch.
    """
    names = sorted_names(tuple(snapshot))
    everything = tuple(
        candidate(run := snapshot[name], now, manifest_for(name, manifests), labels.of(run)) for name in names
    )
    if choice.group:
        everything = _in_groups(everything, choice.group)
    kept = everything if choice.archived else tuple(each for each in everything if not each.label.archived)
    selection = _selected(pattern, kept)
    groups = _groups(selection.chosen, choice.group)
    archived = len(everything) - len(kept)
    return Listing(everything, selection.chosen, common_directory(names), groups, selection.reasons, archived)


def lines_of(listing: Listing, ordered: Sequence[str], choice: RunsChoice) -> tuple[Node, ...]:
    """The lines of the run list.

    Args:
        listing: What is listed.
        ordered: The names of what is listed, in the order in which the user wants them.
        choice: Whether the list is flat, and what is folded.
    """
    if choice.group:
        places = {name: place for place, name in enumerate(ordered)}
        groups = [replace(group, runs=tuple(sorted(group.runs, key=places.__getitem__))) for group in listing.groups]
        return group_nodes(tuple(groups), listing.directory, choice.folds)
    if choice.flat:
        return flat_nodes(tuple(ordered), listing.directory)
    return tree_nodes(tuple(ordered), listing.directory, choice.folds)


@lru_cache(maxsize=4)
def sorted_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of runs as a reader would sort them: `run9` before `run10`."""
    return tuple(sorted(names, key=natural_key))


def _selected(pattern: str, candidates: tuple[Candidate, ...]) -> Selection:
    try:
        query = parse(pattern)
    except QueryError as error:
        return Selection(candidates, (str(error),))
    return Selection(candidates) if query == EVERYTHING else select(query, candidates)


def _groups(candidates: Sequence[Candidate], how: str) -> tuple[RunGroup, ...]:
    if not how:
        return ()
    manifests = {each.name: each.manifest for each in candidates}
    return group_runs([each.run for each in candidates], how, lambda run: params_of(run, manifests[run.name]))


def _in_groups(candidates: tuple[Candidate, ...], how: str) -> tuple[Candidate, ...]:
    labels = {run: group.label for group in _groups(candidates, how) for run in group.runs}
    return tuple(replace(each, group=labels[each.name]) for each in candidates)
