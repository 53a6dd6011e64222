"""What the user chose about comparing runs."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class CompareChoice:
    """How runs are put side by side."""

    baseline: str | None = None
    """The run that the others are compared with; None takes the first."""
    equal: bool = False
    """Show what is the same in all runs, too."""
    texts: bool = True
    """Show how texts differ."""

    def against(self, run: str | None) -> CompareChoice:
        """Compares with another run."""
        return replace(self, baseline=run)
