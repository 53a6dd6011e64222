"""Embeddings of a run, as TensorBoard's projector finds them: a list in the run's directory, and files beside it.

Source: tensorboard/plugins/projector/projector_plugin.py.
"""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from trackml.bundle import BundleReader
from trackml.errors import DataLossError, NotFoundError
from trackml.runs.checkpoints import find_checkpoints

Points: TypeAlias = "npt.NDArray[np.float32]"

_CONFIG = "projector_config.pbtxt"
_PLACES = (os.path.join("plugins", "org_tensorflow_tensorboard_projector"), "")
"""Where in a run's directory the list may be; the first that has one counts."""


class EmbeddingMetadata(NamedTuple):
    """What is known of each point of an embedding."""

    header: tuple[str, ...]
    """The names of the columns; none if there is only one column, which then has no name."""
    rows: list[tuple[str, ...]]
    """A row a point."""


@dataclasses.dataclass(frozen=True)
class Embedding:
    """Points in space, with labels and pictures. The paths are as they were written, below `directory`."""

    name: str
    directory: Path
    """Where the list of embeddings is."""
    tensor_path: str
    """The file with the points; empty if they are a variable of that name in a checkpoint."""
    shape: tuple[int, ...]
    """Points and dimensions; empty if the list does not say."""
    metadata_path: str
    """The file with labels; empty if there is none."""
    bookmarks_path: str
    """The file with saved views; empty if there is none."""
    sprite_path: str
    """The image with a picture for each point, row by row; empty if there is none."""
    sprite_size: tuple[int, ...]
    """Width and height of one picture in pixels; empty if there is none."""
    run: Path = Path()
    """The run's directory, where its checkpoints are."""
    checkpoint: str = ""
    """The name of the checkpoint that holds what is in no file of its own; empty for the newest."""

    def read_tensor(self) -> Points:
        """Reads the points, shape `[points, dimensions]`: a text, bytes of float32, or a variable of a checkpoint.

        The checkpoint is looked for in the run's directory alone, wherever the list says that it was.

        Raises:
          DataLossError: If the file holds no such table, or the checkpoint no such variable of rank 2.
          NotFoundError: If there is no such file.
          ValueError: If the path leads out of the directory.
        """
        if not self.tensor_path:
            return self._read_variable()
        path = self._resolve(self.tensor_path)
        size = _size(path)
        try:
            return _read_table(path)
        except ValueError as error:  # UnicodeDecodeError is one.
            if len(self.shape) == 2 and size == 4 * self.shape[0] * self.shape[1]:
                return np.fromfile(path, "<f4").astype(np.float32, copy=False).reshape(self.shape)
            raise DataLossError(None, None, self._complaint(path, size, error)) from error

    def _read_variable(self) -> Points:
        prefix = self._checkpoint_prefix()
        reader = BundleReader(prefix)
        names = [name for name in (self.name, f"{self.name}/.ATTRIBUTES/VARIABLE_VALUE") if reader.has_tensor(name)]
        if not names:
            raise DataLossError(None, None, f"{prefix} has no variable {self.name!r} for the embedding of that name")
        points = np.asarray(reader.get_tensor(names[0]))
        if points.ndim != 2 or points.dtype.kind not in "fiu":
            raise DataLossError(
                None,
                None,
                f"{prefix}: expected {self.name!r} to be numbers of shape [points, dimensions]; got {points.dtype} of "
                f"shape {list(points.shape)}",
            )
        return points.astype(np.float32, copy=False)

    def _checkpoint_prefix(self) -> str:
        found = [each for each in find_checkpoints(self.run) if each.kind == "tensorflow"]
        if self.checkpoint:
            found = [each for each in found if each.path.name == os.path.basename(self.checkpoint)]
        if not found:
            wanted = f"checkpoint {self.checkpoint!r}" if self.checkpoint else "checkpoint"
            raise NotFoundError(None, None, f"{self.run}: no {wanted} that holds the embedding {self.name!r}")
        return str(next((each for each in found if each.latest), found[-1]).path)

    def read_metadata(self) -> EmbeddingMetadata:
        """Reads the labels. A first line with tabs names the columns; without tabs every line is a label.

        Raises:
          NotFoundError: If there is no such file.
          ValueError: If there are no labels, or the path leads out of the directory.
        """
        lines = self._read(self.metadata_path, "labels").decode(errors="replace").splitlines()
        if lines and "\t" in lines[0]:
            return EmbeddingMetadata(tuple(lines[0].split("\t")), [tuple(line.split("\t")) for line in lines[1:]])
        return EmbeddingMetadata((), [(line,) for line in lines])

    def read_sprite(self) -> bytes:
        """Reads the image with the pictures as it is encoded, usually PNG; raises what `read_metadata` does."""
        return self._read(self.sprite_path, "pictures")

    def _read(self, path: str, what: str) -> bytes:
        if not path:
            raise ValueError(f"embedding {self.name!r} has no {what}.")
        resolved = self._resolve(path)
        _size(resolved)
        return resolved.read_bytes()

    def _resolve(self, path: str) -> Path:
        """Gives where a path leads. The list may come from anywhere: it must not make us read other files."""
        directory = Path(os.path.realpath(self.directory))
        resolved = Path(os.path.realpath(directory / os.path.expanduser(path)))
        if not resolved.is_relative_to(directory):
            raise ValueError(f"{path!r} of embedding {self.name!r} leads out of the directory {str(directory)!r}.")
        return resolved

    def _complaint(self, path: Path, size: int, error: ValueError) -> str:
        reason = "it is no text" if isinstance(error, UnicodeDecodeError) else str(error)
        wanted = f"{list(self.shape)} float32" if len(self.shape) == 2 else "float32 of a shape that its list gives"
        return f"{path}: expected rows of numbers with tabs between, or {wanted}; got {size} bytes, and {reason}"


