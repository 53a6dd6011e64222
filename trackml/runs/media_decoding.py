"""Images and sound from their files: arrays as TensorFlow's `decode_image` and `decode_wav` give them.

Source: RIFF/WAVE, Microsoft Multimedia Programming Interface and Data Specifications 1.0; WAVEFORMATEXTENSIBLE.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

_FORMATS = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"BM", "bmp"),
    (b"RIFF", "wav"),
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
)
_IMAGE_FORMATS = ("PNG", "GIF", "JPEG", "WEBP", "BMP")
"""What browsers show. Pillow reads dozens of others, some of them by other programs, and the bytes may be anybody's."""

_IMAGE_ERRORS = (
    *(OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError),
    *(struct.error, zlib.error),
)
"""What Pillow raises for damaged files."""

_MODES = {"1": "L", "P": "RGB", "CMYK": "RGB", "YCbCr": "RGB", "LAB": "RGB", "HSV": "RGB", "PA": "RGBA", "RGBX": "RGB"}
"""What images become whose pixels are no channels."""

_CHUNK = struct.Struct("<4sI")
_FORMAT = struct.Struct("<HHIIHH")
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_SUBFORMAT_AT = 24


class Wave(NamedTuple):
    """What a WAVE file says about itself, and its samples as they are in the file."""

    sample_rate: int
    """Frames a second."""
    channels: int
    bits: int
    """Of one sample, as it is stored."""
    is_float: bool
    data: bytes
    """Whole frames."""

    @property
    def frames(self) -> int:
        """How many frames there are."""
        return len(self.data) // (self.channels * self.bits // 8)


def format_of_media(encoded: bytes) -> str:
    """Gives "png", "gif", "jpeg", "webp", "bmp", "wav" and their like by the first bytes; empty if they are unknown.

    Example:
      >>> format_of_media(b"GIF89a"), format_of_media(b"?")
      ('gif', '')
    """
    if encoded[:4] == b"RIFF" and encoded[8:12] == b"WEBP":
        return "webp"
    return next((name for beginning, name in _FORMATS if encoded.startswith(beginning)), "")


def decode_image(encoded: bytes) -> npt.NDArray[Any]:
    """Gives the pixels of an image file, `[height, width, channels]`, or `[frames, height, width, channels]`.

    Args:
      encoded: PNG, GIF, JPEG, WebP or BMP.

    Returns:
      `uint8`, or `uint16` where the file has 16 bits a channel of grey. A file with several pictures has frames.

    Raises:
      ValueError: If it is no image, a damaged one, or so large that it looks like an attack.
    """
    # Pillow costs more to import than everything else here, and most runs have no image.
    from PIL import Image, ImageSequence

    try:
        with Image.open(io.BytesIO(encoded), formats=_IMAGE_FORMATS) as image:
            if getattr(image, "n_frames", 1) == 1:
                return _pixels(image, _mode_of(image))
            modes = {_mode_of(frame) for frame in ImageSequence.Iterator(image)}
            mode = "RGBA" if modes & {"RGBA", "LA"} else "RGB"
            return np.stack([_pixels(frame, mode) for frame in ImageSequence.Iterator(image)])
    except (*_IMAGE_ERRORS, Image.DecompressionBombError) as error:
        raise ValueError(f"expected an image file; got {len(encoded)} bytes that are none: {error}") from error


def parse_wave(encoded: bytes) -> Wave:
    """Gives what a WAVE file holds.

    Raises:
      ValueError: If it is none, or its samples are neither integers nor floats.
    """
    if encoded[:4] != b"RIFF" or encoded[8:12] != b"WAVE":
        raise ValueError(f"expected a WAVE file; got {len(encoded)} bytes that begin with {encoded[:4]!r}.")
    chunks = dict(_chunks(encoded))
    header = chunks.get(b"fmt ", b"")
    if len(header) < _FORMAT.size:
        raise ValueError("expected a WAVE file; the chunk that says its format is missing or too short.")
    code, channels, sample_rate, _, _, bits = _FORMAT.unpack_from(header)
    if code == _EXTENSIBLE:
        code = int.from_bytes(header[_SUBFORMAT_AT : _SUBFORMAT_AT + 2], "little")
    if channels < 1 or (code, bits) not in [*((_PCM, bits) for bits in (8, 16, 24, 32)), (_FLOAT, 32), (_FLOAT, 64)]:
        raise ValueError(f"expected samples of 8 to 64 bits; got format {code}, {bits} bits, {channels} channels.")
    data = chunks.get(b"data", b"")
    return Wave(sample_rate, channels, bits, code == _FLOAT, data[: len(data) - len(data) % (channels * bits // 8)])


def samples_of(wave: Wave) -> npt.NDArray[np.float32]:
    """Gives the samples of a WAVE file from -1 to 1, shape `[frames, channels]`, `float32`."""
    if wave.is_float:
        samples = np.frombuffer(wave.data, f"<f{wave.bits // 8}")
    elif wave.bits == 8:
        samples = (np.frombuffer(wave.data, np.uint8).astype(np.float32) - 128) / 128
    elif wave.bits == 24:
        octets = np.zeros((len(wave.data) // 3, 4), np.uint8)
        octets[:, 1:] = np.frombuffer(wave.data, np.uint8).reshape(-1, 3)
        samples = octets.view("<i4").ravel() / 2**31
    else:
        samples = np.frombuffer(wave.data, f"<i{wave.bits // 8}") / 2.0 ** (wave.bits - 1)
    return samples.astype(np.float32).reshape(-1, wave.channels)


def _mode_of(image: Any) -> str:
    """Gives the mode in which the pixels of an image are channels."""
    mode: str = image.mode
    return "RGBA" if mode == "P" and "transparency" in image.info else _MODES.get(mode, mode)


def _pixels(image: Any, mode: str) -> npt.NDArray[Any]:
    array = np.asarray(image if mode == image.mode else image.convert(mode))
    if array.dtype == np.int32:  # Pillow's mode "I", which holds 16 bits of grey.
        array = array.astype(np.uint16)
    return array[:, :, np.newaxis] if array.ndim == 2 else array


def _chunks(encoded: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Gives the chunks behind the header. One that says it is longer than the file ends with it."""
    begin = 12
    while begin + _CHUNK.size <= len(encoded):
        name, length = _CHUNK.unpack_from(encoded, begin)
        begin += _CHUNK.size
        yield name, encoded[begin : begin + length]
        begin += length + length % 2
