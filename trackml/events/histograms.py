"""Histogram summaries, bucket for bucket as TensorFlow makes them.

Values are counted in 1,551 buckets whose limits grow by a factor of 1.1 from 1e-12 to 1e20 on both sides of zero. A
bucket holds what lies below its limit and not below the limit before. Runs of empty buckets are written as one.

Source: tensorflow/core/lib/histogram/histogram.cc.
"""

from __future__ import annotations

import functools
import sys

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import histogram_pb2, summary_pb2

from trackml.errors import InvalidArgumentError

_SMALLEST = 1e-12
_LARGEST = 1e20
_FACTOR = 1.1


def histogram_value(tag: str, values: npt.ArrayLike) -> summary_pb2.Summary.Value:
    """Gives the distribution of `values` as `histo`.

    Args:
      tag: The tag.
      values: Real numbers of any shape; none is allowed too.

    Returns:
      A `Summary.Value`. Of no numbers: one empty bucket, `min` the largest double and `max` the smallest.

    Raises:
      InvalidArgumentError: If a number is NaN or infinite.
    """
    numbers = np.asarray(values).astype(np.float64).ravel() + 0.0  # no negative zero: TensorFlow leaves its sign out
    _refuse_non_finite(tag, numbers)
    limits = _limits()
    # The largest double itself lies above every limit; the last bucket takes it.
    buckets = np.minimum(np.searchsorted(limits, numbers, side="right"), len(limits) - 1)
    counts = np.bincount(buckets, minlength=len(limits))
    kept = _last_of_empty_runs(counts)
    with np.errstate(over="ignore"):
        total, sum_squares = _sum_in_order(numbers), _sum_in_order(numbers * numbers)
    histogram = histogram_pb2.HistogramProto(
        min=numbers.min(initial=sys.float_info.max),
        max=numbers.max(initial=-sys.float_info.max),
        num=len(numbers),
        sum=total,
        sum_squares=sum_squares,
        bucket_limit=limits[kept],
        bucket=counts[kept],
    )
    return summary_pb2.Summary.Value(tag=tag, histo=histogram)


def _refuse_non_finite(tag: str, numbers: npt.NDArray[np.float64]) -> None:
    finite = np.isfinite(numbers)
    if not finite.all():
        what = "Nan" if np.isnan(numbers[finite.argmin()]) else "Infinity"
        raise InvalidArgumentError(None, None, f"{what} in summary histogram for: {tag}")


def _last_of_empty_runs(counts: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Marks every bucket that holds something, and the last of each run of empty ones."""
    filled: npt.NDArray[np.bool_] = counts > 0
    kept: npt.NDArray[np.bool_] = filled.copy()
    kept[:-1] |= filled[1:]
    kept[-1] = True
    return kept


def _sum_in_order(numbers: npt.NDArray[np.float64]) -> float:
    """Gives the sum as a loop makes it: numpy's pairwise `sum` rounds differently in the last bits."""
    return float(numbers.cumsum()[-1]) if len(numbers) else 0.0


@functools.cache
def _limits() -> npt.NDArray[np.float64]:
    limits = []
    limit = _SMALLEST
    while limit < _LARGEST:
        limits.append(limit)
        limit *= _FACTOR
    limits.append(sys.float_info.max)
    return np.array([*(-limit for limit in reversed(limits)), 0.0, *limits])
