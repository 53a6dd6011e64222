"""What a summary value is: its kind, and the number that it holds if it is a scalar.

Source: tensorboard/data_compat.py (values of the first format and the plugin each belongs to).
"""

from __future__ import annotations

import numpy as np
from tensorboard.compat.proto import summary_pb2, tensor_pb2, types_pb2

SCALARS = "scalars"
TENSORS = "tensors"

_KIND_OF_FIELD = {"simple_value": SCALARS, "histo": "histograms", "image": "images", "audio": "audio"}
_KIND_OF_PLUGIN = {name: name for name in (SCALARS, "histograms", "images", "audio", "text")}
_GRAPH_PLUGINS = frozenset({"graphs", "graph_run_metadata_graph", "graph_keras_model"})

BFLOAT16 = "bfloat16"
"""The upper half of a float32; numpy has no name for it."""
STORAGE = {
    types_pb2.DT_FLOAT: ("float_val", "<f4"),
    types_pb2.DT_DOUBLE: ("double_val", "<f8"),
    types_pb2.DT_HALF: ("half_val", "<f2"),
    types_pb2.DT_BFLOAT16: ("half_val", BFLOAT16),
    types_pb2.DT_INT8: ("int_val", "<i1"),
    types_pb2.DT_INT16: ("int_val", "<i2"),
    types_pb2.DT_INT32: ("int_val", "<i4"),
    types_pb2.DT_INT64: ("int64_val", "<i8"),
    types_pb2.DT_UINT8: ("int_val", "<u1"),
    types_pb2.DT_UINT16: ("int_val", "<u2"),
    types_pb2.DT_UINT32: ("uint32_val", "<u4"),
    types_pb2.DT_UINT64: ("uint64_val", "<u8"),
    types_pb2.DT_BOOL: ("bool_val", "?"),
}
"""The field of a TensorProto that holds values of a dtype, and the dtype of its bytes in `tensor_content`."""


def kind_of(value: summary_pb2.Summary.Value) -> str | None:
    """Gives "scalars", "histograms", "images", "audio", "text" or "tensors"; None if there is nothing in `value`."""
    field = value.WhichOneof("value")
    if field in _KIND_OF_FIELD:
        return _KIND_OF_FIELD[field]
    if field is None and not value.HasField("metadata"):
        return None
    return _KIND_OF_PLUGIN.get(value.metadata.plugin_data.plugin_name, TENSORS)


def holds_graph(value: summary_pb2.Summary.Value) -> bool:
    """Tells whether `value` is a graph that TensorFlow 2 wrote as a tensor."""
    return value.metadata.plugin_data.plugin_name in _GRAPH_PLUGINS


def number_of(value: summary_pb2.Summary.Value) -> float | None:
    """Gives the number of a scalar, None if `value` holds none or several."""
    field = value.WhichOneof("value")
    if field == "simple_value":
        return float(value.simple_value)
    return _number_of_tensor(value.tensor) if field == "tensor" else None


def _number_of_tensor(tensor: tensor_pb2.TensorProto) -> float | None:
    if tensor.dtype not in STORAGE or any(dimension.size != 1 for dimension in tensor.tensor_shape.dim):
        return None
    field, storage = STORAGE[tensor.dtype]
    if tensor.tensor_content:
        content = tensor.tensor_content
    else:
        numbers = getattr(tensor, field)
        if len(numbers) != 1:
            return None
        if field != "half_val":
            return float(numbers[0])
        content = (numbers[0] & 0xFFFF).to_bytes(2, "little")
    return _number_of_bytes(content, storage)


def _number_of_bytes(content: bytes, storage: str) -> float | None:
    if storage == BFLOAT16:
        content, storage = b"\0\0" + content, "<f4"
    return float(np.frombuffer(content, storage)[0]) if len(content) == np.dtype(storage).itemsize else None
