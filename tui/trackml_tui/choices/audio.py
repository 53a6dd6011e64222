"""What the user chose about sound."""

from __future__ import annotations

from dataclasses import dataclass, replace

FORMS = ("both", "wave", "spectrum")


@dataclass(frozen=True, slots=True)
class AudioChoice:
    """How sound is shown."""

    form: str = "both"
    """Waveform, spectrogram, or one above the other."""
    sample: int = 0
    """Which clip of a step's batch."""

    def next_form(self) -> AudioChoice:
        """The next form."""
        return replace(self, form=FORMS[(FORMS.index(self.form) + 1) % len(FORMS)])
