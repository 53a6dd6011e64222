"""Image and audio summaries: PNG and WAV with the pixels and samples that TensorFlow's ops choose.

Source: tensorflow/core/kernels/summary_image_op.cc, summary_audio_op.cc, core/lib/wav/wav_io.cc.
"""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import summary_pb2

from trackml.errors import InvalidArgumentError

BAD_COLOR = (255, 0, 0, 255)
"""Red, in place of pixels that are not finite."""

_PIXEL_MODES = {1: "L", 3: "RGB", 4: "RGBA"}
_NEAR_ZERO = 1e-6
_WAV_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_SAMPLE_BYTES = 2


def image_values(
    tag: str, images: npt.NDArray[np.generic], max_outputs: int = 3, *, bad_color: npt.ArrayLike = BAD_COLOR
) -> list[summary_pb2.Summary.Value]:
    """Gives the first images of a batch as PNG.

    Floating images are scaled: without negative values so that the largest becomes 255, else so that zero becomes 128
    and the largest magnitude 1 or 255. `uint8` images are written as they are.

    Args:
      tag: The values are tagged `tag/image/0`, `tag/image/1` ..., or `tag/image` if `max_outputs` is 1.
      images: `[batch, height, width, channels]` with 1, 3 or 4 channels, `uint8` or floating.
      max_outputs: How many images to take.
      bad_color: RGBA from 0 to 255 for pixels with a NaN or an infinity; its first channels are used.

    Returns:
      A `Summary.Value` for each image.

    Raises:
      InvalidArgumentError: If `images` has another shape.
    """
    if images.ndim != 4 or images.shape[3] not in _PIXEL_MODES:
        dimensions = ",".join(map(str, images.shape))
        raise InvalidArgumentError(None, None, f"Tensor must be 4-D with last dim 1, 3, or 4, not [{dimensions}]")
    height, width, channels = images.shape[1:]
    color = np.asarray(bad_color, np.uint8)[:channels]
    return [
        summary_pb2.Summary.Value(
            tag=_numbered(f"{tag}/image", index, max_outputs),
            image=summary_pb2.Summary.Image(
                height=height, width=width, colorspace=channels, encoded_image_string=_png(_pixels(image, color))
            ),
        )
        for index, image in enumerate(images[:max_outputs])
    ]


def audio_values(
    tag: str, audio: npt.NDArray[np.generic], sample_rate: float, max_outputs: int = 3
) -> list[summary_pb2.Summary.Value]:
    """Gives the first clips of a batch as 16-bit WAV.

    Args:
      tag: The values are tagged `tag/audio/0`, `tag/audio/1` ..., or `tag/audio` if `max_outputs` is 1.
      audio: `[batch, frames]` or `[batch, frames, channels]`, samples from -1 to 1; louder ones are clipped.
      sample_rate: Frames a second.
      max_outputs: How many clips to take.

    Returns:
      A `Summary.Value` for each clip.

    Raises:
      InvalidArgumentError: If `audio` has another rank, or `sample_rate` is not positive.
    """
    if audio.ndim not in (2, 3):
        dimensions = ",".join(map(str, audio.shape))
        raise InvalidArgumentError(None, None, f"Tensor must be 3-D or 2-D, got: [{dimensions}]")
    if not sample_rate > 0:
        raise InvalidArgumentError(None, None, "sample_rate must be > 0")
    clips = audio[..., np.newaxis] if audio.ndim == 2 else audio
    return [
        summary_pb2.Summary.Value(
            tag=_numbered(f"{tag}/audio", index, max_outputs),
            audio=summary_pb2.Summary.Audio(
                sample_rate=sample_rate,
                num_channels=clip.shape[1],
                length_frames=clip.shape[0],
                encoded_audio_string=_wav(clip, sample_rate),
                content_type="audio/wav",
            ),
        )
        for index, clip in enumerate(clips[:max_outputs])
    ]


def _numbered(tag: str, index: int, max_outputs: int) -> str:
    return tag if max_outputs == 1 else f"{tag}/{index}"


def _pixels(image: npt.NDArray[Any], bad_color: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Gives `image`, `[height, width, channels]`, in bytes; floats are scaled in their own precision."""
    if image.dtype == np.uint8:
        return image.astype(np.uint8, copy=False)
    values = image if np.issubdtype(image.dtype, np.floating) else image.astype(np.float32)
    finite = np.isfinite(values).all(axis=2)
    pixels = np.empty(values.shape, np.uint8)
    with np.errstate(over="ignore", invalid="ignore"):
        scale, offset = _range(values[finite])
        pixels[finite] = (values[finite] * scale + offset).astype(np.uint8)
    pixels[~finite] = bad_color
    return pixels


def _range(values: npt.NDArray[Any]) -> tuple[Any, Any]:
    """Gives the scale and the offset that take `values` to 0..255."""
    kind = values.dtype.type
    magnitude = np.abs(values).max(initial=0)
    full, offset = (127, 128) if values.min(initial=0) < 0 else (255, 0)
    scale = kind(0) if magnitude < _NEAR_ZERO else kind(full) / magnitude
    return scale, kind(offset)


def _png(pixels: npt.NDArray[np.uint8]) -> bytes:
    # Pillow costs more to import than everything else here, and most runs write no image.
    from PIL import Image

    height, width, channels = pixels.shape
    image = Image.frombytes(_PIXEL_MODES[channels], (width, height), pixels.tobytes())
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def _wav(clip: npt.NDArray[np.generic], sample_rate: float) -> bytes:
    channels = clip.shape[1]
    rate = int(np.float32(sample_rate))
    samples = _samples(clip)
    header = _WAV_HEADER.pack(
        *(b"RIFF", 36 + samples.nbytes, b"WAVE"),
        *(b"fmt ", 16, 1, channels, rate, rate * channels * _SAMPLE_BYTES, channels * _SAMPLE_BYTES, 16),
        *(b"data", samples.nbytes),
    )
    return header + samples.tobytes()


def _samples(clip: npt.NDArray[np.generic]) -> npt.NDArray[np.int16]:
    """Gives the clip in 16 bits, halves rounded away from zero, NaN as silence."""
    scaled = np.nan_to_num(clip.astype(np.float32), posinf=np.inf, neginf=-np.inf) * np.float32(32768)
    clipped = np.clip(scaled.astype(np.float64), -32768, 32767)
    rounded = np.sign(clipped) * np.floor(np.abs(clipped) + 0.5)
    samples: npt.NDArray[np.int16] = rounded.astype("<i2")
    return samples
