"""Shape rules that many operations share."""

from __future__ import annotations

import functools

from trackml.graph.operation import Operation
from trackml.shapes import TensorShape, broadcast_shapes


def same_as_input(op: Operation) -> TensorShape:
    """The shape of the first input."""
    return op.inputs[0].shape


def broadcast(op: Operation) -> TensorShape:
    """The shape that numpy's broadcasting gives the inputs."""
    return functools.reduce(broadcast_shapes, (tensor.shape for tensor in op.inputs))


def scalar(op: Operation) -> TensorShape:
    """No dimensions."""
    return TensorShape([])


def unknown(op: Operation) -> TensorShape:
    """Nothing is known."""
    return TensorShape(None)


def no_outputs(op: Operation) -> tuple[TensorShape, ...]:
    """The operation is run for its effect."""
    return ()


def merged(op: Operation) -> TensorShape:
    """What is known from all inputs, which must have one shape."""
    return functools.reduce(lambda known, tensor: known.merge_with(tensor.shape), op.inputs, TensorShape(None))
