"""Ridges: the front hides the back, lines have no holes, the tallest reaches its part of the height."""

from __future__ import annotations

import numpy as np
import pytest

from trackml_tui.plotting.paint import Paint
from trackml_tui.plotting.ridges import draw_ridges, most_ridges

PAINT = Paint()
TWO = np.array([[255, 0, 0], [0, 255, 0]], np.uint8)


def test_a_later_ridge_hides_an_earlier_one() -> None:
    counts = np.array([[1.0, 1.0, 1.0], [9.0, 9.0, 9.0]])
    grid = draw_ridges(counts, np.array([0.0, 1.0]), 12, 10, TWO, PAINT)
    drawn = grid.codes != ord(" ")
    front = (grid.fore == TWO[1]).all(axis=2) & drawn
    rows = np.flatnonzero(front.any(axis=1))
    middle = grid.fore[rows.min() : rows.max() + 1, 5]
    assert not (middle == TWO[0]).all(axis=1).any()


def test_the_first_stands_above_the_last() -> None:
    counts = np.array([[1.0, 1.0], [1.0, 1.0]])
    grid = draw_ridges(counts, np.array([0.0, 1.0]), 10, 10, TWO, PAINT)
    drawn = grid.codes != ord(" ")
    back = np.flatnonzero(((grid.fore == TWO[0]).all(axis=2) & drawn).any(axis=1))
    front = np.flatnonzero(((grid.fore == TWO[1]).all(axis=2) & drawn).any(axis=1))
    assert back.mean() < front.mean()


def test_on_one_base_the_tallest_fills_the_height() -> None:
    counts = np.array([[0.0, 4.0, 0.0]])
    grid = draw_ridges(counts, np.array([0.0]), 15, 6, TWO[:1], PAINT, overlay=True)
    rows = np.flatnonzero((grid.codes != ord(" ")).any(axis=1))
    assert (rows.min(), rows.max()) == (0, 5)


@pytest.mark.parametrize("overlay", [False, True])
def test_steep_lines_have_no_holes(overlay: bool) -> None:
    counts = np.array([[0.0, 0.0, 8.0, 0.0, 0.0]])
    grid = draw_ridges(counts, np.array([0.0]), 30, 10, TWO[:1], PAINT, overlay=overlay)
    rows = np.flatnonzero((grid.codes != ord(" ")).any(axis=1))
    assert (np.diff(rows) == 1).all()


def test_empty_histograms_are_flat_lines() -> None:
    grid = draw_ridges(np.zeros((2, 30)), np.array([0.0, 1.0]), 10, 8, TWO, PAINT)
    assert (grid.codes != ord(" ")).any(axis=1).sum() == 2


def test_there_is_room_for_more_ridges_in_more_rows() -> None:
    assert [most_ridges(rows) for rows in (1, 5, 20)] == [2, 7, 25]
