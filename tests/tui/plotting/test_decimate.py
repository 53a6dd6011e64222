from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackml_tui.plotting.decimate import Columns, decimate
from trackml_tui.plotting.scale import Linear, Log
from trackml_tui.plotting.series import Curve, prepare


def columns_of(curve: Curve, width: int) -> Columns:
    return decimate(curve.pieces[0], Linear(curve.x_low, curve.x_high), width)


def test_no_spike_is_lost() -> None:
    y = np.zeros(100_000)
    y[[123, 54_321]] = 7.0, -3.0
    columns = columns_of(prepare(np.arange(y.size), y), 80)
    assert columns.place.tolist() == list(range(80))
    assert np.flatnonzero(columns.high).tolist() == [0]
    assert np.flatnonzero(columns.low).tolist() == [43]


def test_the_ends_lie_in_the_middle_of_the_first_and_last_column() -> None:
    columns = columns_of(prepare(np.array([0, 50, 100]), np.array([1.0, 2.0, 3.0])), 11)
    assert columns.place.tolist() == [0, 5, 10]
    assert columns.first.tolist() == columns.last.tolist() == [1.0, 2.0, 3.0]


def test_a_column_keeps_first_last_lowest_and_highest() -> None:
    columns = columns_of(prepare(np.arange(8), np.array([5.0, 9.0, 1.0, 4.0, 0.0, 0.0, 0.0, 8.0])), 2)
    assert columns.first.tolist() == [5.0, 0.0]
    assert columns.last.tolist() == [4.0, 8.0]
    assert columns.low.tolist() == [1.0, 0.0]
    assert columns.high.tolist() == [9.0, 8.0]


def test_a_gap_between_columns_breaks_the_line() -> None:
    y = np.array([1.0, 2.0, np.nan, 4.0, 5.0])
    columns = columns_of(prepare(np.arange(5), y), 5)
    assert columns.place.tolist() == [0, 1, 3, 4]
    assert columns.linked.tolist() == [True, False, True]


def test_a_gap_inside_a_column_does_not() -> None:
    y = np.ones(100)
    y[10] = np.nan
    assert columns_of(prepare(np.arange(100), y), 2).linked.tolist() == [True]


def test_points_outside_the_view_are_in_no_column() -> None:
    curve = prepare(np.arange(10), np.arange(10.0))
    columns = decimate(curve.pieces[0], Linear(3.0, 5.0), 3)
    assert columns.first.tolist() == [3.0, 4.0, 5.0]
    assert decimate(curve.pieces[0], Linear(20.0, 30.0), 3).place.tolist() == []


@pytest.mark.parametrize("ends", [(-(2**63), 2**63 - 1), (2**62, 2**62 + 5000), (0, 1)])
def test_steps_may_be_any_integers(ends: tuple[int, int]) -> None:
    columns = columns_of(prepare(np.array(ends), np.array([1.0, 2.0])), 10)
    assert columns.low.min() == 1.0
    assert columns.high.max() == 2.0


@given(
    st.lists(st.integers(-1000, 1000), min_size=2, max_size=60, unique=True).map(sorted),
    st.integers(2, 40),
    st.booleans(),
)
def test_integer_and_float_positions_share_columns_alike(steps: list[int], width: int, noise: bool) -> None:
    x = np.array(steps)
    y = np.random.default_rng(len(steps)).standard_normal(x.size) if noise else np.arange(x.size, dtype=np.float64)
    integers, floats = columns_of(prepare(x, y), width), columns_of(prepare(x.astype(np.float64), y), width)
    assert integers.place.tolist() == floats.place.tolist()
    assert integers.low.min() == y.min()
    assert integers.high.max() == y.max()
    assert integers.first[0] == y[0]
    assert integers.last[-1] == y[-1]


@pytest.mark.parametrize("ends", [(0.0, 99.0), (20.0, 60.0), (95.0, 300.0)])
@pytest.mark.parametrize("cut", [1, 30, 97])
def test_columns_that_grew_are_those_made_anew(ends: tuple[float, float], cut: int) -> None:
    x, y = np.arange(100), np.random.default_rng(0).standard_normal(100)
    scale = Linear(*ends)
    begun = prepare(x[:cut], y[:cut])
    decimate(begun.pieces[0], scale, 17)
    grown = decimate(prepare(x, y, begun=begun).pieces[0], scale, 17)
    anew = decimate(prepare(x, y).pieces[0], scale, 17)
    assert all(np.array_equal(one, other) for one, other in zip(grown[:8], anew[:8], strict=True))
    assert grown[8:] == anew[8:]


def test_an_unchanged_piece_is_not_decimated_again() -> None:
    piece = prepare(np.arange(100), np.arange(100.0)).pieces[0]
    assert decimate(piece, Linear(0.0, 99.0), 10) is decimate(piece, Linear(0.0, 99.0), 10)


def test_the_points_beyond_both_edges_are_known() -> None:
    piece = prepare(np.arange(10), np.arange(10.0)).pieces[0]
    columns = decimate(piece, Linear(3.5, 5.5), 5)
    assert (columns.before, columns.after) == ((3.0, 3.0), (6.0, 6.0))
    between = decimate(piece, Linear(3.2, 3.8), 5)
    assert between.place.size == 0
    assert (between.before, between.after) == ((3.0, 3.0), (4.0, 4.0))


def test_no_line_comes_in_over_a_gap() -> None:
    piece = prepare(np.arange(6), np.array([0.0, 1.0, np.nan, 3.0, np.nan, 5.0])).pieces[0]
    columns = decimate(piece, Linear(2.5, 3.5), 5)
    assert (columns.before, columns.after) == (None, None)
    nothing = decimate(piece, Linear(1.2, 2.8), 5)
    assert (nothing.before, nothing.after) == (None, None)


def test_a_log_axis_has_columns_of_equal_ratios() -> None:
    curve = prepare(np.array([1, 10, 100, 1000]), np.array([1.0, 2.0, 3.0, 4.0]))
    assert decimate(curve.pieces[0], Log(1.0, 1000.0), 31).place.tolist() == [0, 10, 20, 30]


def test_how_many_points_share_a_column_is_known() -> None:
    assert columns_of(prepare(np.arange(100), np.zeros(100)), 10).points.sum() == 100
