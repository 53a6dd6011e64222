"""The ends of a series: first, last, lowest and highest value with their steps, and which end is the better one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from trackml.runs import Series

_SPEED = re.compile(r"per_?sec|/sec|throughput", re.IGNORECASE)
_HIGHER_IS_BETTER = re.compile(
    r"acc|auc|precision|recall|f1|f_?score|map\b|mean_?ap|iou|dice|bleu|rouge|r2|psnr|ssim|reward|return|score|win"
    r"|correct|ndcg|mrr|hit|top[-_]?\d|likelihood|elbo",
    re.IGNORECASE,
)
_LOWER_IS_BETTER = re.compile(
    r"loss|err|mse|mae|rmse|mape|perplexity|ppl|nll|neg_|negative|cost|regret|distance|wer\b|cer\b|fid\b|kl\b|diver"
    r"|entropy|false|latency|time|secs?\b|lr\b|learning_rate",
    re.IGNORECASE,
)
_KNOWN: WeakKeyDictionary[Series, Extremes] = WeakKeyDictionary()
"""A series never changes."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value, and the step at which it was logged."""

    value: float
    step: int


@dataclass(frozen=True, slots=True)
class Extremes:
    """The ends of one series."""

    first: Point
    last: Point
    low: Point | None
    """The lowest finite value, where it came first; None if no value is finite."""
    high: Point | None

    def best(self, *, lower: bool) -> Point | None:
        """The better end."""
        return self.low if lower else self.high


def extremes_of(series: Series) -> Extremes | None:
    """The ends of a series; None if it is empty."""
    if not len(series):
        return None
    if series not in _KNOWN:
        low, high = _places(series)
        _KNOWN[series] = Extremes(_point(series, 0), _point(series, -1), low, high)
    return _KNOWN[series]


def lower_is_better(tag: str) -> bool:
    """Whether small values of a metric are good, by its name: of `loss`, `error`, `time`; not of `accuracy`.

    The last part of the name decides if it says something. What says nothing is taken for a loss.
    """
    if _SPEED.search(tag):
        return False
    for text in (tag.rsplit("/", 1)[-1], tag):
        if _LOWER_IS_BETTER.search(text):
            return True
        if _HIGHER_IS_BETTER.search(text):
            return False
    return True


def _places(series: Series) -> tuple[Point | None, Point | None]:
    values = series.held_value
    low, high = int(np.argmin(values)), int(np.argmax(values))  # the place of a NaN, if there is one
    if np.isfinite(values[low]) and np.isfinite(values[high]):
        return _point(series, low), _point(series, high)
    finite = np.flatnonzero(np.isfinite(values))
    if not finite.size:
        return None, None
    return (
        _point(series, int(finite[np.argmin(values[finite])])),
        _point(series, int(finite[np.argmax(values[finite])])),
    )


def _point(series: Series, place: int) -> Point:
    return Point(float(series.held_value[place]), int(series.step[place]))
