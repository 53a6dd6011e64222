"""What the user chose about embeddings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EmbeddingsChoice:
    """Which points are shown."""

    name: str | None = None
    """The embedding; None for the first."""
    colour_by: str | None = None
    """The column of labels that gives the colours."""
    point: int | None = None
    """The point that is looked at."""
