"""Images from their files, as far as they are safe to decode."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass

import numpy as np
from PIL import Image, UnidentifiedImageError

from trackml_tui.formatting import compact, size
from trackml_tui.plotting.rgb import Pixels

FORMATS = ("PNG", "GIF", "JPEG", "WEBP", "BMP")
"""What browsers show. Pillow reads dozens of others, and the bytes may be anybody's."""
MOST_PIXELS = 64_000_000
"""An image with more is not decoded: a file of a few bytes can claim any size."""
KEPT_PIXELS = 4_000_000
"""A larger image is kept at a half, a third ... of its size."""
_ERRORS = (
    *(OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError),
    *(struct.error, zlib.error, Image.DecompressionBombError, Image.DecompressionBombWarning),
)
"""What Pillow raises for damaged files, and for those that look like an attack."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded image."""

    pixels: Pixels
    """Red, green, blue and opacity, shape `[rows, columns, 4]`."""
    width: int
    """In pixels, as in the file."""
    height: int
    """In pixels, as in the file."""
    form: str
    """The file's format."""
    size: int
    """Of the file, in bytes."""
    frames: int
    """How many pictures the file holds; the first one is shown."""
    reduced: int
    """How many pixels of the file, in either direction, became one."""

    @property
    def facts(self) -> list[str]:
        """Size and format in words."""
        facts = [f"{self.width}×{self.height}", self.form, size(self.size)]
        if self.frames > 1:
            facts.append(f"frame 1 of {self.frames}")
        if self.reduced > 1:
            facts.append(f"at 1/{self.reduced}")
        return facts


def decode(encoded: bytes) -> Picture:
    """The first picture of an image file.

    Raises:
        ValueError: If it is no image, a damaged one, or one with more pixels than `MOST_PIXELS`.
    """
    try:
        with Image.open(io.BytesIO(encoded), formats=FORMATS) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                amount = f"{width}×{height} pixels, {compact(width * height)}"
                raise _TooLargeError(f"The image has {amount}; up to {compact(MOST_PIXELS)} are decoded.")
            form, frames = (image.format or "").lower(), getattr(image, "n_frames", 1)
            reduced = _reduction(width, height)
            return Picture(_pixels(image, reduced), width, height, form, len(encoded), frames, reduced)
    except _TooLargeError as error:
        raise ValueError(str(error)) from error
    except _ERRORS as error:
        # Pillow names the stream, by its address in memory.
        why = "its format is unknown" if isinstance(error, UnidentifiedImageError) else str(error)
        raise ValueError(f"Not an image that can be shown ({size(len(encoded))}): {why}.") from error


class _TooLargeError(Exception):
    """More pixels than are decoded."""


def _reduction(width: int, height: int) -> int:
    reduced = 1
    while (width // reduced) * (height // reduced) > KEPT_PIXELS:
        reduced += 1
    return reduced


def _pixels(image: Image.Image, reduced: int) -> Pixels:
    if image.mode.startswith("I"):  # 16 bits of grey, of which the upper eight are seen.
        grey = np.asarray(image).astype(np.int64)
        image = Image.fromarray((grey >> 8 if grey.max(initial=0) > 255 else grey).clip(0, 255).astype(np.uint8))
    whole = image.convert("RGBA")
    return np.asarray(whole.reduce(reduced) if reduced > 1 else whole)
