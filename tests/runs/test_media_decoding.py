"""Images and sound that are damaged in any way are told by one kind of error."""

from __future__ import annotations

import contextlib
import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from trackml.runs.media_decoding import decode_image, format_of_media, parse_wave, samples_of


def image(format_, mode="RGB", **options):
    stream = io.BytesIO()
    Image.new(mode, (9, 7)).save(stream, format_, **options)
    return stream.getvalue()


IMAGES = [
    image("PNG"),
    image("PNG", "P"),
    image("PNG", "I;16"),
    image("GIF", save_all=True, append_images=[Image.new("RGB", (9, 7), (shade, 0, 0)) for shade in (9, 99)]),
    image("JPEG"),
    image("BMP"),
]
WAVE = b"RIFF" + struct.pack("<I", 76) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 2, 8000, 32000, 4, 16)
WAVE += b"data" + struct.pack("<I", 40) + bytes(40)

EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255), st.sampled_from(["set", "cut", "insert"])), max_size=6)


def damaged(content, edits):
    """Content with bytes set, inserted or cut off."""
    octets = bytearray(content)
    for share, value, what in edits:
        at = int(share * (len(octets) - 1))
        if what == "cut":
            del octets[at:]
        elif octets:
            octets[at : at + (what == "set")] = bytes([value])
    return bytes(octets)


@pytest.mark.filterwarnings("ignore")  # Pillow warns of some kinds of damage.
@given(st.sampled_from(IMAGES), EDITS)
def test_damaged_images_are_pixels_or_a_value_error(content, edits):
    with contextlib.suppress(ValueError):
        assert decode_image(damaged(content, edits)).ndim in (3, 4)


@given(EDITS)
def test_damaged_sound_is_samples_or_a_value_error(edits):
    with contextlib.suppress(ValueError):
        wave = parse_wave(damaged(WAVE, edits))
        assert samples_of(wave).shape == (wave.frames, wave.channels)


def test_sound_without_damage_is_read():
    wave = parse_wave(WAVE)
    assert (wave.sample_rate, wave.channels, wave.bits, wave.frames) == (8000, 2, 16, 10)


def test_sound_that_is_longer_than_its_file_ends_with_it():
    assert parse_wave(WAVE[:-3]).frames == 9


def test_floats_and_extended_headers_are_read():
    extension = struct.pack("<HHI", 22, 32, 0) + struct.pack("<H", 3) + bytes(14)
    form = struct.pack("<HHIIHH", 0xFFFE, 1, 44100, 176400, 4, 32) + extension
    data = struct.pack("<2f", 0.25, -2.0)
    content = b"RIFF" + bytes(4) + b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"LIST\1\0\0\0x\0"
    wave = parse_wave(content + b"data" + struct.pack("<I", 8) + data)
    assert samples_of(wave).tolist() == [[0.25], [-2.0]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "expected a WAVE file; got 0 bytes"),
        (b"RIFF....WAVE", "the chunk that says its format is missing"),
        (WAVE.replace(b"\x01\x00\x02\x00", b"\x55\x00\x02\x00", 1), "got format 85, 16 bits, 2 channels"),
    ],
)
def test_what_is_no_sound_is_told(content, said):
    with pytest.raises(ValueError, match=said):
        parse_wave(content)


@pytest.mark.parametrize(
    ("content", "name"),
    [(IMAGES[0], "png"), (IMAGES[3], "gif"), (IMAGES[4], "jpeg"), (b"RIFF....WEBP", "webp"), (WAVE, "wav"), (b"", "")],
)
def test_formats_are_known_by_their_first_bytes(content, name):
    assert format_of_media(content) == name
