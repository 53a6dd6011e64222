"""Losses of margins: nothing for what is on the right side by far enough."""

from __future__ import annotations

from typing import Any

from trackml.graph.operation import Tensor
from trackml.keras.losses.alignment import alike
from trackml.ops import comparison, math, reductions


def hinge(y_true: Any, y_pred: Any) -> Tensor:
    """`mean(max(1 - y_true * y_pred, 0))` along the last axis, for labels -1 and 1.

    Labels that are zeros and ones alone are taken for -1 and 1.
    """
    return reductions.reduce_mean(_margins(y_true, y_pred), axis=-1)


def squared_hinge(y_true: Any, y_pred: Any) -> Tensor:
    """`mean(max(1 - y_true * y_pred, 0) ** 2)` along the last axis, for labels as of `hinge`."""
    return reductions.reduce_mean(math.square(_margins(y_true, y_pred)), axis=-1)


def categorical_hinge(y_true: Any, y_pred: Any) -> Tensor:
    """`max(1 + largest prediction of another class - that of the class, 0)`, for labels of zeros and a one."""
    true, pred = alike(y_true, y_pred)
    own = reductions.reduce_sum(true * pred, axis=-1)
    other = reductions.reduce_max((1.0 - true) * pred, axis=-1)
    return math.maximum(other - own + 1.0, 0.0)


def _margins(y_true: Any, y_pred: Any) -> Tensor:
    true, pred = alike(y_true, y_pred)
    binary = reductions.reduce_all(comparison.equal(true * (true - 1.0), 0.0))
    share = math.cast(binary, true.dtype)
    signs = share * (2.0 * true - 1.0) + (1.0 - share) * true
    return math.maximum(1.0 - signs * pred, 0.0)
