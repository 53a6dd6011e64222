"""Histograms over time as a matrix of densities, and percentiles of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from trackml.runs import Histogram
from trackml_tui.gallery.steps import Steps

Floats: TypeAlias = NDArray[np.float64]
Range: TypeAlias = "tuple[float, float]"

QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
_LOG_RANGE = 1000.0


class Summary(NamedTuple):
    """What can be said about the numbers in a histogram; mean and deviation as if buckets were filled evenly."""

    amount: float
    mean: float
    std: float
    quantiles: tuple[float, ...]
    """At `QUANTILES`."""


def density_matrix(
    histograms: Sequence[Histogram], steps: Steps, x: Range, y: Range, columns: int, rows: int
) -> Floats:
    """The part of a histogram's numbers that lies in each row, for the histogram nearest to each column's step.

    The first and the last one reach as far outwards as they do inwards.

    Args:
        histograms: At least one.
        steps: Going up, one a histogram.
        x: The steps at the left and the right edge.
        y: The values at the lower and the upper edge.
        columns: Width.
        rows: Height.

    Returns:
        From top to bottom, shape `[rows, columns]`; NaN in columns before the first and after the last step.
    """
    edges = np.linspace(*y, rows + 1)
    parts = np.stack([np.diff(share_below(histogram, edges)) for histogram in histograms])
    at = x[0] + (np.arange(columns) + 0.5) / columns * (x[1] - x[0])
    gaps = np.diff(steps)[[0, -1]] if len(steps) > 1 else (1, 1)
    before, after = (max(0.5 * float(gap), 0.5 * (x[1] - x[0]) / columns) for gap in gaps)
    nearest = np.searchsorted((steps[1:] + steps[:-1]) / 2, at, side="right")
    matrix = parts[nearest].T[::-1].copy()
    matrix[:, (at < steps[0] - before) | (at > steps[-1] + after)] = np.nan
    result: Floats = matrix
    return result


def share_below(histogram: Histogram, x: Floats) -> Floats:
    """The part of a histogram's numbers below each `x`, 0 below the first edge that is asked for."""
    left, right, counts = histogram
    total = float(counts.sum())
    if not total > 0:
        return np.zeros(len(x))
    above = np.cumsum(counts)
    edges = np.nan_to_num(np.stack([left, right], axis=1).ravel())
    amounts = np.stack([above - counts, above], axis=1).ravel() / total
    shares: Floats = np.interp(x, edges, amounts, left=0.0)
    shares[0] = 0.0 if x[0] <= edges[0] else shares[0]
    return shares


def brightness(density: Floats, most: float, scale: str) -> Floats:
    """Densities on a scale from 0 to 1, of which 1 is `most`."""
    part = density / (most or 1.0)
    if scale == "root":
        return np.sqrt(part)
    if scale == "log":
        result: Floats = np.log1p(_LOG_RANGE * part) / math.log1p(_LOG_RANGE)
        return result
    return part


def quantile(histogram: Histogram, parts: Sequence[float]) -> Floats:
    """The values below which these parts of a histogram's numbers lie; its buckets are filled evenly."""
    left, right, counts = histogram
    filled = counts > 0
    if not filled.any():
        return np.full(len(parts), np.nan)
    left, right, counts = left[filled], right[filled], counts[filled]
    above = np.cumsum(counts)
    edges = np.stack([left, right], axis=1).ravel()
    amounts = np.stack([above - counts, above], axis=1).ravel() / above[-1]
    # Between the buckets the sum stands still; of such edges the earlier one counts, save for the very first.
    result: Floats = np.interp(parts, amounts + 1e-12 * np.arange(len(amounts)) / len(amounts), edges)
    return result


def summary_of(histogram: Histogram) -> Summary:
    """Count, mean, deviation and quantiles."""
    left, right, counts = histogram
    total = float(counts.sum())
    quantiles = tuple(quantile(histogram, QUANTILES).tolist())
    if not total > 0:
        return Summary(total, math.nan, math.nan, quantiles)
    with np.errstate(over="ignore", invalid="ignore"):
        mean = float((counts * (left / 2 + right / 2)).sum() / total)
        low, high = left - mean, right - mean
        variance = float((counts * (low * low + low * high + high * high)).sum() / (3 * total))
    return Summary(total, mean, math.sqrt(variance) if variance >= 0 else math.nan, quantiles)


def trimmed_extent(histograms: Sequence[Histogram], part: float = 0.01) -> Range | None:
    """Between which values all but the outermost `part` of each histogram lies on either side."""
    ends = [quantile(histogram, (part, 1.0 - part)) for histogram in histograms if len(histogram.counts)]
    finite = [pair for pair in ends if np.isfinite(pair).all()]
    if not finite:
        return None
    return float(min(pair[0] for pair in finite)), float(max(pair[1] for pair in finite))
