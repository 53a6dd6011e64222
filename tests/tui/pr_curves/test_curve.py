"""Numbers of precision-recall curves, against the plugin that writes them."""

from __future__ import annotations

import numpy as np
import pytest

from trackml_tui.plotting.grid import BLANK
from trackml_tui.pr_curves.curve import PrCurve, curve_of
from trackml_tui.pr_curves.picture import POINT, picture


def data(labels: list[int], scores: list[float], thresholds: int = 101) -> np.ndarray:
    """What TensorBoard's plugin writes: an example counts as positive if its bucket is at or above the threshold's."""
    marks = np.linspace(0.0, 1.0, thresholds)
    predicted = np.floor(np.array(scores) * (thresholds - 1)) / (thresholds - 1) >= marks[:, None] - 1e-12
    truth = np.array(labels, bool)
    tp, fp = (predicted & truth).sum(1), (predicted & ~truth).sum(1)
    tn, fn = (~predicted & ~truth).sum(1), (~predicted & truth).sum(1)
    return np.array([tp, fp, tn, fn, tp / np.maximum(tp + fp, 1e-7), tp / np.maximum(tp + fn, 1e-7)], np.float32)


def curve() -> PrCurve:
    return curve_of(data([1, 1, 0, 1, 0, 0], [0.9, 0.8, 0.7, 0.4, 0.3, 0.1]))


def test_average_precision_is_the_area_of_steps() -> None:
    # By rank: precision 1 at recall 1/3 and 2/3, 3/4 at recall 1.
    assert curve().average_precision == pytest.approx((1 + 1 + 0.75) / 3, abs=1e-6)


def test_the_best_threshold() -> None:
    best, threshold = curve().best_f1
    assert best == pytest.approx(2 * 0.75 * 1 / 1.75)
    assert 0.3 < threshold <= 0.4


def test_counts_at_a_threshold() -> None:
    ours = curve()
    assert ours.counts[:, ours.place(0.5)].tolist() == [2, 1, 2, 1]
    assert (ours.place(-1.0), ours.place(2.0)) == (0, 100)


@pytest.mark.parametrize("shape", [(6,), (5, 10), (6, 0), (6, 2, 2)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"shape \[6, thresholds\]"):
        curve_of(np.zeros(shape))


def test_values_that_are_not_finite_become_zero() -> None:
    ours = curve_of(np.full((6, 3), np.nan))
    assert ours.average_precision == 0.0
    assert ours.best_f1 == (0.0, 0.0)


def test_the_picture_has_marks_at_the_threshold() -> None:
    grid = picture([(0, curve()), (1, curve_of(data([1, 0], [0.2, 0.8])))], 0.5, 40, 15)
    rows = grid.text()
    assert sum(row.count(POINT) for row in rows) == 2
    assert rows[-1].split()[0] == "0"
    assert (grid.inks != BLANK).any()
