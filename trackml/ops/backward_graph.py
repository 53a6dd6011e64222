"""The graph of a function's gradient, which may use whatever the function itself computed."""

from __future__ import annotations

from collections.abc import Callable

from trackml import dtypes
from trackml.graph.conversion import constant, constant_value, original
from trackml.graph.function import FuncGraph
from trackml.graph.graph import Graph, apply_op
from trackml.graph.operation import Tensor


class BackwardGraph(FuncGraph):
    """The graph of a function that runs after another one and uses its intermediate values.

    Args:
        name: The function's name, unique in the outer graph.
        outer: The graph in which the function is called.
        forward: The graph of the function that runs first.
        expose: Gives for a tensor of `forward` one by which it is known in `outer`, or in this graph itself.
    """

    def __init__(self, name: str, outer: Graph, forward: FuncGraph, expose: Callable[[Tensor], Tensor]) -> None:
        super().__init__(name, outer)
        self._forward = forward
        self._expose = expose
        self._found: dict[Tensor, Tensor] = {}

    def _adopt(self, tensor: Tensor, type: str) -> Tensor:
        if tensor.graph is not self._forward:
            return super()._adopt(tensor, type)
        if tensor not in self._found:
            with self.as_default(), self.name_scope(None), self.control_dependencies(None):
                value = constant_value(tensor) if tensor.dtype.is_integer else None
                known = self._expose(tensor) if value is None else constant(value, tensor.dtype)
            self._found[tensor] = known if known.graph is self else super()._adopt(known, type)
        return self._found[tensor]

    def _reaches(self, graph: Graph) -> bool:
        return graph is self._forward or super()._reaches(graph)


def carries_gradient(tensor: Tensor) -> bool:
    """Whether a gradient can flow to a tensor: numbers, lists of them, and handles of variables."""
    return tensor.dtype.is_floating or tensor.dtype in (dtypes.variant, dtypes.resource)


def zero_gradient(tensor: Tensor) -> Tensor:
    """Zeros as a gradient of `tensor`, which for a variable's handle has the shape of the variable."""
    if tensor.dtype is dtypes.resource:
        source = original(tensor).op
        if source.type != "VarHandleOp":
            raise LookupError(f"The gradient of {tensor.name} is not known: it is no variable. [{source.describe()}]")
        tensor = apply_op("ReadVariableOp", tensor, dtype=source.attrs["dtype"])
    zeros: Tensor = apply_op("ZerosLike", tensor)
    return zeros
