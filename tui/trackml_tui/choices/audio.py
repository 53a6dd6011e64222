"""What the user chose about sound."""

from __future__ import annotations

from dataclasses import dataclass, replace

from trackml_tui.choices.checks import one_of, within

FORMS = ("both", "wave", "spectrum")


@dataclass(frozen=True, slots=True)
class AudioChoice:
    """How sound is shown."""

    form: str = "both"
    """`wave`, `spectrum`, or `both`, one above the other."""
    sample: int = 0
    """Which clip of a step's batch."""

    def __post_init__(self) -> None:
        one_of("form", self.form, FORMS)
        within("sample", self.sample, 0, float("inf"))

    def next_form(self) -> AudioChoice:
        """The next form."""
        return replace(self, form=FORMS[(FORMS.index(self.form) + 1) % len(FORMS)])
