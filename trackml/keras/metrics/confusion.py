"""True and false positives and negatives by thresholds, which counts, precisions and curves are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.keras.losses.alignment import beside
from trackml.keras.metrics.means import labels_and_predictions
from trackml.ops import array, comparison, gathering, math, nn, ranges, reductions, scans, segments
from trackml.variables import Variable

EPSILON = 1e-7
NEGATIVE = -1e10
"""Below all predictions: the threshold where only the largest ones count."""

KINDS = ("tp", "fp", "tn", "fn")


def settled_thresholds(thresholds: Any, default: float = 0.5) -> list[float]:
    """Thresholds as a list.

    Raises:
        ValueError: One of them is not between 0 and 1.
    """
    if thresholds is None:
        return [default]
    given = [float(item) for item in thresholds] if isinstance(thresholds, (list, tuple, np.ndarray)) else [thresholds]
    wrong = [item for item in given if item is None or item < 0 or item > 1]
    if wrong:
        raise ValueError(f"Threshold values must be in [0, 1]. Received: {wrong}")
    return given


def even_thresholds(count: int, outside: float = 0.0) -> np.ndarray[Any, Any]:
    """Thresholds from 0 to 1 in even steps, the first and the last moved out by `outside`."""
    inner = [(place + 1) * 1.0 / (count - 1) for place in range(count - 2)]
    return np.array([0.0 - outside, *inner, 1.0 + outside])


def are_even(thresholds: Sequence[float]) -> bool:
    """Whether thresholds go from 0 to 1 in even steps."""
    count = len(thresholds)
    if count < 3:
        return False
    return bool(np.allclose(thresholds, np.arange(count, dtype=np.float32) / (count - 1), atol=EPSILON))


def add_batch(
    counts: Mapping[str, Variable],
    y_true: Any,
    y_pred: Any,
    thresholds: Any,
    *,
    sample_weight: Any = None,
    label_weights: Any = None,
    top_k: int | None = None,
    class_id: int | None = None,
    by_label: bool = False,
    evenly: bool = False,
) -> None:
    """Adds what a batch has of each kind to variables.

    Args:
        counts: A variable for each of `"tp"`, `"fp"`, `"tn"`, `"fn"` that is wanted, `[thresholds]` or, by label,
            `[thresholds, labels]`.
        y_true: Zeros and ones.
        y_pred: Predictions of the same shape.
        thresholds: Above which of them a prediction says 1.
        sample_weight: How much each example counts.
        label_weights: How much each label counts, `[labels]`.
        top_k: Only the largest `top_k` predictions of a row say 1.
        class_id: Only this column counts.
        by_label: Whether labels are counted apart.
        evenly: Whether the thresholds are even, so that predictions can be sorted into buckets.
    """
    dtype = next(iter(counts.values())).dtype
    true, pred = labels_and_predictions(y_true, y_pred, dtype)
    true.shape.assert_is_compatible_with(pred.shape)
    weights = array.ones_like(pred)
    if sample_weight is not None:
        weights = weights * beside(sample_weight, pred)
    if label_weights is not None:
        weights = weights * math.cast(convert_to_tensor(label_weights), dtype)
    if top_k is not None:
        pred = _largest(pred, top_k)
    if class_id is not None:
        true, pred, weights = (array.expand_dims(tensor[..., class_id], -1) for tensor in (true, pred, weights))
    true = math.cast(math.cast(true, "bool"), dtype)
    if not by_label:
        true, pred, weights = (array.reshape(tensor, [-1, 1]) for tensor in (true, pred, weights))
    positive, negative = true * weights, (1.0 - true) * weights
    above = _by_buckets if evenly else _by_thresholds
    found = _of_each_kind(*above(pred, positive, negative, thresholds), positive, negative)
    for kind, variable in counts.items():
        variable.assign_add(found[kind] if by_label else found[kind][:, 0], read_value=False)


def _of_each_kind(tp: Tensor, fp: Tensor, positive: Tensor, negative: Tensor) -> dict[str, Tensor]:
    ones, zeros = (reductions.reduce_sum(tensor, axis=0) for tensor in (positive, negative))
    return {"tp": tp, "fp": fp, "tn": zeros - fp, "fn": ones - tp}


def _by_thresholds(pred: Tensor, positive: Tensor, negative: Tensor, thresholds: Any) -> tuple[Tensor, Tensor]:
    """How much of ones and of zeros, `[examples, labels]`, is above each threshold: `[thresholds, labels]` each."""
    limits = np.asarray(thresholds, pred.dtype.as_numpy_dtype)[:, None, None]
    above = math.cast(comparison.greater(array.expand_dims(pred, 0), limits), pred.dtype)
    tp, fp = (reductions.reduce_sum(above * array.expand_dims(tensor, 0), axis=1) for tensor in (positive, negative))
    return tp, fp


def _by_buckets(pred: Tensor, positive: Tensor, negative: Tensor, thresholds: Any) -> tuple[Tensor, Tensor]:
    """The same, where thresholds are even: each prediction goes into the bucket between two of them.

    What is above a threshold is the sum of the buckets from there on, so that time goes with the number of examples
    and not with that of examples times thresholds.
    """
    count = len(thresholds)
    within = math.minimum(math.maximum(pred, 0.0), 1.0)
    bucket = math.cast(math.ceil(within * float(count - 1)), "int32") - 1
    if thresholds[0] < 0.0 or thresholds[-1] > 1.0:
        bucket = math.maximum(bucket, 0)
    labels = array.shape(pred)[1]
    place = bucket * labels + math.cast(_columns(labels), "int32")
    place = gathering.where(bucket < 0, -array.ones_like(place), place)
    tp, fp = (_summed(tensor, place, count, labels) for tensor in (positive, negative))
    return tp, fp


def _summed(values: Tensor, place: Tensor, count: int, labels: Tensor) -> Tensor:
    flat = segments.unsorted_segment_sum(array.reshape(values, [-1]), array.reshape(place, [-1]), labels * count)
    return scans.cumsum(array.reshape(flat, [count, -1]), axis=0, reverse=True)


def _columns(labels: Tensor) -> Tensor:
    """The number of each column, `[1, labels]`."""
    return array.expand_dims(ranges.range(labels), 0)


def _largest(pred: Tensor, k: int) -> Tensor:
    """Predictions with all but the largest `k` of each row far below all thresholds."""
    columns = array.shape(pred)[-1]
    places = nn.top_k(pred, k).indices
    kept = reductions.reduce_sum(gathering.one_hot(places, columns, dtype=pred.dtype), axis=-2)
    return pred * kept + NEGATIVE * (1.0 - kept)
