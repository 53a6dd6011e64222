"""Summary values: a tag and a numpy array in, the `Summary.Value` that TensorFlow's summary ops would write out.

The kinds are split over three files: this one holds scalars and texts and gathers the rest, `histograms` and `media`
hold what needs more than a line.

Source: tensorflow/core/kernels/summary_op.cc, summary_tensor_op.cc.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2

from trackml.errors import InvalidArgumentError
from trackml.events.histograms import histogram_value
from trackml.events.media import BAD_COLOR, audio_values, image_values

__all__ = ["BAD_COLOR", "audio_values", "histogram_value", "image_values", "scalar_value", "text_value"]


def scalar_value(tag: str, x: npt.ArrayLike) -> summary_pb2.Summary.Value:
    """Gives one number as `simple_value`, rounded to float32.

    Args:
      tag: The tag.
      x: A real number, shape `[]`.

    Returns:
      A `Summary.Value`.

    Raises:
      InvalidArgumentError: If `x` is no scalar.
    """
    number = np.asarray(x)
    if number.shape != ():
        dimensions = ",".join(map(str, number.shape))
        raise InvalidArgumentError(
            None, None, f"tags and values not the same shape: [] != [{dimensions}] (tag '{tag}')"
        )
    with np.errstate(over="ignore"):
        return summary_pb2.Summary.Value(tag=tag, simple_value=float(number.astype(np.float32)))


def text_value(tag: str, texts: npt.ArrayLike) -> summary_pb2.Summary.Value:
    """Gives texts as a string tensor for TensorBoard's text plugin.

    Args:
      tag: The tag.
      texts: Markdown as `bytes` or `str`, any shape; a matrix is shown as a table.

    Returns:
      A `Summary.Value` with the metadata that names the plugin. A file writer may leave the metadata out after the
      first value of a tag in a file.
    """
    array = np.asarray(texts, object)
    tensor = tensor_pb2.TensorProto(
        dtype=types_pb2.DT_STRING,
        tensor_shape=tensor_shape_pb2.TensorShapeProto(
            dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=size) for size in array.shape]
        ),
        string_val=[text.encode() if isinstance(text, str) else bytes(text) for text in array.ravel()],
    )
    plugin = summary_pb2.SummaryMetadata.PluginData(plugin_name="text")
    return summary_pb2.Summary.Value(tag=tag, tensor=tensor, metadata=summary_pb2.SummaryMetadata(plugin_data=plugin))
