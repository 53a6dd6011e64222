"""Images from their files: what is shown, and what is refused."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from trackml_tui.images.decoding import KEPT_PIXELS, MOST_PIXELS, decode

PIXELS = np.random.default_rng(0).integers(0, 256, (5, 7, 3)).astype(np.uint8)


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes with a good header and no pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


@pytest.mark.parametrize("form", ["PNG", "BMP", "WEBP"])
def test_pixels_are_those_of_the_file(form: str) -> None:
    options = {"lossless": True} if form == "WEBP" else {}
    picture = decode(encoded(Image.fromarray(PIXELS), form, **options))
    assert (picture.pixels[..., :3] == PIXELS).all()
    assert (picture.pixels[..., 3] == 255).all()
    assert (picture.width, picture.height, picture.form) == (7, 5, form.lower())
    assert picture.facts[0] == "7×5"


def test_grey_palette_and_sixteen_bits_become_colours() -> None:
    grey = Image.fromarray(PIXELS[..., 0])
    assert (decode(encoded(grey, "PNG")).pixels[..., 1] == PIXELS[..., 0]).all()
    deep = Image.fromarray(PIXELS[..., 0].astype(np.uint16) * 257)
    assert (decode(encoded(deep, "PNG")).pixels[..., 2] == PIXELS[..., 0]).all()
    assert decode(encoded(grey.convert("P"), "PNG")).pixels.shape == (5, 7, 4)


def test_of_an_animation_the_first_picture_is_shown() -> None:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("#ff0000", "#00ff00", "#0000ff")]
    picture = decode(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert picture.frames == 3
    assert picture.pixels[0, 0].tolist() == [255, 0, 0, 255]
    assert "frame 1 of 3" in picture.facts


def test_large_images_are_kept_smaller_and_say_so() -> None:
    picture = decode(encoded(Image.new("L", (4096, 2048), 77), "PNG"))
    assert picture.pixels.shape[0] * picture.pixels.shape[1] <= KEPT_PIXELS
    assert (picture.width, picture.height) == (4096, 2048)
    assert "at 1/2" in picture.facts


@pytest.mark.parametrize(("width", "height"), [(100_000, 100_000), (12_000, 9_000), (2**31 - 1, 2**31 - 1)])
def test_bombs_are_refused(width: int, height: int) -> None:
    assert width * height > MOST_PIXELS
    with pytest.raises(ValueError, match=r"are decoded|decompression bomb"):
        decode(png_that_claims(width, height))


@pytest.mark.parametrize(
    "content", [b"", b"no image", b"\x89PNG\r\n\x1a\n", png_that_claims(3, 3), b"%!PS-Adobe-3.0 EPSF-3.0\n"]
)
def test_what_is_no_image_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="Not an image"):
        decode(content)
