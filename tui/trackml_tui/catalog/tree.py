"""The run list as a tree: nested directories, groups, and evaluations joined with their training.

A run and those below it that are called `eval` or `eval_NAME` (as Estimators write them) are one node; so are `train`
and its siblings `validation`, `val` or `test` (as Keras and Lightning write them). A node that is folded stands for all
that is below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from trackml_tui.catalog.groups import RunGroup

_DEEPEST = 8
"""Below so many levels the rest of a name is not split any more."""
_EVALUATION = re.compile(r"eval(_.*)?", re.DOTALL)
TRAINING = "train"
HELD_OUT = ("validation", "valid", "val", "test", "eval", "dev")


@dataclass(frozen=True, slots=True)
class Node:
    """One line of the tree."""

    key: str
    """The run's name; of what is no run `directory_key` or `group_key`."""
    label: str
    depth: int
    run: str | None
    """The run that the line shows; None for a directory or a group."""
    members: tuple[str, ...]
    """The runs that the line stands for: what is chosen, starred or hidden with it."""
    parts: tuple[str, ...] = ()
    """Of joined runs that are folded: the names of the others."""
    folds: bool = False
    """Whether there is something below that can be folded."""
    folded: bool = False


@dataclass(slots=True)
class _Place:
    """A directory that may be a run too."""

    run: str | None = None
    joined: dict[str, str] = field(default_factory=dict)
    """Part by name of the run."""
    below: dict[str, _Place] = field(default_factory=dict)

    def members(self) -> Iterator[str]:
        """All runs here and below."""
        if self.run is not None:
            yield self.run
        yield from self.joined
        for place in self.below.values():
            yield from place.members()


def directory_key(path: str) -> str:
    """The key of a directory, whose path has a slash at its end."""
    return f"dir {path}"


def group_key(key: str) -> str:
    """The key of a group of runs."""
    return f"group {key}"


def is_run_key(key: str) -> bool:
    """Whether a key may be that of a run. A run's name begins with no blank word of ours, as a path of a log might."""
    return not key.startswith(("dir ", "group "))


@lru_cache(maxsize=8)
def flat_nodes(names: tuple[str, ...], directory: str) -> tuple[Node, ...]:
    """One line a run, without the directory that all are in."""
    return tuple(Node(name, name[len(directory) :], 0, name, (name,)) for name in names)


@lru_cache(maxsize=8)
def tree_nodes(names: tuple[str, ...], directory: str, folds: frozenset[str]) -> tuple[Node, ...]:
    """The visible lines of the tree of directories.

    Args:
        names: The runs; siblings come in the order in which they, or the first below them, come here.
        directory: What all names begin with; it is no level of the tree.
        folds: Keys of what is not as at first: folded directories, unfolded joined runs.
    """
    root = _Place()
    for name in names:
        _insert(root, name, directory)
    _join(root)
    nodes: list[Node] = []
    if root.run is not None:
        below, root.below = root.below, {}
        _show_run(root, "." if root.run == "." else TRAINING, "", 0, folds, nodes)
        root.below = below
    _flatten(root, directory, 0, folds, nodes)
    return tuple(nodes)


@lru_cache(maxsize=8)
def group_nodes(groups: tuple[RunGroup, ...], directory: str, folds: frozenset[str]) -> tuple[Node, ...]:
    """The groups, and under each that is not folded its runs; a group of one is that run."""
    nodes: list[Node] = []
    for group in groups:
        if len(group.runs) == 1:
            nodes += flat_nodes(group.runs, directory)
            continue
        key = group_key(group.key)
        folded = key in folds
        nodes.append(Node(key, group.label, 0, None, group.runs, folds=True, folded=folded))
        if not folded:
            nodes += [Node(name, name[len(directory) :], 1, name, (name,)) for name in group.runs]
    return tuple(nodes)


def _insert(root: _Place, name: str, directory: str) -> None:
    rest = name[len(directory) :]
    place = root
    for part in [] if rest == "." else rest.split("/", _DEEPEST):
        place = place.below.setdefault(part, _Place())
    place.run = name


def _join(place: _Place) -> None:
    """Makes one node of a training and its evaluations, here and below."""
    for below in place.below.values():
        _join(below)
    leaves = {part: below.run for part, below in place.below.items() if below.run and not below.below}
    if place.run is not None:
        taken = {part: run for part, run in leaves.items() if _EVALUATION.fullmatch(part)}
    elif TRAINING in leaves and (held_out := {part: leaves[part] for part in HELD_OUT if part in leaves}):
        place.run = leaves[TRAINING]
        place.joined.update(place.below.pop(TRAINING).joined)
        taken = held_out
    else:
        return
    for part, run in taken.items():
        place.joined[run] = part
        place.joined.update({name: f"{part}/{inner}" for name, inner in place.below.pop(part).joined.items()})


def _flatten(place: _Place, prefix: str, depth: int, folds: frozenset[str], nodes: list[Node]) -> None:
    for part, below in place.below.items():
        label = part
        while below.run is None and len(below.below) == 1:
            ((inner, below),) = below.below.items()
            label = f"{label}/{inner}"
        if below.run is not None:
            _show_run(below, label, f"{prefix}{label}/", depth, folds, nodes)
            continue
        key = directory_key(f"{prefix}{label}/")
        nodes.append(Node(key, f"{label}/", depth, None, tuple(below.members()), folds=True, folded=key in folds))
        if key not in folds:
            _flatten(below, f"{prefix}{label}/", depth + 1, folds, nodes)


def _show_run(place: _Place, label: str, prefix: str, depth: int, folds: frozenset[str], nodes: list[Node]) -> None:
    """Adds a run and, unless it is folded, what is below it. One with joined runs alone is folded at first."""
    run = place.run or ""
    folded = (run in folds) != (bool(place.joined) and not place.below)
    members = tuple(place.members()) if folded else (run,)
    has_more = bool(place.joined or place.below)
    parts = tuple(place.joined) if folded else ()
    nodes.append(Node(run, label, depth, run, members, parts, folds=has_more, folded=folded and has_more))
    if has_more and not folded:
        nodes += [Node(name, part, depth + 1, name, (name,)) for name, part in place.joined.items()]
        _flatten(place, prefix, depth + 1, folds, nodes)
