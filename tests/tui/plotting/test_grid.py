from __future__ import annotations

from trackml_tui.plotting.grid import AXIS, BLANK, LABEL, Grid, Span, faint, soft, solid


def test_rows_come_as_spans_of_equal_ink() -> None:
    grid = Grid(6, 1)
    grid.write(0, 0, "10", LABEL)
    grid.write(0, 2, "│", AXIS)
    assert grid.lines() == [[Span("10", LABEL), Span("│", AXIS), Span("   ", BLANK)]]


def test_text_is_cut_off_at_both_edges() -> None:
    grid = Grid(3, 1)
    grid.write(0, -2, "abcdefg", LABEL)
    assert grid.text() == ["cde"]


def test_a_copy_does_not_change_with_the_original() -> None:
    grid = Grid(2, 1)
    twin = grid.copy()
    grid.write(0, 0, "xy", LABEL)
    assert twin.text() == ["  "]


def test_series_inks_do_not_collide() -> None:
    inks = [ink(slot) for slot in range(10) for ink in (solid, soft, faint)]
    assert len(set(inks)) == 30
    assert min(inks) == 0
