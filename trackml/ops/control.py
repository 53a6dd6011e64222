"""Operations that do nothing but wait for others: no_op, group, tuple, with_dependencies."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

from trackml import nest
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.indexed_slices import IndexedSlices
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.shape_rules import no_outputs
from trackml.ops.framework import control_dependencies, name_scope


def no_op(name: str | None = None) -> Operation:
    """An operation that does nothing; useful for what it waits for."""
    op: Operation = apply_op("NoOp", name=name)
    return op


register("NoOp", lambda: None, shape=no_outputs, gradient=NOT_DIFFERENTIABLE, types={})


def group(*inputs: Any, name: str | None = None) -> Operation:
    """An operation that is done when all of `inputs` are.

    Args:
        *inputs: Operations and tensors, or structures of them.
        name: Name of the operation.

    Raises:
        TypeError: One of them is something else.
    """
    with name_scope(name, "group_deps", nest.flatten(inputs)) as scope:
        waits = [_waited_for(item) for item in nest.flatten(inputs)]
        with control_dependencies(waits):
            return no_op(name=scope)


def _waited_for(item: Any) -> Any:
    if isinstance(item, (Operation, Tensor)) or hasattr(item, "_as_graph_element"):
        return item
    if isinstance(item, IndexedSlices):
        return item.values
    raise TypeError(f"Expected tf.group() expected Tensor arguments not '{item}' with type '{type(item)}'")


def tuple(tensors: Sequence[Any], name: str | None = None, control_inputs: Any = None) -> list[Any]:
    """The same tensors, each available only when all of them have been computed.

    Args:
        tensors: Tensors, operations, or None.
        name: Name scope.
        control_inputs: More operations to wait for.

    Raises:
        ValueError: There is nothing to wait for.
    """
    with name_scope(name, "tuple", tensors):
        items = [item if item is None or isinstance(item, Operation) else _as_tensors(item) for item in tensors]
        waits = [item if isinstance(item, Operation) else item.op for item in items if item is not None]
        waits += [_control_operation(item) for item in control_inputs or ()]
        if not waits:
            raise ValueError(f"Must have at least one Tensor: {builtins.list(tensors)}")
        gate = group(*sorted(set(waits), key=lambda op: op.id))
        return [_gated(item, gate) for item in items]


def _as_tensors(item: Any) -> Any:
    return item if isinstance(item, IndexedSlices) else convert_to_tensor(item)


def _control_operation(item: Any) -> Operation:
    if isinstance(item, Operation):
        return item
    if isinstance(item, Tensor):
        return item.op
    raise TypeError(f"Control input must be Operation or Tensor: {item}")


def _gated(item: Any, gate: Operation) -> Any:
    if item is None:
        return None
    if isinstance(item, Operation):
        with control_dependencies([gate]):
            return group(item)
    return with_dependencies([gate], item)


def with_dependencies(dependencies: Sequence[Any], output_tensor: Any, name: str | None = None) -> Any:
    """`output_tensor` as a tensor that is available only after all of `dependencies`."""
    with (
        name_scope(name, "control_dependency", [*dependencies, output_tensor]) as scope,
        control_dependencies(dependencies),
    ):
        if isinstance(output_tensor, IndexedSlices):
            values = apply_op("Identity", output_tensor.values, name=scope)
            return IndexedSlices(values, output_tensor.indices, output_tensor.dense_shape)
        return apply_op("Identity", convert_to_tensor(output_tensor), name=scope)
