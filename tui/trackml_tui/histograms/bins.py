"""TensorBoard's two ways to make histograms comparable: thirty bins of one width, and nine percentiles.

Source: tensorboard/plugins/histogram/polymer3/tf_histogram_dashboard/histogramCore.ts (`intermediateToD3`,
`backendToVz`), and tensorboard/plugins/distribution/compressor.py (`compress_histogram`), of tensorboard 2.21.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from trackml.runs import Histogram

Floats: TypeAlias = NDArray[np.float64]
Range: TypeAlias = "tuple[float, float]"

BINS = 30
BASIS_POINTS = (0, 668, 1587, 3085, 5000, 6915, 8413, 9332, 10000)
"""Hundredths of a percent: the normal distribution at -1.5, -1, -0.5, 0, 0.5, 1 and 1.5 standard deviations, and
its ends."""


class Rebinned(NamedTuple):
    """Histograms in bins of one width."""

    edges: Floats
    """Shape `[bins + 1]`."""
    counts: Floats
    """Shape `[histograms, bins]`."""


def extent(histograms: Sequence[Histogram]) -> Range | None:
    """The least and the greatest finite edge of them all; None if there is none."""
    edges = [np.concatenate([histogram.left, histogram.right]) for histogram in histograms]
    every = np.concatenate(edges) if edges else np.empty(0)
    every = every[np.isfinite(every)]
    return (float(every.min()), float(every.max())) if len(every) else None


def widened(ends: Range) -> Range:
    """The ends of the bins; where all values are one, TensorBoard's room around it."""
    low, high = ends
    return (low / 1.1 - 1, low * 1.1 + 1) if low == high else ends


def rebin(histograms: Sequence[Histogram], ends: Range | None = None, bins: int = BINS) -> Rebinned:
    """Histograms in bins of one width, which all of them have in common.

    A bucket gives each bin as much of its count as it has of its width. A bucket without width is in the bin that
    begins there or reaches over it, at the right end in the last one. (TensorBoard loses one that lies between two
    bins, and one at the right end where rounding leaves the last bin short.)

    Args:
        histograms: Buckets that go up and do not overlap.
        ends: Where the first bin begins and the last one ends; None takes the extent of all.
        bins: How many.
    """
    ends = ends or extent(histograms)
    if ends is None:
        return Rebinned(np.linspace(0.0, 1.0, bins + 1), np.zeros((len(histograms), bins)))
    low, high = widened(ends)
    width = (high - low) / bins
    left: Floats = low + np.arange(bins, dtype=np.float64) * width
    counts = np.array([_shared_out(histogram, left, width, low, high) for histogram in histograms])
    return Rebinned(np.append(left, left[-1] + width), counts.reshape(-1, bins))


def compressed(histogram: Histogram) -> Floats:
    """The value at each of the `BASIS_POINTS`, a line through the running sum of counts; zeros if it is empty."""
    left, right, counts = histogram
    if not len(counts):
        return np.zeros(len(BASIS_POINTS))
    weights = (counts * BASIS_POINTS[-1] / (counts.sum() or 1.0)).cumsum()
    return np.array([_percentile(point, weights, float(left[0]), right) for point in BASIS_POINTS])


def _shared_out(histogram: Histogram, left: Floats, width: float, low: float, high: float) -> Floats:
    """How much of each bucket goes to each bin, added up."""
    begin, end = np.maximum(low, histogram.left), np.minimum(high, histogram.right)
    whole = histogram.right - histogram.left
    whole = np.where(np.isfinite(whole), whole, end - begin)
    wide = (end > begin) & (whole > 0)
    overlap = np.minimum(end[wide, None], left + width) - np.maximum(begin[wide, None], left)
    share = np.clip(overlap, 0.0, None) / whole[wide, None]
    counts: Floats = (share * histogram.counts[wide, None]).sum(axis=0)
    points = (histogram.left == histogram.right) & (begin <= end)
    places = np.clip(np.searchsorted(left, begin[points], side="right") - 1, 0, len(left) - 1)
    np.add.at(counts, places, histogram.counts[points])
    return counts


def _percentile(point: float, weights: Floats, least: float, right: Floats) -> float:
    """The value below which `point` of the `weights` lies."""
    greatest = float(right[-1])
    for bucket in range(int(np.searchsorted(weights, point, side="right")), len(weights)):
        before = float(weights[bucket - 1]) if bucket else 0.0
        if weights[bucket] == before:
            continue
        low = max(float(right[bucket - 1]), least) if bucket and before else least
        high = min(float(right[bucket]), greatest)
        return low + (point - before) * (high - low) / (float(weights[bucket]) - before)
    return greatest
