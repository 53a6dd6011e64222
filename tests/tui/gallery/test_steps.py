"""Which value stands for a step, and which are read when there are too many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackml_tui.gallery.steps import all_steps, index_at, moved, position_of, thinned

STOPS = np.array([0, 10, 20])


@pytest.mark.parametrize(("step", "index"), [(None, 2), (20, 2), (99, 2), (19, 1), (10, 1), (0, 0), (-5, 0)])
def test_the_last_value_by_a_step_stands_for_it(step: int | None, index: int) -> None:
    assert index_at(STOPS, step) == index


def test_of_values_at_one_step_the_last_one_written_counts() -> None:
    assert index_at(np.array([0, 5, 5, 5, 9]), 7) == 3
    assert index_at(np.array([5, 5]), 1) == 1


def test_steps_of_several_writers_need_not_go_up() -> None:
    steps = np.array([0, 10, 3, 13])
    assert index_at(steps, 5) == 2
    assert index_at(steps, 12) == 1
    assert index_at(steps, None) == 3
    assert index_at(np.array([9, 4]), 1) == 1


@given(st.lists(st.integers(-5, 50), min_size=1, max_size=30), st.integers(-10, 60))
def test_no_value_after_a_step_stands_for_it_if_there_is_one_before(steps: list[int], step: int) -> None:
    found = steps[index_at(np.array(steps), step)]
    assert found == max((each for each in steps if each <= step), default=min(steps))


def test_a_slider_has_a_stop_for_every_step_of_any_run() -> None:
    assert all_steps([np.array([5, 1]), np.array([1, 3])]).tolist() == [1, 3, 5]
    assert not len(all_steps([]))


def test_where_a_slider_stands() -> None:
    assert [position_of(STOPS, step) for step in (None, 20, 15, -1)] == [2, 2, 1, 0]
    assert position_of(np.empty(0, np.int64), None) == -1


def test_moving_a_slider_to_its_end_follows_what_comes() -> None:
    assert moved(STOPS, 10, 1) == 20
    assert moved(STOPS, 20, 1) is None
    assert moved(STOPS, None, 1) is None
    assert moved(STOPS, None, -1) == 10
    assert moved(STOPS, 0, -1) == 0
    assert moved(STOPS, 10, -10) == 0
    assert moved(np.empty(0, np.int64), None, 1) is None


@given(st.integers(0, 20_000), st.integers(1, 300))
def test_thinned_values_fit_and_hold_the_last(count: int, most: int) -> None:
    stride, indices = thinned(count, most)
    assert len(indices) <= most + 1
    assert stride & (stride - 1) == 0
    assert not count or (indices[0], indices[-1]) == (0, count - 1)


def test_what_is_read_stays_the_same_while_a_series_grows() -> None:
    _, before = thinned(1000, 64)
    _, after = thinned(1020, 64)
    assert set(before[:-1]) <= set(after)
