from __future__ import annotations

import numpy as np
import pytest

from trackml_tui.plotting.dots import ASCII, DOTS
from trackml_tui.plotting.grid import CURSOR, GUIDE, faint, solid
from trackml_tui.plotting.plot import Axes, Plot, Stroke, draw
from trackml_tui.plotting.series import Curve, prepare


def line(x: list[float] | list[int], y: list[float]) -> Curve:
    return prepare(np.array(x), np.array(y, np.float64))


RISING = Stroke(line([0, 100, 200], [0.0, 5.0, 10.0]), solid(0))


def inks(plot: Plot) -> set[int]:
    return {span.ink for row in plot.lines() for span in row}


def test_a_whole_chart() -> None:
    assert draw([RISING], 30, 10).text() == [
        "10 ┤┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈⣀•",
        "   │                    ⢀⠤⠒⠉  ",
        "   │                 ⡠⠔⠊⠁     ",
        "   │             ⢀⠤⠒⠉         ",
        " 5 ┤┈┈┈┈┈┈┈┈┈⢀⡠⠔⠊•┈┈┈┈┈┈┈┈┈┈┈┈",
        "   │      ⣀⠔⠊⠁                ",
        "   │  ⣀⠤⠒⠉                    ",
        " 0 ┤•⠊┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈",
        "   └┬────────────┬───────────┬",
        "    0           100        200",
    ]


def test_a_log_axis_makes_an_exponential_straight() -> None:
    decay = line(list(range(60)), (10.0 ** (-np.arange(60) / 20)).tolist())
    assert draw([Stroke(decay, solid(0))], 30, 10, log_y=True).text() == [
        "    1 ┤⠢⣄┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈",
        "      │  ⠙⠢⣄                  ",
        "  0.1 ┤┈┈┈┈┈⠙⠢⢄⡀┈┈┈┈┈┈┈┈┈┈┈┈┈┈",
        "      │        ⠈⠓⢤⡀           ",
        "      │           ⠈⠓⢤⡀        ",
        " 0.01 ┤┈┈┈┈┈┈┈┈┈┈┈┈┈┈⠈⠑⠢⣄┈┈┈┈┈",
        "      │                  ⠙⠢⣄  ",
        "0.001 ┤┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈⠙⠢",
        "      └┬──────────────────┬───",
        "       0                 50   ",
    ]


def test_nothing_to_draw_still_is_a_chart() -> None:
    assert draw([], 20, 6).text() == [
        "1.0 ┤┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈",
        "    │               ",
        "0.5 ┤┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈",
        "  0 ┤┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈",
        "    └┬─────────────┬",
        "     0             1",
    ]


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (4, 3), (300, 100)])
@pytest.mark.parametrize("x_axis", ["step", "relative", "wall"])
@pytest.mark.parametrize("log_y", [False, True])
def test_any_size_can_be_drawn(size: tuple[int, int], x_axis: str, log_y: bool) -> None:
    curve = prepare(np.arange(1.0, 500.0), np.arange(1.0, 500.0), positive=log_y)
    plot = draw([Stroke(curve, solid(0))], *size, x_axis=x_axis, log_y=log_y)
    assert len({len(row) for row in plot.text()}) == 1


@pytest.mark.parametrize("x", [[5], [2**62, 2**62 + 5], [0.0, 1e300], [-1e308, 1e308]])
@pytest.mark.parametrize("y", [0.0, 1e308, 1e-320])
def test_any_numbers_can_be_drawn(x: list[float], y: float) -> None:
    strokes = [Stroke(line(x, [y, -y][: len(x)]), solid(0))]
    for x_axis in ("step", "relative", "wall"):
        assert solid(0) in inks(draw(strokes, 60, 20, x_axis=x_axis))


def test_few_points_are_marked_and_many_are_not() -> None:
    few, many = line([0, 1, 2], [1, 2, 3]), line(list(range(100)), list(map(float, range(100))))
    assert sum(row.count("•") for row in draw([Stroke(few, solid(0))], 60, 20).text()) == 3
    assert not any("•" in row for row in draw([Stroke(many, solid(0))], 60, 20).text())


def test_a_higher_layer_hides_a_lower_one_whatever_their_order() -> None:
    upper, lower = Stroke(RISING.curve, solid(1), layer=2), Stroke(RISING.curve, faint(1), layer=1)
    assert faint(1) not in inks(draw([upper, lower], 40, 12))


def test_guides_run_only_where_nothing_else_is() -> None:
    first = draw([RISING], 30, 10).lines()[0]
    assert [span.ink for span in first][-2:] == [GUIDE, solid(0)]


def test_the_cursor_stands_over_its_x_and_names_it() -> None:
    plot = draw([RISING], 30, 10)
    rows = plot.lines(cursor=150.0, label="150")
    column = plot.column(150.0)
    text = ["".join(span.text for span in row) for row in rows]
    assert [row[column] for row in text[:3]] == ["│", "│", "⠊"]
    assert text[8][column] == "┴"
    assert text[9] == "    0           100   150  200"
    assert any(span.ink == CURSOR for span in rows[3])


