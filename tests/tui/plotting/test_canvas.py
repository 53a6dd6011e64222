from __future__ import annotations

import numpy as np
import pytest

from trackml_tui.plotting.canvas import Canvas
from trackml_tui.plotting.dots import ASCII, BLOCKS
from trackml_tui.plotting.grid import BLANK, faint


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


def by_hand(top: np.ndarray, bottom: np.ndarray, rows: int) -> tuple[list[str], list[list[int]]]:
    """Dot by dot and line by line: which dots are lit, and which line is the last in each cell."""
    lines, width = top.shape
    lit = np.zeros((4 * rows, width), bool)
    owner = np.full((rows, width // 2), BLANK)
    for line in range(lines):
        for column in range(width):
            for row in range(max(0, top[line, column]), min(4 * rows - 1, bottom[line, column]) + 1):
                lit[row, column] = True
                owner[row // 4, column // 2] = line
    bits = (1, 8), (2, 16), (4, 32), (64, 128)
    text = []
    for row in range(rows):
        cells = []
        for column in range(width // 2):
            value = sum(bits[i][j] for i in range(4) for j in range(2) if lit[4 * row + i, 2 * column + j])
            cells.append(chr(0x2800 + value) if value else " ")
        text.append("".join(cells))
    return text, owner.tolist()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rows", [1, 2, 5, 13])
def test_many_lines_at_once_are_what_they_are_one_by_one(seed: int, rows: int) -> None:
    generator = np.random.default_rng(seed)
    top = generator.integers(-6, 4 * rows + 6, (7, 12))
    bottom = top + generator.integers(-3, 4 * rows, (7, 12))
    canvas = Canvas(6, rows)
    canvas.spans(top, bottom, np.arange(7, dtype=np.int16))
    text, owners = by_hand(top, bottom, rows)
    assert canvas.text() == text
    assert canvas.cells()[1].tolist() == owners


def test_half_blocks_have_two_dots_a_cell() -> None:
    canvas = Canvas(3, 1, BLOCKS)
    canvas.spans(np.array([0, 1, 0]), np.array([0, 1, 1]), 0)
    assert canvas.text() == ["▀▄█"]


def test_ascii_tells_level_from_steep_and_crossed() -> None:
    canvas = Canvas(4, 2, ASCII)
    canvas.spans(np.array([[0, 0, 1, 0]]), np.array([[0, 1, 1, -1]]), 0)
    assert canvas.text() == ["-|  ", " |- "]
    canvas.spans(np.array([[0, 0, 0, 0], [0, 9, 9, 9]]), np.array([[0, 0, 0, 0], [0, -9, -9, -9]]), np.array([0, 3]))
    assert canvas.text()[0] == "+---"


def test_ascii_draws_what_is_faint_with_dots() -> None:
    canvas = Canvas(2, 1, ASCII)
    canvas.spans(np.array([0, 0]), np.array([0, 0]), faint(4))
    assert canvas.text() == [".."]


def test_a_shade_is_a_screen_of_single_dots() -> None:
    canvas = Canvas(4, 2)
    canvas.shade(np.zeros(8, np.int64), np.full(8, 7), 5)
    assert len(set("".join(canvas.text()))) == 1
    dots = sum(bin(ord(cell) - 0x2800).count("1") for row in canvas.text() for cell in row)
    assert dots == 64 // 4
    assert set(canvas.cells()[1].ravel().tolist()) == {5}


def test_single_points_outside_are_left_out() -> None:
    canvas = Canvas(1, 1)
    canvas.points(np.array([0, 5, -1, 1]), np.array([0, 0, 0, 3]), 2)
    assert canvas.text() == ["⢁"]
