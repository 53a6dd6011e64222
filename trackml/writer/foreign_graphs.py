"""Models in ONNX and OpenVINO's format as graphs that TensorBoard draws. Neither library is needed.

Source: https://github.com/onnx/onnx/blob/v1.17.0/onnx/onnx.proto (field numbers);
https://docs.openvino.ai/2024/documentation/openvino-ir-format.html.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias
from xml.etree import ElementTree

from tensorboard.compat.proto import types_pb2
from tensorboard.compat.proto.attr_value_pb2 import AttrValue
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.node_def_pb2 import NodeDef
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.compat.proto.versions_pb2 import VersionDef

from trackml.events.wire import FIXED32, LENGTH_DELIMITED, VARINT, fields

_Path: TypeAlias = "str | os.PathLike[str]"

_PRODUCER = 22
_INTEGERS = (VARINT, LENGTH_DELIMITED)
_MODEL_GRAPH = 7
_GRAPH_NODES, _GRAPH_INITIALIZERS, _GRAPH_INPUTS = 1, 5, 11
_NODE_INPUTS, _NODE_OUTPUTS, _NODE_TYPE, _NODE_ATTRIBUTES = 1, 2, 4, 5
_ATTRIBUTE_NAME, _ATTRIBUTE_FLOAT, _ATTRIBUTE_INT, _ATTRIBUTE_TEXT, _ATTRIBUTE_INTS = 1, 2, 3, 4, 8
_TENSOR_DIMS, _TENSOR_DTYPE, _TENSOR_NAME = 1, 2, 8

_ONNX_DTYPES = (
    *("INVALID", "FLOAT", "UINT8", "INT8", "UINT16", "INT16", "INT32", "INT64", "STRING", "BOOL", "HALF", "DOUBLE"),
    *("UINT32", "UINT64", "COMPLEX64", "COMPLEX128", "BFLOAT16"),
)
"""TensorFlow's names in ONNX's order."""


def onnx_graph(path: _Path) -> GraphDef:
    """Gives the graph of an ONNX model: a node for each input, weight and operation, named after its first output.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is no ONNX model.
    """
    try:
        graphs = _Message(Path(path).read_bytes()).messages(_MODEL_GRAPH)
        nodes = list(_onnx_nodes(graphs[0])) if graphs else []
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{os.fspath(path)}: expected an ONNX model; {error}.") from error
    if not nodes:
        raise ValueError(f"{os.fspath(path)}: expected an ONNX model; there is no graph with nodes in it.")
    return GraphDef(node=nodes, versions=VersionDef(producer=_PRODUCER))


def openvino_graph(path: _Path) -> GraphDef:
    """Gives the graph of a model in OpenVINO's intermediate representation: a node for each layer.

    Args:
        path: The XML file.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is no such model.
    """
    try:
        root = ElementTree.parse(os.fspath(path)).getroot()
        names = _layer_names(root)
        inputs: dict[str, list[str]] = {layer: [] for layer in names}
        for edge in sorted(root.iterfind("edges/edge"), key=lambda edge: int(edge.get("to-port", "0"))):
            inputs[edge.attrib["to-layer"]].append(names[edge.attrib["from-layer"]])
        nodes = [_openvino_node(layer, names, inputs) for layer in root.iterfind("layers/layer")]
    except (ElementTree.ParseError, KeyError, ValueError) as error:
        raise ValueError(f"{os.fspath(path)}: expected OpenVINO's XML; {error!r}.") from error
    if not nodes:
        raise ValueError(f"{os.fspath(path)}: expected OpenVINO's XML; there are no layers in it.")
    return GraphDef(node=nodes, versions=VersionDef(producer=_PRODUCER))


class _Message:
    """A protobuf message by the numbers of its fields; what they mean is the caller's to know."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._fields = list(fields(content))

    def messages(self, number: int) -> list[_Message]:
        return [_Message(content) for content in self._delimited(number)]

    def texts(self, number: int) -> list[str]:
        return [content.decode(errors="replace") for content in self._delimited(number)]

    def text(self, number: int) -> str:
        return "".join(self.texts(number)[-1:])

    def integers(self, number: int) -> list[int]:
        """Gives numbers of a field that may be repeated, packed or not."""
        chosen = [field for field in self._fields if field.number == number and field.wire_type in _INTEGERS]
        return [integer for field in chosen for integer in _varints(self._content[field.begin : field.end])]

    def floats(self, number: int) -> list[float]:
        chosen = [field for field in self._fields if (field.number, field.wire_type) == (number, FIXED32)]
        return [struct.unpack("<f", self._content[field.begin : field.end])[0] for field in chosen]

    def _delimited(self, number: int) -> Iterator[bytes]:
        for field in self._fields:
            if (field.number, field.wire_type) == (number, LENGTH_DELIMITED):
                yield self._content[field.begin : field.end]


