"""What the user chose about the run list and the tag tree."""

from __future__ import annotations

from dataclasses import dataclass, replace

GROUPINGS = ("", "seeds", "folder")
"""The ways to group runs that the key steps through; `hparam:NAME` and `regex:PATTERN` are typed."""
_MOST_SAVED = 64


@dataclass(frozen=True, slots=True)
class RunsChoice:
    """How runs and tags are listed."""

    flat: bool = False
    """One line a run in place of the tree of directories."""
    group: str = ""
    """How runs are grouped: `seeds`, `folder`, `hparam:lr`, `regex:_(a|b)_`; empty for the tree of directories."""
    folds: frozenset[str] = frozenset()
    """Keys of lines that are not as at first: folded directories and groups, unfolded evaluations."""
    archived: bool = False
    """List runs that were put away, too."""
    saved: tuple[tuple[str, str], ...] = ()
    """Filters with a name: (name, query)."""
    tag_pattern: str = ""
    """Which tags are listed: a regular expression, or a pattern with `*` and `?`; empty for all."""
    tag_folds: frozenset[str] = frozenset()
    """Keys of the folded groups of tags."""

    def folded_or_not(self, key: str) -> RunsChoice:
        """Folds a line of the run list, or unfolds it."""
        return replace(self, folds=self.folds ^ {key})

    def tags_folded_or_not(self, key: str) -> RunsChoice:
        """Folds a group of tags, or unfolds it."""
        return replace(self, tag_folds=self.tag_folds ^ {key})

    def grouped(self, how: str) -> RunsChoice:
        """Groups runs in another way; groups are listed even if the list was flat."""
        return replace(self, group=how, flat=self.flat and not how)

    def next_grouping(self) -> RunsChoice:
        """The next of the ways to group runs that need no name."""
        place = GROUPINGS.index(self.group) if self.group in GROUPINGS else -1
        return self.grouped(GROUPINGS[(place + 1) % len(GROUPINGS)])

    def with_saved(self, name: str, query: str) -> RunsChoice:
        """Keeps a filter under a name, in place of the one that had it; an empty query forgets it."""
        others = tuple(entry for entry in self.saved if entry[0] != name)
        return replace(self, saved=(*others, *([(name, query)] if query else []))[-_MOST_SAVED:])
