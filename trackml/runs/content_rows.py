"""What is no scalar as rows of a table: which columns each kind has, and the rows that one value gives.

A value may hold several images, clips or texts; each is a row, and `index` counts them.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import summary_pb2, types_pb2

from trackml.events.contents import Audio, Histogram, Images, content_of
from trackml.runs.distributions import edges_of, moments_of
from trackml.runs.media_decoding import decode_image, format_of_media, parse_wave, samples_of
from trackml.runs.selection import SeriesKind

FieldType: TypeAlias = Literal["int", "float", "name", "string", "bytes", "ints", "floats", "array"]
Row: TypeAlias = "tuple[Any, ...]"
ContentT = TypeVar("ContentT")
MediaValues: TypeAlias = Literal["encoded", "decoded"]

_CURVES = ("true_positives", "false_positives", "true_negatives", "false_negatives", "precision", "recall")


class Field(NamedTuple):
    """A column."""

    name: str
    type: FieldType
    """Of a cell: "name" is a text of which there are few; "ints" and "floats" are arrays of one dimension, "array" is
    one of any shape and dtype."""
    is_wide: bool = False
    """Whether it is a column of the wide form."""


class Layout(NamedTuple):
    """How values of a kind become rows."""

    fields: tuple[Field, ...]
    rows: Callable[[summary_pb2.Summary.Value, str], Sequence[Row]]
    """Gives the rows of a value, and is told the plugin of its tag; raises ValueError for what is not of the kind."""

    @property
    def counts_items(self) -> bool:
        """Whether a value may give several rows."""
        return self.fields[0].name == "index"


def layout_of(kind: SeriesKind, values: MediaValues | None = "encoded") -> Layout:
    """Gives the layout of a kind that is not "scalars".

    Args:
      kind: What the tags hold.
      values: Of images and audio: whether their files are there, or their pixels and samples, or neither.
    """
    if kind == "images":
        content = {None: (), "encoded": (Field("encoded", "bytes", True),), "decoded": (Field("image", "array", True),)}
        return Layout((*_IMAGE_FIELDS, *content[values]), lambda value, plugin: _image_rows(value, values))
    if kind == "audio":
        content = {None: (), "encoded": (Field("encoded", "bytes", True),), "decoded": (Field("audio", "array", True),)}
        return Layout((*_AUDIO_FIELDS, *content[values]), lambda value, plugin: _audio_rows(value, values))
    return _LAYOUTS[kind]


def is_text(array: npt.NDArray[np.object_]) -> bool:
    """Tells whether all strings of a tensor are UTF-8."""
    try:
        for element in array.ravel().tolist():
            element.decode()
    except UnicodeDecodeError:
        return False
    return True


def _histogram_rows(value: summary_pb2.Summary.Value, plugin: str) -> list[Row]:
    limits, counts = edges_of(_content(value, "histograms", Histogram))
    total = float(counts.sum())
    mean = std = np.nan
    least, greatest = (float(limits[0]), float(limits[-1])) if len(limits) else (np.nan, np.nan)
    known_sum = known_squares = np.nan
    if not value.HasField("histo"):
        mean, std = moments_of(limits, counts)
    else:
        # The first format says what the second leaves to be estimated.
        total, known_sum, known_squares = value.histo.num, value.histo.sum, value.histo.sum_squares
        if total > 0:
            mean = known_sum / total
            std = math.sqrt(max(0.0, known_squares / total - mean * mean))
    return [(limits, counts, total, least, greatest, mean, std, known_sum, known_squares)]


def _image_rows(value: summary_pb2.Summary.Value, values: MediaValues | None) -> list[Row]:
    images = _content(value, "images", Images)
    rows: list[Row] = []
    for index, encoded in enumerate(images.encoded):
        content = () if values is None else (encoded,) if values == "encoded" else (decode_image(encoded),)
        rows.append((index, images.height, images.width, format_of_media(encoded), *content))
    return rows


def _audio_rows(value: summary_pb2.Summary.Value, values: MediaValues | None) -> list[Row]:
    clips = _content(value, "audio", Audio)
    rows: list[Row] = []
    for index, encoded in enumerate(clips.encoded):
        content = () if values is None else (encoded,) if values == "encoded" else (samples_of(parse_wave(encoded)),)
        rows.append((index, *_audio_facts(value, encoded), *content))
    return rows


def _audio_facts(value: summary_pb2.Summary.Value, encoded: bytes) -> tuple[str, float, int, int]:
    """Gives content type, sample rate, channels and frames; what nobody says is empty, NaN or 0."""
    said = value.audio if value.HasField("audio") else summary_pb2.Summary.Audio()
    content_type = said.content_type or {"wav": "audio/wav"}.get(format_of_media(encoded), "")
    if said.sample_rate and said.num_channels and said.length_frames:
        return content_type, float(said.sample_rate), said.num_channels, said.length_frames
    try:
        wave = parse_wave(encoded)
    except ValueError:
        return content_type, float(said.sample_rate) or np.nan, said.num_channels, said.length_frames
    return content_type, float(wave.sample_rate), wave.channels, wave.frames


def _text_rows(value: summary_pb2.Summary.Value, plugin: str) -> list[Row]:
    tensor = value.tensor
    if tensor.dtype == types_pb2.DT_STRING and len(tensor.string_val) == 1:
        # Nearly all are of this form, and an array for each would take most of the time.
        shape = tuple(dimension.size for dimension in tensor.tensor_shape.dim)
        if math.prod(shape) == 1:
            return [(0, _shape(shape), tensor.string_val[0].decode(errors="replace"))]
    texts: npt.NDArray[Any] = _content(value, "text", np.ndarray)
    return [(index, _shape(texts.shape), text) for index, text in enumerate(texts.ravel().tolist())]


@functools.lru_cache(maxsize=256)
def _shape(sizes: tuple[int, ...]) -> npt.NDArray[np.int64]:
    shape = np.array(sizes, np.int64)
    shape.flags.writeable = False
    return shape


def _tensor_rows(value: summary_pb2.Summary.Value, plugin: str) -> list[Row]:
    array: npt.NDArray[Any] = _content(value, "tensors", np.ndarray)
    dtype = array.dtype.name if array.dtype != object else "string" if is_text(array) else "bytes"
    return [(plugin, dtype, _shape(array.shape), array)]


def _curve_rows(value: summary_pb2.Summary.Value, plugin: str) -> list[Row]:
    curves: npt.NDArray[Any] = _content(value, "tensors", np.ndarray)
    if curves.ndim != 2 or len(curves) != len(_CURVES) or curves.dtype == object:
        came = f"{curves.dtype} of shape {list(curves.shape)}"
        raise ValueError(f"Tag {value.tag!r}: expected a precision-recall curve of shape [6, thresholds]; got {came}.")
    # As TensorBoard has them: the thresholds are not written.
    thresholds = np.linspace(0.0, 1.0, curves.shape[1])
    return [(thresholds, *curves.astype(np.float64))]


def _content(value: summary_pb2.Summary.Value, kind: str, expected: type[ContentT]) -> ContentT:
    content = content_of(value, kind)
    if not isinstance(content, expected):
        raise ValueError(f"Tag {value.tag!r}: expected a value of kind {kind!r}; got {value.WhichOneof('value')!r}.")
    return content


_IMAGE_FIELDS = (Field("index", "int"), Field("height", "int"), Field("width", "int"), Field("format", "name"))
_AUDIO_FIELDS = (
    Field("index", "int"),
    Field("content_type", "name"),
    Field("sample_rate", "float"),
    Field("channels", "int"),
    Field("length_frames", "int"),
)
_HISTOGRAM_NUMBERS = ("count", "min", "max", "mean", "std", "sum", "sum_squares")

_LAYOUTS: Mapping[str, Layout] = {
    "histograms": Layout(
        (
            Field("limits", "floats", True),
            Field("counts", "floats", True),
            *(Field(name, "float", True) for name in _HISTOGRAM_NUMBERS),
        ),
        _histogram_rows,
    ),
    "text": Layout((Field("index", "int"), Field("shape", "ints"), Field("value", "string", True)), _text_rows),
    "tensors": Layout(
        (
            Field("plugin", "name"),
            Field("dtype", "name"),
            Field("shape", "ints"),
            Field("value", "array", True),
        ),
        _tensor_rows,
    ),
    "pr_curves": Layout(
        (Field("thresholds", "floats", True), *(Field(name, "floats", True) for name in _CURVES)), _curve_rows
    ),
}
