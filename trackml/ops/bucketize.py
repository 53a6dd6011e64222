"""Numbers to the numbers of the ranges that they are in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.shape_rules import same_as_input
from trackml.ops.framework import name_scope

Array = np.ndarray[Any, Any]


def bucketize(input: Any, boundaries: Sequence[float], name: str | None = None) -> Tensor:
    """The range that each number is in: 0 below the first boundary, 1 from there to below the second, and so on.

    Args:
        input: Numbers of any shape.
        boundaries: Where the ranges meet, in rising order; they are rounded to float32.
        name: Name of the operation.

    Returns:
        int32, in the shape of `input`; NaN is in the last range.

    Raises:
        ValueError: The boundaries do not rise.
    """
    if any(low > high for low, high in pairwise(boundaries)):
        raise ValueError(f"Expected sorted boundaries; got {list(boundaries)}")
    with name_scope(name, "Bucketize", [input]) as scope:
        numbers = convert_to_tensor(input, name="input")
        limits = [float(limit) for limit in boundaries]
        buckets: Tensor = apply_op("Bucketize", numbers, name=scope, boundaries=limits)
    return buckets


def _bucketize(x: Array, *, boundaries: Sequence[float]) -> Array:
    limits = np.array(boundaries, np.float32)
    return np.searchsorted(limits, x, side="right").astype(np.int32)


register(
    "Bucketize",
    _bucketize,
    shape=same_as_input,
    dtypes=dtypes.int32,
    gradient=NOT_DIFFERENTIABLE,
)
