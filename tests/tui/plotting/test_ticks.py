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
    log_count_ticks,
    log_duration_ticks,
    log_ticks,
    symlog_ticks,
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


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1.0, 1e6, ["1", "10", "100", "1000", "10k", "100k", "1M"]),
        (1.0, 1e18, ["1", "1000", "1M", "1G", "1T", "1P", "1E"]),
        (20.0, 900.0, ["20", "50", "100", "200", "500"]),
    ],
)
def test_steps_on_a_log_axis(low: float, high: float, expected: list[str]) -> None:
    assert labels(log_count_ticks(low, high, 6)) == expected


def test_durations_on_a_log_axis_are_round_on_a_clock() -> None:
    assert labels(log_duration_ticks(0.5, 4e5, 9)) == ["1s", "10s", "1m", "10m", "1h", "10h", "1d"]
    assert labels(log_duration_ticks(1e-4, 0.5, 9)) == ["100µs", "1ms", "10ms", "100ms"]


@pytest.mark.parametrize(
    ("low", "high", "threshold", "expected"),
    [
        (-2000.0, 30.0, 1.0, ["-1000", "-100", "-10", "-1", "0", "1", "10"]),
        (0.0, 5e4, 0.1, ["0", "0.1", "1", "10", "100", "1000", "10000"]),
    ],
)
def test_a_symlog_axis_has_zero_and_decades_on_both_sides(
    low: float, high: float, threshold: float, expected: list[str]
) -> None:
    assert labels(symlog_ticks(low, high, threshold, 9)) == expected


def test_a_symlog_axis_below_its_threshold_is_linear() -> None:
    assert labels(symlog_ticks(-0.5, 0.5, 1.0, 4)) == ["-0.50", "-0.25", "0", "0.25", "0.50"]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 0.4, ["0ms", "100ms", "200ms", "300ms", "400ms"]),
        (0.0, 4e-5, ["0µs", "10µs", "20µs", "30µs", "40µs"]),
        (100.0, 102.0, ["100.0s", "100.5s", "101.0s", "101.5s", "102.0s"]),
    ],
)
def test_parts_of_a_second_have_their_own_units(low: float, high: float, expected: list[str]) -> None:
    assert labels(duration_ticks(low, high, 4)) == expected


def test_huge_steps_that_are_close_are_spelled_out() -> None:
    assert labels(count_ticks(4_000_000_000, 4_000_000_020, 4)) == [
        "4000000000",
        "4000000005",
        "4000000010",
        "4000000015",
        "4000000020",
    ]
    assert labels(count_ticks(0, 9e18, 3)) == ["0", "2.5E", "5E", "7.5E"]


def test_dates_over_years() -> None:
    start = 1_577_836_800.0  # 2020-01-01 UTC
    year = 366 * 86400.0
    assert labels(clock_ticks(start, start + year, 4, UTC)) == [
        "Jan 2020",
        "Apr 2020",
        "Jul 2020",
        "Oct 2020",
        "Jan 2021",
    ]
    assert labels(clock_ticks(start - 1.0, start + 4.1 * year, 4, UTC)) == ["2020", "2021", "2022", "2023", "2024"]
    assert labels(clock_ticks(start, start + 40 * year, 4, UTC)) == ["2020", "2030", "2040", "2050", "2060"]


def test_parts_of_a_second_on_a_clock() -> None:
    noon = 1_700_049_600.0
    assert labels(clock_ticks(noon, noon + 1.0, 4, UTC)) == [
        "12:00:00.00",
        "12:00:00.25",
        "12:00:00.50",
        "12:00:00.75",
        "12:00:01.00",
    ]


@pytest.mark.parametrize(
    ("seconds", "label"),
    [(0.25, "250ms"), (1.5, "1.5s"), (1.2e-5, "12µs"), (9.99, "9.99s"), (10.4, "10s"), (1e-9, "0.001µs")],
)
def test_short_durations(seconds: float, label: str) -> None:
    assert duration_label(seconds) == label
