"""The operations that change variables by a gradient, each made of one formula.

A rule is a function of arrays: the values of the variable and its slots, the rates and the gradient, in the order of
the operation's inputs. It writes the new values into the first ones. `register_update` makes two operations of it:
`ResourceApplyX` calls it with whole arrays, part by part; `ResourceSparseApplyX` calls it with the rows that a batch
has looked up, and puts those rows back, so the formula is written once.

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
from trackml.graph.runtime import SMALL_BYTES, Runtime, VariableCell
from trackml.graph.workers import for_each, pieces
from trackml.ops.segments import all_below
from trackml.optimizers.joint_updates import UpdateInputs, register_joint
from trackml.shapes import TensorShape
from trackml.variables.resource_ops import declared_shape

Array = np.ndarray[Any, Any]
Rule = Callable[..., None]

_PART = 1 << 15
"""Elements of large arrays that are updated at a time, so that what is computed on the way stays in the cache."""


def register_update(
    name: str, rule: Rule, *, cells: int, grad: int, attributes: Sequence[str] = (), sparse: bool = True
) -> None:
    """Adds `ResourceApply<name>` and, unless it has none, `ResourceSparseApply<name>`.

    Args:
        name: What TensorFlow calls the rule, such as `"Adagrad"`.
        rule: Takes arrays in the order of the operation's inputs, writes into the first `cells` of them. It computes
            element by element: variables may come in parts, or several as one.
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
    register_joint(f"ResourceApply{name}", lambda op: _with_attributes(rule, op, attributes), UpdateInputs(cells, grad))
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
        if inputs[grad].nbytes <= SMALL_BYTES:
            values = [cell.copy() for cell in targets]
            if values[0].shape != inputs[grad].shape:
                _raise_shapes(values[0], inputs[grad])
            compute(*values, *inputs[cells:])
            for cell, value in zip(targets, values):
                cell.put(value)
            return
        if targets[0].read().shape != inputs[grad].shape:
            _raise_shapes(targets[0].read(), inputs[grad])
        with _Updated(targets) as arrays:
            _in_parts(compute, arrays, inputs[cells:grad], inputs[grad], inputs[grad + 1 :])

    return update


def _raise_shapes(value: Array, grad: Array) -> None:
    raise InvalidArgumentError(None, None, f"var and grad do not have the same shape: {value.shape} {grad.shape}")


def _in_parts(
    compute: Rule, arrays: Sequence[Array], before: Sequence[Any], grad: Array, behind: Sequence[Any]
) -> None:
    flat = [array.reshape(-1) for array in (*arrays, grad)]

    def update(run: slice) -> None:
        for first in range(run.start, run.stop, _PART):
            *own, part = (array[first : min(first + _PART, run.stop)] for array in flat)
            compute(*own, *before, part, *behind)

    for_each(update, pieces(grad.size, 4 * _PART))


class _Updated:
    """A context that gives the arrays of cells to write into."""

    def __init__(self, cells: Sequence[VariableCell]) -> None:
        self._cells = cells
        self._arrays: list[Array] = []

    def __enter__(self) -> list[Array]:
        try:
            for cell in self._cells:
                self._arrays.append(cell.begin_update())
        except BaseException:
            self.__exit__()
            raise
        return self._arrays

    def __exit__(self, *exc_info: Any) -> None:
        for cell, array in zip(self._cells, self._arrays):
            cell.end_update(array)


def _sparse(rule: Rule, cells: int, grad: int, attributes: Sequence[str], op: Operation, runtime: Runtime) -> Kernel:
    compute = _with_attributes(rule, op, attributes)

    def update(*inputs: Any) -> None:
        targets: Sequence[VariableCell] = inputs[:cells]
        indices = inputs[grad + 1]
        check_rows(indices, len(targets[0].read()))
        with _Updated(targets) as tables:
            arrays, grads = tables, inputs[grad]
            if all(array.size == len(array) and array.flags.c_contiguous for array in tables):
                # Rows of one number: numpy picks and puts elements of vectors in half of the time.
                arrays, grads = [array.reshape(-1) for array in tables], grads.reshape(-1)
            rows = [array.take(indices, 0, mode="clip") for array in arrays]
            compute(*rows, *inputs[cells:grad], grads, *inputs[grad + 2 :])
            for array, new_rows in zip(arrays, rows):
                array[indices] = new_rows

    return update


def check_rows(indices: Array, count: int) -> None:
    """Raises InvalidArgumentError unless all of `indices` are rows of a table of `count` rows."""
    if not all_below(indices, count):
        place = int(np.argmax((indices < 0) | (indices >= count)))
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
