"""Functions of a dataset run on many elements at once.

A function that `Dataset.map` was given is a graph for one element. Where each of its operations does to the rows of a
chunk what it does to one element (parsing, arithmetic, casts, stacks), the graph is run once a chunk, with one more
axis in front: `chunked` gives such a function, or None where an operation is not known to be of that kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from trackml.graph.function import FuncGraph
from trackml.graph.operation import Operation, Tensor
from trackml.graph.order import needed, ordered
from trackml.graph.registry import Kernel

Array: TypeAlias = "np.ndarray[Any, Any]"
Columns: TypeAlias = "tuple[Array, ...]"
Chunked: TypeAlias = Callable[[Sequence[Array]], Columns]
"""From a column a component, all with the rows along axis 0, to the columns of the results."""

Rule: TypeAlias = "Callable[[Operation, Sequence[Any]], Kernel | None]"
"""Makes the kernel for chunks of an operation; it is told the inputs' values, `_ROWS` for those that have rows."""

_ROWS = object()
"""In place of the value of a tensor that has one for each row."""


def chunked(graph: FuncGraph, captured: Sequence[Any]) -> Chunked | None:
    """The function for chunks, or None where there is none.

    Args:
        graph: The function for an element.
        captured: The values of the tensors that it captures.
    """
    feeds = [*graph.inputs, *graph.captures.values()]
    values: dict[Tensor, Any] = dict.fromkeys(graph.inputs, _ROWS)
    values.update(zip(graph.captures.values(), captured))
    if not graph.outputs or any(op.spec.stateful for op in graph.get_operations() if op.type != "Placeholder"):
        return None
    steps: list[_Step] = []
    with np.errstate(all="ignore"):
        for op in ordered(needed(graph.outputs, feeds)):
            if op.outputs and op.outputs[0] in values:
                continue
            step = _step(op, values)
            if step is not None:
                steps.append(step)
            elif op.outputs[0] not in values:
                return None
    return _Function(graph, steps, values)


class _Step:
    """A kernel, what it takes (for tensors that are the same for all rows their values), and what it gives."""

    def __init__(self, op: Operation, kernel: Kernel, inputs: Sequence[Any]) -> None:
        self.kernel = kernel
        self.inputs = [(tensor, value) for tensor, value in zip(op.inputs, inputs)]
        self.outputs = op.outputs
        self.lists = op.spec.lists or len(op.outputs) != 1

    def run(self, columns: dict[Tensor, Any]) -> None:
        """Computes the outputs' columns from those of the inputs."""
        result = self.kernel(*[columns[tensor] if value is _ROWS else value for tensor, value in self.inputs])
        columns.update(zip(self.outputs, result if self.lists else [result]))


def _step(op: Operation, values: dict[Tensor, Any]) -> _Step | None:
    """The step that computes an operation; None when it is computed already, or cannot be."""
    inputs = [values.get(tensor) for tensor in op.inputs]
    if not any(value is _ROWS for value in inputs):
        try:
            result = op.spec.pure_kernel(op)(*inputs)
        except Exception:  # each row then reports it
            return None
        values.update(zip(op.outputs, result if op.spec.lists or len(op.outputs) != 1 else [result]))
        return None
    rule = _RULES.get(op.type)
    kernel = rule(op, inputs) if rule is not None else None
    if kernel is None:
        return None
    values.update(dict.fromkeys(op.outputs, _ROWS))
    return _Step(op, kernel, inputs)


class _Function:
    def __init__(self, graph: FuncGraph, steps: Sequence[_Step], values: dict[Tensor, Any]) -> None:
        self._inputs = list(graph.inputs)
        self._outputs = [(tensor, values[tensor]) for tensor in graph.outputs]
        self._steps = steps

    def __call__(self, columns: Sequence[Array]) -> Columns:
        found: dict[Tensor, Any] = dict(zip(self._inputs, columns))
        with np.errstate(all="ignore"):
            for step in self._steps:
                step.run(found)
        count = len(columns[0])
        return tuple(found[tensor] if value is _ROWS else _repeated(value, count) for tensor, value in self._outputs)


def _repeated(value: Any, count: int) -> Array:
    """A value that is the same for all rows."""
    array = np.asarray(value)
    return np.repeat(array[np.newaxis], count, axis=0)


def _rank(tensor: Tensor) -> int | None:
    return tensor.shape.ndims


def _as_it_is(op: Operation, inputs: Sequence[Any]) -> Kernel | None:
    """For kernels of one operand that do not mind its rank."""
    return op.spec.pure_kernel(op)


