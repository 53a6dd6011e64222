"""Embeddings for TensorBoard's projector: files beside the event files, and the list of them.

    projector_config.pbtxt                  which embeddings there are
    00010/default/tensors.tsv               one point a line
    00010/default/metadata.tsv              one label a line, perhaps a header
    00010/default/sprite.png                the points' pictures in a square

Source: tensorboard/plugins/projector/projector_config.proto.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf import text_format
from tensorboard.plugins.projector import projector_config_pb2

from trackml.storage.files import replace_file
from trackml.writer.arrays import Array, as_array
from trackml.writer.images import as_pixels, grid

_CONFIG = "projector_config.pbtxt"
_LARGEST_SPRITE = 8192  # pixels a side that TensorBoard's page loads


def write_embedding(
    logdir: Path,
    points: Any,
    metadata: Sequence[Any] | None,
    label_images: Any,
    step: int,
    tag: str,
    metadata_header: Sequence[str] | None,
) -> None:
    """Writes an embedding; one of the same tag and step is replaced.

    Args:
        logdir: The run's directory.
        points: `[points, dimensions]`.
        metadata: A label for each point, or with a header a list of labels.
        label_images: A square picture for each point, `[points, channels, side, side]`.
        step: The step.
        tag: The embedding's name.
        metadata_header: Names of the columns of labels.

    Raises:
        ValueError: The parts do not fit each other.
    """
    matrix = as_array(points)
    images = None if label_images is None else as_array(label_images)
    _check(matrix, metadata, images)
    folder = f"{step:05d}/{_encoded(tag)}"
    target = logdir / folder
    target.mkdir(parents=True, exist_ok=True)
    info = projector_config_pb2.EmbeddingInfo(tensor_name=f"{tag}:{step:05d}", tensor_path=f"{folder}/tensors.tsv")
    replace_file(target / "tensors.tsv", _lines("\t".join(map(str, row)) for row in matrix.tolist()))
    if metadata is not None:
        replace_file(target / "metadata.tsv", _lines(_labels(metadata, metadata_header)))
        info.metadata_path = f"{folder}/metadata.tsv"
    if images is not None:
        replace_file(target / "sprite.png", _sprite(images))
        info.sprite.image_path = f"{folder}/sprite.png"
        info.sprite.single_image_dim.extend([images.shape[3], images.shape[2]])
    _add_to_config(logdir / _CONFIG, info)


def _check(matrix: Array, metadata: Sequence[Any] | None, images: Array | None) -> None:
    if matrix.ndim != 2:
        raise ValueError(f"An embedding has shape [points, dimensions]; got {list(matrix.shape)}.")
    if metadata is not None and len(metadata) != len(matrix):
        raise ValueError(f"Each point has one label; got {len(matrix)} points and {len(metadata)} of metadata.")
    if images is None:
        return
    if (
        images.ndim != 4
        or len(images) != len(matrix)
        or images.shape[2] != images.shape[3]
        or images.shape[1] not in (1, 3)
    ):
        raise ValueError(
            f"label_img has shape [points, 1 or 3 channels, side, side]; got {list(images.shape)} for {len(matrix)} "
            "points."
        )
    side = math.ceil(math.sqrt(len(images))) * images.shape[3]
    if side > _LARGEST_SPRITE:
        raise ValueError(
            f"The pictures of {len(images)} points make a square of {side} pixels a side; TensorBoard loads "
            f"{_LARGEST_SPRITE}. Make them smaller."
        )


def _encoded(tag: str) -> str:
    """Gives `tag` as the name of one folder."""
    return tag.replace("%", "%25").replace("/", "%2f").replace("\\", "%5c")


def _labels(metadata: Sequence[Any], header: Sequence[str] | None) -> list[str]:
    if not header:
        return [str(label) for label in metadata]
    if any(len(labels) != len(header) for labels in metadata):
        raise ValueError(f"Each point has as many labels as metadata_header has names; got {list(header)}.")
    return ["\t".join(map(str, labels)) for labels in [header, *metadata]]


def _lines(lines: Any) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _sprite(images: Array) -> bytes:
    from PIL import Image

    columns = math.ceil(math.sqrt(len(images)))
    pixels = as_pixels(grid(images, columns)).transpose(1, 2, 0)
    square = np.zeros((pixels.shape[1], pixels.shape[1], 3), np.uint8)
    square[: len(pixels)] = pixels
    stream = io.BytesIO()
    Image.fromarray(square).save(stream, "PNG")
    return stream.getvalue()


def _add_to_config(path: Path, info: projector_config_pb2.EmbeddingInfo) -> None:
    config = projector_config_pb2.ProjectorConfig()
    if path.exists():
        try:
            text_format.Parse(path.read_text(encoding="utf-8"), config)
        except text_format.ParseError as error:
            raise ValueError(f"{path} cannot be read: {error}. Remove it to begin a new list of embeddings.") from None
    kept = [embedding for embedding in config.embeddings if embedding.tensor_name != info.tensor_name]
    del config.embeddings[:]
    config.embeddings.extend([*kept, info])
    replace_file(path, text_format.MessageToString(config).encode())
