"""Descriptions of datasets: a tree of nodes that any graph and any number of iterators may share.

A node computes nothing. `build` makes what runs, for one iterator in one session.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar, TypeAlias

from trackml import nest
from trackml.data.elements import DatasetSpec
from trackml.data.pipeline import Context, Pipeline
from trackml.data.sparse import carried, like
from trackml.dtypes import DType
from trackml.errors import InvalidArgumentError
from trackml.graph.function import TensorSpec
from trackml.graph.operation import Tensor
from trackml.ops.framework import leave_out
from trackml.shapes import TensorShape

Size: TypeAlias = "int | Tensor"
"""A number of elements; a tensor is read when an iterator starts."""


class Node(ABC):
    """A source of elements, or a transformation of others.

    Args:
        spec: The structure of an element, with a TensorSpec for each component.
        sources: The nodes that this one takes its elements from.
        tensors: The tensors whose values it needs when an iterator starts.
    """

    operations: ClassVar[int] = 1
    """How many operations TensorFlow makes for it: seeds are counted by operations."""

    def __init__(self, spec: Any, sources: Iterable[Node] = (), tensors: Iterable[Any] = ()) -> None:
        leave_out(self.operations)
        self.spec = spec
        self.sources = tuple(sources)
        self.tensors = tuple(item for item in tensors if isinstance(item, Tensor))

    @abstractmethod
    def build(self, context: Context) -> Pipeline:
        """What gives the elements, for one iterator."""

    @property
    def dtypes(self) -> list[DType]:
        """The types of the tensors that the components go as, flat."""
        return [carried(spec).dtype for spec in nest.flatten(self.spec)]

    @property
    def shapes(self) -> list[TensorShape]:
        """Their static shapes, flat."""
        return [carried(spec).shape for spec in nest.flatten(self.spec)]


def tensors_of(node: Node) -> list[Tensor]:
    """The tensors that a whole description refers to, each once, in the order of the elements' way."""
    found: dict[Tensor, None] = {}
    for source in node.sources:
        found.update(dict.fromkeys(tensors_of(source)))
    found.update(dict.fromkeys(node.tensors))
    return list(found)


def with_first_dimension(spec: Any, size: int | None) -> Any:
    """The spec of elements stacked: `size` of them, or a number not known."""

    def stack(component: TensorSpec) -> TensorSpec:
        if isinstance(component, DatasetSpec):
            raise TypeError("Windows cannot be batched. Use flat_map(lambda window: window.batch(size)).")
        return like(component, TensorShape([size]).concatenate(component.shape))

    return nest.map_structure(stack, spec)


def at_least(smallest: int, size: Any, message: str) -> Any:
    """`size`; InvalidArgumentError when it is a number below `smallest`. A tensor is left for later."""
    if not isinstance(size, Tensor) and size < smallest:
        raise InvalidArgumentError(None, None, f"{message} Got {size}.")
    return size
