"""Kitty's protocol, Sixel, and which terminal gets what."""

from __future__ import annotations

import base64
import re
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackml_tui.images.kitty import KittyImages, delete, placeholders, through_tmux, transmit
from trackml_tui.images.sixel import sixel
from trackml_tui.images.terminal import cell_size, graphics_of
from trackml_tui.plotting.paint import Paint

PAINT = Paint()
NOISE = np.random.default_rng(0).integers(0, 256, (60, 80, 3)).astype(np.uint8)
COMMAND = re.compile(r"\x1b_G(?P<control>[^;\x1b]*)(?:;(?P<payload>[A-Za-z0-9+/=]*))?\x1b\\")


def commands(sequence: str) -> list[tuple[dict[str, str], str]]:
    assert COMMAND.sub("", sequence) == ""
    return [
        (dict(pair.split("=") for pair in match["control"].split(",")), match["payload"] or "")
        for match in COMMAND.finditer(sequence)
    ]


def test_an_image_arrives_as_it_was() -> None:
    sent = commands(transmit(42, NOISE, 8, 3))
    first, payloads = sent[0][0], [payload for _, payload in sent]
    assert (first["a"], first["U"], first["i"], first["c"], first["r"]) == ("T", "1", "42", "8", "3")
    assert (first["s"], first["v"], first["f"], first["o"]) == ("80", "60", "24", "z")
    assert zlib.decompress(base64.b64decode("".join(payloads))) == NOISE.tobytes()


def test_chunks_are_at_most_4096_bytes_and_only_the_last_says_so() -> None:
    sent = commands(transmit(1, NOISE, 8, 3))
    assert len(sent) > 2
    assert all(len(payload) <= 4096 and len(payload) % 4 == 0 for _, payload in sent)
    assert [control["m"] for control, _ in sent] == ["1"] * (len(sent) - 1) + ["0"]
    assert all(set(control) == {"q", "m"} for control, _ in sent[1:])
    assert all(control["q"] == "2" for control, _ in sent)


def test_placeholders_carry_the_number_in_their_colour() -> None:
    grid = placeholders(0x010203, 2, 2, PAINT)
    assert tuple(grid.fore[1, 1]) == (1, 2, 3)
    assert grid.text()[0] == "\U0010eeee\u0305\u0305\U0010eeee\u0305\u030d"


def test_tmux_gets_every_escape_doubled() -> None:
    assert through_tmux("\x1b_Ga=d\x1b\\") == "\x1bPtmux;\x1b\x1b_Ga=d\x1b\x1b\\\x1b\\"


def test_an_image_is_sent_once_and_the_oldest_are_deleted() -> None:
    written: list[str] = []
    images = KittyImages(written.append)
    one = images.place("one", lambda: NOISE, 4, 2, PAINT)
    again = images.place("one", lambda: NOISE, 4, 2, PAINT)
    assert len(written) == 1
    assert (one.fore == again.fore).all()
    for number in range(60):
        images.place(number, lambda: NOISE[:2, :2], 1, 1, PAINT)
    deleted = [sequence for sequence in written if "a=d" in sequence]
    assert len(deleted) == 13
    assert commands(deleted[0])[0][0]["i"] == commands(written[0])[0][0]["i"]
    images.clear()
    assert len([sequence for sequence in written if "a=d" in sequence]) == 61
    assert commands(delete(7)) == [({"a": "d", "d": "I", "q": "2", "i": "7"}, "")]


def unpacked(sequence: str) -> np.ndarray:
    """A decoder of what `sixel` writes."""
    header = re.match(r'\x1bPq"1;1;(\d+);(\d+)', sequence)
    assert header is not None
    assert sequence.endswith("\x1b\\")
    width, height = int(header[1]), int(header[2])
    pixels = np.zeros((height + 5, width, 3))
    colours: dict[int, list[float]] = {}
    x, top, colour = 0, 0, 0
    for token in re.finditer(
        r"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|(?:!(\d+))?([?-~])|([$-])", sequence[header.end() : -2]
    ):
        if token[1]:
            colours[int(token[1])] = [int(token[part]) * 2.55 for part in (2, 3, 4)]
        elif token[5]:
            colour = int(token[5])
        elif token[8]:
            x, top = 0, top + 6 * (token[8] == "-")
        else:
            bits, count = ord(token[7]) - 63, int(token[6] or 1)
            for bit in range(6):
                if bits >> bit & 1:
                    pixels[top + bit, x : x + count] = colours[colour]
            x += count
    return pixels[:height]


@given(st.integers(1, 20), st.integers(1, 20), st.integers(0, 2**32 - 1))
def test_sixels_are_the_pixels_of_the_image(height: int, width: int, seed: int) -> None:
    few = np.array([[0, 0, 0], [255, 255, 255], [255, 0, 0], [51, 102, 153]], np.uint8)
    pixels = few[np.random.default_rng(seed).integers(0, 4, (height, width))]
    assert np.abs(unpacked(sixel(pixels)) - pixels).max() <= 2


@pytest.mark.parametrize(
    ("environ", "graphics"),
    [
        ({}, "blocks"),
        ({"TERM": "xterm-256color"}, "blocks"),
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM": "xterm-ghostty"}, "kitty"),
        ({"TERM_PROGRAM": "ghostty"}, "kitty"),
        ({"TERM_PROGRAM": "WezTerm"}, "blocks"),
        ({"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"}, "blocks"),
        ({"TMUX": "/tmp/x", "TERM": "xterm-kitty", "TRACKML_GRAPHICS": "kitty"}, "kitty"),
        ({"TERM": "xterm-kitty", "TRACKML_GRAPHICS": "blocks"}, "blocks"),
        ({"TRACKML_GRAPHICS": " Characters "}, "characters"),
        ({"TRACKML_GRAPHICS": "hologram"}, "blocks"),
    ],
)
def test_which_terminal_gets_what(environ: dict[str, str], graphics: str) -> None:
    assert graphics_of(environ) == graphics


def test_the_variable_goes_before_the_setting_and_the_setting_before_the_terminal() -> None:
    kitty = {"TERM": "xterm-kitty"}
    assert graphics_of(kitty, "auto") == "kitty"
    assert graphics_of(kitty, "characters") == "characters"
    assert graphics_of({**kitty, "TRACKML_GRAPHICS": "blocks"}, "characters") == "blocks"


def test_a_stream_that_is_no_terminal_has_usual_cells() -> None:
    with open("/dev/null") as stream:
        assert cell_size(stream.fileno()) == (10, 20)
