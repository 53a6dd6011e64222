from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from trackml.runs import RunStore, Series
from trackml_tui.curves import Curves, Line, LineOptions


def line_of(curves: Curves, series: Series, x_axis: str = "step", smoothing: float = 0.0, log_y: bool = False) -> Line:
    return curves.line("run", "loss", series, LineOptions(x_axis, log_y, smoothing=smoothing))


def test_an_unchanged_series_is_not_made_again(logdir: Any) -> None:
    logdir.write("run", [1.0, 2.0])
    store, curves = RunStore(logdir.path), Curves()
    store.refresh()
    first = line_of(curves, store.snapshot()["run"].scalars["loss"])
    logdir.write("run", [9.0], tag="accuracy")
    store.refresh()
    assert line_of(curves, store.snapshot()["run"].scalars["loss"]) is first
    logdir.write("run", [3.0], first_step=2)
    store.refresh()
    assert line_of(curves, store.snapshot()["run"].scalars["loss"]).value.tolist() == [1.0, 2.0, 3.0]


def test_each_choice_makes_its_own_line(logdir: Any) -> None:
    logdir.write("run", [1.0, -2.0, 3.0], every=5.0)
    series, curves = logdir.snapshot()["run"].scalars["loss"], Curves()
    assert line_of(curves, series).x.tolist() == [0, 1, 2]
    assert line_of(curves, series, "relative").x.tolist() == pytest.approx([0.0, 5.0, 10.0])
    assert line_of(curves, series, "wall").x.tolist() == series.wall_time.tolist()
    assert line_of(curves, series, log_y=True).raw_curve.dropped == 1
    assert line_of(curves, series).smoothed.tolist() == [1.0, -2.0, 3.0]
    assert line_of(curves, series, smoothing=0.5).smoothed.tolist() == pytest.approx([1.0, -1.0, 9.0 / 7.0])


def test_what_nobody_asks_for_is_forgotten(logdir: Any) -> None:
    logdir.write("run", [1.0])
    series, curves = logdir.snapshot()["run"].scalars["loss"], Curves()
    first = line_of(curves, series)
    curves.forget_unused()
    assert line_of(curves, series) is first
    for _ in range(9):
        curves.forget_unused()
    assert line_of(curves, series) is not first


@pytest.mark.parametrize(
    ("steps", "x", "index"),
    [
        ([0, 10, 20], 4.0, 0),
        ([0, 10, 20], 6.0, 1),
        ([0, 10, 20], 20.5, 2),
        ([0, 10, 20], 23.0, None),
        ([0, 10, 20], -9.0, None),
        ([0, 10, 20, 5, 15], 14.0, 4),
        ([], 0.0, None),
    ],
)
def test_the_nearest_point_is_found(steps: list[int], x: float, index: int | None) -> None:
    series = Series(np.array(steps, np.int64), np.zeros(len(steps)), np.arange(float(len(steps))))
    assert line_of(Curves(), series).nearest(x, tolerance=1.0) == index


def test_times_that_are_not_finite_are_left_out() -> None:
    times = np.array([-np.inf, 1.0, np.nan, np.inf])
    series = Series(np.arange(4), times, np.ones(4))
    assert line_of(Curves(), series, "relative").raw_curve.points == 0
    assert line_of(Curves(), series, "wall").raw_curve.points == 1
