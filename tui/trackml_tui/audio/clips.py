"""Clips of sound, as far as they can be decoded, and saved as they were written."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from trackml.runs import Audio, parse_wave, samples_of
from trackml_tui.formatting import count, number, size
from trackml_tui.gallery.shown import Shown
from trackml_tui.scene import Scene

Floats: TypeAlias = NDArray[np.float32]

MOST_SAMPLES = 16_000_000
"""Of a longer clip only the beginning is shown: five minutes in stereo at 44.1 kHz are as many."""


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """A decoded clip."""

    samples: Floats
    """From -1 to 1, shape `[frames, channels]`."""
    sample_rate: int
    """Frames a second."""
    seconds: float
    """How long the whole clip is."""
    bits: int
    """Of one sample in the file."""
    size: int
    """Of the file, in bytes."""
    count: int
    """How many clips the value has."""

    @property
    def facts(self) -> list[str]:
        """Length, rate, channels and loudness in words."""
        channels = self.samples.shape[1]
        peak = float(np.abs(self.samples).max(initial=0.0))
        facts = [
            f"{number(self.seconds)} s",
            f"{count(self.sample_rate)} Hz",
            _CHANNELS.get(channels, f"{channels} channels"),
        ]
        facts += [f"{self.bits} bits", size(self.size), f"peak {number(peak)}"]
        shown = len(self.samples) / max(1, self.sample_rate)
        return [*facts, f"first {number(shown)} s"] if shown < self.seconds - 1e-6 else facts


_CHANNELS = {1: "mono", 2: "stereo"}


def read_clip(scene: Scene, shown: Shown, index: int, sample: int) -> Clip | str | None:
    """A clip of a value, the last one if there are not so many; why there is none; None while it is being read."""
    loaded = shown.read(scene, f"audio {sample}", index, lambda audio: decode(audio, sample))
    if loaded is None:
        return None
    return loaded.value if loaded.value is not None else loaded.error


def decode(audio: Audio, sample: int) -> Clip:
    """One clip of a value.

    Raises:
        ValueError: If it is no WAVE file that can be understood.
    """
    encoded = _chosen(audio, sample)
    wave = parse_wave(encoded)
    seconds = wave.frames / max(1, wave.sample_rate)
    most = MOST_SAMPLES // wave.channels * (wave.channels * wave.bits // 8)
    samples = np.nan_to_num(samples_of(wave._replace(data=wave.data[:most])))
    return Clip(samples, wave.sample_rate, seconds, wave.bits, len(encoded), len(audio.encoded))


def save(audio: Audio, sample: int, path: Path, *, replace: bool = False) -> Path:
    """Writes a clip as it is in the event file.

    Args:
        audio: The clips of a value.
        sample: Which one; the last one if there are not so many.
        path: Where to; `~` is the home directory.
        replace: Whether a file that is there is written over.

    Raises:
        FileExistsError: If there is such a file, and it is not to be replaced.
        OSError: If it cannot be written.
    """
    path = path.expanduser()
    with path.open("wb" if replace else "xb") as stream:
        stream.write(_chosen(audio, sample))
    return path


def name_for(run: str, tag: str, step: int) -> str:
    """A name for a clip's file, made of letters, digits, `.`, `_` and `-`."""
    parts = [part for part in (run, tag, f"step-{step}") if part not in ("", os.curdir)]
    plain = re.sub(r"[^A-Za-z0-9._=-]+", "_", "_".join(parts)).lstrip(".")
    return f"{plain[-_LONGEST_NAME:] or 'clip'}.wav"


_LONGEST_NAME = 100


def _chosen(audio: Audio, sample: int) -> bytes:
    if not audio.encoded:
        raise ValueError("The value has no clip.")
    return audio.encoded[min(sample, len(audio.encoded) - 1)]
