"""Symbolic gradients: the backward pass, written into the graph with operations.

Reverse mode: the operations between `xs` and `ys` are walked from the newest to the oldest; each one's gradient
function turns the gradients of its outputs into those of its inputs, and gradients that meet are added. What it
makes are operations like any others, so they can be differentiated again.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import trackml.ops.operators
import trackml.ops.reductions  # noqa: F401  gradient functions are made of operations of both
from trackml import dtypes
from trackml.graph.conversion import constant, convert_to_tensor
from trackml.graph.function import FuncGraph
from trackml.graph.graph import apply_op, get_default_graph
from trackml.graph.indexed_slices import IndexedSlices
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, GradientOfFunctions
from trackml.ops.framework import name_scope

Grad = Tensor | IndexedSlices


def gradients(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    name: str = "gradients",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: int | None = None,
    stop_gradients: Any = None,
    unconnected_gradients: str = "none",
) -> list[Any]:
    """The derivative of the sum of `ys` with respect to each of `xs`.

    Args:
        ys: A tensor or a list of them.
        xs: A tensor or variable, or a list of them.
        grad_ys: Gradients to start from, one for each of `ys`; ones where None.
        name: Scope of the operations that are made.
        colocate_gradients_with_ops: Accepted for TensorFlow's sake.
        gate_gradients: Accepted for TensorFlow's sake.
        aggregation_method: Accepted for TensorFlow's sake.
        stop_gradients: Tensors to take as constants.
        unconnected_gradients: `"none"`, or `"zero"` to get zeros where `ys` do not depend on an x.

    Returns:
        A tensor in the shape of each x (`IndexedSlices` for what was only gathered from), or None where `ys` do
        not depend on it.

    Raises:
        LookupError: An operation on the way has no gradient.
        ValueError: `grad_ys` does not go with `ys`.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     x = tf.constant(3.0)
        ...     print(session.run(tf.gradients(x * x, x)))
        [np.float32(6.0)]
    """
    targets = [convert_to_tensor(y) for y in _as_list(ys)]
    sources = [_differentiable(x) for x in _as_list(xs)]
    stops = {_differentiable(item) for item in _as_list(stop_gradients)}
    with name_scope(name, "gradients", [*targets, *sources]):
        starts = _starting_grads(targets, _as_list(grad_ys) or [None] * len(targets))
        found = _backward(targets, starts, sources, stops)
        if unconnected_gradients != "zero":
            return found
        return [apply_op("ZerosLike", x) if grad is None else grad for x, grad in zip(_as_list(xs), found)]


def hessians(ys: Any, xs: Any, name: str = "hessians") -> list[Any]:
    """The matrix of second derivatives of the sum of `ys` for each vector x of static length n: `[n, n]`."""
    with name_scope(name):
        return [_hessian(ys, x) for x in _as_list(xs)]


def _hessian(ys: Any, x: Tensor) -> Tensor:
    (grad,) = gradients(ys, x)
    length = x.shape.with_rank(1).as_list()[0]
    if length is None:
        raise ValueError(f"The Hessian needs a vector of known length; got shape {x.shape} for '{x.name}'.")
    rows = [gradients(grad[index], x, unconnected_gradients="zero")[0] for index in range(length)]
    packed: Tensor = apply_op("Pack", *rows, axis=0)
    return packed


def _as_list(values: Any) -> list[Any]:
    if values is None:
        return []
    return list(values) if isinstance(values, (list, tuple)) else [values]


def _differentiable(x: Any) -> Tensor:
    """The tensor to which the gradient of `x` flows: a variable's handle, since reads pass it on."""
    handle = getattr(x, "handle", None)
    tensor = handle if isinstance(handle, Tensor) else convert_to_tensor(x)
    graph = get_default_graph()
    # Inside a function, what is computed there depends on what stands for x.
    return graph.captures.get(tensor, tensor) if isinstance(graph, FuncGraph) else tensor


def _starting_grads(ys: Sequence[Tensor], grad_ys: Sequence[Any]) -> list[Grad]:
    if len(grad_ys) != len(ys):
        raise ValueError(f"Passed {len(grad_ys)} grad_ys for {len(ys)} ys")
    return [_starting_grad(y, grad, index) for index, (y, grad) in enumerate(zip(ys, grad_ys))]


