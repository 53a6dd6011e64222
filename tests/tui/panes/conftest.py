"""Runs with values that are no scalars."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trackml import SummaryWriter

STEPS = (0, 100, 200, 300)
RATE = 8000


class Media:
    """Writes values that are no scalars to a log directory."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def histograms(self, runs: tuple[str, ...] = ("a", "b"), steps: tuple[int, ...] = STEPS) -> None:
        """Normal distributions that move up and grow narrow."""
        for number, run in enumerate(runs):
            generator = np.random.default_rng(number)
            with SummaryWriter(str(self.path / run)) as writer:
                for step in steps:
                    values = generator.normal(number + step / 100, 1 / (1 + step / 100), 500)
                    writer.add_histogram("kernel", values, step)
                    writer.add_histogram("bias", np.zeros(3), step)

    def images(self, runs: tuple[str, ...] = ("a", "b")) -> None:
        """A red image that turns green; a batch under numbered tags."""
        for number, run in enumerate(runs):
            with SummaryWriter(str(self.path / run)) as writer:
                for step in STEPS:
                    pixels = np.zeros((16, 24, 3), np.uint8)
                    pixels[..., 0], pixels[..., 1] = 255 - step // 2, step // 2
                    pixels[..., 2] = 100 * number
                    writer.add_image("shade", pixels, step, dataformats="HWC")
                    for sample in range(3):
                        writer.add_image(f"batch/{sample}", pixels // (sample + 1), step, dataformats="HWC")

    def texts(self, runs: tuple[str, ...] = ("a", "b")) -> None:
        """Markdown with a heading, a table and something that a terminal would obey."""
        for run in runs:
            with SummaryWriter(str(self.path / run)) as writer:
                for step in STEPS:
                    table = "| name | value |\n|---|---|\n| lr | 0.5 |"
                    writer.add_text(
                        "notes", f"# Heading\n\nAt **step {step}** of {run}.\n\n{table}\n\n\x1b[31mred\n", step
                    )

    def long_text(self, text: str) -> None:
        """One text."""
        with SummaryWriter(str(self.path / "long")) as writer:
            writer.add_text("notes", text, 0)

    def sounds(self, runs: tuple[str, ...] = ("a", "b")) -> None:
        """A tone of one second that grows higher."""
        for run in runs:
            with SummaryWriter(str(self.path / run)) as writer:
                for step in STEPS:
                    time = np.arange(RATE) / RATE
                    writer.add_audio("tone", np.sin(2 * np.pi * (400 + step) * time)[None], step, sample_rate=RATE)


@pytest.fixture
def media(logdir: Any) -> Media:
    """Writes to the log directory under test."""
    return Media(logdir.path)


@pytest.fixture(autouse=True)
def _colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal with colours, wherever the tests run."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
