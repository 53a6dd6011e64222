from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackml_tui.plotting.scale import Linear, Log, fit_linear, fit_log

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
POSITIVE = st.floats(min_value=5e-324, allow_nan=False, allow_infinity=False)


def test_linear_puts_the_middle_in_the_middle() -> None:
    assert Linear(-2.0, 4.0).unit(np.array([-2.0, 1.0, 4.0])).tolist() == [0.0, 0.5, 1.0]


def test_log_puts_equal_ratios_equally_far_apart() -> None:
    assert Log(1e-3, 10.0).unit(np.array([1e-3, 1e-1, 10.0])) == pytest.approx([0.0, 0.5, 1.0])


@pytest.mark.parametrize("scale", [Linear(-3.0, 7.0), Log(0.01, 1000.0)])
def test_value_is_the_inverse_of_unit(scale: Linear | Log) -> None:
    values = np.array([0.02, 0.5, 6.5])
    assert [scale.value(unit) for unit in scale.unit(values)] == pytest.approx(values.tolist())


def test_linear_leaves_a_twentieth_free_on_either_side() -> None:
    assert fit_linear(0.0, 10.0) == Linear(-0.5, 10.5)


def test_without_data_there_still_is_an_axis() -> None:
    assert fit_linear(np.inf, -np.inf) == Linear(0.0, 1.0)
    assert fit_log(np.inf, -np.inf) == Log(0.1, 1.0)


def test_a_constant_lies_in_the_middle() -> None:
    assert fit_linear(3.0, 3.0).unit(np.array([3.0])).tolist() == pytest.approx([0.5])
    assert fit_linear(0.0, 0.0) == Linear(-1.0, 1.0)
    assert fit_log(3.0, 3.0).unit(np.array([3.0])).tolist() == pytest.approx([0.5])


@given(FLOATS, FLOATS)
def test_linear_shows_any_two_numbers(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    scale = fit_linear(low, high)
    units = scale.unit(np.array([low, high]))
    assert scale.low < scale.high
    assert np.isfinite(units).all()
    assert 0.0 <= units[0] <= units[1] <= 1.0


@given(POSITIVE, POSITIVE)
def test_log_shows_any_two_normal_positive_numbers(one: float, other: float) -> None:
    low, high = max(min(one, other), 1e-300), max(one, other, 1e-300)
    units = fit_log(low, high).unit(np.array([low, high]))
    assert np.isfinite(units).all()
    assert -1e-9 <= units[0] <= units[1] <= 1.0 + 1e-9
