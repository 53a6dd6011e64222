"""The operations on variables: make a handle, read, assign, gather rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.errors import InvalidArgumentError
from trackml.graph.conversion import constant, original
from trackml.graph.graph import apply_op
from trackml.graph.indexed_slices import IndexedSlices
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, Kernel, register
from trackml.graph.rewriting import SIMPLER, register_pass
from trackml.graph.runtime import SMALL_BYTES, Runtime, VariableCell
from trackml.graph.shape_rules import no_outputs, scalar
from trackml.shapes import TensorShape
from trackml.variables.repeated_reads import read_once


def declared_shape(handle: Tensor) -> TensorShape:
    """The static shape of the variable behind a handle."""
    op = original(handle).op
    shape: TensorShape = op.attrs["shape"] if op.type == "VarHandleOp" else TensorShape(None)
    return shape


def _handle(op: Operation, runtime: Runtime) -> Kernel:
    cell = runtime.variable(op.attrs["shared_name"] or op.name)
    return lambda: cell


register(
    "VarHandleOp",
    bind=_handle,
    shape=scalar,
    dtypes=dtypes.resource,
    gradient=NOT_DIFFERENTIABLE,
    types={},
    settled=True,
)


def _stateful(kernel: Callable[..., Any]) -> Callable[[Operation, Runtime], Kernel]:
    """An operation whose state is in the cell that it is given: the kernel itself is bound."""
    return lambda op, runtime: kernel


register(
    "ReadVariableOp",
    bind=_stateful(VariableCell.read),
    shape=lambda op: declared_shape(op.inputs[0]),
    dtypes="dtype",
    gradient=lambda op, grad: grad,
    types={},
)
register_pass(SIMPLER, "ReadVariableOp", read_once)
register(
    "VarIsInitializedOp",
    bind=_stateful(lambda cell: np.bool_(cell.peek() is not None)),
    shape=scalar,
    dtypes=dtypes.bool_,
    gradient=NOT_DIFFERENTIABLE,
    types={},
)


def _assign(op: Operation, runtime: Runtime) -> Kernel:
    shape = declared_shape(op.inputs[0])
    check = bool(op.attrs.get("validate_shape", True))

    def assign(cell: VariableCell, value: Any) -> None:
        if check and not shape.is_compatible_with(np.shape(value)):
            raise InvalidArgumentError(
                None, None, f"Cannot assign a value of shape {np.shape(value)} to {cell.name} of shape {shape}"
            )
        cell.assign(value)

    return assign


def _changed_by(combine: Any) -> Callable[[VariableCell, Any], None]:
    def update(cell: VariableCell, value: Any) -> None:
        if value.nbytes <= SMALL_BYTES:
            cell.put(combine(cell.read(), value))
            return
        array = cell.begin_update()
        try:
            combine(array, value, array)
        finally:
            cell.end_update(array)

    return update


_UPDATE: Any = {"shape": no_outputs, "gradient": NOT_DIFFERENTIABLE, "types": {"dtype": 1}}

register("AssignVariableOp", bind=_assign, **_UPDATE)
register("AssignAddVariableOp", bind=_stateful(_changed_by(np.add)), **_UPDATE)
register("AssignSubVariableOp", bind=_stateful(_changed_by(np.subtract)), **_UPDATE)


def _gathered_shape(op: Operation) -> TensorShape:
    return op.inputs[1].shape.concatenate(declared_shape(op.inputs[0])[1:])


def _gather(cell: VariableCell, indices: Any) -> Any:
    rows = cell.read()
    outside = (indices < 0) | (indices >= len(rows))
    if outside.any():
        raise InvalidArgumentError(
            None, None, f"indices = {np.asarray(indices)[outside].ravel()[0]} is not in [0, {len(rows)})"
        )
    # That indices are inside is settled; with "clip" numpy does not look at them one by one again.
    return rows.take(indices, 0, mode="clip")


def _gather_grad(op: Operation, grad: Tensor) -> list[Any]:
    handle, indices = op.inputs
    row = declared_shape(handle)
    values = apply_op("Reshape", grad, constant([-1, *row.as_list()[1:]], dtypes.int32))
    flat = apply_op("Reshape", indices, constant([-1], dtypes.int32))
    return [IndexedSlices(values, flat, constant(row.as_list(), dtypes.int32)), None]


register(
    "ResourceGather",
    bind=_stateful(_gather),
    shape=_gathered_shape,
    dtypes="dtype",
    gradient=_gather_grad,
    types={"Tindices": 1},
)
