"""Gradients as optimizers take them: those that there are, each row once."""

from __future__ import annotations

from typing import Any

from trackml import logging
from trackml.graph.indexed_slices import IndexedSlices
from trackml.ops import array
from trackml.ops.segments import unsorted_segment_sum
from trackml.ops.unique import unique
from trackml.variables import Variable


def with_gradients(pairs: list[tuple[Any, Variable]]) -> list[tuple[Any, Variable]]:
    """The pairs that have a gradient; says which have none, ValueError when there is no gradient at all."""
    wanted = [(grad, var) for grad, var in pairs if grad is not None]
    lacking = [var.name for grad, var in pairs if grad is None]
    if not wanted:
        raise ValueError(f"No gradients provided for any variable: {lacking}. The loss depends on none of them.")
    if lacking:
        logging.warning(f"Gradients do not exist for variables {lacking} when minimizing the loss.")
    return wanted


def summed(grad: Any) -> Any:
    """A gradient of rows with each row once."""
    if not isinstance(grad, IndexedSlices):
        return grad
    rows, positions = unique(grad.indices)
    values = unsorted_segment_sum(grad.values, positions, array.shape(rows)[0])
    return IndexedSlices(values, rows, grad.dense_shape)