def _starting_grad(y: Tensor, grad: Any, index: int) -> Grad:
    if y.dtype is dtypes.variant and grad is not None:
        return convert_to_tensor(grad)
    if not y.dtype.is_floating:
        raise TypeError(f"Gradients of ys must be floating point; got {y.dtype.name} for '{y.name}'. Use tf.cast.")
    if isinstance(grad, IndexedSlices):
        return grad
    if grad is not None:
        return convert_to_tensor(grad, y.dtype, name=f"grad_ys_{index}")
    if y.shape.is_fully_defined():
        return constant(1.0, y.dtype, shape=y.shape, name=f"grad_ys_{index}")
    ones: Tensor = apply_op(
        "Fill", apply_op("Shape", y, out_type=dtypes.int32), constant(1.0, y.dtype), name=f"grad_ys_{index}"
    )
    return ones


def _backward(
    ys: Sequence[Tensor], starts: Sequence[Grad], xs: Sequence[Tensor], stops: set[Tensor]
) -> list[Grad | None]:
    roots = set(xs)
    between = _between(ys, roots, stops)
    grads: dict[Tensor, list[Grad]] = {}
    for y, start in zip(ys, starts):
        grads.setdefault(y, []).append(start)
    # Newest first: whatever takes an operation's output was made after it, and so has been seen already.
    for op in sorted(between, key=lambda op: op.id, reverse=True):
        out_grads = [_take(grads, tensor, roots) for tensor in op.outputs]
        if all(grad is None for grad in out_grads):
            continue
        for tensor, grad in zip(op.inputs, _input_grads(op, out_grads), strict=True):
            if grad is not None and tensor not in stops and (tensor in roots or tensor.op in between):
                grads.setdefault(tensor, []).append(grad)
    return [_total(grads[x]) if x in grads else None for x in xs]


def _between(ys: Sequence[Tensor], roots: set[Tensor], stops: set[Tensor]) -> set[Operation]:
    """The operations through which `ys` depend on `roots`."""
    behind: set[Operation] = set()
    waiting = [y.op for y in ys]
    while waiting:
        op = waiting.pop()
        if op not in behind:
            behind.add(op)
            waiting.extend(tensor.op for tensor in op.inputs if tensor not in stops)
    found: set[Operation] = set()
    for op in sorted(behind, key=lambda op: op.id):
        if any(tensor in roots or (tensor.op in found and tensor not in stops) for tensor in op.inputs):
            found.add(op)
    return found


def _take(grads: dict[Tensor, list[Grad]], tensor: Tensor, roots: set[Tensor]) -> Grad | None:
    """The total gradient of an output; that of an x stays in the table, since it is wanted at the end."""
    if tensor not in grads:
        return None
    total = _total(grads[tensor])
    if tensor in roots:
        grads[tensor] = [total]
    else:
        del grads[tensor]
    return total


def _total(grads: list[Grad]) -> Grad:
    if len(grads) == 1:
        return grads[0]
    if all(isinstance(grad, IndexedSlices) for grad in grads):
        return _joined([grad for grad in grads if isinstance(grad, IndexedSlices)])
    dense = [convert_to_tensor(grad) for grad in grads]
    total: Tensor = apply_op("AddN", *dense)
    return total


def _joined(slices: list[IndexedSlices]) -> IndexedSlices:
    """Several sets of rows as one: rows that meet are summed by whoever uses them."""
    axis = constant(0)
    values = apply_op("ConcatV2", *(item.values for item in slices), axis, name="concat")
    indices = apply_op("ConcatV2", *(_as_int64(item.indices) for item in slices), axis, name="concat")
    return IndexedSlices(values, indices, slices[0].dense_shape)


def _as_int64(indices: Tensor) -> Tensor:
    if indices.dtype is dtypes.int64:
        return indices
    wide: Tensor = apply_op("Cast", indices, DstT=dtypes.int64, Truncate=False)
    return wide


def _input_grads(op: Operation, out_grads: list[Grad | None]) -> list[Grad | None]:
    rule = op.spec.gradient
    if rule is NOT_DIFFERENTIABLE:
        return [None] * len(op.inputs)
    if isinstance(rule, GradientOfFunctions):
        rule = functools.partial(rule.rule, gradients)
    if not callable(rule):
        raise LookupError(
            f"No gradient defined for operation '{op.name}' (op type: {op.type}). "
            f"Register one with its entry, or cut it off with tf.stop_gradient. [{op.describe()}]"
        )
    dense = [convert_to_tensor(grad) if isinstance(grad, IndexedSlices) else grad for grad in out_grads]
    passes_slices = op.type in ("ReadVariableOp", "Identity")
    with get_default_graph().name_scope(f"{op.name}_grad"):
        result = rule(op, *(out_grads if passes_slices else dense))
    grads = list(result) if isinstance(result, (list, tuple)) else [result]
    if len(grads) != len(op.inputs):
        raise ValueError(
            f"The gradient of {op.type} gave {len(grads)} gradients for {len(op.inputs)} inputs. [{op.describe()}]"
        )
    return grads
