"""Penalties on weights: functions from a variable to a scalar that is added to the loss."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from trackml.graph.operation import Tensor
from trackml.ops import math
from trackml.ops.framework import name_scope
from trackml.ops.reductions import reduce_sum

Regularizer = Callable[[Any], "Tensor | None"]


def l1_regularizer(scale: float, scope: str | None = None) -> Regularizer:
    """A function that gives `scale * sum(abs(w))`; ValueError when `scale` is no number, or negative."""
    _check(scale)
    return lambda weights: _scaled(scale, scope or "l1_regularizer", lambda: reduce_sum(math.abs(weights)))


def l2_regularizer(scale: float, scope: str | None = None) -> Regularizer:
    """A function that gives `scale * sum(w**2) / 2`; ValueError when `scale` is no number, or negative."""
    _check(scale)
    return lambda weights: _scaled(scale, scope or "l2_regularizer", lambda: reduce_sum(math.square(weights)) * 0.5)


def l1_l2_regularizer(scale_l1: float = 1.0, scale_l2: float = 1.0, scope: str | None = None) -> Regularizer:
    """A function that gives the sum of both penalties."""
    return sum_regularizer([l1_regularizer(scale_l1), l2_regularizer(scale_l2)], scope or "l1_l2_regularizer")


def sum_regularizer(regularizers: Sequence[Regularizer], scope: str | None = None) -> Regularizer:
    """A function that gives the sum of several penalties."""

    def total(weights: Any) -> Tensor | None:
        with name_scope(scope, "sum_regularizer", [weights]):
            parts = [part for part in (one(weights) for one in regularizers) if part is not None]
            return math.add_n(parts) if parts else None

    return total


def _check(scale: float) -> None:
    if isinstance(scale, bool) or not isinstance(scale, (int, float)):
        raise ValueError(f"scale must be a number; got {scale!r}.")
    if scale < 0.0:
        raise ValueError(f"Setting a scale less than 0 on a regularizer: {scale}")


def _scaled(scale: float, name: str, penalty: Callable[[], Tensor]) -> Tensor | None:
    if scale == 0.0:
        return None
    with name_scope(name):
        return penalty() * scale
