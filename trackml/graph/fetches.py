"""What a run is asked for: a structure taken apart into tensors and operations, and put together again with values.

A training loop asks for the same things at each step, in lists and dicts that are made anew. So the form of a
structure, with its leaves, is a key under which all that was found out about it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any, TypeAlias

from trackml import nest
from trackml.graph.graph import Graph
from trackml.graph.operation import Operation, Tensor

_Pack: TypeAlias = Callable[[Iterator[Any]], Any]


class Fetches:
    """A structure of things to fetch from a graph.

    Values of several tensors (sparse tensors, slices) tell their parts by `_components` and are put together by
    `_with_components`.

    Args:
        structure: A tensor, variable, operation or name, or these in lists, tuples and dicts.
        graph: Where they must be.

    Raises:
        TypeError: A leaf is of a kind that cannot be fetched.
        ValueError: A leaf is not in the graph.
    """

    def __init__(self, structure: Any, graph: Graph) -> None:
        if structure is None:
            raise TypeError("Fetch argument None has invalid type NoneType")
        leaves: list[Any] = []
        self._pack = _packer(structure, leaves)
        self.elements: tuple[Tensor | Operation, ...] = tuple(_element(leaf, graph) for leaf in leaves)

    def packed(self, values: list[Any]) -> Any:
        """The values of `elements` in the form of the structure."""
        return self._pack(iter(values))


def key_of(structure: Any) -> Hashable:
    """What equal structures of the same leaves have in common.

    Raises:
        TypeError: It has a container of another type than list, tuple or dict.
    """
    kind = type(structure)
    if kind is list or kind is tuple:
        return kind, tuple([key_of(item) for item in structure])
    if kind is dict:
        return kind, tuple(structure), tuple([key_of(item) for item in structure.values()])
    if nest.is_nested(structure):
        raise TypeError(f"{kind.__name__} is no plain container.")
    leaf: Hashable = structure
    return leaf


def _element(leaf: Any, graph: Graph) -> Tensor | Operation:
    try:
        return _value_of(graph.as_graph_element(leaf), graph)
    except TypeError as error:
        raise TypeError(f"Fetch argument {leaf!r} has invalid type {type(leaf).__name__}. {error}") from error
    except (KeyError, ValueError) as error:
        raise ValueError(f"Fetch argument {leaf!r} cannot be interpreted as a Tensor. {error}") from error


def _value_of(element: Tensor | Operation, graph: Graph) -> Tensor | Operation:
    """The value of a variable for its handle: `"w:0"` is the value in TensorFlow 1, and scripts ask for it so."""
    if not isinstance(element, Tensor) or element.op.type != "VarHandleOp":
        return element
    try:
        value = graph.as_graph_element(f"{element.op.name}/Read/ReadVariableOp:0")
    except KeyError:  # nothing reads the variable
        return element
    return value if isinstance(value, Tensor) and value.op.inputs[0] is element else element


def _packer(structure: Any, leaves: list[Any]) -> _Pack:
    """Puts the leaves of a structure behind `leaves`; gives what builds the structure from their values."""
    kind = type(structure)
    if kind is list:
        items = [_packer(item, leaves) for item in structure]
        return lambda values: [item(values) for item in items]
    if kind is tuple:
        items = [_packer(item, leaves) for item in structure]
        return lambda values: tuple([item(values) for item in items])
    if nest.is_nested(structure):
        return _other_packer(structure, leaves)
    if hasattr(structure, "_components"):
        parts = list(structure._components())
        leaves.extend(parts)
        return lambda values: structure._with_components([next(values) for _ in parts])
    leaves.append(structure)
    return next


def _other_packer(structure: Any, leaves: list[Any]) -> _Pack:
    """The same for dicts, named tuples and other containers."""
    items = [_packer(item, leaves) for item in nest.flatten(structure)]
    return lambda values: nest.pack_like(structure, [item(values) for item in items])
