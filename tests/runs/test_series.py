from __future__ import annotations

import numpy as np
import pytest

from trackml.runs.growing_series import GrowingSeries
from trackml.runs.series import EMPTY, Series, concatenate


def numbers(*steps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.array(steps), np.array(steps) + 0.5, np.array(steps) * 2.0


def test_holds_steps_as_integers_and_the_rest_as_doubles() -> None:
    growing = GrowingSeries()
    growing.extend(*numbers(1, 2**62))
    series = growing.view()
    assert (series.step.dtype, series.wall_time.dtype, series.value.dtype) == (np.int64, np.float64, np.float64)
    assert series.step.tolist() == [1, 2**62]
    assert len(series) == len(growing) == 2


def test_float32_is_held_as_such_and_given_as_doubles() -> None:
    growing = GrowingSeries()
    growing.extend(np.arange(2), np.zeros(2), np.array([0.1, np.nan], np.float32))
    before = growing.view()
    growing.extend(np.arange(1), np.zeros(1), np.array([0.1]))
    after = growing.view()
    assert (before.held_value.dtype, before.value.dtype) == (np.float32, np.float64)
    np.testing.assert_array_equal(before.value, [np.float32(0.1), np.nan])
    np.testing.assert_array_equal(after.value, [np.float32(0.1), np.nan, 0.1])


def test_little_memory_lies_idle() -> None:
    growing = GrowingSeries()
    for _ in range(1000):
        growing.extend(np.arange(100), np.zeros(100), np.zeros(100, np.float32))
        series = growing.view()
    held = sum(column.base.nbytes for column in (series.step, series.wall_time, series.held_value))
    assert held == growing.nbytes <= 24 * len(series)


def test_none_lies_idle_in_a_series_that_was_never_looked_at_or_has_settled() -> None:
    growing, watched = GrowingSeries(), GrowingSeries()
    for _ in range(1000):
        for series in (growing, watched):
            series.extend(np.arange(100), np.zeros(100), np.zeros(100, np.float32))
        before = watched.view()
    watched.settle()
    assert growing.nbytes == watched.nbytes == 20 * 100_000
    assert growing.view().step.tolist() == watched.view().step.tolist() == before.step.tolist()
    assert growing.nbytes == 20 * 100_000


def test_doubles_that_come_late_change_no_earlier_view() -> None:
    growing = GrowingSeries()
    growing.extend(np.arange(1), np.zeros(1), np.array([0.1], np.float32))
    before = growing.view()
    growing.extend(np.arange(1), np.zeros(1), np.array([0.1]))
    growing.extend(np.arange(0), np.zeros(0), np.array([], np.float32))
    growing.settle()
    assert (before.held_value.dtype, growing.view().held_value.tolist()) == (np.float32, [np.float32(0.1), 0.1])


def test_a_series_goes_on_from_columns_that_cannot_be_written_to() -> None:
    growing = GrowingSeries.of(Series(*numbers(1, 2)))
    before = growing.view()
    growing.extend(*numbers())
    growing.extend(*numbers(3))
    assert (before.step.tolist(), growing.view().step.tolist(), len(growing)) == ([1, 2], [1, 2, 3], 3)


def test_a_view_stays_as_it_was_while_the_series_grows() -> None:
    growing = GrowingSeries()
    views = []
    for step in range(100):
        growing.extend(*numbers(step))
        views.append(growing.view())
    assert [view.step.tolist() for view in views] == [list(range(step + 1)) for step in range(100)]


def test_a_view_cannot_be_written_to() -> None:
    growing = GrowingSeries()
    growing.extend(*numbers(1, 2))
    for series in (growing.view(), growing.view().where(np.array([True, False])), EMPTY, growing.view().part(0, 1)):
        for column in series.columns:
            with pytest.raises(ValueError, match="read-only"):
                column[:] = 0


def test_parts_and_choices() -> None:
    series = Series(*numbers(1, 2, 3, 4))
    assert series.part(1, 3).step.tolist() == [2, 3]
    assert series.where(series.step % 2 == 0).value.tolist() == [4, 8]


def test_concatenates() -> None:
    one, two = Series(*numbers(1)), Series(*numbers(2, 3))
    assert concatenate([one, two]).step.tolist() == [1, 2, 3]
    assert concatenate([one]) is one
    assert len(concatenate([])) == 0


def test_knows_the_same_points_again() -> None:
    growing, other = GrowingSeries(), GrowingSeries()
    growing.extend(*numbers(1))
    other.extend(*numbers(1))
    view = growing.view()
    assert view.shares_points(growing.view())
    assert not view.shares_points(other.view())
    growing.extend(*numbers(2))
    assert not view.shares_points(growing.view())
