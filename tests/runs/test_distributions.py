"""Shares, densities and other buckets of histograms, beside the numbers that were counted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackml.runs import histogram_bins, histogram_cdf, histogram_pdf

COUNTS = st.lists(st.integers(0, 50), min_size=1, max_size=20)


def test_shares_are_those_of_evenly_spread_numbers():
    limits, counts = [0, 1, 3, 4], [2, 0, 6]
    assert histogram_cdf(limits, counts, [-1, 0, 0.5, 1, 2, 3, 3.5, 4, 9]).tolist() == [
        *(0, 0, 0.125, 0.25, 0.25, 0.25, 0.625, 1, 1)
    ]
    assert histogram_cdf(limits, counts, 3.5) == 0.625


def test_all_that_is_at_one_place_counts_there():
    assert histogram_cdf([2, 2], [5], [1.99, 2, 2.01]).tolist() == [0, 1, 1]
    edges, amounts = histogram_bins([2, 2], [5], 2)
    assert (edges.tolist(), amounts.tolist()) == ([1.5, 2, 2.5], [0, 5])


def test_density_times_width_is_one():
    x = np.linspace(-1, 5, 25)
    middles, density = histogram_pdf([0, 1, 3, 4], [2, 1, 6], x)
    assert (len(middles), middles[0]) == (24, -0.875)
    np.testing.assert_allclose((density * np.diff(x)).sum(), 1, rtol=1e-12)


@given(COUNTS, st.integers(1, 40))
def test_other_buckets_hold_as_many(counts, bins):
    edges, amounts = histogram_bins(np.arange(len(counts) + 1), counts, bins)
    assert (len(edges), edges[0], edges[-1]) == (bins + 1, 0, len(counts))
    np.testing.assert_allclose(amounts.sum(), sum(counts), atol=1e-9)
    assert (amounts >= -1e-9).all()


@given(COUNTS)
def test_the_same_buckets_are_the_same_histogram(counts):
    limits = np.arange(len(counts) + 1)
    np.testing.assert_allclose(histogram_bins(limits, counts, limits)[1], counts, atol=1e-9)


def test_an_empty_histogram_has_no_shares():
    assert np.isnan(histogram_cdf([], [], [0.0, 1.0])).all()
    edges, amounts = histogram_bins([], [], 4)
    assert (edges.tolist(), amounts.tolist()) == ([0, 0.25, 0.5, 0.75, 1], [0, 0, 0, 0])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: histogram_cdf([0, 1], [1, 2], 0), r"expected one edge more than buckets; got limits of shape \[2\]"),
        (lambda: histogram_pdf([0, 1], [1], [1, 0]), "expected at least two numbers that go up"),
        (lambda: histogram_bins([0, 1], [1], 0), "expected at least one bin; got 0"),
    ],
)
def test_what_is_no_histogram_is_told(call, said):
    with pytest.raises(ValueError, match=said):
        call()
