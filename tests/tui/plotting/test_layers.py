from __future__ import annotations

import numpy as np
import pytest

from trackml_tui.plotting.canvas import Canvas
from trackml_tui.plotting.grid import BLANK, faint, solid
from trackml_tui.plotting.layers import Stroke, densest, paint
from trackml_tui.plotting.scale import Linear
from trackml_tui.plotting.series import Curve, prepare

X, Y = Linear(0.0, 99.0), Linear(-1.0, 1.0)


def curve(y: list[float]) -> Curve:
    return prepare(np.arange(len(y)), np.array(y, np.float64))


def painted(*strokes: Stroke, columns: int = 20, rows: int = 5) -> Canvas:
    return paint(Canvas(columns, rows), strokes, X, Y)


WAVE = np.sin(np.arange(100) / 9.0).tolist()


def test_values_without_a_place_stand_at_the_edge() -> None:
    y = [0.0] * 100
    y[20], y[50], y[80] = float("nan"), float("inf"), float("-inf")
    text = painted(Stroke(curve(y), solid(0))).text()
    assert text[0].strip() == "△"
    assert [text[-1][4], text[-1][16]] == ["×", "▽"]


def test_lines_under_the_main_ones_have_no_marks() -> None:
    y = [float("nan"), *[0.0] * 99]
    assert "×" not in "".join(painted(Stroke(curve(y), faint(0), marks=False)).text())


def test_a_style_breaks_the_line_and_marks_it() -> None:
    plain, dashed = painted(Stroke(curve([0.0] * 100), 0)), painted(Stroke(curve([0.0] * 100), 0, style=1))
    assert "".join(plain.text()).count(" ") < "".join(dashed.text()).count(" ")
    assert "●" in "".join(painted(Stroke(curve([0.0] * 100), 0, style=5)).text())


def test_a_dashed_line_still_shows_every_spike() -> None:
    y = [-1.0] * 100
    for place in range(3, 100, 10):
        y[place] = 1.0
    text = painted(Stroke(curve(y), 0, style=2)).text()
    assert sum(cell != " " for cell in text[0]) == 10


def test_few_points_of_a_styled_line_have_its_mark() -> None:
    text = "".join(painted(Stroke(curve([0.0, 0.5, 0.2]), 0, style=10)).text())
    assert "■" in text
    assert "•" not in text


def test_a_band_is_shaded_between_its_sides() -> None:
    canvas = painted(Stroke(curve([0.9] * 100), faint(3), floor=curve([-0.9] * 100)))
    inks = canvas.cells()[1]
    assert (inks == faint(3)).all()
    dots = sum(bin(ord(cell) - 0x2800).count("1") for row in canvas.text() for cell in row if cell != " ")
    assert dots < 0.3 * 8 * 100


def test_a_line_lies_over_its_band() -> None:
    band = Stroke(curve([0.9] * 100), faint(3), layer=0, floor=curve([-0.9] * 100))
    inks = painted(band, Stroke(curve(WAVE), solid(3))).cells()[1]
    assert (inks == solid(3)).any()
    assert (inks == faint(3)).any()


def test_a_trail_goes_from_point_to_point() -> None:
    trail = prepare(np.array([0.0, 99.0, 99.0, 0.0]), np.array([-1.0, -1.0, 1.0, 1.0]), trail=True)
    text = painted(Stroke(trail, 0, marks=False)).text()
    assert all(cell != " " for cell in text[0])
    assert all(cell != " " for cell in text[-1])
    assert [row[0] for row in text[1:-1]] == [" "] * 3
    assert " " not in {row[-1] for row in text}


def test_a_trail_without_end_is_drawn_as_points() -> None:
    generator = np.random.default_rng(0)
    trail = prepare(generator.uniform(0, 99, 200_000), generator.uniform(-1, 1, 200_000), trail=True)
    assert " " not in "".join(painted(Stroke(trail, 0)).text())


def test_a_gap_breaks_a_trail() -> None:
    trail = prepare(np.array([0.0, 50.0, 99.0]), np.array([0.0, np.nan, 0.0]), trail=True)
    assert sum(cell != " " for cell in painted(Stroke(trail, 0, marks=False)).text()[2]) == 2


@pytest.mark.parametrize(("points", "expected"), [(30, 1), (100, 3), (4000, 100)])
def test_the_densest_column_is_known(points: int, expected: int) -> None:
    line = prepare(np.linspace(0.0, 99.0, points), np.zeros(points))
    assert densest([Stroke(line, 0), Stroke(line, 0, aux=True)], X, 40) == pytest.approx(expected, abs=3)


def test_nothing_is_painted_for_nothing() -> None:
    assert (painted().cells()[1] == BLANK).all()
