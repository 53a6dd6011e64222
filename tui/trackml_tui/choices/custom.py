"""What the user chose about custom charts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CustomChoice:
    """Which of the charts that runs lay out are shown."""

    category: str | None = None
    """The category; None for the first."""
    chart: str | None = None
    """The chart that keys act on; None for the first."""
    alone: bool = False
    """Whether that chart is shown alone."""
