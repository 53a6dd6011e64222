"""Operations between layers: each becomes a layer, so that models find them and can be made again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trackml import dtypes, nest
from trackml.graph.conversion import constant
from trackml.graph.graph import get_default_graph
from trackml.graph.operation import Operation, Tensor
from trackml.keras.engine.base_layer import Layer
from trackml.keras.engine.nodes import Node, Tensors, frozen, remember, tensors_of_graph
from trackml.saved_model.import_graph import import_graph_def

_PREFIX = "tf_op_layer_"


class TensorFlowOpLayer(Layer):
    """One operation of the graph as a layer, as TensorFlow 1.15 has them.

    Args:
        node_def: The operation, or its `NodeDef` message as a dict.
        name: The operation's name; the layer's has `tf_op_layer_` before it.
        constants: The inputs that come from no layer, by their places: tensors or values.
        trainable: Accepted for TensorFlow's sake.
        dtype: Accepted for TensorFlow's sake.
    """

    def __init__(
        self,
        node_def: Any,
        name: str,
        constants: Mapping[Any, Any] | None = None,
        trainable: bool = True,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            name=name if name.startswith(_PREFIX) else f"{_PREFIX}{name}", trainable=trainable, dtype=dtype
        )
        self.node_def = node_def
        self.constants = {int(place): value for place, value in (constants or {}).items()}
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The operation's outputs: one, or a list."""
        tensors = list(nest.flatten(inputs))
        for place in sorted(self.constants):
            tensors.insert(place, _constant(self.constants[place], tensors))
        made = self._operation(tensors)
        return made.outputs[0] if len(made.outputs) == 1 else list(made.outputs)

    def _operation(self, tensors: Sequence[Tensor]) -> Operation:
        name = self.name[len(_PREFIX) :].rpartition("/")[2]
        if isinstance(self.node_def, Operation):
            return get_default_graph().create_op(self.node_def.type, tensors, dict(self.node_def.attrs), name)
        return _imported(self.node_def, tensors, name)

    def get_config(self) -> dict[str, Any]:
        """The operation as a message, and the values of what comes from no layer.

        Raises:
            ValueError: A variable is among these.
        """
        described: Any = self.node_def
        if isinstance(described, Operation) and not any(key.startswith("_py") for key in described.attrs):
            described = _message(described)
        values = {place: self._value(value) for place, value in self.constants.items()}
        return {"name": self.name, "trainable": self.trainable, "node_def": described, "constants": values}

    def _value(self, value: Any) -> Any:
        if not isinstance(value, Tensor):
            return value
        if value.dtype is dtypes.resource:
            raise ValueError(
                f"The operation of {self.name} works on a variable, {value.op.name}, that is no layer's. Make the "
                "variable a weight of a layer of your own, with `add_weight`."
            )
        return frozen(value)


def trace(tensors: Sequence[Any]) -> None:
    """Makes layers of the operations that lie between layers and these tensors, where they are made of any.

    Raises:
        ValueError: One of them is a loop or a condition.
    """
    known = tensors_of_graph()
    if not known.nodes:
        return
    for tensor in tensors:
        if isinstance(tensor, Tensor) and tensor not in known.nodes and tensor.graph is get_default_graph():
            for operation in _between(tensor.op, known):
                _note(operation, known)


def _between(end: Operation, known: Tensors) -> list[Operation]:
    """The operations between layers and `end`, each after those that it takes from."""
    found: dict[Operation, None] = {}
    stack = [end]
    while stack:
        operation = stack[-1]
        if operation in found or operation in known.apart:
            stack.pop()
            continue
        before = [tensor.op for tensor in operation.inputs if tensor not in known.nodes]
        pending = [item for item in before if item not in found and item not in known.apart]
        if pending:
            stack += pending
            continue
        stack.pop()
        if any(tensor in known.nodes or tensor.op in found for tensor in operation.inputs):
            found[operation] = None
        else:
            known.apart.add(operation)
    return list(found)


def _note(operation: Operation, known: Tensors) -> None:
    if operation.type in ("If", "While"):
        raise ValueError(
            f"The operation {operation.name} (made at {operation.location}) is a loop or a condition between layers. "
            "Put the function that makes it into a Lambda layer, or into a layer of your own."
        )
    places = range(len(operation.inputs))
    constants = {place: operation.inputs[place] for place in places if operation.inputs[place] not in known.nodes}
    inputs = [tensor for tensor in operation.inputs if tensor in known.nodes]
    layer = TensorFlowOpLayer(operation, operation.name, constants)
    outputs = operation.outputs
    node = Node(layer, inputs[0] if len(inputs) == 1 else inputs, outputs[0] if len(outputs) == 1 else list(outputs))
    layer._nodes.append(node)
    remember(node)


def _constant(value: Any, tensors: Sequence[Tensor]) -> Tensor:
    """An input that comes from no layer, in the default graph."""
    if isinstance(value, Tensor):
        if value.graph is get_default_graph():
            return value
        return constant(frozen(value), value.dtype)
    # What was read from JSON has lost its type.
    single = tensors and not isinstance(value, (np.ndarray, np.generic)) and np.asarray(value).dtype.kind == "f"
    return constant(value, tensors[0].dtype if single and tensors[0].dtype.is_floating else None)


def _message(operation: Operation) -> dict[str, Any]:
    from google.protobuf.json_format import MessageToDict

    described: dict[str, Any] = MessageToDict(operation.node_def)
    return described


def _imported(message: Mapping[str, Any], tensors: Sequence[Tensor], name: str) -> Operation:
    """The operation of a message, made on other tensors."""
    from google.protobuf.json_format import ParseDict
    from tensorboard.compat.proto.graph_pb2 import GraphDef

    graph_def = GraphDef()
    node = ParseDict(dict(message), graph_def.node.add())
    node.name = name
    given = {f"input_{place}": tensor for place, tensor in enumerate(tensors)}
    del node.input[:]
    node.input.extend(given)
    made: list[Operation] = import_graph_def(graph_def, given, [name], name="operation") or []
    return made[0]
