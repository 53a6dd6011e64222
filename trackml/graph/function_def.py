"""Functions of a graph as `FunctionDef` messages, so that TensorFlow can run its conditionals and loops.

Three things are another way round in TensorFlow, and are made so here:

- Inside of a function an input is named by the operation, the output's name in its definition, and a number.
- Both branches of an `If`, and condition and body of a `While`, take all inputs of the operation, used or not.
- A `While` has as many outputs as inputs. What the gradient of a loop needs of each round is here a further output;
  there it is a list that comes in empty and to which the body appends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from tensorboard.compat.proto.function_pb2 import FunctionDef, FunctionDefLibrary
from tensorboard.compat.proto.node_def_pb2 import NodeDef

from trackml import dtypes
from trackml.dtypes import DType
from trackml.graph.function import FuncGraph
from trackml.graph.output_names import OUTPUT_NAMES

if TYPE_CHECKING:
    from trackml.graph.graph import Graph
    from trackml.graph.operation import Operation, Tensor

Writer = Callable[["Operation", Callable[["Tensor"], str]], NodeDef]
"""An operation, and how its inputs are named, to its node."""


def output_names(op: Operation, attributes: Mapping[str, Any]) -> list[str]:
    """How each output of `op` is named inside of a function, without the operation's name."""
    names: list[str] = []
    # Types of the user's own are named so too, though TensorFlow cannot run them.
    for part in OUTPUT_NAMES.get(op.type, "output " * len(op.outputs)).split():
        name, _, attribute = part.partition("*")
        given = attributes[attribute] if attribute else 1
        count = given if isinstance(given, int) else len(given)
        names.extend(f"{name}:{index}" for index in range(count))
    return names


def library_of(graph: Graph, nodes_of: Callable[..., list[NodeDef]], attributes_of: Any) -> FunctionDefLibrary:
    """All functions that operations of `graph`, and of functions in it, refer to."""
    library = FunctionDefLibrary()
    waiting: list[Operation] = [op for op in graph.get_operations() if _functions_of(op)]
    seen: set[str] = set()
    while waiting:
        op = waiting.pop()
        for attribute, function in _functions_of(op).items():
            name = str(op.attrs[attribute])
            if name in seen:
                continue
            seen.add(name)
            library.function.append(_Function(op, attribute, function, nodes_of, attributes_of).message(name))
            waiting.extend(inner for inner in function.get_operations() if _functions_of(inner))
    return library


def _functions_of(op: Operation) -> dict[str, FuncGraph]:
    """The functions of an operation, by the attribute that has the function's name."""
    if op.type == "If":
        then, otherwise = op.attrs["_py_branches"]
        return {"then_branch": then, "else_branch": otherwise}
    if op.type == "While":
        return {"cond": op.attrs["_py_cond"], "body": op.attrs["_py_body"]}
    return {}


def lists_of(op: Operation) -> list[Tensor]:
    """The values inside of a loop's body that are kept for each round."""
    return list(op.attrs["_py_lists"]) if op.type == "While" else []


def list_name(op: Operation, index: int) -> str:
    """The name of the node that makes the empty list `index` of a loop."""
    return f"{op.name}/accumulator_{index}" if index else f"{op.name}/accumulator"


def empty_lists(op: Operation, attr_value: Callable[[Any], Any], reference: Callable[[str], str]) -> list[NodeDef]:
    """The nodes that make the empty lists of a loop; `reference` names the output of a constant."""
    nodes = []
    for index, kept in enumerate(lists_of(op)):
        name = list_name(op, index)
        constants = [f"{name}/element_shape", f"{name}/max_num_elements"]
        for constant in constants:
            node = NodeDef(name=constant, op="Const")
            node.attr["dtype"].CopyFrom(attr_value(dtypes.int32))
            node.attr["value"].CopyFrom(attr_value(np.array(-1, np.int32)))
            nodes.append(node)
        node = NodeDef(name=name, op="EmptyTensorList", input=[reference(constant) for constant in constants])
        node.attr["element_dtype"].CopyFrom(attr_value(kept.dtype))
        node.attr["shape_type"].CopyFrom(attr_value(dtypes.int32))
        nodes.append(node)
    return nodes


class _Function:
    """Writes one function of one operation."""

    def __init__(
        self,
        op: Operation,
        attribute: str,
        graph: FuncGraph,
        nodes_of: Callable[..., list[NodeDef]],
        attributes_of: Any,
    ) -> None:
        self._graph = graph
        self._nodes_of = nodes_of
        self._attributes_of = attributes_of
        self._grows = attribute == "body"
        self._lists = lists_of(op)
        passed: Sequence[Tensor] = op.inputs[1:] if op.type == "If" else op.inputs
        variables = op.attrs.get("_py_variables", 0)
        self._arguments = [tensor.dtype for tensor in passed] + [dtypes.variant] * len(self._lists)
        self._variables = variables
        self._captured = len(passed) - variables
        # The names of arguments that stand for tensors of the function.
        self._names: dict[Tensor, str] = {tensor: f"arg{place}" for place, tensor in enumerate(graph.inputs)}
        places = {tensor: variables + place for place, tensor in enumerate(passed[variables:])}
        for outer, inner in zip(graph.captured_inputs(), graph.captures.values()):
            self._names[inner] = f"arg{places[outer]}"

    def message(self, name: str) -> FunctionDef:
        """The function as a message."""
        function = FunctionDef()
        function.signature.name = name
        for place, dtype in enumerate(self._arguments):
            function.signature.input_arg.add(name=f"arg{place}", type=dtype.as_datatype_enum)
        operations = [op for op in self._graph.get_operations() if not _is_argument(op, self._names)]
        function.node_def.extend(self._nodes_of(operations, self.reference))
        for place, (dtype, value) in enumerate(self._results(function)):
            function.signature.output_arg.add(name=f"out{place}", type=dtype.as_datatype_enum)
            function.ret[f"out{place}"] = value
        return function

    def _results(self, function: FunctionDef) -> Iterable[tuple[DType, str]]:
        outputs = [(tensor.dtype, self.reference(tensor)) for tensor in self._graph.outputs]
        if not self._grows:
            return outputs
        results = outputs[: self._variables]
        for place in range(self._variables, self._variables + self._captured):
            results.append((self._arguments[place], f"arg{place}"))
        first = self._variables + self._captured
        for index, kept in enumerate(self._lists):
            node = function.node_def.add(name=f"accumulate_{index}", op="TensorListPushBack")
            node.input.extend([f"arg{first + index}", self.reference(kept)])
            node.attr["element_dtype"].type = kept.dtype.as_datatype_enum
            results.append((dtypes.variant, f"{node.name}:output_handle:0"))
        return results

    def reference(self, tensor: Tensor) -> str:
        """How a tensor of the function is named in it."""
        if tensor in self._names:
            return self._names[tensor]
        return f"{tensor.op.name}:{output_names(tensor.op, self._attributes_of(tensor.op))[tensor.value_index]}"


def _is_argument(op: Operation, names: Mapping[Tensor, str]) -> bool:
    return op.type == "Placeholder" and op.outputs[0] in names