@dataclasses.dataclass(frozen=True)
class Projector:
    """The embeddings of a run."""

    path: Path
    """The list of them."""
    checkpoint: str
    """The checkpoint that holds what is in no file of its own; empty if the list does not say."""
    embeddings: tuple[Embedding, ...]


def read_projector(directory: Path) -> Projector | None:
    """Reads the list of embeddings of the run in `directory`; None if it has none.

    Raises:
      DataLossError: If the list cannot be understood.
    """
    for place in _PLACES:
        path = directory / place / _CONFIG
        try:
            text = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            continue
        return _parse(path, directory, text)
    return None


def _parse(path: Path, run: Path, text: bytes) -> Projector:
    from google.protobuf import text_format
    from tensorboard.plugins.projector import projector_config_pb2

    try:
        config: Any = text_format.Parse(text, projector_config_pb2.ProjectorConfig())
    except (text_format.ParseError, UnicodeDecodeError) as error:
        raise DataLossError(None, None, f"{path} is no list of embeddings: {error}") from error
    checkpoint = config.model_checkpoint_path
    embeddings = tuple(_embedding(path, run, checkpoint, info) for info in config.embeddings)
    return Projector(path, checkpoint, embeddings)


def _embedding(path: Path, run: Path, checkpoint: str, info: Any) -> Embedding:
    name = info.tensor_name or os.path.basename(info.tensor_path)
    return Embedding(
        name=name.removesuffix(":0"),
        directory=path.parent,
        tensor_path=info.tensor_path,
        shape=tuple(info.tensor_shape),
        metadata_path=info.metadata_path,
        bookmarks_path=info.bookmarks_path,
        sprite_path=info.sprite.image_path,
        sprite_size=tuple(info.sprite.single_image_dim),
        run=run,
        checkpoint=checkpoint,
    )


def _read_table(path: Path) -> Points:
    with open(path, encoding="utf-8", newline="\n") as stream:
        if not any(line.strip() for line in stream):
            raise ValueError("it is empty")
        stream.seek(0)
        return np.loadtxt(stream, np.float32, comments=None, delimiter="\t", ndmin=2)


def _size(path: Path) -> int:
    """Gives the size of a file.

    Raises:
      NotFoundError: If there is none.
    """
    if not path.is_file():
        raise NotFoundError(None, None, f"{path}; No such file or directory")
    return path.stat().st_size
