"""Losses of numbers: distances between what was predicted and what is."""

from __future__ import annotations

from typing import Any

from trackml.graph.operation import Tensor
from trackml.keras.losses.alignment import alike
from trackml.ops import activations, gathering, math, nn, reductions

EPSILON = 1e-7


def mean_squared_error(y_true: Any, y_pred: Any) -> Tensor:
    """`mean((y_pred - y_true) ** 2)` along the last axis."""
    true, pred = alike(y_true, y_pred)
    return _mean(math.square(pred - true))


def mean_absolute_error(y_true: Any, y_pred: Any) -> Tensor:
    """`mean(abs(y_pred - y_true))` along the last axis."""
    true, pred = alike(y_true, y_pred)
    return _mean(math.abs(pred - true))


def mean_absolute_percentage_error(y_true: Any, y_pred: Any) -> Tensor:
    """`100 * mean(abs((y_true - y_pred) / y_true))` along the last axis; divisors are 1e-7 at least."""
    true, pred = alike(y_true, y_pred)
    return 100.0 * _mean(math.abs((true - pred) / math.maximum(math.abs(true), EPSILON)))


def mean_squared_logarithmic_error(y_true: Any, y_pred: Any) -> Tensor:
    """`mean((log(1 + y_true) - log(1 + y_pred)) ** 2)` along the last axis; both are 1e-7 at least."""
    true, pred = alike(y_true, y_pred)
    logs = [math.log(math.maximum(value, EPSILON) + 1.0) for value in (pred, true)]
    return _mean(math.square(logs[0] - logs[1]))


def huber(y_true: Any, y_pred: Any, delta: float = 1.0) -> Tensor:
    """The mean along the last axis of `e ** 2 / 2` for errors up to `delta`, `delta * (abs(e) - delta / 2)` beyond."""
    true, pred = alike(y_true, y_pred)
    error = pred - true
    size = math.abs(error)
    return _mean(gathering.where(size <= delta, 0.5 * math.square(error), delta * size - 0.5 * delta**2))


def log_cosh(y_true: Any, y_pred: Any) -> Tensor:
    """`mean(log(cosh(y_pred - y_true)))` along the last axis."""
    true, pred = alike(y_true, y_pred)
    error = pred - true
    return _mean(error + activations.softplus(-2.0 * error) - 0.6931471805599453)


def kl_divergence(y_true: Any, y_pred: Any) -> Tensor:
    """`sum(y_true * log(y_true / y_pred))` along the last axis; both clipped to [1e-7, 1]."""
    true, pred = (math.minimum(math.maximum(value, EPSILON), 1.0) for value in alike(y_true, y_pred))
    return reductions.reduce_sum(true * math.log(true / pred), axis=-1)


def poisson(y_true: Any, y_pred: Any) -> Tensor:
    """`mean(y_pred - y_true * log(y_pred))` along the last axis."""
    true, pred = alike(y_true, y_pred)
    return _mean(pred - true * math.log(pred + EPSILON))


def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> Tensor:
    """The cosine of the angle between the two along an axis, times -1, so that smaller is more alike."""
    true, pred = (nn.l2_normalize(value, axis=axis) for value in alike(y_true, y_pred))
    return -reductions.reduce_sum(true * pred, axis=axis)


def _mean(values: Tensor) -> Tensor:
    return reductions.reduce_mean(values, axis=-1)
