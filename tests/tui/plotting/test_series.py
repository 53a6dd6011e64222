from __future__ import annotations

import numpy as np

from trackml_tui.plotting.series import prepare


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
