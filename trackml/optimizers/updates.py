"""The operations that change variables by a gradient, each made of one formula.

A rule is a function of arrays: the values of the variable and its slots, the rates and the gradient, in the order of
the operation's inputs. It gives the new values. `register_update` makes two operations of it: `ResourceApplyX` calls
it with whole arrays; `ResourceSparseApplyX` calls it with the rows that a batch has looked up, and puts those rows
back, so the formula is written once.

Source: TensorFlow 1.15, core/kernels/training_ops.cc, whose order of arithmetic the rules keep.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from trackml.errors import InvalidArgumentError
from trackml.graph.operation import Operation
from trackml.graph.registry import NOT_DIFFERENTIABLE, Kernel, register
from trackml.graph.runtime import Runtime, VariableCell
from trackml.shapes import TensorShape
from trackml.variables.resource_ops import declared_shape

Array = np.ndarray[Any, Any]
Rule = Callable[..., Sequence[Any]]


def register_update(
    name: str, rule: Rule, *, cells: int, grad: int, attributes: Sequence[str] = (), sparse: bool = True
) -> None:
    """Adds `ResourceApply<name>` and, unless it has none, `ResourceSparseApply<name>`.

    Args:
        name: What TensorFlow calls the rule, such as `"Adagrad"`.
        rule: Takes arrays in the order of the operation's inputs, gives the new values of the first `cells` of them.
        cells: How many inputs are variables: the one that is trained, and its slots.
        grad: Which input is the gradient; the sparse operation has the rows' indices right behind it.
        attributes: Keyword arguments of the rule that are attributes of the operation.
        sparse: Whether there is an operation for rows.
    """
    register(
        f"ResourceApply{name}",
        bind=functools.partial(_dense, rule, cells, grad, attributes),
        shape=functools.partial(_dense_shape, cells, grad),
        gradient=NOT_DIFFERENTIABLE,
        types={"T": grad},
    )
    if sparse:
        register(
            f"ResourceSparseApply{name}",
            bind=functools.partial(_sparse, rule, cells, grad, attributes),
            shape=functools.partial(_sparse_shape, cells, grad),
            gradient=NOT_DIFFERENTIABLE,
            types={"T": grad, "Tindices": grad + 1},
        )


def _with_attributes(rule: Rule, op: Operation, attributes: Sequence[str]) -> Rule:
    return functools.partial(rule, **{key: op.get_attr(key) for key in attributes}) if attributes else rule


def _dense(rule: Rule, cells: int, grad: int, attributes: Sequence[str], op: Operation, runtime: Runtime) -> Kernel:
    compute = _with_attributes(rule, op, attributes)

    def update(*inputs: Any) -> None:
        targets: Sequence[VariableCell] = inputs[:cells]
        values = [cell.read() for cell in targets]
        if values[0].shape != inputs[grad].shape:
            _raise_shapes(values[0], inputs[grad])
        for cell, value in zip(targets, compute(*values, *inputs[cells:])):
            cell.write(value)

    return update


def _raise_shapes(value: Array, grad: Array) -> None:
    raise InvalidArgumentError(None, None, f"var and grad do not have the same shape: {value.shape} {grad.shape}")


def _sparse(rule: Rule, cells: int, grad: int, attributes: Sequence[str], op: Operation, runtime: Runtime) -> Kernel:
    compute = _with_attributes(rule, op, attributes)

    def update(*inputs: Any) -> None:
        targets: Sequence[VariableCell] = inputs[:cells]
        indices = inputs[grad + 1]
        values = [cell.read() for cell in targets]
        check_rows(indices, len(values[0]))
        rows = [value[indices] for value in values]
        updated = compute(*rows, *inputs[cells : grad + 1], *inputs[grad + 2 :])
        for cell, value, new_rows in zip(targets, values, updated):
            whole = value.copy()
            whole[indices] = new_rows
            cell.write(whole)

    return update


def check_rows(indices: Array, count: int) -> None:
    """Raises InvalidArgumentError unless all of `indices` are rows of a table of `count` rows."""
    outside = (indices < 0) | (indices >= count)
    if outside.any():
        place = int(np.argmax(outside))
        raise InvalidArgumentError(None, None, f"indices[{place}] = {indices.ravel()[place]} is not in [0, {count})")


def _dense_shape(cells: int, grad: int, op: Operation) -> tuple[TensorShape, ...]:
    _merged_cells(cells, op).merge_with(op.inputs[grad].shape)
    return ()


def _sparse_shape(cells: int, grad: int, op: Operation) -> tuple[TensorShape, ...]:
    row = _merged_cells(cells, op)[1:]
    op.inputs[grad].shape.merge_with(op.inputs[grad + 1].shape.with_rank(1).concatenate(row))
    return ()


def _merged_cells(cells: int, op: Operation) -> TensorShape:
    """The shape of the variable, which its slots must have too."""
    return functools.reduce(
        lambda known, handle: known.merge_with(declared_shape(handle)), op.inputs[:cells], TensorShape(None)
    )
