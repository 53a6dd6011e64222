"""Graphs as `GraphDef` messages, with TensorFlow's operation types and attributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from tensorboard.compat.proto.attr_value_pb2 import AttrValue, NameAttrList
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.node_def_pb2 import NodeDef
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto

from trackml import dtypes
from trackml.dtypes import DType, as_dtype
from trackml.graph.function import FunctionName
from trackml.graph.function_def import empty_lists, library_of, list_name, lists_of
from trackml.shapes import TensorShape, sizes_of

if TYPE_CHECKING:
    from trackml.graph.graph import Graph
    from trackml.graph.operation import Operation, Tensor

PRODUCER = 134
"""The version of the GraphDef format that is written: TensorFlow 1.15's."""


def graph_def(graph: Graph, *, from_version: int | None = None, add_shapes: bool = False) -> GraphDef:
    """`graph` as a message.

    Args:
        graph: What to write.
        from_version: Only operations that were made since the graph had this version.
        add_shapes: Write the outputs' static shapes as the attribute `_output_shapes`.
    """
    message = GraphDef()
    message.versions.producer = PRODUCER
    if from_version is None:
        message.node.MergeFrom(_nodes(graph, add_shapes))
    else:
        newer = [op for op in graph.get_operations() if op.id >= from_version]
        message.node.extend(_written(newer, _input_name, add_shapes))
    if any(op.type in ("If", "While") for op in graph.get_operations()):
        message.library.CopyFrom(library_of(graph, _inside, attributes_of))
    return message


def _nodes(graph: Graph, add_shapes: bool) -> Any:
    """All nodes, kept with the graph: a training run writes the same ones several times before its first step."""
    kept = graph._node_defs.get(add_shapes)
    if kept is None or kept[0] != graph.version:
        nodes = _written(graph.get_operations(), _input_name, add_shapes)
        kept = graph._node_defs[add_shapes] = (graph.version, nodes)
    return kept[1]


def node_def(op: Operation, *, add_shapes: bool = False) -> NodeDef:
    """One operation as a message."""
    return _node(op, _input_name, add_shapes)


def _node(op: Operation, reference: Callable[[Tensor], str], add_shapes: bool) -> NodeDef:
    """One operation as a message, its inputs named by `reference`."""
    message = NodeDef(name=op.name, op=op.type, device=op.device)
    message.input.extend(reference(tensor) for tensor in op.inputs)
    message.input.extend(sorted(f"^{control.name}" for control in op.control_inputs))
    for name, value in attributes_of(op).items():
        message.attr[name].CopyFrom(attr_value(value))
    if add_shapes:
        shapes = message.attr["_output_shapes"].list
        shapes.shape.extend(shape_proto(tensor.shape) for tensor in op.outputs)
    return message


def _written(operations: Sequence[Operation], reference: Callable[[Tensor], str], add_shapes: bool) -> list[NodeDef]:
    """The nodes of operations as TensorFlow has them: loops with the lists that their gradients need as inputs."""
    nodes = []
    for op in operations:
        node = _node(op, reference, add_shapes)
        if lists_of(op):
            inside = reference is not _input_name
            lists = empty_lists(op, attr_value, lambda name, inside=inside: f"{name}:output:0" if inside else name)  # type: ignore[misc]
            nodes.extend(lists)
            _take_lists(op, node, ":handle:0" if inside else "")
        nodes.append(node)
    return nodes


def _take_lists(op: Operation, node: NodeDef, output: str) -> None:
    """Gives the node of a loop its empty lists: inputs come before the operations to wait for."""
    names = [f"{list_name(op, index)}{output}" for index in range(len(lists_of(op)))]
    inputs = list(node.input)
    del node.input[:]
    node.input.extend([*inputs[: len(op.inputs)], *names, *inputs[len(op.inputs) :]])
    node.attr["T"].list.type.extend([dtypes.variant.as_datatype_enum] * len(names))


def _inside(operations: Sequence[Operation], reference: Callable[[Tensor], str]) -> list[NodeDef]:
    """The nodes of a function."""
    return _written(operations, reference, False)


def _input_name(tensor: Tensor) -> str:
    return tensor.op.name if tensor.value_index == 0 else tensor.name


def attributes_of(op: Operation) -> dict[str, Any]:
    """The attributes that TensorFlow knows; those that begin with `_py` hold Python objects of our own."""
    attributes = {name: value for name, value in op.attrs.items() if not name.startswith("_py")}
    attributes.update((name, op.inputs[index].dtype) for name, index in op.spec.types.items() if op.inputs)
    if op.spec.count:
        attributes.setdefault(op.spec.count, len(op.inputs))
    return {name: value for name, value in attributes.items() if value is not None}


def attr_value(value: Any) -> AttrValue:
    """A Python value as the attribute of a node.

    Raises:
        TypeError: A node's attribute cannot hold such a value.
    """
    if isinstance(value, (list, tuple)):
        return _list_value(value)
    if isinstance(value, (bool, np.bool_)):
        return AttrValue(b=bool(value))
    if isinstance(value, (int, np.integer)):
        return AttrValue(i=int(value))
    if isinstance(value, (float, np.floating)):
        return AttrValue(f=float(value))
    if isinstance(value, FunctionName):
        return AttrValue(func=NameAttrList(name=value))
    if isinstance(value, (str, bytes)):
        return AttrValue(s=value.encode("utf-8") if isinstance(value, str) else value)
    if isinstance(value, DType):
        return AttrValue(type=value.as_datatype_enum)
    if isinstance(value, TensorShape):
        return AttrValue(shape=shape_proto(value))
    if isinstance(value, np.ndarray):
        return AttrValue(tensor=tensor_proto(value))
    raise TypeError(f"A node's attribute cannot be {value!r}.")


def _list_value(values: Any) -> AttrValue:
    message = AttrValue()
    message.list.SetInParent()
    for value in values:
        item = attr_value(value)
        field = item.WhichOneof("value")
        if field in ("type", "i", "f", "b", "s"):
            getattr(message.list, field).append(getattr(item, field))
        else:
            getattr(message.list, field).add().CopyFrom(getattr(item, field))
    return message


def shape_proto(shape: TensorShape) -> TensorShapeProto:
    """A static shape as a message; -1 stands for an unknown size."""
    if shape.sizes is None:
        return TensorShapeProto(unknown_rank=True)
    return TensorShapeProto(dim=[TensorShapeProto.Dim(size=size) for size in sizes_of(shape.sizes)])


def tensor_proto(array: np.ndarray[Any, Any]) -> TensorProto:
    """An array as a message, as `tf.make_tensor_proto` makes it.

    A scalar is in the field of its type, anything larger is its bytes in `tensor_content`.
    """
    dtype = as_dtype(array.dtype)
    message = TensorProto(dtype=dtype.as_datatype_enum, tensor_shape=shape_proto(TensorShape(array.shape)))
    if dtype is dtypes.string:
        message.string_val.extend(bytes(item) for item in array.ravel())
    elif array.size == 1 and dtype.name in _SCALAR_FIELDS:
        getattr(message, _SCALAR_FIELDS[dtype.name]).append(array.ravel()[0].item())
    elif array.size:
        message.tensor_content = np.ascontiguousarray(array).tobytes()
    return message


_SCALAR_FIELDS = {
    "float32": "float_val",
    "float64": "double_val",
    "int32": "int_val",
    "uint8": "int_val",
    "int16": "int_val",
    "int8": "int_val",
    "uint16": "int_val",
    "int64": "int64_val",
    "bool": "bool_val",
}
