"""Graphs from `GraphDef` and `MetaGraphDef` messages: the way back of `graph.graph_def` and `graph.meta_graph`."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from google.protobuf.message import DecodeError
from tensorboard.compat.proto.attr_value_pb2 import AttrValue
from tensorboard.compat.proto.function_pb2 import FunctionDef
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.meta_graph_pb2 import CollectionDef, MetaGraphDef
from tensorboard.compat.proto.node_def_pb2 import NodeDef
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.compat.proto.variable_pb2 import VariableDef
from tensorboard.util.tensor_util import make_ndarray

from trackml.dtypes import as_dtype
from trackml.graph.function import FuncGraph
from trackml.graph.graph import Graph, get_default_graph
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import OpSpec, spec_of
from trackml.saved_model.import_functions import CALLS, add_call, argument_or_output
from trackml.shapes import TensorShape
from trackml.variables import Variable


def import_graph_def(
    graph_def: GraphDef,
    input_map: Mapping[str, Tensor] | None = None,
    return_elements: Sequence[str] | None = None,
    name: str | None = None,
    op_dict: Any = None,
    producer_op_list: Any = None,
) -> list[Any] | None:
    """Adds the operations of a message to the default graph.

    Args:
        graph_def: The message.
        input_map: Tensors of the default graph in place of tensors of the message, by the names that these have there.
        return_elements: Names in the message of operations and tensors to return.
        name: A prefix of all names; `import` by default, none if empty.
        op_dict: Accepted for TensorFlow's sake.
        producer_op_list: Accepted for TensorFlow's sake.

    Returns:
        What `return_elements` names, None if it is None.

    Raises:
        TypeError: `graph_def` is no GraphDef.
        ValueError: An operation is of a type that there is not, or takes what is not there.
    """
    if not isinstance(graph_def, GraphDef):
        raise TypeError(f"graph_def must be a GraphDef proto; got {type(graph_def).__name__}.")
    prefix = "import" if name is None else name.rstrip("/")
    graph = get_default_graph()
    with graph.name_scope(prefix or None) as scope:
        library = {function.signature.name: function for function in graph_def.library.function}
        imported = _Import(graph, graph_def.node, scope or "", dict(input_map or {}), library)
        imported.add_all()
    if return_elements is None:
        return None
    return [imported.element(element) for element in return_elements]


def import_meta_graph_def(message: MetaGraphDef, import_scope: str | None = None) -> None:
    """Adds the operations and collections of a message to the default graph.

    Variables come back as variables, operations and tensors under their names; what else collections hold has no form
    that could be read, and is left out.

    Args:
        message: The message.
        import_scope: A prefix of all names; none by default.
    """
    import_graph_def(message.graph_def, name=import_scope or "")
    graph = get_default_graph()
    known: dict[str, Variable] = {}
    for key, collection in message.collection_def.items():
        for item in _collected(collection, import_scope, known):
            graph.add_to_collection(key, item)


class _Import:
    """One import: nodes by name, made when what they take is there."""

    def __init__(
        self,
        graph: Graph,
        nodes: Iterable[NodeDef],
        scope: str,
        input_map: dict[str, Tensor],
        library: Mapping[str, FunctionDef],
    ) -> None:
        _load_operations()
        self._graph = graph
        self._nodes = {node.name: node for node in nodes}
        self._scope = scope
        self._library = library
        self._input_map = {_with_index(key): value for key, value in input_map.items()}
        self.made: dict[str, Operation] = {}
        """The operations by their names in the message."""

    def add_all(self) -> None:
        """Makes all operations, each after its inputs: a message may have them in any order."""
        for first in self._nodes:
            pending = [first]
            while pending:
                missing = [name for name in self._needed(self._nodes[pending[-1]]) if name not in self.made]
                if not missing:
                    self._add(self._nodes[pending.pop()])
                elif any(name in pending for name in missing):
                    raise ValueError(f"Node '{pending[-1]}' waits for itself; loops must be `While` operations.")
                else:
                    pending.extend(missing)

    def _needed(self, node: NodeDef) -> list[str]:
        names = [_operation_name(name) for name in node.input if _with_index(name) not in self._input_map]
        for name in names:
            if name not in self._nodes:
                raise ValueError(f"Node '{node.name}' has an input '{name}' that is not in the graph.")
        return names

    def _add(self, node: NodeDef) -> None:
        if node.name in self.made:
            return
        if f"{self._scope}{node.name}" in self._graph._operations:
            raise ValueError(
                f"Node name '{self._scope}{node.name}' already exists in the Graph. Import into a new graph, or below "
                "a name (`name`, `import_scope`)."
            )
        inputs = [self._input(name) for name in node.input if not name.startswith("^")]
        controls = [self.made[name[1:]] for name in node.input if name.startswith("^")]
        with self._graph.control_dependencies(None), self._graph.control_dependencies(controls):
            self.made[node.name] = self._operation(node, inputs, f"{self._scope}{node.name}/")

    def _operation(self, node: NodeDef, inputs: list[Tensor], name: str) -> Operation:
        if node.op in CALLS:
            return add_call(node, inputs, self._library, self._fill, self._graph, name)
        return self._graph.create_op(node.op, inputs, _attributes(node, self._spec(node)), name=name)

    def _fill(
        self, graph: FuncGraph, nodes: Sequence[NodeDef], arguments: dict[str, Tensor]
    ) -> Mapping[str, Operation]:
        inner = _FunctionImport(graph, nodes, "", arguments, self._library)
        inner.add_all()
        return inner.made

    def _spec(self, node: NodeDef) -> OpSpec:
        try:
            return spec_of(node.op)
        except LookupError:
            raise ValueError(
                f"Node '{node.name}' is of type {node.op}, which this library does not have; see "
                "trackml.graph.registry.register to add one."
            ) from None

    def _input(self, name: str) -> Tensor:
        mapped = self._input_map.get(_with_index(name))
        if mapped is not None:
            return mapped
        operation, _, index = name.partition(":")
        return self.made[operation].outputs[int(index or 0)]

    def element(self, name: str) -> Operation | Tensor:
        """The operation or tensor that has this name in the message.

        Raises:
            ValueError: There is none.
        """
        operation, colon, index = name.partition(":")
        if operation not in self.made:
            raise ValueError(f"Requested return_element {name!r} is not in the graph.")
        made = self.made[operation]
        return made.outputs[int(index)] if colon else made


class _FunctionImport(_Import):
    """The same for the nodes of a function, whose inputs have other names."""

    def _input(self, name: str) -> Tensor:
        mapped = self._input_map.get(_with_index(name))
        return argument_or_output(name, {}, self.made) if mapped is None else mapped


def _attributes(node: NodeDef, spec: OpSpec) -> dict[str, Any]:
    """The attributes that are not told by the inputs, nor by what was inferred when the message was written."""
    told = {spec.count, "_output_shapes", "_class", *(spec.types if node.input else ())}
    return {name: attribute(value) for name, value in node.attr.items() if name not in told}


def attribute(message: AttrValue) -> Any:
    """The attribute of a node as a Python value.

    Raises:
        ValueError: It is of a kind that no operation here has.
    """
    kind = message.WhichOneof("value")
    if kind is None:
        return None
    if kind == "list":
        fields = [(field.name, values) for field, values in message.list.ListFields()]
        return [_plain(name, value) for name, values in fields for value in values]
    return _plain(kind, getattr(message, kind))


def _plain(kind: str, value: Any) -> Any:
    if kind == "s":
        return _text(value)
    if kind == "type":
        return as_dtype(value)
    if kind == "shape":
        return _shape(value)
    if kind == "tensor":
        return make_ndarray(value)
    if kind == "func":
        raise ValueError(
            f"The graph calls a function, '{value.name}', in another way than by {', '.join(CALLS)}; that cannot be "
            "imported."
        )
    return value


def _text(value: bytes) -> str | bytes:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value


def _shape(message: TensorShapeProto) -> TensorShape:
    if message.unknown_rank:
        return TensorShape(None)
    return TensorShape([None if dim.size < 0 else dim.size for dim in message.dim])


def _operation_name(name: str) -> str:
    return name.lstrip("^").partition(":")[0]


def _with_index(name: str) -> str:
    return name if ":" in name or name.startswith("^") else f"{name}:0"


def _collected(collection: CollectionDef, scope: str | None, known: dict[str, Variable]) -> list[Any]:
    """The items of a collection, of the default graph; a variable that is in several is the same in all."""
    graph = get_default_graph()
    prefix = f"{scope}/" if scope else ""
    if collection.WhichOneof("kind") == "node_list":
        return [graph.as_graph_element(f"{prefix}{name}") for name in collection.node_list.value]
    items = []
    for data in collection.bytes_list.value:
        variable = _variable(data, scope)
        if variable is not None:
            items.append(known.setdefault(variable.name, variable))
    return items


def _variable(data: bytes, scope: str | None) -> Variable | None:
    try:
        message = VariableDef.FromString(data)
    except DecodeError:
        return None
    prefix = f"{scope}/" if scope else ""
    if f"{prefix}{_operation_name(message.variable_name)}" not in get_default_graph()._operations:
        return None
    return Variable.from_proto(message, scope)


_REGISTERING = (
    "trackml.checkpoint.saver_ops",
    "trackml.optimizers.scatter",
    "trackml.optimizers.updates",
    "trackml.summary.summary_ops",
    "trackml.variables.resource_ops",
)
"""Modules outside `trackml.ops` that register operations."""


@functools.cache
def _load_operations() -> None:
    """Imports what registers operations: a message may name any of them."""
    families = importlib.import_module("trackml.ops").__path__
    for name in (*_REGISTERING, *(f"trackml.ops.{module.name}" for module in pkgutil.iter_modules(families))):
        importlib.import_module(name)
