from __future__ import annotations

import numpy as np
import pytest

from trackml_tui.plotting.canvas import Canvas
from trackml_tui.plotting.decimate import decimate
from trackml_tui.plotting.raster import line_spans
from trackml_tui.plotting.scale import Linear
from trackml_tui.plotting.series import prepare


def picture(x: list[int], y: list[float], columns: int, rows: int) -> list[str]:
    curve = prepare(np.array(x), np.array(y, np.float64))
    canvas = Canvas(columns, rows)
    scale = Linear(curve.y_low, curve.y_high) if curve.y_high > curve.y_low else Linear(curve.y_low, curve.y_low + 1)
    x_axis = Linear(curve.x_low, curve.x_high)
    lines = [decimate(piece, x_axis, 2 * columns) for piece in curve.pieces]
    canvas.spans(*line_spans(lines, x_axis, scale, 2 * columns, 4 * rows), 0)
    return canvas.text()


def test_a_slope_of_one_dot_a_column_is_one_dot_wide() -> None:
    assert picture([0, 7], [0, 7], 4, 2) == ["  ⡠⠊", "⡠⠊  "]


def test_a_flat_line_is_one_dot_high() -> None:
    assert picture([0, 7], [0, 0], 4, 1) == ["⣀⣀⣀⣀"]


def test_a_jump_between_neighbouring_columns_has_no_hole() -> None:
    assert picture([0, 1, 2, 3], [0, 0, 7, 7], 2, 2) == [" ⡏", "⣸ "]


def test_a_gap_stays_open() -> None:
    assert picture([0, 1, 2, 3, 4, 5], [0, 0, np.nan, np.nan, 0, 0], 3, 1) == ["⣀ ⣀"]


def test_a_lone_point_between_gaps_is_seen() -> None:
    assert picture([0, 1, 2, 3, 4, 5], [0, np.nan, 0, np.nan, np.nan, 0], 3, 1) == ["⡀⡀⢀"]


def test_x_that_turns_back_draws_no_line_back() -> None:
    assert picture([0, 7, 0, 7], [0, 0, 3, 3], 4, 1) == ["⣉⣉⣉⣉"]


def test_every_column_reaches_from_its_lowest_to_its_highest_value() -> None:
    y = np.zeros(1000)
    y[500] = 7.0
    text = picture(list(range(1000)), y.tolist(), 4, 2)
    assert text == ["  ⡇ ", "⣀⣸⣇⣀"]


def zoomed_picture(low: float, high: float) -> list[str]:
    curve = prepare(np.array([0, 100]), np.array([0.0, 100.0]))
    canvas, x, y = Canvas(8, 4), Linear(low, high), Linear(0.0, 100.0)
    canvas.spans(*line_spans([decimate(curve.pieces[0], x, 16)], x, y, 16, 16), 0)
    return canvas.text()


def test_a_line_goes_on_over_the_edges_of_the_axis() -> None:
    assert zoomed_picture(0.0, 100.0) == ["      ⡠⠊", "    ⡠⠊  ", "  ⡠⠊    ", "⡠⠊      "]
    assert zoomed_picture(40.0, 60.0) == ["        ", "    ⣀⣀⡠⠤", "⠒⠊⠉⠉    ", "        "]


def test_a_line_comes_in_from_one_side_only() -> None:
    curve = prepare(np.array([0, 50]), np.array([0.0, 100.0]))
    canvas, x, y = Canvas(8, 4), Linear(25.0, 75.0), Linear(0.0, 100.0)
    canvas.spans(*line_spans([decimate(curve.pieces[0], x, 16)], x, y, 16, 16), 0)
    text = canvas.text()
    assert all(row[5:] == "   " for row in text)
    assert any(row[0] != " " for row in text)


@pytest.mark.parametrize("seed", range(4))
def test_many_lines_at_once_are_what_they_are_one_by_one(seed: int) -> None:
    generator = np.random.default_rng(seed)
    x, y = Linear(2.0, 45.0), Linear(-2.0, 2.0)
    values = [np.where(generator.random(50) < 0.1, np.nan, generator.standard_normal(50)) for _ in range(5)]
    lines = [decimate(piece, x, 24) for value in values for piece in prepare(np.arange(50), value).pieces]
    together = line_spans(lines, x, y, 24, 20)
    for place, line in enumerate(lines):
        alone = line_spans([line], x, y, 24, 20)
        assert together.top[place].tolist() == alone.top[0].tolist()
        assert together.bottom[place].tolist() == alone.bottom[0].tolist()
