"""Densities and quantiles of histograms, against numpy's on the numbers themselves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackml.runs import Histogram
from trackml_tui.histograms.density import (
    brightness,
    density_matrix,
    quantile,
    share_below,
    summary_of,
    trimmed_extent,
)


def of(values: np.ndarray, bins: int = 400) -> Histogram:
    counts, edges = np.histogram(values, bins)
    return Histogram(edges[:-1], edges[1:], counts.astype(np.float64))


VALUES = np.random.default_rng(1).normal(2.0, 3.0, 20_000)
FINE = of(VALUES)
BUCKET = float(np.ptp(VALUES)) / 400
"""How far off a value may be that is known by its bucket alone."""


def test_quantiles_are_those_of_the_numbers_within_a_bucket() -> None:
    parts = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
    assert quantile(FINE, parts) == pytest.approx(np.quantile(VALUES, parts), abs=BUCKET)


def test_mean_and_deviation_are_those_of_the_numbers_within_a_bucket() -> None:
    summary = summary_of(FINE)
    assert summary.amount == 20_000
    assert summary.mean == pytest.approx(VALUES.mean(), abs=BUCKET)
    assert summary.std == pytest.approx(VALUES.std(), abs=BUCKET)


def test_the_share_below_goes_from_none_to_all() -> None:
    edges = np.linspace(VALUES.min() - 1, VALUES.max() + 1, 50)
    shares = share_below(FINE, edges)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert (np.diff(shares) >= 0).all()


def test_a_value_alone_is_a_point_in_one_row() -> None:
    point = Histogram(np.array([5.0]), np.array([5.0]), np.array([3.0]))
    matrix = density_matrix([point], np.array([0]), (-0.5, 0.5), (4.0, 6.0), 3, 5)
    assert matrix.sum(axis=0).tolist() == [1.0, 1.0, 1.0]
    assert (matrix > 0).sum() == 3


@given(st.integers(1, 40), st.integers(1, 30), st.integers(1, 6))
def test_each_column_holds_the_whole_of_one_histogram(columns: int, rows: int, moments: int) -> None:
    generator = np.random.default_rng(moments)
    histograms = [of(generator.normal(size=50), 7) for _ in range(moments)]
    ends = (min(each.left[0] for each in histograms), max(each.right[-1] for each in histograms))
    steps = np.arange(moments) * 10
    x = (0.0, float(steps[-1])) if moments > 1 else (-0.5, 0.5)
    matrix = density_matrix(histograms, steps, x, ends, columns, rows)
    assert matrix.shape == (rows, columns)
    assert matrix.sum(axis=0) == pytest.approx(np.ones(columns))


def test_columns_outside_of_the_steps_are_empty() -> None:
    matrix = density_matrix([FINE, FINE], np.array([50, 60]), (0.0, 100.0), (-10.0, 10.0), 10, 4)
    assert np.isnan(matrix).all(axis=0).tolist() == [True] * 4 + [False] * 3 + [True] * 3


@pytest.mark.parametrize("scale", ["linear", "root", "log"])
def test_brightness_rises_from_nothing_to_the_most(scale: str) -> None:
    bright = brightness(np.linspace(0, 4, 9), 4.0, scale)
    assert (bright[0], bright[-1]) == (0.0, pytest.approx(1.0))
    assert (np.diff(bright) > 0).all()


def test_an_empty_histogram_has_no_quantiles() -> None:
    empty = Histogram(np.array([0.0]), np.array([1.0]), np.array([0.0]))
    assert np.isnan(quantile(empty, (0.5,))).all()
    assert math.isnan(summary_of(empty).mean)
    assert trimmed_extent([empty]) is None


def test_the_trimmed_extent_leaves_out_a_hundredth() -> None:
    wild = of(np.concatenate([np.linspace(0, 1, 9990), np.full(10, 1e6)]), 100_000)
    ends = trimmed_extent([wild])
    assert ends is not None
    assert ends[1] < 100


def test_numbers_near_the_limit_do_not_overflow() -> None:
    huge = Histogram(np.array([-1.7e308, 0.0]), np.array([0.0, 1.7e308]), np.array([1.0, 1.0]))
    assert math.isfinite(summary_of(huge).mean)
    assert math.isnan(summary_of(huge).std) or summary_of(huge).std > 0
