from __future__ import annotations

from typing import Any

import pytest

from trackml_tui.catalog.extremes import Point, extremes_of, lower_is_better


@pytest.mark.parametrize(
    ("tag", "lower"),
    [
        ("loss", True),
        ("eval/accuracy", False),
        ("val_acc", False),
        ("error_rate", True),
        ("train/loss_acc", True),
        ("mean_reward", False),
        ("false_positives", True),
        ("perplexity", True),
        ("eval/auc", False),
        ("log_likelihood", False),
        ("negative_log_likelihood", True),
        ("anything", True),
        ("precision/mse", True),
        ("global_step/sec", False),
        ("cross_entropy", True),
        ("top_1", False),
        ("mAP", False),
        ("score/loss", True),
    ],
)
def test_the_name_of_a_metric_says_which_end_is_the_better(tag: str, lower: bool) -> None:
    assert lower_is_better(tag) is lower


def test_the_ends_of_a_series(logdir: Any) -> None:
    logdir.write("run", [2.0, 1.0, float("nan"), 1.0, float("inf"), 3.0], first_step=10)
    extremes = extremes_of(logdir.snapshot()["run"].scalars["loss"])
    assert extremes is not None
    assert (extremes.first, extremes.last) == (Point(2.0, 10), Point(3.0, 15))
    assert (extremes.low, extremes.high) == (Point(1.0, 11), Point(3.0, 15))
    assert extremes.best(lower=True) is extremes.low


def test_a_series_without_a_number_has_no_ends(logdir: Any) -> None:
    logdir.write("run", [float("nan"), float("-inf")])
    extremes = extremes_of(logdir.snapshot()["run"].scalars["loss"])
    assert extremes is not None
    assert (extremes.low, extremes.high) == (None, None)
