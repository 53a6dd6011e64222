"""What is chosen among the checkpoints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckpointsChoice:
    """The checkpoint that is looked at."""

    current: str | None = None
    """Its name below the run's directory; None for the latest."""
    tensors: bool = False
    """Whether the tensors inside are listed."""
