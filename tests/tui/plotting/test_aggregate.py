from __future__ import annotations

import numpy as np
import pytest

from trackml_tui.plotting.aggregate import MOST_POSITIONS, aggregate


def points(y: list[float], x: list[int] | None = None) -> tuple[np.ndarray, np.ndarray]:
    return np.array(x if x is not None else range(len(y))), np.array(y, np.float64)


SEEDS = [points([1.0, 2.0, 3.0]), points([3.0, 2.0, 5.0]), points([5.0, 8.0, 10.0])]


@pytest.mark.parametrize("spread", ["std", "iqr", "minmax"])
@pytest.mark.parametrize("middle", ["mean", "median"])
def test_equals_numpy_where_all_have_the_same_steps(middle: str, spread: str) -> None:
    table = np.array([y for _, y in SEEDS])
    made = aggregate(SEEDS, middle, spread)
    centre = table.mean(axis=0) if middle == "mean" else np.median(table, axis=0)
    sides = {
        "std": (centre - table.std(axis=0, ddof=1), centre + table.std(axis=0, ddof=1)),
        "iqr": tuple(np.percentile(table, [25, 75], axis=0)),
        "minmax": (table.min(axis=0), table.max(axis=0)),
    }[spread]
    assert made.x.tolist() == [0, 1, 2]
    assert made.middle == pytest.approx(centre)
    assert made.low == pytest.approx(sides[0])
    assert made.high == pytest.approx(sides[1])
    assert made.count.tolist() == [3, 3, 3]


def test_steps_of_one_run_are_interpolated_in_the_others() -> None:
    made = aggregate([points([0.0, 10.0], [0, 10]), points([2.0], [5])], "mean", "minmax")
    assert made.x.tolist() == [0, 5, 10]
    assert made.middle.tolist() == [0.0, 3.5, 10.0]
    assert made.count.tolist() == [1, 2, 1]


def test_a_run_does_not_count_beyond_its_ends() -> None:
    made = aggregate([points([1.0] * 5), points([3.0] * 2)], "mean", "std")
    assert made.middle.tolist() == [2.0, 2.0, 1.0, 1.0, 1.0]
    assert made.count.tolist() == [2, 2, 1, 1, 1]
    assert (made.high - made.low)[2:].tolist() == [0.0, 0.0, 0.0]


def test_values_that_are_not_finite_do_not_count() -> None:
    made = aggregate([points([1.0, np.nan, 3.0]), points([1.0, 4.0, np.inf])], "mean", "minmax")
    assert made.middle.tolist() == [1.0, 3.0, 3.0]
    assert made.count.tolist() == [2, 2, 1]


def test_of_points_at_one_step_the_last_counts() -> None:
    assert aggregate([points([1.0, 9.0, 2.0], [0, 1, 0])], "median", "iqr").middle.tolist() == [2.0, 9.0]


def test_very_many_positions_are_spread() -> None:
    x = np.arange(50_000)
    made = aggregate([(x, x.astype(np.float64)), (x[::7], 2.0 * x[::7])], "mean", "minmax")
    assert made.x.size <= MOST_POSITIONS
    assert made.x.dtype.kind == "i"
    assert (made.x[0], made.x[-1]) == (0, 49_999)
    assert made.middle[1] == pytest.approx(1.5 * float(made.x[1]))
    times = aggregate([(0.1 * x, x.astype(np.float64)), (0.11 * x, x.astype(np.float64))], "mean", "minmax")
    assert times.x.size == MOST_POSITIONS


def test_nothing_to_aggregate() -> None:
    assert aggregate([], "mean", "std").x.size == 0
    assert aggregate([points([np.nan])], "median", "iqr").middle.size == 0
