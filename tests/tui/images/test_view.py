"""Which part of an image is seen, how it is averaged, and TensorBoard's brightness and contrast."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackml_tui.choices.images import ZOOMS, ImagesChoice
from trackml_tui.images.view import adjusted, render, seen

PLAIN = ImagesChoice()
BLACK = (0, 0, 0)


def opaque(pixels: np.ndarray) -> np.ndarray:
    return np.concatenate([pixels, np.full((*pixels.shape[:2], 1), 255)], axis=2).astype(np.uint8)


def test_fitting_keeps_the_shape() -> None:
    part = seen(200, 100, (50, 50), PLAIN)
    assert part.box == (0, 0, 200, 100)
    assert (part.width, part.height) == (50, 25)


@given(
    st.integers(1, 3000), st.integers(1, 3000), st.integers(1, 300), st.integers(1, 300),
    st.sampled_from(ZOOMS), st.floats(0, 1), st.floats(0, 1),
)  # fmt: skip
def test_what_is_seen_lies_in_the_image_and_fits_the_screen(
    width: int, height: int, across: int, down: int, zoom: float, x: float, y: float
) -> None:
    part = seen(width, height, (across, down), ImagesChoice(zoom=zoom, centre=(x, y)))
    left, upper, right, lower = part.box
    assert 0 <= left < right <= width + 1e-6
    assert 0 <= upper < lower <= height + 1e-6
    assert 1 <= part.width <= across
    assert 1 <= part.height <= down


def test_one_to_one_shows_pixels_as_they_are() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (20, 30, 3))
    choice = ImagesChoice(zoom=1.0, centre=(0.5, 0.5))
    part = seen(30, 20, (10, 10), choice)
    assert (render(opaque(pixels), part, choice, BLACK) == pixels[5:15, 10:20]).all()


def test_shrinking_averages_areas() -> None:
    stripes = np.zeros((8, 8, 3))
    stripes[:, ::2] = 200
    shown = render(opaque(stripes), seen(8, 8, (2, 2), PLAIN), PLAIN, BLACK)
    assert (shown == 100).all()


def test_growing_repeats_pixels() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (2, 2, 3))
    shown = render(opaque(pixels), seen(2, 2, (6, 6), PLAIN), PLAIN, BLACK)
    assert (shown == np.repeat(np.repeat(pixels, 3, 0), 3, 1)).all()


def test_what_is_transparent_shows_the_checks_and_bleeds_no_colour() -> None:
    pixels = np.zeros((4, 4, 4), np.uint8)
    pixels[..., 0] = 255
    shown = render(pixels, seen(4, 4, (2, 2), PLAIN), PLAIN, (10, 20, 30))
    assert (shown == (10, 20, 30)).all()


@pytest.mark.parametrize(
    ("brightness", "contrast", "expected"),
    [
        (1000, 1000, [0, 64, 128, 255]),
        (2000, 1000, [0, 128, 255, 255]),
        (500, 1000, [0, 32, 64, 128]),
        (1000, 0, [128, 128, 128, 128]),
        (1000, 2000, [0, 0, 128, 255]),
        (500, 2000, [0, 0, 64, 128]),
        (0, 1000, [0, 0, 0, 0]),
    ],
)
def test_contrast_then_brightness_as_css_has_them(brightness: int, contrast: int, expected: list[int]) -> None:
    values = np.array([0, 64, 128, 255], np.uint8)
    assert adjusted(values, brightness, contrast).tolist() == pytest.approx(expected, abs=1)


def test_choices_stay_inside_their_ends() -> None:
    choice = PLAIN
    for _ in range(40):
        choice = choice.zoomed(1).panned(0.3, -0.3).adjusted(200, -300)
    assert choice == ImagesChoice(zoom=ZOOMS[-1], centre=(1.0, 0.0), brightness=2000, contrast=0)
    assert choice.plain() == PLAIN
    assert PLAIN.next_layout().next_layout().next_layout() == PLAIN