def _varints(content: bytes) -> Iterator[int]:
    value = shift = 0
    for octet in content:
        value |= (octet & 0x7F) << shift
        shift += 7
        if octet < 0x80:
            yield value - (1 << 64) if value >= 1 << 63 else value
            value = shift = 0


def _onnx_nodes(graph: _Message) -> Iterator[NodeDef]:
    origins: dict[str, str] = {}
    for value in graph.messages(_GRAPH_INPUTS):
        name = value.text(1)
        origins[name] = name
        (tensor,) = [tensor for kind in value.messages(2) for tensor in kind.messages(1)] or [_Message(b"")]
        shapes = tensor.messages(2)
        sizes = [(size.integers(1) or [-1])[0] for shape in shapes for size in shape.messages(1)]
        yield NodeDef(name=name, op="Variable", attr=_tensor_attributes(tensor.integers(1), sizes))
    for weight in graph.messages(_GRAPH_INITIALIZERS):
        name = weight.text(_TENSOR_NAME)
        if name not in origins:
            origins[name] = name
            attributes = _tensor_attributes(weight.integers(_TENSOR_DTYPE), weight.integers(_TENSOR_DIMS))
            yield NodeDef(name=name, op="Const", attr=attributes)
    for node in graph.messages(_GRAPH_NODES):
        first, *more = node.texts(_NODE_OUTPUTS) or [""]
        origins[first] = first
        origins.update((output, f"{first}:{index}") for index, output in enumerate(more, 1))
        yield NodeDef(
            name=first,
            op=node.text(_NODE_TYPE),
            input=[origins.get(name, name) for name in node.texts(_NODE_INPUTS) if name],
            attr={"parameters": _text(", ".join(map(_described, node.messages(_NODE_ATTRIBUTES))))},
        )


def _tensor_attributes(dtypes: list[int], sizes: list[int]) -> dict[str, AttrValue]:
    name = _ONNX_DTYPES[dtypes[0]] if dtypes and dtypes[0] < len(_ONNX_DTYPES) else "INVALID"
    shape = TensorShapeProto(dim=[TensorShapeProto.Dim(size=size) for size in sizes])
    dtype = types_pb2.DataType.Value(f"DT_{name}")
    return {"dtype": AttrValue(type=dtype), "shape": AttrValue(shape=shape)}


def _described(attribute: _Message) -> str:
    """Gives an attribute in words; tensors and graphs without what is in them."""
    values: list[object] = [
        *attribute.floats(_ATTRIBUTE_FLOAT),
        *attribute.integers(_ATTRIBUTE_INT),
        *attribute.texts(_ATTRIBUTE_TEXT),
    ]
    name, numbers = attribute.text(_ATTRIBUTE_NAME), attribute.integers(_ATTRIBUTE_INTS)
    return " = ".join([name, *map(str, values)] if values else [name, *([str(numbers)] if numbers else [])])


def _layer_names(root: ElementTree.Element) -> dict[str, str]:
    """Gives the name of each layer by its id; a name that an earlier layer has gets the id behind it."""
    names: dict[str, str] = {}
    for layer in root.iterfind("layers/layer"):
        number, name = layer.attrib["id"], layer.attrib["name"]
        names[number] = f"{name}_{number}" if name in names.values() else name
    return names


def _openvino_node(layer: ElementTree.Element, names: dict[str, str], inputs: dict[str, list[str]]) -> NodeDef:
    number = layer.attrib["id"]
    data = layer.find("data")
    parameters = ", ".join(f"{key} = {value}" for key, value in (data.attrib if data is not None else {}).items())
    return NodeDef(
        name=names[number], op=layer.get("type", ""), input=inputs[number], attr={"parameters": _text(parameters)}
    )


def _text(text: str) -> AttrValue:
    return AttrValue(s=text.encode())
