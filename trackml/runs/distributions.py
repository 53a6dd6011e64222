"""Histograms as edges and counts, as `numpy.histogram` gives them, and what can be said about what they count."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from trackml.events.contents import Histogram

Floats: TypeAlias = "npt.NDArray[np.float64]"


class Moments(NamedTuple):
    """Mean and standard deviation."""

    mean: float
    std: float


def edges_of(histogram: Histogram) -> tuple[Floats, Floats]:
    """Gives the edges of the buckets, shape `[buckets + 1]`, and the counts, shape `[buckets]`.

    Between buckets that do not touch there is one more, which is empty. Without buckets there are no edges.

    Example:
      >>> one, two = np.array([0.0, 2.0]), np.array([1.0, 3.0])
      >>> limits, counts = edges_of(Histogram(one, two, np.array([5.0, 6.0])))
      >>> limits.tolist(), counts.tolist()
      ([0.0, 1.0, 2.0, 3.0], [5.0, 0.0, 6.0])
    """
    left, right, counts = histogram
    if not len(counts):
        return np.empty(0), np.empty(0)
    limits = np.empty(len(left) + 1)
    limits[:-1], limits[-1] = left, right[-1]
    gaps = np.flatnonzero(left[1:] > right[:-1])
    if not len(gaps):
        return limits, counts
    return np.insert(limits, gaps + 1, right[gaps]), np.insert(counts, gaps + 1, 0.0)


def moments_of(limits: Floats, counts: Floats) -> Moments:
    """Estimates mean and standard deviation, as if what is in a bucket were spread evenly over it.

    Example:
      >>> moments_of(np.array([0.0, 1.0]), np.array([9.0]))
      Moments(mean=0.5, std=0.28867513459481287)
    """
    total = counts.sum()
    if not total > 0:
        return Moments(np.nan, np.nan)
    left, right = limits[:-1], limits[1:]
    with np.errstate(over="ignore", invalid="ignore"):
        mean = float((counts * (left / 2 + right / 2)).sum() / total)
        # Around the mean: squares of large numbers that differ little would cancel out.
        low, high = left - mean, right - mean
        variance = float((counts * (low * low + low * high + high * high)).sum() / (3 * total))
    return Moments(mean, float(np.sqrt(variance)))


def histogram_cdf(limits: npt.ArrayLike, counts: npt.ArrayLike, x: npt.ArrayLike) -> Floats:
    """Gives which share of a histogram lies at or below each `x`; what is in a bucket is spread evenly over it.

    Args:
      limits: Edges, shape `[buckets + 1]`, going up.
      counts: How many are in each bucket, shape `[buckets]`.
      x: Where to look, any shape.

    Returns:
      Shares from 0 to 1, in the shape of `x`; NaN if the histogram is empty.

    Raises:
      ValueError: If there is not one edge more than buckets.

    Example:
      >>> histogram_cdf([0, 1, 3], [1, 3], [0, 1, 2, 9]).tolist()
      [0.0, 0.25, 0.625, 1.0]
    """
    edges, amounts = _checked(limits, counts)
    where = np.asarray(x, np.float64)
    total = amounts.sum()
    if not total > 0:
        return np.full(where.shape, np.nan)
    # Of edges at one place the last one counts, which holds all that is there.
    result: Floats = np.interp(where, edges, _cumulative(amounts) / total, left=0.0)
    return result


def histogram_pdf(limits: npt.ArrayLike, counts: npt.ArrayLike, x: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Gives the middles between neighbouring `x`, and the density of a histogram there.

    Args:
      limits: Edges, shape `[buckets + 1]`, going up.
      counts: How many are in each bucket, shape `[buckets]`.
      x: Going up, shape `[n]`.

    Returns:
      Two arrays of shape `[n - 1]`.

    Raises:
      ValueError: If there is not one edge more than buckets, or `x` does not go up.

    Example:
      >>> middles, density = histogram_pdf([0, 1, 3], [1, 3], [0, 1, 3])
      >>> middles.tolist(), density.tolist()
      ([0.5, 2.0], [0.25, 0.375])
    """
    where = _rising(x)
    return (where[1:] + where[:-1]) / 2, np.diff(histogram_cdf(limits, counts, where)) / np.diff(where)


def histogram_bins(limits: npt.ArrayLike, counts: npt.ArrayLike, bins: int | npt.ArrayLike) -> tuple[Floats, Floats]:
    """Gives a histogram with other buckets; what is in a bucket is spread evenly over it.

    Args:
      limits: Edges, shape `[buckets + 1]`, going up.
      counts: How many are in each bucket, shape `[buckets]`.
      bins: How many buckets of one width between the first and the last edge, or their edges, shape `[bins + 1]`.

    Returns:
      Edges, shape `[bins + 1]`, and counts, shape `[bins]`; they lack what lies outside of the edges.

    Raises:
      ValueError: If there is not one edge more than buckets, or `bins` is not positive or does not go up.

    Example:
      >>> edges, amounts = histogram_bins([0, 1, 3], [1, 3], 3)
      >>> edges.tolist(), amounts.tolist()
      ([0.0, 1.0, 2.0, 3.0], [1.0, 1.5, 1.5])
    """
    old, amounts = _checked(limits, counts)
    edges = _edges(old, bins)
    if not len(old):
        return edges, np.zeros(len(edges) - 1)
    cumulative = _cumulative(amounts)
    # What lies at an edge belongs to the bin that begins there, as numpy has it, and to the last one at its end.
    above = np.interp(-edges, -old[::-1], (cumulative[-1] - cumulative)[::-1], left=0.0)
    below = cumulative[-1] - above
    below[-1] = np.interp(edges[-1], old, cumulative, left=0.0)
    return edges, np.diff(below)


def _cumulative(amounts: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(amounts)])


def _edges(old: Floats, bins: int | npt.ArrayLike) -> Floats:
    if not isinstance(bins, int | np.integer):
        return _rising(bins)
    if bins < 1:
        raise ValueError(f"expected at least one bin; got {bins}.")
    if not len(old):
        return np.linspace(0.0, 1.0, bins + 1)
    begin, end = old[0], old[-1]
    return np.linspace(begin, end, bins + 1) if begin < end else np.linspace(begin - 0.5, end + 0.5, bins + 1)


def _checked(limits: npt.ArrayLike, counts: npt.ArrayLike) -> tuple[Floats, Floats]:
    edges, amounts = np.asarray(limits, np.float64), np.asarray(counts, np.float64)
    if edges.ndim != 1 or amounts.ndim != 1 or len(edges) != len(amounts) + bool(len(amounts)):
        raise ValueError(
            "expected one edge more than buckets; "
            f"got limits of shape {list(edges.shape)} and counts of shape {list(amounts.shape)}."
        )
    return edges, amounts


def _rising(x: npt.ArrayLike) -> Floats:
    where = np.asarray(x, np.float64)
    if where.ndim != 1 or len(where) < 2 or not (np.diff(where) > 0).all():
        raise ValueError(f"expected at least two numbers that go up; got {where!r}.")
    return where
