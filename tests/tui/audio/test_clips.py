"""Clips decoded, and saved as they were."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import pytest

from trackml.runs import Audio
from trackml_tui.audio.clips import decode, name_for, save

RATE = 8000


def wav(samples: np.ndarray, width: int = 2) -> bytes:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as writer:
        writer.setnchannels(samples.shape[1])
        writer.setsampwidth(width)
        writer.setframerate(RATE)
        writer.writeframes((samples * 32767).astype("<i2").tobytes())
    return stream.getvalue()


TONE = np.stack([np.sin(np.arange(4000) / 5), 0.5 * np.cos(np.arange(4000) / 7)], axis=1)
CLIPS = Audio((wav(TONE), wav(TONE[:800, :1])))


def test_a_clip_and_what_it_says_about_itself() -> None:
    clip = decode(CLIPS, 0)
    assert clip.samples == pytest.approx(TONE, abs=1e-4)
    assert clip.facts[:4] == ["0.5 s", "8,000 Hz", "stereo", "16 bits"]
    assert clip.count == 2


def test_other_clips_of_a_batch() -> None:
    assert decode(CLIPS, 1).seconds == 0.1
    assert decode(CLIPS, 99).samples.shape == (800, 1)


@pytest.mark.parametrize("encoded", [b"", b"OggS....", b"RIFF\x00\x00\x00\x00WAVE"])
def test_what_is_no_wave_file_is_refused(encoded: bytes) -> None:
    with pytest.raises(ValueError, match="expected a WAVE file"):
        decode(Audio((encoded,)), 0)


def test_a_value_without_clips_is_refused() -> None:
    with pytest.raises(ValueError, match="no clip"):
        decode(Audio(()), 0)


def test_a_clip_is_saved_byte_by_byte_and_overwrites_nothing_unasked(tmp_path: Path) -> None:
    path = tmp_path / "clip.wav"
    assert save(CLIPS, 1, path) == path
    assert path.read_bytes() == CLIPS.encoded[1]
    with pytest.raises(FileExistsError):
        save(CLIPS, 0, path)
    assert path.read_bytes() == CLIPS.encoded[1]
    save(CLIPS, 0, path, replace=True)
    assert path.read_bytes() == CLIPS.encoded[0]


def test_names_of_files_hold_nothing_that_leads_elsewhere() -> None:
    assert name_for("lr=0.1/eval", "tone/0", 7) == "lr=0.1_eval_tone_0_step-7.wav"
    assert name_for(".", "../../etc/passwd", 1) == "_.._etc_passwd_step-1.wav"
    assert "\x1b" not in name_for("a\x1b[31m", "b\n", 0)
    assert len(name_for("x" * 500, "y" * 500, 1)) < 120
