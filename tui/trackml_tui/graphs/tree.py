"""The scopes of a graph: how many operations and parameters each holds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from trackml.runs import RunView
from trackml_tui.order import natural_key

_VARIABLES = frozenset({"Variable", "VariableV2", "VarHandleOp", "Parameter"})
_MOST_ATTRS = 24
_LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True)
class Node:
    """What is known of one operation."""

    name: str
    op: str
    device: str
    inputs: tuple[str, ...]
    shapes: tuple[str, ...]
    """Of its outputs, as text, if the graph says."""
    attrs: tuple[tuple[str, str], ...]
    parameters: int
    """Elements of the variable that it is."""


@dataclass(slots=True)
class Scope:
    """A scope, or an operation, or both: operations may have others below their names."""

    name: str
    label: str
    node: Node | None = None
    children: dict[str, Scope] = field(default_factory=dict)
    ops: int = 0
    """Operations in it, itself included."""
    parameters: int = 0
    """Elements of all variables in it."""


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """A graph that was read."""

    root: Scope
    kinds: tuple[tuple[str, int], ...]
    """Types of operations and how many there are, the most frequent first."""
    variables: int
    functions: int
    """Functions in its library."""
    nodes: int


@dataclass(frozen=True, slots=True)
class GraphRow:
    """A line of the tree."""

    key: str
    label: str
    depth: int
    folded: bool | None
    """None for what has nothing below it."""
    ops: int
    parameters: int
    op: str
    """The type of the operation; empty for a scope."""
    shape: str


def read_graph(run: RunView) -> Graph | None:
    """Reads the run's graph; None if it has none. Raises what `RunView.read_graph` does."""
    definition = run.read_graph()
    return None if definition is None else graph_of(definition)


def graph_of(definition: Any) -> Graph:
    """The tree of a `GraphDef`."""
    root = Scope("", "")
    nodes = [_node(each) for each in definition.node]
    for node in nodes:
        _insert(root, node)
    _count(root)
    kinds = Counter(node.op for node in nodes)
    return Graph(
        root=root,
        kinds=tuple(kinds.most_common()),
        variables=sum(node.op in _VARIABLES for node in nodes),
        functions=len(definition.library.function),
        nodes=len(nodes),
    )


def rows_of(graph: Graph, unfolded: frozenset[str]) -> tuple[GraphRow, ...]:
    """The lines of the tree that are in sight; the first level always is.

    Args:
        graph: The graph.
        unfolded: The names of the scopes whose members are shown.
    """
    rows: list[GraphRow] = []
    _flatten(graph.root, 0, unfolded, rows)
    return tuple(rows)


def find(graph: Graph, name: str | None) -> Scope | None:
    """The scope or operation of this name."""
    scope: Scope | None = graph.root
    for part in (name or "").split("/"):
        scope = scope.children.get(part) if scope is not None else None
    return scope


def _insert(root: Scope, node: Node) -> None:
    scope, path = root, ""
    for part in node.name.split("/"):
        path = f"{path}/{part}" if path else part
        scope = scope.children.setdefault(part, Scope(path, part))
    scope.node = node


def _count(root: Scope) -> None:
    """Adds up from the leaves, without recursion: names may be as deep as somebody likes."""
    order, waiting = [], [root]
    while waiting:
        scope = waiting.pop()
        order.append(scope)
        waiting.extend(scope.children.values())
    for scope in reversed(order):
        scope.ops = (scope.node is not None) + sum(child.ops for child in scope.children.values())
        own = scope.node.parameters if scope.node is not None else 0
        scope.parameters = own + sum(child.parameters for child in scope.children.values())


def _flatten(root: Scope, depth: int, unfolded: frozenset[str], rows: list[GraphRow]) -> None:
    waiting = [(child, depth) for child in _sorted(root)]
    while waiting:
        scope, depth = waiting.pop()
        is_open = scope.name in unfolded
        rows.append(
            GraphRow(
                key=scope.name,
                label=scope.label,
                depth=depth,
                folded=not is_open if scope.children else None,
                ops=scope.ops,
                parameters=scope.parameters,
                op=scope.node.op if scope.node is not None else "",
                shape=" ".join(scope.node.shapes) if scope.node is not None else "",
            )
        )
        if is_open:
            waiting += [(child, depth + 1) for child in _sorted(scope)]


def _sorted(scope: Scope) -> list[Scope]:
    """The members in the order in which a stack gives them back: by name, scopes before operations."""
    return sorted(scope.children.values(), key=lambda each: (not each.children, natural_key(each.label)), reverse=True)


def _node(definition: Any) -> Node:
    attrs = definition.attr
    shapes = [_shape(shape) for shape in attrs["_output_shapes"].list.shape] if "_output_shapes" in attrs else []
    size = 0
    if definition.op in _VARIABLES and "shape" in attrs:
        shape = attrs["shape"].shape
        shapes = [_shape(shape)]
        known = not shape.unknown_rank and all(each.size >= 0 for each in shape.dim)
        size = math.prod(each.size for each in shape.dim) if known else 0
    said = sorted((name, _attr(value)) for name, value in attrs.items() if name != "_output_shapes")
    return Node(
        name=definition.name,
        op=definition.op,
        device=definition.device,
        inputs=tuple(definition.input),
        shapes=tuple(shapes),
        attrs=tuple(said[:_MOST_ATTRS]),
        parameters=size,
    )


def _shape(shape: Any) -> str:
    if shape.unknown_rank:
        return "?"
    return "×".join("?" if each.size < 0 else str(each.size) for each in shape.dim) or "scalar"


def _attr(value: Any) -> str:
    """An attribute in short; tensors by their shape alone."""
    kind = value.WhichOneof("value")
    if kind == "shape":
        return _shape(value.shape)
    if kind == "type":
        from tensorboard.compat.proto import types_pb2

        names: Iterable[str] = types_pb2.DataType.keys()
        return str(types_pb2.DataType.Name(value.type)) if value.type < len(list(names)) else str(value.type)
    if kind == "tensor":
        return f"tensor {_shape(value.tensor.tensor_shape)}"
    if kind == "s":
        return _short(value.s.decode("utf-8", "replace"))
    if kind == "func":
        return f"{value.func.name}()"
    return _short(" ".join(str(getattr(value, kind)).split())) if kind is not None else ""


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
