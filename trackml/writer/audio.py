"""Sound as 16-bit WAV."""

from __future__ import annotations

import io
import wave
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import summary_pb2

from trackml.writer.arrays import Array, as_array

_LOUDEST = 32767


def audio_value(tag: str, sound: Any, sample_rate: int) -> summary_pb2.Summary.Value:
    """Gives a clip of sound.

    Args:
        tag: The tag.
        sound: `[frames]`, `[1, frames]` or `[frames, channels]` with one or two channels: from -1 to 1, louder samples
            are clipped; `int16` is written as it is.
        sample_rate: Frames a second.

    Raises:
        ValueError: The shape is another.
    """
    clip = _clip(as_array(sound))
    samples = _samples(clip)
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(clip.shape[1])
        file.setsampwidth(samples.itemsize)
        file.setframerate(sample_rate)
        file.writeframes(samples.tobytes())
    audio = summary_pb2.Summary.Audio(
        sample_rate=sample_rate,
        num_channels=clip.shape[1],
        length_frames=clip.shape[0],
        encoded_audio_string=stream.getvalue(),
        content_type="audio/wav",
    )
    return summary_pb2.Summary.Value(tag=tag, audio=audio)


def _clip(sound: Array) -> Array:
    if sound.ndim == 1 or (sound.ndim == 2 and sound.shape[0] == 1):
        return sound.reshape(-1, 1)
    if sound.ndim != 2 or sound.shape[1] not in (1, 2):
        raise ValueError(
            f"Sound has shape [frames], [1, frames] or [frames, 1 or 2 channels]; got {list(sound.shape)}."
        )
    return sound


def _samples(clip: Array) -> npt.NDArray[np.int16]:
    if clip.dtype == np.int16:
        return clip.astype("<i2")
    floats = np.nan_to_num(clip.astype(np.result_type(clip, np.float32)), nan=0).clip(-1, 1)
    steps = np.floor(floats * floats.dtype.type(1 << 15))  # as libsndfile, and so tensorboardX, rounds
    samples: npt.NDArray[np.int16] = np.minimum(steps, _LOUDEST).astype("<i2")
    return samples
