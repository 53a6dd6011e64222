"""Heat maps and the frame around them."""

from __future__ import annotations

import numpy as np

from trackml_tui.plotting.heatmap import Axes, column_of, framed, heat, inner_size
from trackml_tui.plotting.paint import Paint

COLOURS, PLAIN = Paint(), Paint(colour=False)


def test_the_densest_is_the_last_colour_of_the_map_and_nothing_the_background() -> None:
    grid = heat(np.array([[0.0, 1.0], [0.0, np.nan]]), COLOURS)
    assert tuple(grid.fore[0, 1]) == tuple(COLOURS.ramp[-1])
    assert tuple(grid.back[0, 0]) == tuple(grid.back[0, 1]) == COLOURS.background


def test_without_colours_density_is_ink() -> None:
    assert heat(np.array([[0.0, 0.2, 1.0], [0.0, 0.2, 1.0]]), PLAIN).text() == [" :@"]


def test_a_frame_fits_its_size() -> None:
    axes = Axes((0.0, 100.0), (-1.0, 1.0))
    columns, rows = inner_size(40, 12, axes)
    grid = framed(heat(np.zeros((2 * rows, columns)), PLAIN), axes, PLAIN)
    assert (grid.columns, grid.rows) == (40, 12)
    text = grid.text()
    assert "1" in text[0]
    assert text[-2].lstrip().startswith("└")
    assert text[-1].split() == ["0", "25", "50", "75", "100"] or "100" in text[-1]


def test_the_mark_is_labelled_and_pushes_other_labels_aside() -> None:
    axes = Axes((0.0, 100.0), (0.0, 1.0), mark=50.0, mark_label="50!")
    columns, rows = inner_size(50, 8, axes)
    grid = framed(heat(np.zeros((2 * rows, columns)), PLAIN), axes, PLAIN)
    left = 50 - columns
    mark = left + column_of(50.0, axes, columns)
    assert "50!" in grid.text()[-1]
    assert grid.text()[-2][mark] == "┴"
    assert all(line[mark] == "│" for line in grid.text()[:-2])


def test_the_mark_lightens_what_is_under_it() -> None:
    axes = Axes((0.0, 1.0), (0.0, 1.0), mark=0.5, mark_label="")
    columns, rows = inner_size(30, 8, axes)
    plain = framed(heat(np.zeros((2 * rows, columns)), COLOURS), Axes((0.0, 1.0), (0.0, 1.0)), COLOURS)
    marked = framed(heat(np.zeros((2 * rows, columns)), COLOURS), axes, COLOURS)
    assert (plain.back[:rows] != marked.back[:rows]).any(axis=2).any(axis=0).sum() == 1


def test_the_smallest_frame_has_room_for_one_cell() -> None:
    axes = Axes((0.0, 0.0), (0.0, 0.0))
    assert min(inner_size(1, 1, axes)) == 1
    assert framed(heat(np.zeros((2, 1)), PLAIN), axes, PLAIN).rows == 3
