"""What the user chose about the leaderboard: which columns, in which order, sorted by what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class LeaderboardChoice:
    """How the leaderboard is shown."""

    metrics: tuple[str, ...] = ()
    """Tags that have columns; none takes those that tell most."""
    order: tuple[str, ...] = ()
    """Keys of columns in the order the user gave them; the others follow in their own."""
    hidden: frozenset[str] = frozenset()
    """Keys of columns that are not shown."""
    sort: str = ""
    """The key of the column that runs are sorted by; empty sorts by the best of the first metric."""
    reverse: bool = False
    """Sort the other way round than the column suggests."""
    flipped: frozenset[str] = frozenset()
    """Tags whose better end is not the one that their name suggests."""
    column: str = ""
    """The key of the column under the cursor."""
    everything: bool = False
    """List runs that are switched off, too."""

    def sorted_by(self, column: str) -> LeaderboardChoice:
        """Sorts by a column, or the other way round if it is sorted by it already."""
        return replace(self, sort=column, reverse=not self.reverse if self.sort == column else False, column=column)

    def flipped_or_not(self, tag: str) -> LeaderboardChoice:
        """Takes the other end of a tag for the better one."""
        return replace(self, flipped=self.flipped ^ {tag})

    def hidden_or_not(self, column: str) -> LeaderboardChoice:
        """Hides a column, or shows it again."""
        return replace(self, hidden=self.hidden ^ {column})

    def moved(self, column: str, step: int, columns: Sequence[str]) -> LeaderboardChoice:
        """Moves a column some places to the right, or to the left.

        Args:
            column: Its key.
            step: How many places.
            columns: The keys of all columns as they are now.
        """
        if column not in columns:
            return self
        others = [key for key in columns if key != column]
        place = min(max(list(columns).index(column) + step, 0), len(others))
        return replace(self, order=(*others[:place], column, *others[place:]))

    def with_metric(self, tag: str, metrics: Sequence[str]) -> LeaderboardChoice:
        """Gives a tag columns, or takes them away.

        Args:
            tag: The tag.
            metrics: The tags that have columns now.
        """
        return replace(
            self, metrics=tuple(each for each in metrics if each != tag) if tag in metrics else (*metrics, tag)
        )
