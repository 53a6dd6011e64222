"""Penalties on weights by Keras' names: `keras.regularizers.l2(0.01)`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from trackml.graph.conversion import constant, convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.keras.identifiers import Identifiers
from trackml.ops import math, matmul, nn, reductions

__all__ = [
    "L1",
    "L1L2",
    "L2",
    "OrthogonalRegularizer",
    "Regularizer",
    "deserialize",
    "get",
    "l1",
    "l1_l2",
    "l2",
    "orthogonal_regularizer",
    "serialize",
]


class Regularizer:
    """A function from a weight or an output to a scalar penalty. A subclass has `__call__` and `get_config`."""

    def __call__(self, x: Any) -> Any:
        """No penalty."""
        return 0.0

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        return {}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Regularizer:
        """The penalty of a configuration."""
        return cls(**config)


class L1L2(Regularizer):
    """`l1 * sum(abs(x)) + l2 * sum(x ** 2)`.

    Args:
        l1: What a sum of sizes costs.
        l2: What a sum of squares costs.

    Raises:
        ValueError: One of them is no finite number.
    """

    def __init__(self, l1: float | None = 0.0, l2: float | None = 0.0) -> None:
        self.l1 = _checked(0.0 if l1 is None else l1)
        self.l2 = _checked(0.0 if l2 is None else l2)

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


class L1(L1L2):
    """`l1 * sum(abs(x))`.

    Args:
        l1: What a sum of sizes costs.
    """

    def __init__(self, l1: float | None = 0.01) -> None:
        super().__init__(0.01 if l1 is None else l1)

    def get_config(self) -> dict[str, float]:
        """The number."""
        return {"l1": self.l1}


class L2(L1L2):
    """`l2 * sum(x ** 2)`.

    Args:
        l2: What a sum of squares costs.
    """

    def __init__(self, l2: float | None = 0.01) -> None:
        super().__init__(0.0, 0.01 if l2 is None else l2)

    def get_config(self) -> dict[str, float]:
        """The number."""
        return {"l2": self.l2}


class OrthogonalRegularizer(Regularizer):
    """The mean size of the products of each two rows, or columns, scaled to length 1.

    Args:
        factor: What it costs.
        mode: `"rows"` or `"columns"`.

    Raises:
        ValueError: There is no such mode; when it is applied: the weight is no matrix.
    """

    def __init__(self, factor: float = 0.01, mode: str = "rows") -> None:
        self.factor = _checked(factor)
        if mode not in ("rows", "columns"):
            raise ValueError(
                f'Invalid value for argument `mode`. Expected one of "rows", "columns". Received: {mode!r}'
            )
        self.mode = mode

    def __call__(self, x: Any) -> Tensor:
        """The penalty, a scalar."""
        weight = convert_to_tensor(x)
        if weight.shape.ndims != 2:
            raise ValueError(f"Inputs to OrthogonalRegularizer must have rank 2. Received: {weight.shape}")
        rows = self.mode == "rows"
        vectors = nn.l2_normalize(weight, axis=1 if rows else 0)
        count = int(weight.shape.as_list()[0 if rows else 1] or 0)
        products = matmul.matmul(vectors, vectors, transpose_a=not rows, transpose_b=rows)
        others = constant(1.0 - np.eye(count), weight.dtype)
        pairs = max(count * (count - 1.0) / 2.0, 1.0)
        penalty: Tensor = self.factor * 0.5 * reductions.reduce_sum(math.abs(products * others)) / pairs
        return penalty

    def get_config(self) -> dict[str, Any]:
        """Factor and mode."""
        return {"factor": self.factor, "mode": self.mode}


l1 = L1
l2 = L2
orthogonal_regularizer = OrthogonalRegularizer


def l1_l2(l1: float = 0.01, l2: float = 0.01) -> L1L2:
    """Both penalties."""
    return L1L2(l1, l2)


_KNOWN = Identifiers(
    "regularizer",
    {
        "l1": L1,
        "l1_l2": l1_l2,
        "l2": L2,
        "orthogonal_regularizer": OrthogonalRegularizer,
        **{kind.__name__: kind for kind in (L1, L1L2, L2, OrthogonalRegularizer)},
    },
    default=L1L2,
)


def serialize(regularizer: Any) -> Any:
    """The configuration of a penalty, `class_name` and `config`; None for None."""
    return _KNOWN.serialize(regularizer)


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The penalty of a name or a configuration; ValueError when there is none of that name."""
    return _KNOWN.deserialize(config, custom_objects)


def get(identifier: Any) -> Any:
    """The penalty that a name, a configuration, a function or None stands for.

    Raises:
        ValueError: There is no penalty of that name.
    """
    return _KNOWN.get(identifier)


def _checked(number: Any) -> float:
    if isinstance(number, bool) or not isinstance(number, (int, float, np.number)) or not np.isfinite(number):
        raise ValueError(f"Value: {number!r} is not a valid regularization penalty number: it must be finite.")
    return float(number)
