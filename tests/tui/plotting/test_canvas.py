from __future__ import annotations

import numpy as np

from trackml_tui.plotting.canvas import Canvas
from trackml_tui.plotting.grid import BLANK


def canvas_with(top: list[int], bottom: list[int], rows: int = 1, ink: int = 0) -> Canvas:
    canvas = Canvas(len(top) // 2, rows)
    canvas.spans(np.array(top), np.array(bottom), ink)
    return canvas


def test_each_dot_has_its_own_bit() -> None:
    for row, (left, right) in enumerate(zip("⠁⠂⠄⡀", "⠈⠐⠠⢀", strict=True)):
        assert canvas_with([row, 9], [row, -9]).text() == [left]
        assert canvas_with([9, row], [-9, row]).text() == [right]


def test_a_span_covers_all_dots_from_top_to_bottom() -> None:
    assert canvas_with([0, 1], [3, 2]).text() == ["⡷"]


def test_a_span_over_several_rows_fills_the_cells_between() -> None:
    assert canvas_with([2, 20], [9, -20], rows=3).text() == ["⡄", "⡇", "⠃"]


def test_an_empty_span_draws_nothing_and_takes_no_ink() -> None:
    canvas = canvas_with([5, 5], [2, 2])
    assert canvas.text() == [" "]
    assert canvas.cells()[1].tolist() == [[BLANK]]


def test_what_lies_outside_is_cut_off() -> None:
    assert canvas_with([-100, 2], [1, 100]).text() == ["⢣"]
    assert canvas_with([-9, 40], [-5, 50]).text() == [" "]


def test_lines_of_one_layer_share_a_cell_and_the_last_gives_the_ink() -> None:
    canvas = canvas_with([0, 9], [0, -9], ink=1)
    canvas.spans(np.array([9, 3]), np.array([-9, 3]), 2)
    assert canvas.text() == ["⢁"]
    assert canvas.cells()[1].tolist() == [[2]]


def test_a_layer_laid_over_another_hides_its_cells() -> None:
    upper, lower = canvas_with([0, 9, 9, 9], [0, -9, -9, -9], ink=1), canvas_with([3] * 4, [3] * 4, ink=2)
    both = upper.over(lower)
    assert both.text() == ["⠁⣀"]
    assert both.cells()[1].tolist() == [[1, 2]]


def test_a_mark_hides_the_dots_of_its_cell() -> None:
    canvas = canvas_with([0, 0], [3, 3])
    canvas.mark(np.array([0, 7]), np.array([0, 0]), "•", 4)
    assert canvas.text() == ["•"]
    assert canvas.cells()[1].tolist() == [[4]]