def test_a_label_that_the_cursor_covers_in_part_goes_altogether() -> None:
    rows = draw([RISING], 30, 10).lines(cursor=190.0, label="190")
    assert "".join(span.text for span in rows[9]) == "    0           100        190"


def test_the_cursor_does_not_change_the_plot() -> None:
    plot = draw([RISING], 30, 10)
    before = plot.text()
    plot.lines(cursor=50.0, label="50")
    assert plot.text() == before


@pytest.mark.parametrize("column", [4, 10, 17, 29])
def test_x_and_column_are_inverse(column: int) -> None:
    plot = draw([RISING], 30, 10)
    assert plot.column(plot.x(column)) == column


def test_columns_outside_the_chart_are_clamped() -> None:
    plot = draw([RISING], 30, 10)
    assert (plot.x(0), plot.x(99)) == (0.0, 200.0)
    assert (plot.column(-50.0), plot.column(1e9)) == (4, 29)


def test_a_hundred_thousand_points_cost_little_more_than_the_columns() -> None:
    x = np.arange(100_000)
    y = np.sin(x / 5000.0)
    plot = draw([Stroke(prepare(x, y), solid(0))], 80, 24)
    thinned = draw([Stroke(prepare(x[::50], y[::50]), solid(0))], 80, 24)
    alike = np.mean(
        [a == b for one, other in zip(plot.text(), thinned.text(), strict=True) for a, b in zip(one, other)]
    )
    assert alike > 0.95


def test_a_whole_chart_in_ascii() -> None:
    assert draw([RISING], 30, 8, dots=ASCII).text() == [
        "10 +........................-*",
        "   |                   -----  ",
        " 5 +.............*-----.......",
        "   |        -----             ",
        "   |  ------                  ",
        " 0 +*-........................",
        "   ++-----------+------------+",
        "    0          100         200",
    ]


def test_a_range_that_was_chosen_is_shown_and_nothing_else() -> None:
    plot = draw([RISING], 30, 10, axes=Axes(x_range=(50.0, 150.0), y_range=(0.0, 20.0)))
    assert (plot.x_scale.low, plot.x_scale.high) == (50.0, 150.0)
    text = plot.text()
    assert text[0].startswith("20 ┤")
    assert text[-1].split() == ["50", "100", "150"]


def test_y_fits_the_part_that_is_in_sight() -> None:
    plot = draw([RISING], 30, 10, axes=Axes(x_range=(90.0, 110.0)))
    assert plot.y_scale.high < 6.0


def test_a_cursor_that_is_out_of_sight_is_not_drawn() -> None:
    plot = draw([RISING], 30, 10, axes=Axes(x_range=(50.0, 100.0)))
    assert plot.lines(cursor=170.0, label="170") == plot.lines()
    assert plot.lines(cursor=70.0, label="70") != plot.lines()


def test_a_box_is_drawn_from_any_corner_and_stays_inside() -> None:
    plot = draw([RISING], 30, 10)
    boxes = [plot.lines(box=box) for box in ((6, 1, 12, 5), (12, 5, 6, 1))]
    text = ["".join(span.text for span in row) for row in boxes[0]]
    assert boxes[0] == boxes[1]
    assert (text[1][6], text[1][12], text[5][6], text[5][12]) == ("┌", "┐", "└", "┘")
    assert len(plot.lines(box=(-9, -9, 99, 99))) == 10


def test_a_restart_is_a_line_down_the_chart() -> None:
    ghost = Stroke(line([100, 200], [1.0, 2.0]), faint(1), 0, marks=False, aux=True, restart=100.0)
    rows = draw([RISING, ghost], 30, 10).text()
    column = draw([RISING, ghost], 30, 10).column(100.0)
    assert [row[column] for row in rows[:3]] == ["┊"] * 3


@pytest.mark.parametrize("name", ["braille", "blocks", "ascii"])
@pytest.mark.parametrize("size", [(1, 1), (20, 8), (200, 60)])
@pytest.mark.parametrize("y_scale", ["linear", "log", "symlog"])
@pytest.mark.parametrize("log_x", [False, True])
def test_any_size_and_scale_can_be_drawn_with_any_characters(
    name: str, size: tuple[int, int], y_scale: str, log_x: bool
) -> None:
    curve = prepare(np.arange(1.0, 500.0), np.arange(1.0, 500.0), positive=y_scale == "log", positive_x=log_x)
    for x_axis in ("step", "relative", "wall", "value"):
        plot = draw([Stroke(curve, 0)], *size, axes=Axes(x_axis, log_x, y_scale), dots=DOTS[name])
        assert len({len(row) for row in plot.text()}) == 1


def test_rows_and_columns_have_their_place_on_the_axes() -> None:
    plot = draw([RISING], 30, 10)
    assert (plot.x_unit(0), plot.x_unit(99)) == (0.0, 1.0)
    assert plot.y_unit(0) > 0.9
    assert plot.y_unit(7) < 0.1
    assert plot.x(plot.column(100.0)) == pytest.approx(100.0, abs=8.0)
