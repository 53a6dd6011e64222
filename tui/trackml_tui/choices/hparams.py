"""What the user chose about hyperparameters."""

from __future__ import annotations

from dataclasses import dataclass, field

from trackml_tui.choices.leaderboard import LeaderboardChoice


@dataclass(frozen=True, slots=True)
class HparamsChoice:
    """How hyperparameters are shown."""

    table: LeaderboardChoice = field(default_factory=LeaderboardChoice)
    """Columns, their order, what runs are sorted by."""
    parallel: bool = True
    """Whether lines between parallel axes are drawn below the table."""
    everything: bool = False
    """Whether hyperparameters that are the same in all runs have columns, too."""
