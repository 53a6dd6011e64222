"""Colour maps: even steps for the eye, lightness in one direction, the background at the beginning."""

from __future__ import annotations

import numpy as np
import pytest

from trackml_tui.plotting.colour_map import LEVELS, SHADES, blend, colour_map, oklab, rgb, shades
from trackml_tui.plotting.rgb import Colour

DARK, LIGHT = (18, 22, 28), (251, 252, 253)
GROUNDS = pytest.mark.parametrize(("ground", "dark"), [(DARK, True), (LIGHT, False), ((0, 0, 0), True)])


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ((255, 255, 255), (1.0, 0.0, 0.0)),
        ((255, 0, 0), (0.628, 0.2249, 0.1258)),
        ((0, 255, 0), (0.8664, -0.2339, 0.1795)),
        ((0, 0, 255), (0.452, -0.0325, -0.3115)),
    ],
)
def test_oklab_of_the_primaries(colour: Colour, expected: tuple[float, float, float]) -> None:
    assert oklab(np.array([colour], np.uint8))[0] == pytest.approx(expected, abs=2e-4)


def test_oklab_and_back() -> None:
    colours = np.random.default_rng(0).integers(0, 256, (500, 3)).astype(np.uint8)
    assert (rgb(oklab(colours)) == colours).all()


@GROUNDS
def test_steps_look_equally_large(ground: Colour, dark: bool) -> None:
    # One step is of the size of rounding to 8 bits; of sixteen the turns of the path are still short.
    path = oklab(colour_map(ground, dark=dark))[:: LEVELS // 16]
    lengths = np.linalg.norm(np.diff(path, axis=0), axis=1)
    assert lengths.max() < 1.25 * lengths.min()


@GROUNDS
def test_lightness_goes_one_way_from_the_background(ground: Colour, dark: bool) -> None:
    colours = colour_map(ground, dark=dark)
    assert tuple(colours[0]) == ground
    lightness = oklab(colours)[:, 0] * (1 if dark else -1)
    assert (np.diff(lightness) > -0.004).all()
    assert lightness[-1] - lightness[0] > 0.6


def test_shades_rise_and_only_nothing_is_blank() -> None:
    codes = shades(np.array([0.0, 1e-9, 0.5, 1.0, np.nan]))
    assert [chr(code) for code in codes] == [" ", ".", SHADES[5], "@", " "]


def test_blending() -> None:
    assert blend((0, 0, 0), (100, 200, 50), 0.5) == (50, 100, 25)
    assert blend((1, 2, 3), (9, 9, 9), 0.0) == (1, 2, 3)
