"""Tiles and their headings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from trackml_tui.gallery.lettering import cells_of, flowed, head, letter
from trackml_tui.gallery.notes import note
from trackml_tui.gallery.tiles import Tile, tile
from trackml_tui.plotting.paint import Paint

PAINT = Paint()


@given(st.integers(0, 40), st.integers(0, 250), st.integers(0, 70), st.integers(0, 50))
def test_tiles_lie_beside_each_other_and_inside(count: int, columns: int, rows: int, first: int) -> None:
    tiling = tile(count, columns, rows, (20, 8), first)
    cells = set()
    for each in tiling.tiles:
        assert each.column >= 0
        assert each.column + each.columns <= columns
        assert each.row + each.rows <= rows
        here = {(each.column, each.row), (each.column + each.columns - 1, each.row + each.rows - 1)}
        assert not here & cells
        cells |= here
    assert len({each.index for each in tiling.tiles}) == len(tiling.tiles)


@given(st.integers(1, 40), st.integers(20, 250), st.integers(8, 70), st.integers(0, 39))
def test_the_page_holds_what_must_be_in_sight(count: int, columns: int, rows: int, first: int) -> None:
    tiling = tile(count, columns, rows, (20, 8), first)
    assert min(first, count - 1) in {each.index for each in tiling.tiles}
    assert 0 <= tiling.page < tiling.pages


def test_wide_things_get_wide_tiles() -> None:
    assert {each.columns for each in tile(2, 100, 40, (10, 5), shape=5.0).tiles} == {100}
    assert {each.rows for each in tile(2, 100, 40, (10, 5), shape=1.0).tiles} == {40}


def test_a_single_tile_may_be_smaller_than_the_least() -> None:
    assert tile(3, 10, 5, (20, 8)).tiles == (Tile(0, 0, 0, 10, 5),)


def test_there_is_no_tile_where_there_is_no_room() -> None:
    assert tile(3, 0, 0, (20, 8)).tiles == ()


def test_finding_the_tile_at_a_cell() -> None:
    tiling = tile(2, 41, 10, (20, 8))
    found = tiling.at(40, 3)
    assert found is not None
    assert found.index == 1
    assert tiling.at(100, 3) is None


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (40, "━ a run's name      step 7 · 12:30:00   "),
        (26, "━ a run's name      step 7"),
        (17, "━ a run's name   "),
        (9, "━ a r…ame"),
    ],
)
def test_where_room_is_short_the_time_goes_then_the_step(columns: int, expected: str) -> None:
    grid = PAINT.grid(columns, 1)
    head(grid, Tile(0, 0, 0, columns, 1), "a run's name", "step 7 · 12:30:00", (1, 2, 3), PAINT)
    assert grid.text()[0].split() == expected.split()
    assert cell_len(grid.text()[0]) == columns


def test_wide_letters_take_two_cells_and_marks_none() -> None:
    grid = PAINT.grid(8, 1)
    assert letter(grid, 0, 0, "漢e\u0301字", (1, 2, 3)) == 5
    assert grid.text() == ["漢e字   "]
    assert len(cells_of("漢字")) == 4


def test_a_wide_letter_never_reaches_out_of_its_room() -> None:
    grid = PAINT.grid(5, 1)
    assert letter(grid, 0, 0, "漢字漢字", (1, 2, 3), 3) <= 3
    assert cell_len(grid.text()[0]) == 5


def test_facts_flow_over_lines() -> None:
    assert flowed(["aa", "bb", "cc"], 8) == ["aa · bb", "cc"]


def test_a_note_is_wrapped_and_spelled_out() -> None:
    text = note("no\x1b[31m such thing", 12, 5, PAINT).text()
    assert any("such" in line for line in text)
    assert "\x1b" not in "".join(text)
