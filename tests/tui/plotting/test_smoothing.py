from __future__ import annotations

import math

import numpy as np
import pytest

from trackml_tui.plotting.smoothing import Smoothed, smooth, smooth_on

ROUNDING = 1e-12
"""Block sums round differently from the recurrence, by a few units in the last place for each 1 / (1 - w)."""


def recurrence(values: list[float], weight: float) -> list[float]:
    """TensorBoard's formula, one value after the other, as data_transformer.ts has it."""
    last, count, result = 0.0, 0, []
    for value in values:
        if not math.isfinite(value):
            result.append(value)
            continue
        last = last * weight + (1.0 - weight) * value
        count += 1
        result.append(last / (1.0 if weight == 1.0 else 1.0 - weight**count))
    return result


@pytest.mark.parametrize("weight", [1e-6, 0.01, 0.3, 0.6, 0.9, 0.99, 0.999])
def test_equals_the_recurrence_over_all_points(weight: float) -> None:
    values = np.random.default_rng(0).standard_normal(9_001)
    expected = np.array(recurrence(values.tolist(), weight))
    assert np.abs(smooth(values, weight) - expected).max() <= ROUNDING / (1.0 - weight)


def test_hand_computed() -> None:
    assert smooth(np.array([1.0, 2.0, 4.0]), 0.5).tolist() == pytest.approx([1.0, 5.0 / 3.0, 3.0])


def test_values_that_are_not_finite_pass_through_and_do_not_count() -> None:
    values = np.array([1.0, np.nan, 2.0, np.inf, -np.inf, 4.0])
    smoothed = smooth(values, 0.5)
    assert np.isnan(smoothed[1])
    assert smoothed[3:5].tolist() == [np.inf, -np.inf]
    assert smoothed[[0, 2, 5]].tolist() == smooth(np.array([1.0, 2.0, 4.0]), 0.5).tolist()


def test_a_constant_series_is_unchanged() -> None:
    values = np.full(1000, 0.1)
    assert smooth(values, 0.9).tolist() == values.tolist()


@pytest.mark.parametrize("weight", [0.0, -1.0, math.nan, math.inf])
def test_no_weight_is_no_smoothing(weight: float) -> None:
    values = np.array([3.0, 1.0, 2.0])
    assert smooth(values, weight).tolist() == values.tolist()


def test_full_weight_keeps_only_the_zero_it_began_with() -> None:
    assert smooth(np.array([3.0, 1.0]), 1.0).tolist() == recurrence([3.0, 1.0], 1.0) == [0.0, 0.0]
    assert smooth(np.array([3.0, 1.0]), 7.0).tolist() == [0.0, 0.0]


def test_huge_and_tiny_values_do_not_overflow() -> None:
    for size in (1e300, 1e-300):
        values = size * np.array([1.0, -1.0, 1.0, 0.5] * 100)
        assert smooth(values, 0.3) == pytest.approx(recurrence(values.tolist(), 0.3), rel=1e-9)


def test_the_series_itself_is_never_changed() -> None:
    values = np.array([1.0, np.nan, 3.0])
    values.flags.writeable = False
    assert smooth(values, 0.0) is not values
    smooth(values, 0.6)


def test_nothing_stays_nothing() -> None:
    assert smooth(np.empty(0), 0.6).tolist() == []
    assert np.isnan(smooth(np.array([np.nan]), 0.6)).all()


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.9, 0.999, 1.0])
@pytest.mark.parametrize("parts", [[1, 2, 3], [4, 1, 5000], [4000, 4100]])
@pytest.mark.parametrize("start", ["noise", "constant", "nan"])
def test_going_on_gives_what_beginning_anew_gives(weight: float, parts: list[int], start: str) -> None:
    values = np.random.default_rng(1).standard_normal(sum(parts))
    values[: parts[0]] = {"noise": values[: parts[0]], "constant": 2.5, "nan": np.nan}[start]
    values[-1] = np.nan
    made: Smoothed | None = None
    for end in np.cumsum(parts).tolist():
        made = smooth_on(made, values[:end], weight)
        expected = np.array(recurrence(values[:end].tolist(), weight))
        if weight == 0.0 or end == 1 or (start == "constant" and end == parts[0]):
            expected = values[:end]
        assert np.nan_to_num(made.values - expected, nan=0.0) == pytest.approx(0.0, abs=ROUNDING / (1.001 - weight))
        assert np.isnan(made.values).tolist() == np.isnan(expected).tolist()


def test_earlier_values_stay_when_later_ones_are_added() -> None:
    values = np.arange(100.0)
    first = smooth_on(None, values[:10], 0.5)
    kept = first.values.copy()
    second = smooth_on(first, values[:12], 0.5)
    smooth_on(second, values, 0.5)
    assert first.values.tolist() == kept.tolist()


def test_float32_is_smoothed_as_float64() -> None:
    assert smooth(np.array([0.1, 0.2], np.float32), 0.5).dtype == np.float64
