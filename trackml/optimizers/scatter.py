"""Rows of a variable added to or replaced, by index; equal indices count one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from trackml.graph.operation import Operation
from trackml.graph.registry import NOT_DIFFERENTIABLE, Kernel, register
from trackml.graph.runtime import Runtime, VariableCell
from trackml.optimizers.updates import check_rows
from trackml.shapes import TensorShape
from trackml.variables.resource_ops import declared_shape


def _scatter(change: Callable[[Any, Any, Any], None]) -> Callable[[Operation, Runtime], Kernel]:
    def scatter(cell: VariableCell, indices: Any, updates: Any) -> None:
        check_rows(indices, len(cell.read()))
        whole = cell.begin_update()
        try:
            change(whole, indices, updates)
        finally:
            cell.end_update(whole)

    return lambda op, runtime: scatter


def _replace(whole: Any, indices: Any, updates: Any) -> None:
    whole[indices] = updates


def _scatter_shape(op: Operation) -> tuple[TensorShape, ...]:
    handle, indices, updates = op.inputs
    if updates.shape.ndims != 0:
        updates.shape.merge_with(indices.shape.concatenate(declared_shape(handle)[1:]))
    return ()


_ROWS: Any = {"shape": _scatter_shape, "gradient": NOT_DIFFERENTIABLE, "types": {"dtype": 2, "Tindices": 1}}

register("ResourceScatterAdd", bind=_scatter(np.add.at), **_ROWS)
register("ResourceScatterSub", bind=_scatter(np.subtract.at), **_ROWS)
register("ResourceScatterUpdate", bind=_scatter(_replace), **_ROWS)
