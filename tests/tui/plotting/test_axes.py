from __future__ import annotations

import math

import numpy as np
import pytest

from trackml_tui.plotting.axes import Axes, inner_extent, visible_extent, x_scale, y_scale, y_ticks
from trackml_tui.plotting.scale import Linear, Log, Symlog
from trackml_tui.plotting.series import Curve, prepare


def curve(y: list[float], x: list[int] | None = None) -> Curve:
    values = np.array(y, np.float64)
    return prepare(np.array(x) if x is not None else np.arange(values.size), values)


def tensorboard_extent(values: list[float]) -> tuple[float, float]:
    """line_chart_internal_utils.ts: of more than two points, those between the 5 % and the 95 % quantile (R-7)."""
    points = sorted(value for value in values if math.isfinite(value))
    if len(points) > 2:
        low, high = (quantile(points, part) for part in (0.05, 0.95))
        points = [point for point in points if low <= point <= high]
    return points[0], points[-1]


def quantile(points: list[float], part: float) -> float:
    rank = (len(points) - 1) * part
    lower = math.floor(rank)
    upper = min(lower + 1, len(points) - 1)
    return points[lower] + (points[upper] - points[lower]) * (rank - lower)


@pytest.mark.parametrize("sizes", [[3], [4], [20], [21], [100, 7], [1000], [2, 2], [999, 1, 41]])
def test_outliers_are_ignored_as_tensorboard_does(sizes: list[int]) -> None:
    generator = np.random.default_rng(sum(sizes))
    parts = [generator.standard_cauchy(size).tolist() for size in sizes]
    parts[0][0] = math.nan
    pooled = [value for part in parts for value in part]
    x = Linear(0.0, 1000.0)
    assert inner_extent([curve(part) for part in parts], x) == pytest.approx(tensorboard_extent(pooled))


@pytest.mark.parametrize("values", [[1.0], [5.0, -1.0]])
def test_of_two_values_none_is_an_outlier(values: list[float]) -> None:
    assert inner_extent([curve(values)], Linear(0.0, 9.0)) == (min(values), max(values))


def test_outliers_of_lines_under_the_main_ones_have_no_say() -> None:
    main, aux = curve([1.0, 2.0, 3.0, 2.0]), curve([100.0, -100.0, 1.0, 1.0])
    x = Linear(0.0, 3.0)
    assert y_scale(Axes(), [main], x, [aux]).high > 100.0
    assert y_scale(Axes(ignore_outliers=True), [main], x, [aux]).high < 4.0


def test_the_y_axis_fits_what_is_in_sight() -> None:
    line = curve([100.0, 1.0, 2.0, 3.0, 50.0])
    assert visible_extent([line], Linear(1.0, 3.0)) == (1.0, 3.0)
    assert visible_extent([line], Linear(-10.0, 10.0)) == (1.0, 100.0)


def test_with_nothing_in_sight_the_y_axis_fits_everything() -> None:
    assert visible_extent([curve([5.0, 7.0])], Linear(0.2, 0.8)) == (5.0, 7.0)


def test_ends_that_were_chosen_stay_whatever_comes() -> None:
    axes = Axes(x_range=(10.0, 20.0), y_range=(-1.0, 1.0))
    lines = [curve([1e6, -1e6])]
    assert x_scale(axes, lines) == Linear(10.0, 20.0)
    assert y_scale(axes, lines, Linear(10.0, 20.0)) == Linear(-1.0, 1.0)


def test_ends_that_a_log_axis_cannot_have_are_passed_over() -> None:
    axes = Axes(log_x=True, x_range=(0.0, 20.0), y_scale="log", y_range=(-1.0, 1.0))
    lines = [curve([1.0, 2.0], [1, 100])]
    assert x_scale(axes, lines) == Log(1.0, 100.0)
    assert y_scale(axes, lines, Log(1.0, 100.0)).low > 0.0


def test_a_log_axis_of_one_step_has_two_ends() -> None:
    assert x_scale(Axes(log_x=True), [curve([1.0], [8])]) == Log(4.0, 16.0)


def test_times_of_day_have_no_log_axis() -> None:
    assert x_scale(Axes(x_axis="wall", log_x=True), [curve([1.0, 2.0])]) == Linear(0.0, 1.0)


def test_symlog_takes_its_threshold_from_the_data_or_from_the_user() -> None:
    line = curve(np.geomspace(0.02, 50.0, 99).tolist())
    x = Linear(0.0, 98.0)
    scale = y_scale(Axes(y_scale="symlog"), [line], x)
    assert isinstance(scale, Symlog)
    assert scale.threshold == 0.01
    chosen = y_scale(Axes(y_scale="symlog", threshold=3.0, y_range=(-5.0, 5.0)), [line], x)
    assert chosen == Symlog(-5.0, 5.0, 3.0)


def test_each_scale_has_its_own_ticks() -> None:
    assert [tick.label for tick in y_ticks(Log(0.01, 10.0), 5)] == ["0.01", "0.1", "1", "10"]
    assert [tick.label for tick in y_ticks(Linear(0.0, 2.0), 4)] == ["0", "0.5", "1.0", "1.5", "2.0"]
    labels = [tick.label for tick in y_ticks(Symlog(-200.0, 20000.0, 1.0), 12)]
    assert labels == ["-100", "-10", "-1", "0", "1", "10", "100", "1000", "10000"]
    assert Axes(log_x=True).x_ticks(Log(1.0, 2e6), 8)[-1].label == "1M"
