"""Penalties on weights by Keras' names: `keras.regularizers.l2(0.01)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from trackml.graph.operation import Tensor
from trackml.ops import math, reductions

__all__ = ["L1L2", "get", "l1", "l1_l2", "l2"]


class L1L2:
    """`l1 * sum(abs(x)) + l2 * sum(x ** 2)`.

    Args:
        l1: What a sum of sizes costs.
        l2: What a sum of squares costs.
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.l1 = float(l1)
        self.l2 = float(l2)

    def __call__(self, x: Any) -> Tensor:
        """The penalty, a scalar."""
        parts = []
        if self.l1:
            parts.append(self.l1 * reductions.reduce_sum(math.abs(x)))
        if self.l2:
            parts.append(self.l2 * reductions.reduce_sum(math.square(x)))
        return math.add_n(parts) if parts else 0.0 * reductions.reduce_sum(x)

    def get_config(self) -> dict[str, float]:
        """The two numbers."""
        return {"l1": self.l1, "l2": self.l2}


def l1(l1: float = 0.01) -> L1L2:
    """The penalty `l1 * sum(abs(x))`."""
    return L1L2(l1=l1)


def l2(l2: float = 0.01) -> L1L2:
    """The penalty `l2 * sum(x ** 2)`."""
    return L1L2(l2=l2)


def l1_l2(l1: float = 0.01, l2: float = 0.01) -> L1L2:
    """Both penalties."""
    return L1L2(l1, l2)


def get(identifier: Any) -> Callable[[Any], Any] | None:
    """The penalty that a name, a configuration, a function or None stands for.

    Raises:
        ValueError: There is no penalty of that name.
    """
    if identifier is None or callable(identifier):
        found: Callable[[Any], Any] | None = identifier
        return found
    if isinstance(identifier, Mapping):
        return L1L2(**identifier.get("config", {}))
    named = {"l1": l1, "l2": l2, "l1_l2": l1_l2}
    if identifier not in named:
        raise ValueError(f"Unknown regularizer {identifier!r}; expected a function or one of: {', '.join(named)}.")
    return named[identifier]()
