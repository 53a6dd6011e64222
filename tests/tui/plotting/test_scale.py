from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackml_tui.plotting.scale import (
    Linear,
    Log,
    Scale,
    Symlog,
    fit_linear,
    fit_log,
    fit_symlog,
    is_range,
    panned,
    stretch,
    symlog_threshold,
    zoomed,
)

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
POSITIVE = st.floats(min_value=5e-324, allow_nan=False, allow_infinity=False)


def test_linear_puts_the_middle_in_the_middle() -> None:
    assert Linear(-2.0, 4.0).unit(np.array([-2.0, 1.0, 4.0])).tolist() == [0.0, 0.5, 1.0]


def test_log_puts_equal_ratios_equally_far_apart() -> None:
    assert Log(1e-3, 10.0).unit(np.array([1e-3, 1e-1, 10.0])) == pytest.approx([0.0, 0.5, 1.0])


SCALES = [Linear(-3.0, 7.0), Log(0.01, 1000.0), Symlog(-50.0, 2000.0, 0.1)]


@pytest.mark.parametrize("scale", SCALES)
def test_value_is_the_inverse_of_unit(scale: Scale) -> None:
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


def test_symlog_is_even_and_passes_through_zero() -> None:
    scale = Symlog(-100.0, 100.0, 1.0)
    assert scale.unit(np.array([-100.0, 0.0, 100.0])).tolist() == pytest.approx([0.0, 0.5, 1.0])
    assert scale.unit(np.array([-7.0]))[0] == pytest.approx(1.0 - scale.unit(np.array([7.0]))[0])


def test_symlog_is_logarithmic_far_from_zero_and_linear_near_it() -> None:
    far = Symlog(0.0, 1e9, 1.0).unit(np.array([1e3, 1e5, 1e7]))
    assert far[1] - far[0] == pytest.approx(far[2] - far[1], rel=1e-3)
    near = Symlog(0.0, 1e9, 1.0).unit(np.array([0.01, 0.02, 0.03]))
    assert near[1] - near[0] == pytest.approx(near[2] - near[1], rel=2e-2)


def test_the_threshold_of_symlog_suits_the_data() -> None:
    assert symlog_threshold(np.array([0.0, np.nan])) == 1.0
    assert symlog_threshold(np.geomspace(0.02, 50.0, 99)) == 0.01
    assert symlog_threshold(np.array([5.0] * 99)) == 0.1
    assert symlog_threshold(np.array([*[1e-30] * 50, 1.0])) == pytest.approx(1e-6)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("about", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("factor", [0.5, 0.9, 2.0])
def test_zooming_keeps_what_is_under_the_pointer(scale: Scale, about: float, factor: float) -> None:
    low, high = zoomed(scale, about, factor)
    kept = scale.value(about)
    again = type(scale)(low, high, *([scale.threshold] if isinstance(scale, Symlog) else []))  # type: ignore[call-arg]
    assert again.unit(np.array([kept]))[0] == pytest.approx(about, abs=1e-9)
    assert again.unit(np.array([scale.low, scale.high])) == pytest.approx(
        np.array([about - about / factor, about + (1.0 - about) / factor])
    )


@pytest.mark.parametrize("scale", SCALES)
def test_panning_there_and_back_changes_nothing(scale: Scale) -> None:
    low, high = panned(scale, 0.25)
    assert scale.unit(np.array([low, high])) == pytest.approx(np.array([0.25, 1.25]))


def test_a_box_may_be_drawn_from_either_corner() -> None:
    assert stretch(Linear(0.0, 10.0), 0.8, 0.2) == pytest.approx((2.0, 8.0))


def test_zooming_ends_where_numbers_do() -> None:
    scale = Linear(1.0, 1.0 + 1e-12)
    assert zoomed(scale, 0.5, 1e-3) == (scale.low, scale.high)
    wide = Linear(-1e308, 1e308)
    assert np.isfinite(zoomed(wide, 0.5, 10.0)).all()


@pytest.mark.parametrize(
    ("low", "high", "positive", "expected"),
    [
        (0.0, 1.0, False, True),
        (1.0, 0.0, False, False),
        (0.0, float("inf"), False, False),
        (0.0, 1.0, True, False),
        (0.1, 1.0, True, True),
        (1.0, 1.0 + 1e-15, False, False),
    ],
)
def test_what_can_be_an_axis(low: float, high: float, positive: bool, expected: bool) -> None:
    assert is_range(low, high, positive=positive) is expected


@given(FLOATS, FLOATS)
def test_symlog_shows_any_two_numbers(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    scale = fit_symlog(low, high, symlog_threshold(np.array([low, high])))
    units = scale.unit(np.array([low, high]))
    assert np.isfinite(units).all()
    assert -1e-9 <= units[0] <= units[1] <= 1.0 + 1e-9
