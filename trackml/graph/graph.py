"""A graph: operations under unique names, name scopes, collections, and the default graph of a thread."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from trackml.dtypes import DType
from trackml.graph.location import user_location
from trackml.graph.operation import Operation, Tensor, output_of
from trackml.graph.registry import OpSpec, spec_of
from trackml.shapes import TensorShape

if TYPE_CHECKING:
    from tensorboard.compat.proto.graph_pb2 import GraphDef

_VALID_NAME = re.compile(r"^[A-Za-z0-9.][A-Za-z0-9_.\-/]*$")
_VALID_SCOPE = re.compile(r"^[A-Za-z0-9_.\-/]*$")


class Graph:
    """The operations of a model, each made once, under a unique name.

    A graph only grows. What it computes is up to a `Session`. A graph may be built by one thread at a time;
    any number of sessions in any number of threads may run it.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default() as graph:
        ...     total = tf.add(1.0, 2.0, name="total")
        >>> graph.get_operation_by_name("total").type
        'Add'
    """

    def __init__(self) -> None:
        self.seed: int | None = None
        self.debug_numerics = False
        self.operations_left_out = 0
        self.version = 0
        self._operations: dict[str, Operation] = {}
        self._names_in_use: dict[str, int] = {}
        self._name_scope = ""
        self._collections: dict[Any, list[Any]] = {}
        self._controllers: list[_Controller] = []
        self._devices: list[str] = []
        self._finalized = False
        self._node_defs: dict[bool, tuple[int, Any]] = {}

    @property
    def finalized(self) -> bool:
        """Whether the graph takes no more operations."""
        return self._finalized

    def finalize(self) -> None:
        """Makes the graph read-only: making another operation in it raises RuntimeError."""
        self._finalized = True

    def _unsafe_unfinalize(self) -> None:
        self._finalized = False

    def create_op(
        self,
        type: str,
        inputs: Sequence[Tensor] = (),
        attrs: dict[str, Any] | None = None,
        name: str | None = None,
    ) -> Operation:
        """Adds an operation.

        Args:
            type: A registered type, such as `"MatMul"`.
            inputs: Tensors of this graph.
            attrs: Attributes, under TensorFlow's names.
            name: A name to make unique in the current scope; one that ends in `/` is taken as it is.

        Returns:
            The operation.

        Raises:
            RuntimeError: The graph is finalized.
            ValueError: An input is of another graph, or shapes or types do not fit; the message names the
                operation, its inputs and the user's line.
        """
        if self._finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")
        spec = spec_of(type)
        tensors = tuple(tensor if tensor.graph is self else self._adopt(tensor, type) for tensor in inputs)
        operation = Operation(
            self,
            spec,
            self._name_for(name or type),
            tensors,
            attrs or {},
            control_inputs=self._current_control_inputs(tensors),
            device=self._devices[-1] if self._devices else "",
            location=user_location(),
            id=len(self._operations),
        )
        operation.outputs = _outputs(operation, spec)
        self._add(operation)
        return operation

    def _add(self, operation: Operation) -> None:
        self._operations[operation.name] = operation
        self.version += 1
        for tensor in operation.inputs:
            tensor._consumers.append(operation)
        for controller in self._controllers:
            controller.inside.add(operation)

    def _adopt(self, tensor: Tensor, type: str) -> Tensor:
        raise ValueError(
            f"Tensor '{tensor.name}' must be from the same graph as the other inputs of {type}; it was made in "
            f"another one (at {tensor.op.location}). Make all tensors under the same `with graph.as_default():`."
        )

    def _name_for(self, name: str) -> str:
        if name.endswith("/"):
            return name[:-1]
        if not _VALID_NAME.match(name) and not (self._name_scope and _VALID_SCOPE.match(name)):
            raise ValueError(f"'{name}' is not a valid node name")
        return self.unique_name(name)

    def unique_name(self, name: str, mark_as_used: bool = True) -> str:
        """`name` in the current scope, with `_1`, `_2` ... appended where it is taken."""
        if self._name_scope:
            name = f"{self._name_scope}/{name}"
        # Names that differ in case alone would be one file on some systems, so TensorFlow counts them as equal.
        key = name.lower()
        number = self._names_in_use.get(key, 0)
        if mark_as_used:
            self._names_in_use[key] = number + 1
        if number == 0:
            return name
        base = key
        while key in self._names_in_use:
            key = f"{base}_{number}"
            number += 1
        if mark_as_used:
            self._names_in_use[key] = 1
        return f"{name}_{number - 1}"

    @contextmanager
    def name_scope(self, name: str | None) -> Iterator[str]:
        """Puts operations under `name`; one that ends in `/` is entered again, None or "" is the root.

        Yields:
            The scope's full name with a final `/`, or an empty string for the root.
        """
        outer = self._name_scope
        if not name:
            self._name_scope = ""
        elif name.endswith("/"):
            self._name_scope = name[:-1]
        else:
            if not (_VALID_SCOPE if outer else _VALID_NAME).match(name):
                raise ValueError(f"'{name}' is not a valid scope name")
            self._name_scope = self.unique_name(name)
        try:
            yield f"{self._name_scope}/" if self._name_scope else ""
        finally:
            self._name_scope = outer

    def get_name_scope(self) -> str:
        """The current scope without a final `/`."""
        return self._name_scope

    @contextmanager
    def control_dependencies(self, control_inputs: Iterable[Any] | None) -> Iterator[None]:
        """Makes operations that run only after all of `control_inputs`; None forgets outer ones."""
        outer = self._controllers
        if control_inputs is None:
            self._controllers = []
        else:
            operations = [self._control_operation(item) for item in control_inputs]
            self._controllers = [*outer, _Controller(tuple(operations))]
        try:
            yield
        finally:
            self._controllers = outer

    def _control_operation(self, item: Any) -> Operation:
        element = self.as_graph_element(item)
        return element if isinstance(element, Operation) else element.op

    def _current_control_inputs(self, inputs: tuple[Tensor, ...]) -> tuple[Operation, ...]:
        found: dict[Operation, None] = {}
        for controller in self._controllers:
            # An input that was made inside waits already, and so then does this operation.
            if not any(tensor.op in controller.inside for tensor in inputs):
                found.update(dict.fromkeys(controller.operations))
        return tuple(found)

    @contextmanager
    def device(self, device: Any) -> Iterator[None]:
        """Notes `device` on operations, so that graph.pbtxt has it; everything runs on this machine."""
        self._devices.append(device if isinstance(device, str) else "")
        try:
            yield
        finally:
            self._devices.pop()

    def as_default(self) -> Any:
        """A context in which this graph is the default one of the thread."""
        return _as_default(self)

    def get_operations(self) -> list[Operation]:
        """All operations, in the order in which they were made."""
        return list(self._operations.values())

    def get_operation_by_name(self, name: str) -> Operation:
        """The operation of that name; KeyError when there is none."""
        element = self.as_graph_element(name, allow_tensor=False)
        assert isinstance(element, Operation)
        return element

    def get_tensor_by_name(self, name: str) -> Tensor:
        """The tensor of that name, such as `"x:0"`; KeyError when there is none."""
        element = self.as_graph_element(name, allow_operation=False)
        assert isinstance(element, Tensor)
        return element

    def as_graph_element(self, obj: Any, allow_tensor: bool = True, allow_operation: bool = True) -> Tensor | Operation:
        """The tensor or operation that `obj` is, stands for or names.

        Raises:
            TypeError: `obj` is nothing of a graph, or of the kind that is not allowed.
            ValueError: It is of another graph, or a name that is not well formed.
            KeyError: No operation or tensor has that name.
        """
        if hasattr(obj, "_as_graph_element"):
            obj = obj._as_graph_element()
        element = self._element_by_name(obj, allow_operation) if isinstance(obj, str) else obj
        allowed = ((Tensor,) if allow_tensor else ()) + ((Operation,) if allow_operation else ())
        if not isinstance(element, allowed):
            kinds = " or a ".join(kind.__name__ for kind in allowed)
            raise TypeError(f"Can not convert a {type(obj).__name__} into a {kinds}: {obj!r}.")
        if element.graph is not self:
            raise ValueError(f"{element} is not an element of this graph.")
        return element

    def _element_by_name(self, name: str, allow_operation: bool) -> Tensor | Operation:
        op_name, colon, index = name.rpartition(":")
        if not colon:
            if not allow_operation:
                raise ValueError(f"'{name}' is not a tensor's name: those have the form '<op name>:<output index>'.")
            op_name = name
        elif not index.isdigit():
            raise ValueError(f"'{name}' is not a tensor's name: those have the form '<op name>:<output index>'.")
        if op_name not in self._operations:
            raise KeyError(f"The name '{name}' refers to an operation that is not in the graph: '{op_name}'.")
        operation = self._operations[op_name]
        if not colon:
            return operation
        if int(index) >= len(operation.outputs):
            raise KeyError(f"'{name}': operation '{op_name}' has only {len(operation.outputs)} outputs.")
        return operation.outputs[int(index)]

    def add_to_collection(self, name: Any, value: Any) -> None:
        """Appends `value` to the collection `name`."""
        self._collections.setdefault(name, []).append(value)

    def add_to_collections(self, names: Any, value: Any) -> None:
        """Appends `value` to each of the collections that does not hold it yet."""
        for name in [names] if isinstance(names, str) else list(names):
            if not any(item is value for item in self._collections.get(name, ())):
                self.add_to_collection(name, value)

    def get_collection(self, name: Any, scope: str | None = None) -> list[Any]:
        """The items of a collection; with `scope`, only those whose name begins with that pattern."""
        items = list(self._collections.get(name, ()))
        if scope is None:
            return items
        pattern = re.compile(scope)
        return [item for item in items if hasattr(item, "name") and pattern.match(item.name)]

    def get_collection_ref(self, name: Any) -> list[Any]:
        """The collection itself: what is appended to this list is in the collection."""
        return self._collections.setdefault(name, [])

    def clear_collection(self, name: Any) -> None:
        """Empties a collection."""
        self._collections.pop(name, None)

    def get_all_collection_keys(self) -> list[Any]:
        """The names of all collections."""
        return list(self._collections)

    def as_graph_def(self, from_version: int | None = None, add_shapes: bool = False) -> GraphDef:
        """The graph as a `GraphDef` message; with `add_shapes`, `_output_shapes` on each node."""
        from trackml.graph.graph_def import graph_def

        return graph_def(self, from_version=from_version, add_shapes=add_shapes)


class _Controller:
    """The operations that those made inside a context wait for, and those made inside it."""

    __slots__ = ("inside", "operations")

    def __init__(self, operations: tuple[Operation, ...]) -> None:
        self.operations = operations
        self.inside: set[Operation] = set()


def _outputs(operation: Operation, spec: OpSpec) -> tuple[Tensor, ...]:
    try:
        shapes = spec.shape(operation)
        if isinstance(shapes, TensorShape):
            shapes = (shapes,)
        dtypes = _output_dtypes(operation, spec, len(shapes))
    except (ValueError, TypeError) as error:
        raise type(error)(f"{error} [{operation.describe()}]") from error
    return tuple(
        Tensor(operation, index, dtype, shape) for index, (dtype, shape) in enumerate(zip(dtypes, shapes, strict=True))
    )


def _output_dtypes(operation: Operation, spec: OpSpec, count: int) -> Sequence[DType]:
    rule = spec.dtypes
    if rule is None:
        return [operation.inputs[0].dtype] * count if count else []
    if isinstance(rule, DType):
        return [rule] * count
    if isinstance(rule, str):
        named = operation.attrs[rule]
        return named if isinstance(named, (list, tuple)) else [named] * count
    return rule(operation)


class _Defaults(threading.local):
    """The stack of default graphs of one thread."""

    def __init__(self) -> None:
        self.stack: list[Graph] = []


_defaults = _Defaults()
_global_default = Graph()


@contextmanager
def _as_default(graph: Graph) -> Iterator[Any]:
    _defaults.stack.append(graph)
    try:
        yield graph
    finally:
        # A generator may leave its context after a later one was entered: take out the last entry of this graph.
        del _defaults.stack[len(_defaults.stack) - 1 - _defaults.stack[::-1].index(graph)]


def get_default_graph() -> Graph:
    """The graph that operations are added to: the innermost `as_default`, or the global one."""
    return _defaults.stack[-1] if _defaults.stack else _global_default


def reset_default_graph() -> None:
    """Replaces the global default graph by an empty one."""
    global _global_default
    if _defaults.stack:
        raise AssertionError("Do not use tf.reset_default_graph() to clear nested graphs.")
    _global_default = Graph()


def apply_op(type: str, *inputs: Tensor, name: str | None = None, **attrs: Any) -> Any:
    """Adds an operation to the default graph.

    Returns:
        Its output; the operation itself where there is none, a tuple where there are several.
    """
    return output_of(get_default_graph().create_op(type, inputs, attrs, name))
