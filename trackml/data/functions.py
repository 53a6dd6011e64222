"""Functions of a dataset: called once with symbolic components when the dataset is made, run for each element."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from trackml import nest
from trackml.data.elements import DatasetSpec, element_of
from trackml.data.nodes import Node, tensors_of
from trackml.data.sparse import SparseTensorSpec, boxed, carried, spec_of_result, unboxed
from trackml.dtypes import bool_
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.function import FuncGraph, TensorSpec, trace
from trackml.graph.operation import Tensor
from trackml.graph.sparse_tensor import SparseTensor, SparseTensorValue


def traced(function: Callable[..., Any], spec: Any, method: str) -> FuncGraph:
    """The graph of `function`, which is called here and never again.

    Args:
        function: Called with an element; one that is a plain tuple gives an argument for each of its items.
        spec: The structure of an element.
        method: The method of `Dataset` on whose behalf, for names and messages.
    """

    return _traced(lambda *arguments: _result(function(*arguments), method), function, spec, method)


def traced_dataset(function: Callable[..., Any], spec: Any, method: str) -> tuple[FuncGraph, Node, list[Tensor]]:
    """The graph of a function that gives a dataset.

    Returns:
        The graph, which computes the tensors that the dataset refers to; the dataset's description; these tensors.
    """
    nodes: list[Node] = []

    def call(*arguments: Any) -> Any:
        dataset = function(*arguments)
        node = getattr(dataset, "_node", None)
        if not isinstance(node, Node):
            raise TypeError(f"`map_func` of Dataset.{method}() must return a `Dataset` object. Got {dataset!r}.")
        nodes.append(node)
        return tuple(tensors_of(node))

    graph = _traced(call, function, spec, method)
    return graph, nodes[0], tensors_of(nodes[0])


def _traced(call: Callable[..., Any], function: Callable[..., Any], spec: Any, method: str) -> FuncGraph:
    def unwrapped(*arguments: Any) -> Any:
        return call(*[_as_values(argument, spec) for argument, spec in zip(arguments, specs)])

    name = re.sub(r"\W", "", getattr(function, "__name__", type(function).__name__))
    specs = spec if type(spec) is tuple else (spec,)
    return trace(unwrapped, nest.map_structure(carried, specs), name=f"Dataset_{method}_{name}")


def _as_values(argument: Any, spec: Any) -> Any:
    """An argument of a function, with a dataset or a sparse tensor in place of each tensor that stands for one."""

    def wrapped(tensor: Any, component: Any) -> Any:
        if isinstance(component, DatasetSpec) and component.wrap:
            return component.wrap(tensor)
        return unboxed(tensor, component)

    return nest.map_structure(wrapped, argument, spec)


def _result(value: Any, method: str) -> Any:
    """What a function gave, as a structure of tensors; a list at the top is a tuple, elsewhere a tensor."""

    def tensor(item: Any, where: str) -> Tensor:
        if item is None:
            raise TypeError(f"Unsupported return value from function passed to Dataset.{method}(): {value!r}.")
        sparse = isinstance(item, (SparseTensor, SparseTensorValue))
        component: Tensor = boxed(SparseTensor.from_value(item)) if sparse else convert_to_tensor(item)
        return component

    return element_of(tuple(value) if isinstance(value, list) else value, tensor)


def result_spec(graph: FuncGraph) -> Any:
    """What is known of the elements that a function gives."""
    return nest.map_structure(spec_of_result, graph.structured_outputs)


def check_predicate(graph: FuncGraph) -> None:
    """Raises ValueError unless a function gives a boolean scalar."""
    spec = result_spec(graph)
    dense = isinstance(spec, TensorSpec) and not isinstance(spec, SparseTensorSpec)
    if not dense or spec.dtype is not bool_ or not spec.shape.is_compatible_with([]):
        came = spec if not dense else f"{spec.dtype.name} of shape {spec.shape}"
        raise ValueError(f"`predicate` return type must be convertible to a scalar boolean tensor. Was {came}.")
