"""What the user chose about texts."""

from __future__ import annotations

from dataclasses import dataclass

from trackml_tui.choices.checks import within


@dataclass(frozen=True, slots=True)
class TextChoice:
    """How texts are shown."""

    raw: bool = False
    """Whether the text is shown as it was written, and not as Markdown."""
    beside: bool = False
    """Whether runs stand beside each other, and not below each other."""
    page: int = 0
    """Which part of long texts, from 0."""

    def __post_init__(self) -> None:
        within("page", self.page, 0, float("inf"))