def _broadcast(op: Operation, inputs: Sequence[Any]) -> Kernel | None:
    """For kernels whose operands are broadcast: those with rows get axes of size 1 behind the axis of rows."""
    ranks = [_rank(tensor) for tensor in op.inputs]
    known = [rank for rank in ranks if rank is not None]
    if len(known) < len(ranks):
        return None
    most = max(known)
    missing = [most - rank if value is _ROWS else 0 for rank, value in zip(known, inputs)]
    kernel = op.spec.pure_kernel(op)
    if not any(missing):
        return kernel
    return lambda *operands: kernel(*[_with_axes(operand, count) for operand, count in zip(operands, missing)])


def _with_axes(operand: Array, count: int) -> Array:
    return operand.reshape(operand.shape[:1] + (1,) * count + operand.shape[1:]) if count else operand


def _first_input(op: Operation, inputs: Sequence[Any]) -> Kernel | None:
    """For kernels that work on each element of their first operand, the others being settings."""
    return op.spec.pure_kernel(op) if all(value is not _ROWS for value in inputs[1:]) else None


def _stacked(op: Operation, inputs: Sequence[Any]) -> Kernel | None:
    axis: int = op.attrs["axis"]
    return lambda *parts: np.stack(_all_with_rows(parts, inputs), axis + 1 if axis >= 0 else axis)


def _joined(op: Operation, inputs: Sequence[Any]) -> Kernel | None:
    if inputs[-1] is _ROWS:
        return None
    axis = int(inputs[-1])
    return lambda *parts: np.concatenate(_all_with_rows(parts[:-1], inputs), axis + 1 if axis >= 0 else axis)


def _all_with_rows(parts: Sequence[Array], inputs: Sequence[Any]) -> list[Array]:
    """The parts, those that are the same for all rows repeated."""
    count = next(len(part) for part, value in zip(parts, inputs) if value is _ROWS)
    return [part if value is _ROWS else _repeated(part, count) for part, value in zip(parts, inputs)]


def _expanded(op: Operation, inputs: Sequence[Any]) -> Kernel | None:
    if inputs[1] is _ROWS:
        return None
    axis = int(np.ravel(inputs[1])[0])
    return lambda x, _: np.expand_dims(x, axis + 1 if axis >= 0 else axis)


def _squeezed(op: Operation, inputs: Sequence[Any]) -> Kernel | None:
    axes = tuple(axis + 1 if axis >= 0 else axis for axis in op.attrs["squeeze_dims"])
    return (lambda x: np.squeeze(x, axes)) if axes else None


def _reshaped(op: Operation, inputs: Sequence[Any]) -> Kernel | None:
    if inputs[0] is not _ROWS or inputs[1] is _ROWS:
        return None
    sizes = [int(size) for size in inputs[1]]
    return lambda x, _: x.reshape(len(x), *sizes)


def _one_hot(op: Operation, inputs: Sequence[Any]) -> Kernel | None:
    return _first_input(op, inputs) if op.attrs["axis"] == -1 else None


_UNARY = (
    "Abs", "AsString", "Bucketize", "Cast", "Ceil", "DecodeRaw", "Erf", "Exp", "Expm1", "Floor", "IsFinite", "IsInf",
    "IsNan", "Log", "Log1p", "LogicalNot", "Neg", "OnesLike", "Reciprocal", "Relu", "Relu6", "Rint", "Round", "Rsqrt",
    "Sigmoid", "Sign", "Softplus", "Sqrt", "Square", "StaticRegexFullMatch", "StaticRegexReplace", "StopGradient",
    "StringLength", "StringLower", "StringStrip", "StringToHashBucketFast", "StringToNumber", "StringUpper", "Tanh",
    "ZerosLike", "Identity",
)  # fmt: skip
_BINARY = (
    "Add", "AddV2", "DivNoNan", "Equal", "FloorDiv", "FloorMod", "Greater", "GreaterEqual", "Less", "LessEqual",
    "LogicalAnd", "LogicalOr", "Maximum", "Minimum", "Mul", "NotEqual", "Pow", "RealDiv", "SquaredDifference", "Sub",
    "TruncateDiv", "TruncateMod",
)  # fmt: skip
_RULES: dict[str, Rule] = {
    **dict.fromkeys(_UNARY, _as_it_is),
    **dict.fromkeys(_BINARY, _broadcast),
    "ConcatV2": _joined,
    "DecodeCSV": _first_input,
    "ExpandDims": _expanded,
    "OneHot": _one_hot,
    "Pack": _stacked,
    "Reshape": _reshaped,
    "Squeeze": _squeezed,
}
