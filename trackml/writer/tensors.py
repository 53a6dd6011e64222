"""Summary values that are tensors, with the plugin that shows them: scalars of the new form, texts, meshes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from tensorboard.compat.proto import tensor_shape_pb2, types_pb2
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.plugins.mesh import plugin_data_pb2 as mesh_pb2

from trackml.writer.arrays import Array, as_array

# The field of a TensorProto for each dtype. TensorBoard's reader knows none of more than 16 bits without a sign.
_FIELDS = {
    "float16": (types_pb2.DT_HALF, "half_val"),
    "float32": (types_pb2.DT_FLOAT, "float_val"),
    "float64": (types_pb2.DT_DOUBLE, "double_val"),
    "int8": (types_pb2.DT_INT8, "int_val"),
    "int16": (types_pb2.DT_INT16, "int_val"),
    "int32": (types_pb2.DT_INT32, "int_val"),
    "int64": (types_pb2.DT_INT64, "int64_val"),
    "uint8": (types_pb2.DT_UINT8, "int_val"),
    "uint16": (types_pb2.DT_UINT16, "int_val"),
    "bool": (types_pb2.DT_BOOL, "bool_val"),
}


def metadata_of(plugin: str, content: bytes = b"") -> SummaryMetadata:
    """Gives the metadata that tells which plugin shows a value."""
    data = SummaryMetadata.PluginData(plugin_name=plugin, content=content)
    return SummaryMetadata(plugin_data=data)


def tensor_proto(array: Array) -> TensorProto:
    """Gives `array` as a message, its numbers in the field of its dtype.

    Raises:
        TypeError: There is no field for its dtype.
    """
    if array.dtype == np.uint32:
        array = array.astype(np.int64)
    if array.dtype.name not in _FIELDS:
        raise TypeError(f"A tensor of dtype {array.dtype} cannot be written; convert it first.")
    dtype, field = _FIELDS[array.dtype.name]
    numbers = array.view(np.uint16) if field == "half_val" else array
    dims = [tensor_shape_pb2.TensorShapeProto.Dim(size=size) for size in array.shape]
    shape = tensor_shape_pb2.TensorShapeProto(dim=dims)
    return TensorProto(dtype=dtype, tensor_shape=shape, **{field: numbers.ravel().tolist()})


def tensor_value(tag: str, tensor: Any) -> Summary.Value:
    """Gives any tensor as it is."""
    return Summary.Value(tag=tag, tensor=tensor_proto(as_array(tensor)), metadata=metadata_of("tensor"))


def scalar_tensor_value(tag: str, value: float, double_precision: bool) -> Summary.Value:
    """Gives a scalar in the form of TensorFlow 2, as PyTorch writes it."""
    if double_precision:
        tensor = TensorProto(dtype=types_pb2.DT_DOUBLE, double_val=[value])
    else:
        tensor = TensorProto(dtype=types_pb2.DT_FLOAT, float_val=[value])
    return Summary.Value(tag=tag, tensor=tensor, metadata=metadata_of("scalars"))


def text_value(tag: str, text: str) -> Summary.Value:
    """Gives a text, in Markdown, under the tag `tag/text_summary`."""
    shape = tensor_shape_pb2.TensorShapeProto(dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=1)])
    tensor = TensorProto(dtype=types_pb2.DT_STRING, string_val=[text.encode()], tensor_shape=shape)
    return Summary.Value(tag=f"{tag}/text_summary", tensor=tensor, metadata=metadata_of("text"))


def mesh_values(
    tag: str, vertices: Any, colors: Any, faces: Any, config: Mapping[str, Any] | None
) -> list[Summary.Value]:
    """Gives the parts of a mesh, each under a tag of its own.

    Args:
        tag: The parts are tagged `tag_VERTEX`, `tag_FACE` and `tag_COLOR`.
        vertices: Coordinates, `[batch, vertices, 3]`.
        colors: From 0 to 255, `[batch, vertices, 3]`, or None.
        faces: Numbers of vertices, `[batch, faces, 3]`, or None.
        config: Classes of three.js and their settings.

    Raises:
        ValueError: A part has not three dimensions.
    """
    kinds = mesh_pb2.MeshPluginData.ContentType
    parts = [(kinds.VERTEX, vertices), (kinds.FACE, faces), (kinds.COLOR, colors)]
    arrays = [(kind, as_array(part)) for kind, part in parts if part is not None]
    components = sum(1 << kind for kind, _ in arrays)
    return [_mesh_value(tag, kind, array, components, config) for kind, array in arrays]


def _mesh_value(tag: str, kind: int, array: Array, components: int, config: Mapping[str, Any] | None) -> Summary.Value:
    name = mesh_pb2.MeshPluginData.ContentType.Name(kind)
    if array.ndim != 3:
        raise ValueError(f"The {name} part of a mesh has shape [batch, points, 3]; got {list(array.shape)}.")
    data = mesh_pb2.MeshPluginData(
        version=0,
        name=tag,
        content_type=kind,
        components=components,
        shape=array.shape,
        json_config=json.dumps(config or {}, sort_keys=True),
    )
    return Summary.Value(
        tag=f"{tag}_{name}",
        tensor=tensor_proto(array.astype(np.float32)),
        metadata=metadata_of("mesh", data.SerializeToString()),
    )
