"""The checkpoints below a run's directory, whoever wrote them, and what is in them.

TensorFlow's tensor bundles and safetensors are read; PyTorch's and Keras' files are listed by their names alone, since
opening a pickle runs whatever is in it, and HDF5 needs a library of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from google.protobuf import text_format

from trackml.bundle import BundleReader
from trackml.protos.checkpoint_state_pb2 import CheckpointState

CheckpointKind: TypeAlias = Literal["tensorflow", "pytorch", "keras", "safetensors"]

_DEEPEST = 3
_MOST = 10_000
"""Files that are looked at: a directory of a data set may hold millions."""
_INDEX = ".index"
_SUFFIXES: dict[str, CheckpointKind] = {
    ".ckpt": "pytorch",
    ".pt": "pytorch",
    ".pth": "pytorch",
    ".h5": "keras",
    ".hdf5": "keras",
    ".keras": "keras",
    ".safetensors": "safetensors",
}
_STEP = re.compile(r"(?:step|iter(?:ation)?|ckpt|checkpoint|model|cp|update|global_step)[-_=]?(\d+)", re.IGNORECASE)
_NUMBER = re.compile(r"(\d+)")
_LARGEST_HEADER = 100 * 2**20


@dataclass(frozen=True)
class Checkpoint:
    """One checkpoint on disk."""

    name: str
    """Its path below the run's directory, without the endings of its several files."""
    path: Path
    """The file; for TensorFlow's, what the names of its files begin with."""
    kind: CheckpointKind
    step: int | None
    """What its name says; None if it says nothing."""
    size: int
    """Of all its files, in bytes."""
    written: float
    """When its last file was written, in seconds since the epoch."""
    latest: bool
    """Whether the directory's file `checkpoint` names it as the newest."""


