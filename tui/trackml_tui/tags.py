"""The tag tree as rows: tags grouped by the parts of their names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import translate
from functools import lru_cache

from trackml.runs import Snapshot
from trackml_tui.order import natural_key

_DEEPEST = 6
_GROUP = "group "


@dataclass(frozen=True, slots=True)
class TagRow:
    """One line of the tree."""

    key: str
    """`tag_key` of the tag, or for a group `_GROUP` and its path, which has a slash at its end."""
    label: str
    depth: int
    tag: str | None
    """None for a group."""
    folded: bool = False
    tags: int = 1
    """How many tags it stands for."""


@dataclass(slots=True)
class _Group:
    groups: dict[str, _Group] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


def tags_by_kind(snapshot: Snapshot) -> dict[str, frozenset[str]]:
    """Every tag of any run by its kind; PR curves, which are tensors, have a kind of their own."""
    tags: dict[str, set[str]] = {}
    for run in snapshot.values():
        for tag, kind in run.tags.items():
            tags.setdefault(kind, set()).add(tag)
    curves = frozenset().union(*(run.pr_curves for run in snapshot.values())) if "tensors" in tags else frozenset()
    if curves:
        tags["tensors"] -= curves
        tags["pr_curves"] = set(curves)
    return {kind: frozenset(found) for kind, found in tags.items() if found}


def default_tag(tags: Iterable[str]) -> str | None:
    """The tag to show first: one that is called loss, or whose last part is, or that has it in its name."""
    ranks = (
        lambda tag: tag.casefold() == "loss",
        lambda tag: tag.casefold().rsplit("/", 1)[-1] == "loss",
        lambda tag: "loss" in tag.casefold(),
        lambda tag: True,
    )
    ordered = sorted(tags, key=natural_key)
    return next((tag for suits in ranks for tag in ordered if suits(tag)), None)


def matching_tags(tags: frozenset[str], pattern: str) -> frozenset[str]:
    """The tags in which a regular expression finds something, or that a pattern with `*` and `?` describes."""
    compiled = _compiled(pattern)
    return tags if not pattern or compiled is None else frozenset(filter(compiled.search, tags))


def tag_pattern_error(pattern: str) -> str | None:
    """Why `pattern` describes no tags; None if it does."""
    if _compiled(pattern) is not None:
        return None
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    return None


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """A pattern that is no regular expression, as `*loss`, is one with wildcards."""
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error:
        return re.compile(translate(pattern), re.IGNORECASE) if "*" in pattern and "(" not in pattern else None


def tag_key(tag: str) -> str:
    """The key of a tag's row."""
    return f"tag {tag}"


def tag_rows(tags: Iterable[str], folded: frozenset[str]) -> tuple[TagRow, ...]:
    """The visible lines of the tree.

    A group with one member is shown as that member, with both names on one line. Below six levels the
    rest of a name is not split any more.

    Args:
        tags: Every tag.
        folded: Keys of the groups whose members are not shown.
    """
    root = _Group()
    for tag in tags:
        _insert(root, tag)
    rows: list[TagRow] = []
    _flatten(root, "", 0, folded, rows)
    return tuple(rows)


def unfolded_for(tag: str, folded: frozenset[str]) -> frozenset[str]:
    """The folded groups without those that `tag` is in."""
    return frozenset(key for key in folded if not tag.startswith(key.removeprefix(_GROUP)))


def _insert(root: _Group, tag: str) -> None:
    *path, leaf = tag.split("/", _DEEPEST)
    group = root
    for part in path:
        group = group.groups.setdefault(part, _Group())
    group.tags[leaf] = tag


def _flatten(group: _Group, prefix: str, depth: int, folded: frozenset[str], rows: list[TagRow]) -> None:
    members: list[tuple[str, _Group | str]] = [*group.groups.items(), *group.tags.items()]
    for name, member in sorted(members, key=lambda pair: natural_key(pair[0])):
        label, member = _only_member(name, member)
        if isinstance(member, str):
            rows.append(TagRow(tag_key(member), label, depth, member))
            continue
        path = f"{prefix}{label}/"
        key = f"{_GROUP}{path}"
        rows.append(TagRow(key, label, depth, None, key in folded, _size(member)))
        if key not in folded:
            _flatten(member, path, depth + 1, folded, rows)


def _only_member(name: str, member: _Group | str) -> tuple[str, _Group | str]:
    while isinstance(member, _Group) and len(member.groups) + len(member.tags) == 1:
        members: dict[str, _Group | str] = {**member.groups, **member.tags}
        part, member = members.popitem()
        name = f"{name}/{part}"
    return name, member


def _size(group: _Group) -> int:
    return len(group.tags) + sum(_size(inner) for inner in group.groups.values())
