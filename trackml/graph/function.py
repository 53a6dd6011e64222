"""Functions of a graph: a Python function traced once into a graph of its own, then run many times.

`Dataset.map`, conditionals and loops are made of these. Tensors of the surrounding graph that the function uses
are captured: they become further inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from trackml import nest
from trackml.dtypes import DType
from trackml.graph.conversion import convert_to_tensor, placeholder
from trackml.graph.graph import Graph, get_default_graph
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Operation, Tensor
from trackml.graph.plan import Plan
from trackml.graph.runtime import Runtime
from trackml.shapes import TensorShape


@dataclass(frozen=True)
class TensorSpec:
    """What is known of a tensor before it is there."""

    dtype: DType
    """Its element type."""
    shape: TensorShape
    """Its static shape."""
    name: str | None = None
    """A name for the input that stands for it."""


class FunctionName(str):
    """The name of a function, as the attribute of a node; a plain string is a string there."""

    __slots__ = ()


_SHARED = (
    GraphKeys.GLOBAL_VARIABLES,
    GraphKeys.LOCAL_VARIABLES,
    GraphKeys.MODEL_VARIABLES,
    GraphKeys.TRAINABLE_VARIABLES,
    ("__varscope",),
    ("__variable_store",),
)
"""Collections that a function has in common with the graph around it, since variables are made out there."""


class FuncGraph(Graph):
    """The graph of a function.

    Args:
        name: The function's name, unique in the outer graph.
        outer: The graph in which the function is called; its tensors may be captured.
    """

    def __init__(self, name: str, outer: Graph) -> None:
        super().__init__()
        self.name: str = f"{outer.name}/{name}" if isinstance(outer, FuncGraph) else name
        self.outer = outer
        self._collections = {key: outer.get_collection_ref(key) for key in _SHARED}
        self.seed = outer.seed
        self.inputs: list[Tensor] = []
        self.captures: dict[Tensor, Tensor] = {}
        self.structured_outputs: Any = None

    @property
    def outputs(self) -> list[Tensor]:
        """The tensors that the function gives, flat."""
        return [item for item in nest.flatten(self.structured_outputs) if isinstance(item, Tensor)]

    @property
    def output_specs(self) -> list[TensorSpec]:
        """What is known of the outputs."""
        return [TensorSpec(tensor.dtype, tensor.shape) for tensor in self.outputs]

    def _adopt(self, tensor: Tensor, type: str) -> Tensor:
        if not self._reaches(tensor.graph):
            return super()._adopt(tensor, type)
        if tensor not in self.captures:
            with self.as_default(), self.name_scope(None), self.control_dependencies(None):
                inner = placeholder(tensor.dtype, tensor.shape, name="captured")
            inner.op.attrs["_py_captured"] = tensor
            # A function inside a function captures through the one between.
            self.captures[tensor] = inner
        return self.captures[tensor]

    def _reaches(self, graph: Graph) -> bool:
        """Whether tensors of `graph` can be captured: it is around this one."""
        return graph is self.outer or (isinstance(self.outer, FuncGraph) and self.outer._reaches(graph))

    def captured_inputs(self) -> list[Tensor]:
        """The tensors of the outer graph that the function uses, as tensors of that graph."""
        return [
            tensor if tensor.graph is self.outer else self.outer._adopt(tensor, "function") for tensor in self.captures
        ]

    def compiled(self, runtime: Runtime) -> Callable[..., tuple[Any, ...]]:
        """A function from the arrays of inputs and captures to the arrays of the outputs."""
        effects: list[Tensor | Operation] = [op for op in self.get_operations() if _has_effect(op)]
        outputs: list[Tensor | Operation] = list(self.outputs)
        plan = Plan([*outputs, *effects], [*self.inputs, *self.captures.values()], runtime)
        count = len(outputs)
        return plan if not effects else lambda *values: plan(*values)[:count]


def _has_effect(op: Operation) -> bool:
    """Whether a function runs the operation for its effect alone, as TensorFlow's functions do."""
    return op.spec.stateful and not op.outputs


def trace(function: Callable[..., Any], arguments: Sequence[Any], *, name: str, unpack: bool = True) -> FuncGraph:
    """Calls `function` once with symbolic arguments.

    Args:
        function: What to trace; it may return any structure of tensors and values.
        arguments: A structure of TensorSpec for each argument.
        name: A name for the function.
        unpack: Whether arguments are passed one by one; else the only one as it is.

    Returns:
        The graph, with `inputs`, `structured_outputs` and `captures`.
    """
    outer = get_default_graph()
    graph = FuncGraph(outer.unique_name(name), outer)
    with graph.as_default():
        symbolic = [nest.map_structure(_argument, argument) for argument in arguments]
        graph.inputs = nest.flatten(symbolic)
        result = function(*symbolic) if unpack else function(symbolic[0])
        graph.structured_outputs = nest.map_structure(lambda value: _output(graph, value), result)
    return graph


def _argument(spec: TensorSpec) -> Tensor:
    return placeholder(spec.dtype, spec.shape, name=spec.name or "args")


def _output(graph: FuncGraph, value: Any) -> Tensor:
    tensor = convert_to_tensor(value)
    return tensor if tensor.graph is graph else graph._adopt(tensor, "output")
