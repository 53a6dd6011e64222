from __future__ import annotations

import numpy as np

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
