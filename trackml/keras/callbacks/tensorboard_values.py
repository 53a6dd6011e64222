"""Summary values as TensorFlow 2 writes them: scalars, histograms of 30 buckets and images as tensors."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from tensorboard.compat.proto import tensor_shape_pb2, types_pb2
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto

Array = np.ndarray[Any, Any]

_BUCKETS = 30
_MOST_PICTURES = 3


def _metadata(plugin: str, content: bytes = b"") -> SummaryMetadata:
    return SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name=plugin, content=content))


def _shape(*sizes: int) -> Any:
    return tensor_shape_pb2.TensorShapeProto(dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=size) for size in sizes])


def scalar_value(tag: str, value: Any) -> Summary.Value:
    """A number as a float32."""
    tensor = TensorProto(dtype=types_pb2.DT_FLOAT, tensor_shape=_shape(), float_val=[float(value)])
    return Summary.Value(tag=tag, tensor=tensor, metadata=_metadata("scalars"))


def histogram_value(tag: str, values: Array) -> Summary.Value:
    """Numbers as 30 buckets of one width: left and right edge, and how many there are, `[30, 3]`."""
    rows = histogram_rows(np.asarray(values, np.float64).ravel())
    tensor = TensorProto(
        dtype=types_pb2.DT_DOUBLE, tensor_shape=_shape(*rows.shape), tensor_content=rows.astype("<f8").tobytes()
    )
    return Summary.Value(tag=tag, tensor=tensor, metadata=_metadata("histograms"))


def histogram_rows(values: Array) -> Array:
    """The buckets of a histogram; where all numbers are equal, all are in the last one, which has no width."""
    if not values.size:
        return np.zeros([_BUCKETS, 3])
    least, most = values.min(), values.max()
    if not most > least:
        rows = np.full([_BUCKETS, 3], most)
        rows[:, 2] = 0.0
        rows[-1, 2] = values.size
        return rows
    edges = np.linspace(least, most, _BUCKETS + 1)
    places = np.minimum(((values - least) / ((most - least) / _BUCKETS)).astype(int), _BUCKETS - 1)
    counts = np.bincount(places, minlength=_BUCKETS)
    return np.stack([edges[:-1], edges[1:], counts], axis=1)


def image_value(tag: str, pictures: Array) -> Summary.Value:
    """Pictures `[count, height, width, 1]` of numbers from 0 to 1: the sizes, and the first three as PNG."""
    from PIL import Image

    texts = [str(pictures.shape[2]).encode(), str(pictures.shape[1]).encode()]
    for picture in pictures[:_MOST_PICTURES]:
        pixels = (np.clip(np.nan_to_num(picture[..., 0]), 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, format="png")
        texts.append(file.getvalue())
    tensor = TensorProto(dtype=types_pb2.DT_STRING, tensor_shape=_shape(len(texts)), string_val=texts)
    return Summary.Value(tag=tag, tensor=tensor, metadata=_metadata("images"))


def weight_as_pictures(weight: Array) -> Array | None:
    """A weight as pictures of one channel: a line, a matrix lying down, or one for each filter; None for others."""
    squeezed = np.squeeze(weight)
    if squeezed.ndim == 1:
        return squeezed.reshape(1, -1, 1, 1)
    if squeezed.ndim == 2:
        lying = squeezed.T if squeezed.shape[0] > squeezed.shape[1] else squeezed
        return lying[None, :, :, None]
    if squeezed.ndim == 3:
        return np.transpose(squeezed, [2, 0, 1])[..., None]
    return squeezed if squeezed.ndim == 4 and squeezed.shape[-1] == 1 else None


def keras_graph_value(tag: str, model: Any) -> Summary.Value:
    """A model's layers, as TensorBoard draws them."""
    tensor = TensorProto(dtype=types_pb2.DT_STRING, tensor_shape=_shape(), string_val=[_told(model).encode("utf-8")])
    return Summary.Value(tag=tag, tensor=tensor, metadata=_metadata("graph_keras_model", b"1"))


def _told(model: Any) -> str:
    """The model as JSON, whatever its configurations hold: it is for looking at."""
    import json

    from trackml.keras.saving.objects import encoded
    from trackml.keras.saving.text import model_config

    def shown(value: Any) -> Any:
        try:
            return encoded(value)
        except (TypeError, ValueError):
            return repr(value)

    return json.dumps(model_config(model), default=shown)
