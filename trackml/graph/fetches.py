"""What a run is asked for: a structure taken apart into tensors and operations, and put together again with values.

A training loop asks for the same things at each step, in lists and dicts that are made anew. So the form of a
structure, with its leaves, is a key under which all that was found out about it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from trackml import nest
from trackml.graph.graph import Graph
from trackml.graph.operation import Operation, Tensor


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
        writer = _Writer(graph)
        expression = writer.expression(structure)
        self.elements: tuple[Tensor | Operation, ...] = tuple(writer.places)
        """What is to be computed, each once."""
        self.packed: Callable[[Sequence[Any]], Any] = eval(f"lambda values: {expression}", writer.namespace)
        """Gives the values of `elements` in the form of the structure."""
        self.plan: Any = None
        """The session's plan that computes them when nothing is fed, once there is one."""


def key_of(structure: Any) -> Hashable:
    """What equal structures of the same leaves have in common.

    Raises:
        TypeError: It has a container of another type than list, tuple or dict.
    """
    kind = type(structure)
    if kind is list or kind is tuple:
        return kind, *[item if type(item) in _LEAVES else key_of(item) for item in structure]
    if kind is dict:
        return kind, tuple(structure), *[key_of(item) for item in structure.values()]
    if nest.is_nested(structure):
        raise TypeError(f"{kind.__name__} is no plain container.")
    leaf: Hashable = structure
    return leaf


_LEAVES = frozenset({Tensor, Operation})


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


class _Writer:
    """Writes the expression that builds a structure from a sequence of values.

    A training loop packs the results of each step, and one expression costs a third of calls for each container.
    """

    def __init__(self, graph: Graph) -> None:
        self.places: dict[Tensor | Operation, int] = {}
        """Where in the sequence the value of each element is."""
        self.namespace: dict[str, Any] = {}
        """The functions that the expression calls."""
        self._graph = graph

    def expression(self, structure: Any) -> str:
        """The expression for a structure."""
        kind = type(structure)
        if kind is list:
            return f"[{self._all(structure)}]"
        if kind is tuple:
            return f"({self._all(structure)})"
        if nest.is_nested(structure):
            return self._call(lambda *items: nest.pack_like(structure, items), nest.flatten(structure))
        if hasattr(structure, "_components"):
            return self._call(lambda *parts: structure._with_components(list(parts)), structure._components())
        place = self.places.setdefault(_element(structure, self._graph), len(self.places))
        return f"values[{place}]"

    def _all(self, items: Iterable[Any]) -> str:
        return "".join(f"{self.expression(item)}, " for item in items)

    def _call(self, function: Callable[..., Any], items: Iterable[Any]) -> str:
        name = f"pack{len(self.namespace)}"
        self.namespace[name] = function
        return f"{name}({self._all(items)})"
