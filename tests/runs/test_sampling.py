"""The rule by which points are left out."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackml.events.event_columns import Columns
from trackml.runs.history import TagHistory
from trackml.runs.sampling import chosen_points

Array = npt.NDArray[Any]

numbers = st.lists(
    st.one_of(st.sampled_from([np.nan, np.inf, -np.inf, 0.0, -0.0]), st.floats(width=32), st.integers(0, 3)),
    min_size=1,
    max_size=120,
).map(lambda values: np.array(values, np.float32))
widths = st.sampled_from([1, 2, 4, 8, 16, 64, 256])


def sessions(data: st.DataObject, count: int) -> Array:
    return np.array([0, *sorted(data.draw(st.sets(st.integers(1, max(1, count - 1)), max_size=4)))])[:count]


def buckets(count: int, begins: Array, width: int) -> list[slice]:
    """The stretches that the rule speaks of, one by one."""
    ends = [*begins[1:], count]
    return [
        slice(start, min(start + width, end)) for begin, end in zip(begins, ends) for start in range(begin, end, width)
    ]


def what_must_stay(values: Array) -> list[Any]:
    """Extremes and marks of a bucket."""
    finite = values[np.isfinite(values)]
    marks = [np.isnan(values).any(), (values == np.inf).any(), (values == -np.inf).any()]
    return [*marks, *([finite.min(), finite.max()] if len(finite) else [])]


@given(numbers, widths, st.data())
def test_extremes_and_marks_of_each_bucket_stay_and_the_ends_of_sessions(
    value: Array, width: int, data: st.DataObject
) -> None:
    begins = sessions(data, len(value))
    chosen = chosen_points(value, np.arange(len(value)), begins, width)
    stretches = buckets(len(value), begins, width)
    for stretch in stretches:
        assert what_must_stay(value[stretch][chosen[stretch]]) == what_must_stay(value[stretch])
        assert np.count_nonzero(chosen[stretch]) <= 5 + 2
    assert chosen[begins].all()
    assert chosen[[end - 1 for end in [*begins[1:], len(value)]]].all()
    assert np.count_nonzero(chosen) <= 5 * len(stretches) + 2 * len(begins)


@given(numbers, widths, widths, st.data())
def test_what_was_sampled_before_does_not_matter(value: Array, width: int, wider: int, data: st.DataObject) -> None:
    wider = max(width, wider)
    begins = sessions(data, len(value))
    position = np.arange(len(value))
    first = chosen_points(value, position, begins, width)
    kept = np.flatnonzero(first)
    again = chosen_points(value[kept], position[kept], np.searchsorted(kept, begins), wider)
    assert kept[again].tolist() == np.flatnonzero(chosen_points(value, position, begins, wider)).tolist()


def columns(value: Array, begin: int) -> Columns:
    step = np.arange(begin, begin + len(value))
    return Columns(step, step + 0.5, value, step)


def extended(history: TagHistory, value: Array, begin: int) -> None:
    none = np.empty(0, np.int64)
    history.extend(columns(value, begin), 0, none, none)


@given(numbers, st.lists(st.integers(0, 120), max_size=6))
def test_how_points_came_does_not_matter(value: Array, cuts: list[int]) -> None:
    """A series that was sampled on its way, and one that is sampled at its end."""
    history = TagHistory()
    for begin, end in itertools.pairwise([0, *sorted(min(cut, len(value)) for cut in cuts), len(value)]):
        extended(history, value[begin:end], begin)
        history.sample()
    series = history.points.view()
    position = series.step
    begins = np.zeros(1, np.int64)
    again = chosen_points(series.held_value, position, begins, 128)
    expected = np.flatnonzero(chosen_points(value, np.arange(len(value)), begins, 128))
    assert position[again].tolist() == expected.tolist()
    assert series.wall_time.tolist() == (position + 0.5).tolist()
    np.testing.assert_array_equal(series.held_value, value[position])


def test_each_point_stands_for_those_before_it_that_went() -> None:
    history = TagHistory()
    extended(history, np.sin(np.arange(1000)).astype(np.float32), 0)
    assert history.points.view().sampled is None
    sizes = []
    while history.sample():
        series = history.points.view()
        assert series.weight is not None
        assert (np.cumsum(series.weight) - 1).tolist() == series.step.tolist()
        assert series.sampled == (len(series), 1000)
        sizes.append(len(series))
    assert sizes == sorted(sizes, reverse=True)
    assert 2 <= sizes[-1] <= 6
    extended(history, np.zeros(3, np.float32), 1000)
    assert history.points.view().sampled == (sizes[-1] + 3, 1003)


def test_sessions_and_decreases_stay_where_they_were() -> None:
    history = TagHistory()
    value = np.zeros(300, np.float32)
    history.extend(columns(value, 0), 0, np.array([99, 99, 199]), np.array([150, 250]))
    before = history.points.view().step
    places = [before[history.session_positions].tolist(), before[history.decreases].tolist()]
    assert history.sample()
    after = history.points.view().step
    assert places == [after[history.session_positions].tolist(), after[history.decreases].tolist()]
    assert history.session_numbers == [0, 2, 3]


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_short_series_stays_whole(count: int) -> None:
    history = TagHistory()
    extended(history, np.arange(count, dtype=np.float32) % 2, 0)
    kept = history.sample()
    assert (kept, len(history.points)) == (False, count)


def test_parts_and_choices_of_a_sample_tell_what_they_stand_for() -> None:
    history = TagHistory()
    extended(history, np.zeros(1000, np.float32), 0)
    assert history.sample()
    series = history.points.view()
    half = series.step < 500
    assert (series.where(half).sampled, series.where(~half).sampled) == (
        (np.count_nonzero(half), series.step[half][-1] + 1),
        (np.count_nonzero(~half), 999 - series.step[half][-1]),
    )
    assert series.part(0, 1).sampled == (1, 1)
