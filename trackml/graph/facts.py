"""What is known of a plan's values before it runs: constants, and shapes.

Whatever follows from constants alone is computed once. Where the shapes of the values that come from outside are
known, they are handed through the shape rules, and what depends on shapes alone (`Shape`, and all that is computed from
it) is constant too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import Kernel
from trackml.graph.runtime import Runtime
from trackml.shapes import TensorShape

Sizes: TypeAlias = "tuple[int, ...]"

_FOLDED_BYTES = 1 << 20
"""A constant that is larger is computed at each run rather than kept."""


class Facts:
    """What is known of the values of some operations.

    Args:
        operations: The operations, in order.
        given: Tensors whose values come from outside, whatever their operations would compute.
        runtime: The session's state.
        shapes: The shapes of values that come from outside; None not to rely on static shapes at all.
        known: What is known of the same operations without these shapes.
    """

    def __init__(
        self,
        operations: Sequence[Operation],
        given: Collection[Tensor],
        runtime: Runtime,
        shapes: Mapping[Tensor, Sizes] | None,
        known: Facts | None = None,
    ) -> None:
        self._runtime = runtime
        self._given = frozenset(given)
        self._same: dict[Tensor, Tensor] = {} if known is None else known._same.copy()
        self._values: dict[Tensor, Any] = {} if known is None else known._values.copy()
        self._shapes = None if shapes is None else refined(operations, shapes)
        with np.errstate(all="ignore"):
            for op in operations:
                self._learn(op)

    def original(self, tensor: Any) -> Any:
        """The tensor that `tensor` is another name of, or itself."""
        return self._same.get(tensor, tensor)

    def is_constant(self, tensor: Any) -> bool:
        """Whether the value is known."""
        return self.original(tensor) in self._values

    def value(self, tensor: Any) -> Any:
        """The value of a constant; None for anything else."""
        return self._values.get(self.original(tensor))

    def sizes(self, tensor: Any) -> Sizes | None:
        """The shape, where all of it is known."""
        if not isinstance(tensor, Tensor):
            return None
        value = self.value(tensor)
        if isinstance(value, (np.ndarray, np.generic)):
            return value.shape
        if self._shapes is None:
            return None
        shape = self._shapes.get(tensor, tensor.shape)
        return _whole(shape)

    def is_settled(self, op: Operation) -> bool:
        """Whether there is nothing left to run: all outputs are constant, or other names of other values."""
        if op.spec.alias:
            return True
        return bool(op.outputs) and (op.spec.settled or not op.spec.stateful) and all(map(self._kept, op.outputs))

    def _kept(self, tensor: Tensor) -> bool:
        return tensor in self._values

    def _learn(self, op: Operation) -> None:
        if any(tensor in self._given or tensor in self._values for tensor in op.outputs):
            return
        if op.spec.alias:
            self._same[op.outputs[0]] = self.original(op.inputs[0])
        elif op.spec.settled:
            self._values[op.outputs[0]] = op.spec.bound_kernel(op, self._runtime)()
        elif op.outputs and not op.spec.stateful:
            self._fold(op)

    def _fold(self, op: Operation) -> None:
        """Computes a constant operation now; not when that fails, so that it fails when it is run."""
        if op.type == "Const" and self._runtime.watch is None:
            self._values[op.outputs[0]] = _read_only(op.attrs["value"])
            return
        if op.type != "Const" and any(self._elements(tensor) > _FOLDED_BYTES for tensor in op.outputs):
            return
        inputs = [self._input(op, tensor) for tensor in op.inputs]
        if any(value is None for value in inputs):
            return
        try:
            result = self._kernel(op)(*inputs)
        except Exception:  # the run itself reports it, with the operation and the line
            return
        values = list(result) if op.spec.lists or len(op.outputs) != 1 else [result]
        if op.type != "Const" and sum(np.asarray(value).nbytes for value in values) > _FOLDED_BYTES:
            return
        self._values.update(zip(op.outputs, map(_read_only, values), strict=True))

    def _input(self, op: Operation, tensor: Tensor) -> Any:
        """The value of an input; anything of its shape, where only that matters; None where it is not known."""
        value = self.value(tensor)
        if value is None and op.spec.by_shape and (sizes := self.sizes(tensor)) is not None:
            return np.broadcast_to(np.zeros((), tensor.dtype.as_numpy_dtype), sizes)
        return value

    def _kernel(self, op: Operation) -> Kernel:
        kernel = op.spec.pure_kernel(op)
        return kernel if self._runtime.watch is None else self._runtime.watch(op, kernel)

    def _elements(self, tensor: Tensor) -> int:
        sizes = self.sizes(tensor) or _whole(tensor.shape)
        return 0 if sizes is None else int(np.prod(sizes, dtype=np.int64))


def _read_only(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    return value


def _whole(shape: TensorShape) -> Sizes | None:
    sizes = shape.sizes
    if sizes is None:
        return None
    known = tuple(size for size in sizes if size is not None)
    return known if len(known) == len(sizes) else None


def refined(operations: Sequence[Operation], shapes: Mapping[Tensor, Sizes]) -> dict[Tensor, TensorShape]:
    """What follows for the shapes of the operations' outputs when some tensors have shapes.

    Each operation that depends on them gets a twin whose inputs have those shapes, and its shape rule is asked again.
    """
    twins: dict[Tensor, Tensor] = {
        tensor: Tensor(tensor.op, tensor.value_index, tensor.dtype, TensorShape(sizes))
        for tensor, sizes in shapes.items()
    }
    for op in operations:
        if any(tensor in twins for tensor in op.inputs) and not any(tensor in shapes for tensor in op.outputs):
            twin = _twin(op, twins)
            twins.update(zip(op.outputs, twin.outputs))
    return {tensor: twin.shape for tensor, twin in twins.items()}


def _twin(op: Operation, twins: Mapping[Tensor, Tensor]) -> Operation:
    """The operation with other inputs, in no graph."""
    twin = Operation(
        op.graph,
        op.spec,
        op.name,
        tuple(twins.get(tensor, tensor) for tensor in op.inputs),
        op.attrs,
        control_inputs=(),
        device=op.device,
        location=op.location,
        id=op.id,
    )
    shapes = _ruled(twin)
    twin.outputs = tuple(
        Tensor(twin, tensor.value_index, tensor.dtype, _merged(tensor.shape, shapes[index] if shapes else None))
        for index, tensor in enumerate(op.outputs)
    )
    return twin


def _ruled(op: Operation) -> Sequence[TensorShape] | None:
    """What the shape rule says; None where it cannot say anything, because shapes do not fit: the run will tell."""
    try:
        shapes = op.spec.shape(op)
    except Exception:
        return None
    return (shapes,) if isinstance(shapes, TensorShape) else shapes


def _merged(declared: TensorShape, ruled: TensorShape | None) -> TensorShape:
    """What is known from a declaration and from the rule; nothing where they disagree."""
    if ruled is None:
        return declared
    return declared.merge_with(ruled) if declared.is_compatible_with(ruled) else TensorShape(None)
