"""Thirty bins and nine percentiles, against what TensorBoard makes of the same histograms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.plugins.distribution.compressor import compress_histogram

from trackml.runs import Histogram
from trackml_tui.histograms.bins import BINS, compressed, extent, rebin

GOLDEN = Path(__file__).parents[2] / "golden" / "histograms" / "tensorboard_bins.json"
CASES = json.loads(GOLDEN.read_text(encoding="utf-8"))
ROUNDING = 1e-9
"""The page adds widths up bin by bin; here edges are multiples of the width."""


def histogram(buckets: list[list[float]]) -> Histogram:
    left, right, counts = np.array(buckets, np.float64).reshape(-1, 3).T
    return Histogram(left, right, counts)


buckets = st.lists(
    st.tuples(st.floats(0.01, 10.0), st.integers(0, 1000)), min_size=1, max_size=40
).map(
    lambda pairs: [
        [left, left + width, float(count)]
        for left, (width, count) in zip(np.cumsum([0.0, *(width for width, _ in pairs[:-1])]).tolist(), pairs)
    ]
)  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_bins_are_those_of_tensorboards_page(case: Any) -> None:
    edges, counts = rebin([histogram(each) for each in case["buckets"]])
    made = np.array(case["bins"])
    assert np.allclose(edges[:-1], made[0, :, 0], rtol=ROUNDING, atol=ROUNDING * np.ptp(edges))
    assert np.allclose(counts, made[:, :, 2], rtol=ROUNDING, atol=ROUNDING * made[:, :, 2].max())


@pytest.mark.parametrize("case", CASES)
def test_percentiles_are_those_of_tensorboards_server(case: Any) -> None:
    lines = [compressed(histogram(each)) for each in case["buckets"]]
    assert np.allclose(lines, case["percentiles"], rtol=ROUNDING, atol=0.0)


@given(buckets)
def test_percentiles_of_any_histogram_are_those_of_the_server(each: list[list[float]]) -> None:
    assert compressed(histogram(each)).tolist() == pytest.approx([value for _, value in compress_histogram(each)])


@given(st.lists(buckets, min_size=1, max_size=4))
def test_no_count_is_lost(many: list[list[list[float]]]) -> None:
    histograms = [histogram(each) for each in many]
    _, counts = rebin(histograms)
    assert counts.shape == (len(histograms), BINS)
    assert counts.sum(axis=1) == pytest.approx([each.counts.sum() for each in histograms])


def test_a_bucket_without_width_between_two_bins_is_in_the_upper_one() -> None:
    _, counts = rebin([histogram([[0.0, 1.0, 1.0], [15.0, 15.0, 7.0], [29.0, 30.0, 1.0]])])
    assert counts[0, 15] == 7.0
    assert counts.sum() == 9.0


def test_one_value_gets_the_room_that_tensorboard_gives_it() -> None:
    edges, counts = rebin([histogram([[0.0, 0.0, 300.0]])], bins=1)
    assert edges.tolist() == [-1.0, 1.0]
    assert counts.tolist() == [[300.0]]


def test_what_lies_outside_of_chosen_ends_is_left_out() -> None:
    _, counts = rebin([histogram([[0.0, 1.0, 4.0], [1.0, 2.0, 6.0], [2.0, 2.0, 5.0]])], (0.5, 1.5), bins=2)
    assert counts.tolist() == [[2.0, 3.0]]


def test_infinite_edges_do_not_stretch_the_bins() -> None:
    infinite = histogram([[-np.inf, 0.0, 1.0], [0.0, 3.0, 3.0], [3.0, np.inf, 2.0]])
    assert extent([infinite]) == (0.0, 3.0)
    _, counts = rebin([infinite], bins=3)
    assert counts.tolist() == [[1.0, 1.0, 1.0]]


def test_no_histograms_and_empty_ones_have_no_extent() -> None:
    assert extent([]) is None
    assert rebin([]).counts.shape == (0, BINS)
    empty = Histogram(np.empty(0), np.empty(0), np.empty(0))
    assert rebin([empty]).counts.sum() == 0.0
    assert compressed(empty).tolist() == [0.0] * 9
