"""Histograms and precision-recall curves, as PyTorch's and tensorboardX's writers make them.

Source: torch/utils/tensorboard/summary.py (`make_histogram`, `compute_curve`); tensorboard/plugins/pr_curve/summary.py.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import histogram_pb2
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.pr_curve import plugin_data_pb2

from trackml.writer.arrays import Array, as_array
from trackml.writer.tensors import metadata_of, tensor_proto

Floats = npt.NDArray[np.float64]

_SMALLEST, _LARGEST, _FACTOR = 1e-12, 1e20, 1.1
_MOST_THRESHOLDS = 127  # a number of thresholds that takes more than a byte is not understood by TensorBoard
_LEAST_COUNT = 1e-7


def histogram_value(tag: str, values: Any, bins: Any = "tensorflow", max_bins: int | None = None) -> Summary.Value:
    """Gives the distribution of `values`.

    The buckets reach from the one before the first that holds something to the last that does: the first is empty and
    gives the lower limit.

    Args:
        tag: The tag.
        values: Numbers of any shape.
        bins: "tensorflow" for limits that grow by a tenth, else what `numpy.histogram` takes.
        max_bins: Neighbouring buckets are put together until there are about so many.

    Raises:
        ValueError: There is no number, or none that lies in any bucket.
    """
    numbers = as_array(values).astype(np.float64).ravel()
    if numbers.size == 0:
        raise ValueError(f"The histogram of tag {tag!r} got no numbers.")
    counts, limits = np.histogram(
        numbers, bins=default_limits() if isinstance(bins, str) and bins == "tensorflow" else bins
    )
    if max_bins is not None and len(counts) > max_bins:
        counts, limits = _thinned(counts, limits, max_bins)
    filled = np.flatnonzero(counts)
    if len(filled) == 0:
        raise ValueError(
            f"No number in the histogram of tag {tag!r} lies in any bucket: they are NaN, or beyond the limits."
        )
    first, last = int(filled[0]), int(filled[-1])
    with np.errstate(over="ignore", invalid="ignore"):
        total, sum_squares = numbers.sum(), numbers.dot(numbers)
    return histogram_raw_value(
        tag,
        min=numbers.min(),
        max=numbers.max(),
        num=len(numbers),
        sum=total,
        sum_squares=sum_squares,
        bucket_limits=limits[first : last + 2].tolist(),
        bucket_counts=[0, *counts[first : last + 1].tolist()],
    )


def histogram_raw_value(
    tag: str,
    *,
    min: float,
    max: float,
    num: float,
    sum: float,
    sum_squares: float,
    bucket_limits: Sequence[float],
    bucket_counts: Sequence[float],
) -> Summary.Value:
    """Gives a distribution that was counted already, `bucket_limits` being the upper limit of each bucket.

    Raises:
        ValueError: There are not as many limits as counts.
    """
    if len(bucket_limits) != len(bucket_counts):
        raise ValueError(
            f"Each bucket has an upper limit and a count; got {len(bucket_limits)} bucket_limits and "
            f"{len(bucket_counts)} bucket_counts for tag {tag!r}."
        )
    histogram = histogram_pb2.HistogramProto(
        min=min, max=max, num=num, sum=sum, sum_squares=sum_squares, bucket_limit=bucket_limits, bucket=bucket_counts
    )
    return Summary.Value(tag=tag, histo=histogram)


def pr_curve_value(tag: str, labels: Any, predictions: Any, num_thresholds: int, weights: Any) -> Summary.Value:
    """Gives the precision-recall curve of a binary classifier.

    Args:
        tag: The tag.
        labels: Truth values, any shape.
        predictions: Probabilities of the same shape; those outside of 0 to 1 are left out.
        num_thresholds: How many thresholds from 0 to 1; 127 at most.
        weights: Of the examples, or None.
    """
    count = min(num_thresholds, _MOST_THRESHOLDS)
    truth = as_array(labels).astype(np.float64).ravel()
    buckets = np.floor(as_array(predictions).ravel() * (count - 1))
    weight = np.broadcast_to(1.0 if weights is None else as_array(weights).ravel(), truth.shape)
    known = (buckets >= 0) & (buckets <= count - 1)
    index = buckets[known].astype(np.intp)
    positives = np.bincount(index, (truth * weight)[known], count)
    negatives = np.bincount(index, ((1.0 - truth) * weight)[known], count)
    # What is predicted at a threshold is all that lies in its bucket or above.
    true_positives, false_positives = positives[::-1].cumsum()[::-1], negatives[::-1].cumsum()[::-1]
    true_negatives = false_positives[0] - false_positives
    false_negatives = true_positives[0] - true_positives
    precision = true_positives / np.maximum(_LEAST_COUNT, true_positives + false_positives)
    recall = true_positives / np.maximum(_LEAST_COUNT, true_positives + false_negatives)
    return pr_curve_raw_value(
        tag, [true_positives, false_positives, true_negatives, false_negatives, precision, recall], count
    )


def pr_curve_raw_value(tag: str, rows: Sequence[Any], num_thresholds: int) -> Summary.Value:
    """Gives a curve from its six rows: true and false positives, true and false negatives, precision, recall."""
    data = np.stack([as_array(row) for row in rows]).astype(np.float32)
    plugin = plugin_data_pb2.PrCurvePluginData(version=0, num_thresholds=min(num_thresholds, _MOST_THRESHOLDS))
    metadata = metadata_of("pr_curves", plugin.SerializeToString())
    return Summary.Value(tag=tag, tensor=tensor_proto(data), metadata=metadata)


def _thinned(counts: Array, limits: Array, max_bins: int) -> tuple[Array, Array]:
    step = len(counts) // max_bins
    padded = np.pad(counts, (0, -len(counts) % step))
    return padded.reshape(-1, step).sum(axis=1), np.append(limits[:-1:step], limits[-1])


@functools.cache
def default_limits() -> Floats:
    """Gives limits of buckets that widen by a tenth, on both sides of 0."""
    limits = []
    limit = _SMALLEST
    while limit < _LARGEST:
        limits.append(limit)
        limit *= _FACTOR
    return np.array([*(-limit for limit in reversed(limits)), 0.0, *limits])
