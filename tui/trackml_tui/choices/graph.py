"""What the user chose about graphs."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class GraphChoice:
    """Which scopes are open."""

    unfolded: frozenset[str] = frozenset()
    """The names of the scopes whose members are shown."""
    current: str | None = None
    """The scope or operation that is looked at."""

    def folded_or_not(self, name: str) -> GraphChoice:
        """Opens a scope, or closes it."""
        return replace(self, unfolded=self.unfolded ^ {name})
