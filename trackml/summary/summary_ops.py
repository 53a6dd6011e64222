"""Summary operations: a tensor in, a serialized `Summary` out, computed only when it is fetched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto

from trackml import dtypes
from trackml.dtypes import DType, as_dtype
from trackml.errors import InvalidArgumentError
from trackml.events.values import BAD_COLOR, audio_values, histogram_value, image_values, scalar_value, text_value
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.graph_def import shape_proto
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.shape_rules import scalar as scalar_shape
from trackml.ops.framework import get_collection, name_scope
from trackml.shapes import TensorShape
from trackml.summary.tags import clean_tag, summary_scope

Collections = Iterable[str] | None

_REAL = (dtypes.float32, dtypes.float64, dtypes.int32, dtypes.uint8, dtypes.int16, dtypes.int8, dtypes.int64,
         dtypes.uint16, dtypes.float16, dtypes.uint32, dtypes.uint64)  # fmt: skip
_PIXELS = (dtypes.uint8, dtypes.float32, dtypes.float16, dtypes.float64)


def scalar(name: str, tensor: Any, collections: Collections = None, family: str | None = None) -> Tensor:
    """A summary of one number.

    Args:
        name: Name of the operation; with the name scopes around it, the tag.
        tensor: A real number, shape `[]`.
        collections: Where to put the summary; `[GraphKeys.SUMMARIES]` if not given.
        family: Put in front of the tag; TensorBoard groups by it.

    Returns:
        A serialized `Summary`, a string of shape `[]`.

    Raises:
        TypeError: `tensor` holds no real numbers.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     serialized = session.run(tf.summary.scalar("loss", 0.5))
        >>> tf.summary.Summary.FromString(serialized).value[0].simple_value
        0.5
    """
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        label = _tag(tag, "tags")
        values = _allowed(convert_to_tensor(tensor, name="values"), "values", _REAL)
        summary: Tensor = apply_op("ScalarSummary", label, values, name=scope)
    return _collected(summary, collections)


def _scalar_summary(tags: Any, values: Any) -> Any:
    return _serialized([scalar_value(_text(tags), values)])


register(
    "ScalarSummary",
    _scalar_summary,
    shape=scalar_shape,
    dtypes=dtypes.string,
    gradient=NOT_DIFFERENTIABLE,
    types={"T": 1},
)


def histogram(name: str, values: Any, collections: Collections = None, family: str | None = None) -> Tensor:
    """A summary of how numbers are distributed.

    Args:
        name: Name of the operation; with the name scopes around it, the tag.
        values: Real numbers of any shape. A run with a NaN or an infinity among them is an `InvalidArgumentError`.
        collections: Where to put the summary; `[GraphKeys.SUMMARIES]` if not given.
        family: Put in front of the tag; TensorBoard groups by it.

    Returns:
        A serialized `Summary`, a string of shape `[]`.

    Raises:
        TypeError: `values` are no real numbers.
    """
    with summary_scope(name, family, "HistogramSummary", [values]) as (tag, scope):
        label = _tag(tag)
        numbers = _allowed(convert_to_tensor(values, name="values"), "values", _REAL)
        summary: Tensor = apply_op("HistogramSummary", label, numbers, name=scope, _py_node_name=scope.rstrip("/"))
    return _collected(summary, collections)


def _histogram_summary(tag: Any, values: Any, *, _py_node_name: str) -> Any:
    value = histogram_value(_py_node_name, values)  # which names the operation, not the tag, in its errors
    value.tag = _text(tag)
    return _serialized([value])


register(
    "HistogramSummary",
    _histogram_summary,
    shape=scalar_shape,
    dtypes=dtypes.string,
    gradient=NOT_DIFFERENTIABLE,
    types={"T": 1},
)


def image(
    name: str, tensor: Any, max_outputs: int = 3, collections: Collections = None, family: str | None = None
) -> Tensor:
    """A summary of the first images of a batch, as PNG.

    Args:
        name: Name of the operation; with the name scopes around it and `/image/0` ..., the tags.
        tensor: `[batch, height, width, channels]` with 1, 3 or 4 channels. `uint8` is written as it is; floating
            images are scaled each by itself: the largest value becomes 255, or, if there are negative ones, zero
            becomes 127 and the largest magnitude white or black.
        max_outputs: How many images to write; with 1 the tag ends in `/image`.
        collections: Where to put the summary; `[GraphKeys.SUMMARIES]` if not given.
        family: Put in front of the tag; TensorBoard groups by it.

    Returns:
        A serialized `Summary`, a string of shape `[]`.

    Raises:
        TypeError: `tensor` is neither `uint8` nor floating.
        ValueError: `tensor` does not have four dimensions.
    """
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        label = _tag(tag)
        images = _allowed(convert_to_tensor(tensor, name="tensor"), "tensor", _PIXELS)
        color = np.array(BAD_COLOR, np.uint8)
        summary: Tensor = apply_op("ImageSummary", label, images, name=scope, max_images=max_outputs, bad_color=color)
    return _collected(summary, collections)


def _image_summary(tag: Any, tensor: Any, *, max_images: int, bad_color: Any) -> Any:
    return _serialized(image_values(_text(tag), tensor, max_images, bad_color=bad_color))


register(
    "ImageSummary",
    _image_summary,
    shape=scalar_shape,
    dtypes=dtypes.string,
    gradient=NOT_DIFFERENTIABLE,
    types={"T": 1},
)


def audio(
    name: str,
    tensor: Any,
    sample_rate: Any,
    max_outputs: int = 3,
    collections: Collections = None,
    family: str | None = None,
) -> Tensor:
    """A summary of the first clips of a batch, as 16-bit WAV.

    Args:
        name: Name of the operation; with the name scopes around it and `/audio/0` ..., the tags.
        tensor: Samples from -1 to 1, float32, `[batch, frames]` or `[batch, frames, channels]`.
        sample_rate: Frames a second, a number or a tensor of shape `[]`.
        max_outputs: How many clips to write; with 1 the tag ends in `/audio`.
        collections: Where to put the summary; `[GraphKeys.SUMMARIES]` if not given.
        family: Put in front of the tag; TensorBoard groups by it.

    Returns:
        A serialized `Summary`, a string of shape `[]`.

    Raises:
        TypeError: `tensor` is not float32.
    """
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        rate = convert_to_tensor(sample_rate, dtypes.float32, name="sample_rate")
        label = _tag(tag)
        clips = convert_to_tensor(tensor, name="tensor")
        if clips.dtype is not dtypes.float32:
            raise TypeError(
                f"Input 'tensor' of 'AudioSummaryV2' Op has type {clips.dtype.name} that does not match expected "
                "type of float32."
            )
        summary: Tensor = apply_op("AudioSummaryV2", label, clips, rate, name=scope, max_outputs=max_outputs)
    return _collected(summary, collections)


def _audio_summary(tag: Any, tensor: Any, sample_rate: Any, *, max_outputs: int) -> Any:
    return _serialized(audio_values(_text(tag), tensor, float(sample_rate), max_outputs))


register(
    "AudioSummaryV2",
    _audio_summary,
    shape=scalar_shape,
    dtypes=dtypes.string,
    gradient=NOT_DIFFERENTIABLE,
    types={},
)


def text(name: str, tensor: Any, collections: Collections = None) -> Tensor:
    """A summary of texts, which TensorBoard shows as Markdown.

    Args:
        name: Name of the operation; with the name scopes around it, the tag.
        tensor: Strings of any shape; a vector or a matrix is shown as a table.
        collections: Where to put the summary; `[GraphKeys.SUMMARIES]` if not given.

    Returns:
        A serialized `Summary`, a string of shape `[]`.

    Raises:
        ValueError: `tensor` holds no strings.
    """
    texts = convert_to_tensor(tensor)
    if texts.dtype is not dtypes.string:
        raise ValueError(f"Expected tensor {texts.name} to have dtype string, got {texts.dtype}")
    metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="text"))
    return tensor_summary(name, texts, collections=collections, summary_metadata=metadata)


def tensor_summary(
    name: str,
    tensor: Any,
    summary_description: str | None = None,
    collections: Collections = None,
    summary_metadata: SummaryMetadata | None = None,
    family: str | None = None,
    display_name: str | None = None,
) -> Tensor:
    """A summary of a whole tensor, for a plugin of TensorBoard to show.

    Args:
        name: Name of the operation; with the name scopes around it, the tag.
        tensor: A tensor of any type and shape.
        summary_description: What the values are, in Markdown.
        collections: Where to put the summary; `[GraphKeys.SUMMARIES]` if not given.
        summary_metadata: Names the plugin.
        family: Put in front of the tag; TensorBoard groups by it.
        display_name: A title, in place of the tag.

    Returns:
        A serialized `Summary`, a string of shape `[]`.
    """
    metadata = SummaryMetadata()
    if summary_metadata is not None:
        metadata.CopyFrom(summary_metadata)
    metadata.summary_description = summary_description or metadata.summary_description
    metadata.display_name = display_name or metadata.display_name
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        label = _tag(tag)
        value = convert_to_tensor(tensor, name="tensor")
        described = convert_to_tensor(metadata.SerializeToString(), name="serialized_summary_metadata")
        summary: Tensor = apply_op("TensorSummaryV2", label, value, described, name=scope)
    return _collected(summary, collections)


def _tensor_summary(tag: Any, tensor: Any, serialized_summary_metadata: Any) -> Any:
    array = np.asarray(tensor)
    value = Summary.Value(tag=_text(tag), metadata=SummaryMetadata.FromString(_bytes(serialized_summary_metadata)))
    if array.dtype == object:
        value.tensor.CopyFrom(text_value("", array).tensor)
    else:
        # Never in the fields of single numbers: the kernel of TensorFlow writes bytes even for one element.
        dtype = as_dtype(array.dtype).as_datatype_enum
        shape = shape_proto(TensorShape(array.shape))
        value.tensor.CopyFrom(TensorProto(dtype=dtype, tensor_shape=shape, tensor_content=array.tobytes()))
    return _serialized([value])


register(
    "TensorSummaryV2",
    _tensor_summary,
    shape=scalar_shape,
    dtypes=dtypes.string,
    gradient=NOT_DIFFERENTIABLE,
    types={"T": 1},
)


def merge(inputs: Sequence[Any], collections: Collections = None, name: str | None = None) -> Tensor:
    """One summary with the values of several.

    Args:
        inputs: Serialized summaries. A run in which two of them have a tag in common is an `InvalidArgumentError`.
        collections: Where to put the summary; nowhere if not given.
        name: Name of the operation.

    Returns:
        A serialized `Summary`, a string of shape `[]`.

    Raises:
        ValueError: `inputs` is empty.
        TypeError: One of them is no string.
    """
    clean_name = clean_tag(name) if name is not None else None
    with name_scope(clean_name, "Merge", list(inputs)):
        summaries = [convert_to_tensor(item, name=f"inputs_{index}") for index, item in enumerate(inputs)]
        if not summaries:
            raise ValueError("List argument 'inputs' to 'MergeSummary' Op with length 0 shorter than minimum length 1.")
        if any(item.dtype is not dtypes.string for item in summaries):
            types = [item.dtype.name for item in summaries]
            raise TypeError(
                f"Tensors in list passed to 'inputs' of 'MergeSummary' Op have types {types} that do not match "
                "expected type string."
            )
        summary: Tensor = apply_op("MergeSummary", *summaries, name=clean_name)
    return _collected(summary, () if collections is None else collections)


def merge_all(key: str = GraphKeys.SUMMARIES, scope: str | None = None, name: str | None = None) -> Tensor | None:
    """All summaries of a collection of the default graph as one; None when there are none.

    Args:
        key: The collection.
        scope: Takes only summaries whose name begins with this pattern.
        name: Name of the operation.
    """
    summaries = get_collection(key, scope)
    return merge(summaries, name=name) if summaries else None


def _merge_summary(*inputs: Any) -> Any:
    merged = Summary()
    for serialized in inputs:
        for item in np.asarray(serialized).ravel():
            merged.MergeFromString(item)
    seen: set[str] = set()
    for value in merged.value:
        if value.tag in seen:
            raise InvalidArgumentError(None, None, f"Duplicate tag {value.tag} found in summary inputs")
        seen.add(value.tag)
    return _string(merged.SerializeToString())


register(
    "MergeSummary",
    _merge_summary,
    shape=scalar_shape,
    dtypes=dtypes.string,
    gradient=NOT_DIFFERENTIABLE,
    types={},
    count="N",
)


def _tag(tag: str, name: str = "tag") -> Tensor:
    return convert_to_tensor(tag, dtypes.string, name=name)


def _allowed(tensor: Tensor, parameter: str, allowed: Sequence[DType]) -> Tensor:
    if tensor.dtype not in allowed:
        raise TypeError(
            f"Value passed to parameter '{parameter}' has DataType {tensor.dtype.name} not in list of allowed values: "
            f"{', '.join(dtype.name for dtype in allowed)}"
        )
    return tensor


def _collected(summary: Tensor, collections: Collections) -> Tensor:
    for key in [GraphKeys.SUMMARIES] if collections is None else collections:
        summary.graph.add_to_collection(key, summary)
    return summary


def _bytes(value: Any) -> bytes:
    return bytes(np.asarray(value).item())


def _text(value: Any) -> str:
    return _bytes(value).decode("utf-8")


def _serialized(values: Iterable[Summary.Value]) -> Any:
    return _string(Summary(value=values).SerializeToString())


def _string(value: bytes) -> Any:
    return np.array(value, dtype=object)
