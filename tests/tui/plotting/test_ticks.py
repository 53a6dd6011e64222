from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackml_tui.plotting.calendar_ticks import clock_label, clock_ticks
from trackml_tui.plotting.ticks import (
    Tick,
    count_ticks,
    duration_label,
    duration_ticks,
    linear_ticks,
    log_ticks,
)

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
UTC = timezone.utc


def labels(ticks: list[Tick]) -> list[str]:
    return [tick.label for tick in ticks]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-0.1, 2.6, ["0", "0.5", "1.0", "1.5", "2.0", "2.5"]),
        (0.905, 0.985, ["0.92", "0.94", "0.96", "0.98"]),
        (-11, 11, ["-10", "-5", "0", "5", "10"]),
        (0, 4_900_000, ["0", "1e6", "2e6", "3e6", "4e6"]),
        (1e-6, 5.1e-6, ["1e-6", "2e-6", "3e-6", "4e-6", "5e-6"]),
        (0.99990, 0.99995, ["0.99990", "0.99991", "0.99992", "0.99993", "0.99994", "0.99995"]),
        (0, 1.25, ["0", "0.25", "0.50", "0.75", "1.00", "1.25"]),
    ],
)
def test_values_are_round_and_labels_short(low: float, high: float, expected: list[str]) -> None:
    assert labels(linear_ticks(low, high, 5)) == expected


@pytest.mark.parametrize(
    ("high", "expected"),
    [
        (3, ["0", "1", "2", "3"]),
        (950, ["0", "200", "400", "600", "800"]),
        (12_000, ["0", "2500", "5000", "7500", "10k"]),
        (55_000, ["0", "10k", "20k", "30k", "40k", "50k"]),
        (3_200_000, ["0", "500k", "1.0M", "1.5M", "2.0M", "2.5M", "3.0M"]),
    ],
)
def test_steps_are_whole_numbers(high: int, expected: list[str]) -> None:
    assert labels(count_ticks(0, high, 5)) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1e-4, 1.0, ["0.0001", "0.001", "0.01", "0.1", "1"]),
        (1e-9, 1e9, ["1e-9", "1e-5", "0.1", "1000", "1e7"]),
        (0.04, 0.9, ["0.05", "0.1", "0.2", "0.5"]),
        (2.0, 8.0, ["2", "3", "4", "5", "6", "7", "8"]),
    ],
)
def test_a_log_axis_has_decades_or_one_two_five(low: float, high: float, expected: list[str]) -> None:
    assert labels(log_ticks(low, high, 5)) == expected


@pytest.mark.parametrize(
    ("high", "expected"),
    [
        (4, ["0", "1s", "2s", "3s", "4s"]),
        (100, ["0", "30s", "1m", "1m30s"]),
        (4000, ["0", "15m", "30m", "45m", "1h"]),
        (200_000, ["0", "12h", "1d", "1d12h", "2d"]),
        (2, ["0s", "0.5s", "1.0s", "1.5s", "2.0s"]),
    ],
)
def test_durations_have_the_steps_of_a_clock(high: float, expected: list[str]) -> None:
    assert labels(duration_ticks(0, high, 4)) == expected


def test_times_are_round_on_the_reader_s_clock() -> None:
    noon = 1_700_049_600.0  # 2023-11-15 12:00 UTC
    india = timezone(timedelta(hours=5, minutes=30))
    assert labels(clock_ticks(noon - 100, noon + 3700, 4, UTC)) == ["12:00", "12:15", "12:30", "12:45", "13:00"]
    assert labels(clock_ticks(noon, noon + 4 * 3600, 4, india)) == ["18:00", "19:00", "20:00", "21:00"]
    assert labels(clock_ticks(noon, noon + 5, 4, UTC))[:2] == ["12:00:00", "12:00:01"]
    assert labels(clock_ticks(noon, noon + 3 * 86400, 3, UTC)) == ["16 Nov", "17 Nov", "18 Nov"]


def test_midnight_is_a_day() -> None:
    noon = 1_700_049_600.0
    assert labels(clock_ticks(noon, noon + 86400, 4, UTC)) == ["12:00", "18:00", "16 Nov", "06:00", "12:00"]


@pytest.mark.parametrize("moment", [-1e300, 1e300, 1e12])
def test_a_time_of_no_calendar_is_a_number(moment: float) -> None:
    assert clock_ticks(moment, moment + abs(moment), 4, UTC)
    assert "e" in clock_label(moment, UTC)


@pytest.mark.parametrize(
    ("seconds", "label"),
    [(0, "0"), (45, "45s"), (90, "1m30s"), (7200, "2h"), (129_600, "1d12h"), (-60, "-1m"), (3661, "1h1m")],
)
def test_a_duration_has_two_units(seconds: float, label: str) -> None:
    assert duration_label(seconds) == label


@given(FLOATS, FLOATS, st.integers(1, 20))
def test_any_axis_gets_few_ticks_inside_it(one: float, other: float, count: int) -> None:
    low, high = min(one, other), max(one, other)
    if high - low <= 1e-9 * max(abs(low), abs(high), 1e-290):
        high = low + max(abs(low), 1e-280)
    ticks = linear_ticks(low, high, count)
    assert len(ticks) <= 3 * count + 2
    assert all(len(tick.label) <= 15 for tick in ticks)
    slack = 1e-6 * (0.5 * high - 0.5 * low)
    assert all(low - slack <= tick.value <= high + slack for tick in ticks)
