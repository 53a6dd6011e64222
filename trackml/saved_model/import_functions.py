"""Functions of a `GraphDef`: the branches of `If` and the condition and body of `While`, made into graphs of their own.

Inside of a function an input is named `operation:output:number`, where `output` is the name that the operation's
definition gives to an output, and an argument by its own name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tensorboard.compat.proto.function_pb2 import FunctionDef
from tensorboard.compat.proto.node_def_pb2 import NodeDef

from trackml.graph.conversion import placeholder
from trackml.graph.function import FuncGraph
from trackml.graph.function_def import output_names
from trackml.graph.graph import Graph
from trackml.graph.graph_def import attributes_of
from trackml.graph.operation import Operation, Tensor
from trackml.ops.conditional import make_if
from trackml.ops.while_op import make_while
from trackml.shapes import TensorShape

Fill = Callable[[FuncGraph, Sequence[NodeDef], dict[str, Tensor]], Mapping[str, Operation]]
"""Adds nodes to a graph, with tensors in place of the arguments' names; gives the operations by name."""

CALLS = ("If", "StatelessIf", "While", "StatelessWhile")
"""Types of operations that call functions, as TensorFlow names them."""


def add_call(
    node: NodeDef, inputs: Sequence[Tensor], library: Mapping[str, FunctionDef], fill: Fill, graph: Graph, name: str
) -> Operation:
    """Makes the operation of a node that calls functions, in the default graph.

    Args:
        node: The node, one of `CALLS`.
        inputs: Its inputs.
        library: The functions by name.
        fill: What makes the nodes of a function.
        graph: The default graph.
        name: The operation's name.

    Raises:
        ValueError: The library lacks a function.
    """
    if node.op.endswith("If"):
        branches = [
            _branch(_function(node, attribute, library), inputs[1:], fill, graph)
            for attribute in ("then_branch", "else_branch")
        ]
        return make_if(inputs[0], branches, name)
    shapes = _loop_shapes(node, inputs)
    parts = [_part(_function(node, attribute, library), inputs, shapes, fill, graph) for attribute in ("cond", "body")]
    return make_while(parts[0], parts[1], inputs, name)


def _function(node: NodeDef, attribute: str, library: Mapping[str, FunctionDef]) -> FunctionDef:
    name = node.attr[attribute].func.name
    if name not in library:
        raise ValueError(f"Node '{node.name}' calls the function '{name}', which is not in the graph's library.")
    return library[name]


def _loop_shapes(node: NodeDef, inputs: Sequence[Tensor]) -> list[TensorShape]:
    """The shapes of the loop variables in all rounds."""
    known = node.attr["output_shapes"].list.shape
    if len(known) < len(inputs):
        return [TensorShape(None)] * len(inputs)
    return [
        TensorShape(None if shape.unknown_rank else [None if dim.size < 0 else dim.size for dim in shape.dim])
        for shape in known[: len(inputs)]
    ]


def _branch(function: FunctionDef, inputs: Sequence[Tensor], fill: Fill, graph: Graph) -> FuncGraph:
    """A function whose arguments are captured tensors of the graph around it."""
    made = FuncGraph(function.signature.name, graph)
    arguments = {argument.name: made._adopt(tensor, "If") for argument, tensor in zip(_arguments(function), inputs)}
    return _filled(made, function, arguments, fill)


def _part(
    function: FunctionDef, inputs: Sequence[Tensor], shapes: Sequence[TensorShape], fill: Fill, graph: Graph
) -> FuncGraph:
    """A function of the loop variables."""
    made = FuncGraph(function.signature.name, graph)
    names = [argument.name for argument in _arguments(function)]
    with made.as_default():
        made.inputs = [
            placeholder(tensor.dtype, shape, name=name) for name, tensor, shape in zip(names, inputs, shapes)
        ]
    return _filled(made, function, dict(zip(names, made.inputs)), fill)


def _arguments(function: FunctionDef) -> Sequence[Any]:
    arguments: Sequence[Any] = function.signature.input_arg
    return arguments


def _filled(made: FuncGraph, function: FunctionDef, arguments: dict[str, Tensor], fill: Fill) -> FuncGraph:
    with made.as_default():
        operations = fill(made, function.node_def, arguments)
        made.structured_outputs = [
            argument_or_output(function.ret[result.name], arguments, operations)
            for result in function.signature.output_arg
        ]
    return made


def argument_or_output(name: str, arguments: Mapping[str, Tensor], operations: Mapping[str, Operation]) -> Tensor:
    """The tensor that a name inside of a function means.

    Raises:
        ValueError: The operation has no such output.
    """
    if name in arguments:
        return arguments[name]
    operation, _, output = name.partition(":")
    op = operations[operation]
    names = output_names(op, attributes_of(op))
    if output not in names:
        raise ValueError(f"The function uses '{name}', but '{op.name}' ({op.type}) has the outputs {names}.")
    return op.outputs[names.index(output)]