@dataclass(frozen=True)
class StoredTensor:
    """One tensor of a checkpoint."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    size: int
    """In bytes."""
    norm: float | None
    """Euclidean norm; None for what is no number, and for what was too large to be read."""
    not_finite: int | None
    """How many elements are NaN or infinite; None where the norm is."""


def find_checkpoints(directory: str | os.PathLike[str]) -> tuple[Checkpoint, ...]:
    """Finds the checkpoints in a directory and up to three levels below it, by step, then by time.

    Links to directories are not followed, and what cannot be read is passed over.

    Args:
      directory: The run's directory.

    Example:
      >>> from trackml.runs import find_checkpoints
      >>> [checkpoint.step for checkpoint in find_checkpoints("runs/example")]
      []
    """
    root = os.fspath(directory)
    found: list[Checkpoint] = []
    for folder, names in _folders(root):
        latest = _latest(folder) if "checkpoint" in names else None
        for name in names:
            checkpoint = _checkpoint(root, folder, name, names, latest)
            if checkpoint is not None:
                found.append(checkpoint)
    return tuple(sorted(found, key=lambda each: (each.step is not None, each.step or 0, each.written, each.name)))


def read_tensors(checkpoint: Checkpoint, largest: int = 256 * 2**20) -> tuple[StoredTensor, ...]:
    """Reads which tensors a checkpoint holds, by name.

    Args:
      checkpoint: One that `find_checkpoints` gave.
      largest: Tensors are read, for their norms, as long as all that were read have no more bytes than this.

    Raises:
      ValueError: If files of its kind are not read here, or if it is no such file.
      DataLossError: If it is damaged.
      OSError: If it cannot be read.
    """
    if checkpoint.kind == "tensorflow":
        return tuple(_bundle_tensors(checkpoint.path, largest))
    if checkpoint.kind == "safetensors":
        return tuple(_safetensors(checkpoint.path))
    raise ValueError(
        f"{checkpoint.name}: what is in files of {checkpoint.kind} is not read; their sizes and times are known."
    )


def _folders(root: str) -> Iterator[tuple[str, set[str]]]:
    """Gives each directory with the names of its files."""
    budget = _MOST
    for folder, folders, names in os.walk(root):
        depth = 0 if folder == root else os.path.relpath(folder, root).count(os.sep) + 1
        if depth >= _DEEPEST:
            folders.clear()
        folders.sort()
        budget -= len(names)
        yield folder, set(names)
        if budget < 0:
            return


def _checkpoint(root: str, folder: str, name: str, names: set[str], latest: str | None) -> Checkpoint | None:
    if name.endswith(_INDEX):
        stem = name.removesuffix(_INDEX)
        data = [other for other in names if re.fullmatch(re.escape(stem) + r"\.data-\d{5}-of-\d{5}", other)]
        files = [name, *data, *({f"{stem}.meta"} & names)]
        kind: CheckpointKind = "tensorflow"
        if not data:
            return None
    else:
        ending = os.path.splitext(name)[1].lower()
        if ending not in _SUFFIXES:
            return None
        stem, files, kind = name, [name], _SUFFIXES[ending]
    try:
        stats = [os.stat(os.path.join(folder, file)) for file in files]
    except OSError:  # deleted meanwhile
        return None
    path = os.path.join(folder, stem)
    return Checkpoint(
        name=os.path.relpath(path, root),
        path=Path(path),
        kind=kind,
        step=_step(stem),
        size=sum(stat.st_size for stat in stats),
        written=max(stat.st_mtime for stat in stats),
        latest=latest is not None and os.path.abspath(path) == latest,
    )


def _step(name: str) -> int | None:
    """The step that a name says: `model.ckpt-500`, `epoch=3-step=400.ckpt`, `checkpoint_7.pt`; else its last number."""
    stem = name if ".ckpt-" in name else os.path.splitext(name)[0]
    found = _STEP.findall(stem) or _NUMBER.findall(stem)
    digits = found[-1] if found else ""
    return int(digits) if 0 < len(digits) <= 18 else None


def _latest(folder: str) -> str | None:
    with contextlib.suppress(OSError, UnicodeDecodeError, text_format.ParseError):
        with open(os.path.join(folder, "checkpoint"), "rb") as stream:
            state = text_format.Parse(stream.read(), CheckpointState())
        path = state.model_checkpoint_path
        return os.path.abspath(os.path.join(folder, path)) if path else None
    return None


def _bundle_tensors(prefix: Path, budget: int) -> Iterator[StoredTensor]:
    reader = BundleReader(prefix)
    types = reader.get_variable_to_dtype_map()
    for name, shape in sorted(reader.get_variable_to_shape_map().items()):
        dtype = types[name]
        numeric = dtype.is_floating or dtype.is_integer or dtype.is_complex
        size = int(np.prod(shape, dtype=np.int64)) * (dtype.size if numeric else 0)
        norm = not_finite = None
        if numeric and size <= budget:
            budget -= size
            norm, not_finite = _norm(np.asarray(reader.get_tensor(name)))
        yield StoredTensor(name, dtype.name, tuple(shape), size, norm, not_finite)


def _norm(values: np.ndarray) -> tuple[float, int]:
    finite = np.isfinite(values)
    flat = np.abs(values[finite]).astype(np.float64).ravel()
    scale = float(flat.max(initial=0.0))
    norm = scale * float(np.sqrt(np.sum((flat / scale) ** 2))) if scale else 0.0  # squares would overflow
    return norm, int(values.size - np.count_nonzero(finite))


def _safetensors(path: Path) -> Iterator[StoredTensor]:
    try:
        for name, entry in sorted(_safetensors_header(path).items()):
            if name != "__metadata__":
                begin, end = entry["data_offsets"]
                shape = tuple(int(size) for size in entry["shape"])
                yield StoredTensor(name, str(entry["dtype"]), shape, int(end) - int(begin), None, None)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: not a safetensors file: its header is no table of tensors ({error}).") from error


def _safetensors_header(path: Path) -> dict[str, Any]:
    with open(path, "rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if length > min(_LARGEST_HEADER, os.path.getsize(path)):
            raise ValueError(f"it would have {length} bytes")
        header: dict[str, Any] = json.loads(stream.read(length))
    return header
