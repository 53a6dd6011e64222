"""Functions of a dataset: called once with symbolic components when the dataset is made, run for each element."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from trackml import nest
from trackml.data.elements import element_of
from trackml.dtypes import bool_
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.function import FuncGraph, TensorSpec, trace
from trackml.graph.operation import Tensor


def traced(function: Callable[..., Any], spec: Any, method: str) -> FuncGraph:
    """The graph of `function`, which is called here and never again.

    Args:
        function: Called with an element; one that is a plain tuple gives an argument for each of its items.
        spec: The structure of an element.
        method: The method of `Dataset` on whose behalf, for names and messages.
    """

    def call(*arguments: Any) -> Any:
        return _result(function(*arguments), method)

    name = re.sub(r"\W", "", getattr(function, "__name__", type(function).__name__))
    arguments = spec if type(spec) is tuple else (spec,)
    return trace(call, arguments, name=f"Dataset_{method}_{name}")


def _result(value: Any, method: str) -> Any:
    """What a function gave, as a structure of tensors; a list at the top is a tuple, elsewhere a tensor."""

    def tensor(item: Any, where: str) -> Tensor:
        if item is None:
            raise TypeError(f"Unsupported return value from function passed to Dataset.{method}(): {value!r}.")
        return convert_to_tensor(item)

    return element_of(tuple(value) if isinstance(value, list) else value, tensor)


def result_spec(graph: FuncGraph) -> Any:
    """What is known of the elements that a function gives."""
    return nest.map_structure(lambda tensor: TensorSpec(tensor.dtype, tensor.shape), graph.structured_outputs)


def check_predicate(graph: FuncGraph) -> None:
    """Raises ValueError unless a function gives a boolean scalar."""
    spec = result_spec(graph)
    if not isinstance(spec, TensorSpec) or spec.dtype is not bool_ or not spec.shape.is_compatible_with([]):
        came = spec if not isinstance(spec, TensorSpec) else f"{spec.dtype.name} of shape {spec.shape}"
        raise ValueError(f"`predicate` return type must be convertible to a scalar boolean tensor. Was {came}.")
