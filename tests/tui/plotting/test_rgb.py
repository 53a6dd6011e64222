"""Grids in full colour: half blocks, runs of equal colours, wide characters, placeholders."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackml_tui.plotting.rgb import CONTINUED, DIACRITICS, RgbGrid, half_blocks, placeholder_codes, spell

WHITE, BLACK, RED = (255, 255, 255), (0, 0, 0), (255, 0, 0)


def test_two_pixels_share_a_cell() -> None:
    pixels = np.array([[[255, 0, 0], [1, 2, 3]], [[0, 0, 255], [1, 2, 3]]], np.uint8)
    grid = half_blocks(pixels, WHITE, BLACK)
    assert grid.text() == ["▀ "]
    (upper, flat) = grid.runs(0)
    assert (upper.fore, upper.back) == (RED, (0, 0, 255))
    assert flat.back == (1, 2, 3)


def test_under_an_odd_row_lies_the_background() -> None:
    grid = half_blocks(np.full((3, 1, 3), 200, np.uint8), WHITE, BLACK)
    assert grid.text() == [" ", "▀"]
    assert grid.runs(1)[0].back == BLACK


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_half_blocks_show_every_pixel(height: int, width: int, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)
    grid = half_blocks(pixels, WHITE, BLACK)
    shown = np.empty((2 * grid.rows, width, 3), np.uint8)
    shown[0::2] = np.where((grid.codes == ord("▀"))[..., None], grid.fore, grid.back)
    shown[1::2] = grid.back
    assert (shown[:height] == pixels).all()


def test_runs_join_cells_of_equal_colours() -> None:
    grid = RgbGrid(6, 1, WHITE, BLACK)
    grid.write(0, 2, "ab", RED)
    assert [(run.text, run.fore) for run in grid.runs(0)] == [("  ", WHITE), ("ab", RED), ("  ", WHITE)]


def test_writing_outside_is_cut_off() -> None:
    grid = RgbGrid(4, 1, WHITE, BLACK)
    grid.write(0, -2, "abc")
    grid.write(0, 3, "xyz")
    grid.write(7, 0, "lost")
    assert grid.text() == ["c  x"]


def test_pasting_is_cut_off_at_every_edge() -> None:
    small = RgbGrid(3, 3, WHITE, BLACK)
    for row, text in enumerate(("abc", "def", "ghi")):
        small.write(row, 0, text)
    grid = RgbGrid(3, 3, WHITE, BLACK)
    grid.paste(-1, -1, small)
    grid.paste(2, 2, small)
    grid.paste(9, 9, small)
    assert grid.text() == ["ef ", "hi ", "  a"]


def test_a_wide_character_is_one_character_of_two_cells() -> None:
    grid = RgbGrid(4, 1, WHITE, BLACK)
    grid.codes[0, :3] = ord("漢"), CONTINUED, ord("!")
    assert grid.text() == ["漢! "]


def test_placeholders_are_those_of_kittys_documentation() -> None:
    rows = [spell(codes) for codes in placeholder_codes(2, 2)]
    assert rows == ["\U0010eeee\u0305\u0305\U0010eeee\u0305\u030d", "\U0010eeee\u030d\u0305\U0010eeee\u030d\u030d"]


def test_diacritics_are_the_297_of_the_protocol() -> None:
    assert len(DIACRITICS) == len(set(DIACRITICS)) == 297
    assert all(unicodedata.combining(mark) == 230 and not unicodedata.decomposition(mark) for mark in DIACRITICS)
    assert sorted(DIACRITICS) == list(DIACRITICS)


@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (297, 3), (200, 60)])
def test_every_place_of_an_image_has_a_placeholder_of_its_own(columns: int, rows: int) -> None:
    cells = {spell(np.array([code])) for code in placeholder_codes(columns, rows).ravel()}
    assert len(cells) == columns * rows
