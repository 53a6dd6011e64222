from __future__ import annotations

import numpy as np

from trackml_tui.plotting.scale import Linear, Log
from trackml_tui.plotting.series import Curve, prepare
from trackml_tui.plotting.table import Summary, tabulate


def curve(x: list[int], y: list[float]) -> Curve:
    return prepare(np.array(x), np.array(y, np.float64))


def test_few_points_are_all_there() -> None:
    table = tabulate([curve([0, 5, 10], [1.0, 2.0, 3.0]), curve([0, 10], [7.0, 8.0])], Linear(0.0, 10.0), 9)
    assert table.x == [0.0, 5.0, 10.0]
    assert table.rows == [[1.0, 7.0], [2.0, None], [3.0, 8.0]]


def test_many_points_are_spread_over_the_axis() -> None:
    y = np.arange(1000.0)
    table = tabulate([prepare(np.arange(1000), y)], Linear(0.0, 999.0), 4)
    assert table.x == [0.0, 333.0, 666.0, 999.0]
    assert [row[0] for row in table.rows] == table.x


def test_the_summary_is_of_all_points_in_sight() -> None:
    table = tabulate([curve([0, 1, 2, 3, 4], [9.0, -5.0, 4.0, 2.0, 100.0])], Linear(0.0, 3.0), 2)
    assert table.summaries == [Summary(-5.0, 9.0, 2.0, 4)]


def test_a_line_without_points_in_sight() -> None:
    table = tabulate([curve([0, 1], [1.0, 2.0]), curve([50], [3.0])], Linear(0.0, 10.0), 5)
    assert table.rows == [[1.0, None], [2.0, None]]
    assert table.summaries[1] == Summary(None, None, None, 0)


def test_a_long_line_on_a_log_axis_has_even_ratios() -> None:
    x = np.arange(1, 100_001)
    table = tabulate([prepare(x, x.astype(np.float64))], Log(1.0, 100_000.0), 6)
    assert len(table.x) == 6
    assert table.x[1] < 20.0


def test_a_trail_is_read_at_its_nearest_point() -> None:
    trail = prepare(np.array([3.0, 1.0, 2.0]), np.array([30.0, 10.0, 20.0]), trail=True)
    assert tabulate([trail], Linear(0.0, 4.0), 9).rows == [[10.0], [20.0], [30.0]]


def test_nothing_at_all() -> None:
    assert tabulate([], Linear(0.0, 1.0), 5).rows == []
