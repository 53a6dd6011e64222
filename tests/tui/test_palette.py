from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from trackml_tui import theme
from trackml_tui.palette import DARK, LIGHT, PALETTES, SLOTS, SlotBook, palette_of
from trackml_tui.plotting.patterns import pattern

# Severity 1.0 of Machado, Oliveira, Fernandes (2009), on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
# Ottosson (2020), "A perceptual color space for image processing".
LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
LAB = np.array(
    [
        [0.210454255, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
    ]
)


def linear(colour: str) -> NDArray[np.float64]:
    channels = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255.0
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def seen(colour: str, vision: str) -> NDArray[np.float64]:
    return LAB @ np.cbrt(LMS @ np.clip(np.array(VISION[vision]) @ linear(colour), 0.0, 1.0))


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) + 0.05 for colour in (one, other))
    return high / low


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize(("colours", "distance"), [(DARK, 0.085), (LIGHT, 0.06)])
def test_colours_stay_apart_for_every_eye(colours: tuple[str, ...], distance: float, vision: str) -> None:
    apart = [np.linalg.norm(seen(one, vision) - seen(other, vision)) for one, other in combinations(colours, 2)]
    assert min(apart) >= distance


@pytest.mark.parametrize(("colours", "background", "ratio"), [(DARK, theme.DARK, 4.5), (LIGHT, theme.LIGHT, 3.1)])
def test_colours_stand_out_from_the_background(colours: tuple[str, ...], background: theme.Theme, ratio: float) -> None:
    assert background.background is not None
    assert min(contrast(colour, background.background) for colour in colours) >= ratio


def test_a_run_keeps_its_slot() -> None:
    book = SlotBook()
    book.enter(["b", "d"])
    before = book["b"], book["d"]
    book.enter(["a", "b", "c", "d", "e"])
    assert (book["b"], book["d"]) == before


def test_no_colour_is_used_twice_before_all_are_used_once() -> None:
    book = SlotBook()
    names = [f"run{index}" for index in range(2 * SLOTS)]
    book.enter(names)
    assert sorted(book[name] for name in names[:SLOTS]) == list(range(SLOTS))
    assert sorted(book[name] for name in names) == list(range(2 * SLOTS))


def test_a_lone_run_looks_the_same_in_every_session() -> None:
    first, second = SlotBook(), SlotBook()
    first.enter(["some run"])
    second.enter(["some run", "another"])
    assert first["some run"] == second["some run"]


def test_a_name_that_is_no_unicode_has_a_colour() -> None:
    book = SlotBook()
    book.enter(["byte\udcff"])
    assert 0 <= book["byte\udcff"] < SLOTS


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("dark", [True, False])
def test_no_two_slots_look_alike(name: str, dark: bool) -> None:
    palette = palette_of(name, dark=dark)
    looks = {(palette[slot], pattern(palette.style(slot)).sample) for slot in range(40)}
    assert len(looks) == 40


@pytest.mark.parametrize("dark", [True, False])
def test_an_unknown_palette_is_the_first(dark: bool) -> None:
    assert palette_of("?", dark=dark).colours == (DARK if dark else LIGHT)


@pytest.mark.parametrize("name", [name for name, pair in PALETTES.items() if not pair[0].plain])
def test_known_palettes_can_be_seen_on_both_backgrounds(name: str) -> None:
    for background, palette in zip((theme.DARK, theme.LIGHT), PALETTES[name], strict=True):
        assert background.background is not None
        assert min(contrast(colour, background.background) for colour in palette.colours) >= 1.5
