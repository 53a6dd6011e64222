from __future__ import annotations

import numpy as np
import pytest

from trackml_tui.plotting.series import ABOVE, BELOW, NAN, Lost, prepare


def test_points_that_cannot_be_drawn_are_counted_and_remembered_as_gaps() -> None:
    curve = prepare(np.arange(5), np.array([1.0, np.nan, 2.0, np.inf, 3.0]))
    (piece,) = curve.pieces
    assert piece.y.tolist() == [1.0, 2.0, 3.0]
    assert piece.gap is not None
    assert piece.gap.tolist() == [0, 1, 2]
    assert curve.dropped == 2


def test_a_log_axis_drops_what_is_not_positive() -> None:
    curve = prepare(np.arange(4), np.array([1.0, 0.0, -1.0, 2.0]), positive=True)
    assert (curve.points, curve.dropped) == (2, 2)
    assert (curve.y_low, curve.y_high) == (1.0, 2.0)


def test_x_that_turns_back_begins_a_new_piece() -> None:
    curve = prepare(np.array([0, 10, 20, 5, 15]), np.arange(5.0))
    assert [piece.x.tolist() for piece in curve.pieces] == [[0, 10, 20], [5, 15]]
    assert (curve.x_low, curve.x_high) == (0.0, 20.0)


def test_x_without_any_order_is_sorted() -> None:
    x = np.random.default_rng(0).permutation(1000)
    (piece,) = prepare(x, x.astype(np.float64)).pieces
    assert piece.x.tolist() == piece.y.tolist() == list(range(1000))


def test_a_time_that_is_not_finite_is_dropped_too() -> None:
    assert prepare(np.array([0.0, np.nan, 2.0]), np.ones(3)).dropped == 1


def test_nothing_to_draw() -> None:
    curve = prepare(np.arange(2), np.array([np.nan, np.nan]))
    assert curve.pieces == ()
    assert curve.dropped == 2
    assert curve.y_low > curve.y_high


def test_what_is_lost_is_told_by_reason() -> None:
    x = np.array([0.0, 1.0, np.nan, 3.0, 4.0, 5.0, 6.0])
    y = np.array([1.0, np.nan, 1.0, np.inf, -np.inf, -1.0, 2.0])
    assert prepare(x, y).lost == Lost(nan=1, above=1, below=1, x_not_finite=1)
    both = prepare(x, y, positive=True, positive_x=True)
    assert both.lost == Lost(nan=1, above=1, below=1, not_positive=1, x_not_positive=1, x_not_finite=1)
    assert both.points == 1
    assert both.dropped == 6


def test_values_that_are_not_finite_have_a_place() -> None:
    curve = prepare(np.arange(5), np.array([np.nan, 1.0, np.inf, 2.0, -np.inf]))
    assert curve.marks is not None
    assert curve.marks.x.tolist() == [0, 2, 4]
    assert curve.marks.kind.tolist() == [NAN, ABOVE, BELOW]


def test_a_trail_keeps_its_order() -> None:
    curve = prepare(np.array([3.0, 1.0, 2.0]), np.array([1.0, 2.0, 3.0]), trail=True)
    assert curve.trail
    assert curve.pieces[0].x.tolist() == [3.0, 1.0, 2.0]


@pytest.mark.parametrize("cut", [1, 4, 9])
@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [5, 4, 3, 2, 1, 0, 1, 2, 3, 9]),
        ([0, 1, 2, 3, 1, 2, 3, 4, 0, 9], [5, 4, 3, 2, 1, 0, 1, 2, 3, 9]),
        ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [5, 4, np.nan, 2, 1, 0, np.inf, 2, 3, np.nan]),
    ],
)
def test_going_on_gives_what_beginning_anew_gives(x: list[int], y: list[float], cut: int) -> None:
    steps, values = np.array(x), np.array(y, np.float64)
    begun = prepare(steps[:cut], values[:cut])
    grown, anew = prepare(steps, values, begun=begun), prepare(steps, values)
    assert [piece.x.tolist() for piece in grown.pieces] == [piece.x.tolist() for piece in anew.pieces]
    assert [piece.y.tolist() for piece in grown.pieces] == [piece.y.tolist() for piece in anew.pieces]
    assert grown.lost == anew.lost
    assert (grown.x_low, grown.x_high, grown.y_low, grown.y_high) == (anew.x_low, anew.x_high, anew.y_low, anew.y_high)


def test_the_last_piece_keeps_its_memory_when_it_grows() -> None:
    begun = prepare(np.arange(3), np.arange(3.0))
    grown = prepare(np.array([0, 1, 2, 3, 0]), np.arange(5.0), begun=begun)
    assert grown.pieces[0].memory is begun.pieces[0].memory
    assert grown.pieces[1].memory is not begun.pieces[0].memory
