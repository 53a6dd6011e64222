"""Variables that start from the values of a checkpoint."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable
from typing import Any

import trackml.checkpoint.saver_ops  # noqa: F401  registers RestoreV2
from trackml import dtypes, logging
from trackml.checkpoint.bundle import BundleReader
from trackml.checkpoint.reader import load_checkpoint
from trackml.checkpoint.state import checkpoint_exists, latest_checkpoint
from trackml.graph.conversion import constant
from trackml.graph.graph import apply_op
from trackml.graph.operation import Tensor
from trackml.ops.array import outputs_of
from trackml.shapes import as_shape
from trackml.variables import get_variable_scope

Initializer = Callable[..., Any]


def starting_values(initializer: Initializer, checkpoint: str | None, tensor_name: str | None) -> Initializer:
    """What a variable starts from: the tensor of a checkpoint if there is one, otherwise `initializer`.

    Args:
        initializer: A function of (shape, dtype).
        checkpoint: The prefix of a checkpoint, a directory of checkpoints, or a pattern that one checkpoint fits
            (which TensorFlow does not take).
        tensor_name: The name of the tensor in the checkpoint.

    The function that is given raises ValueError when the checkpoint lacks the tensor or it has another shape, and
    NotFoundError when there is no checkpoint.
    """
    if checkpoint is None or tensor_name is None:
        return initializer

    def from_checkpoint(shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        return _restored(find_checkpoint(checkpoint), tensor_name, shape, dtype or dtypes.float32)

    return from_checkpoint


def find_checkpoint(given: str | os.PathLike[str]) -> str:
    """The prefix of the checkpoint that is meant: itself, the newest of a directory, or the only one of a pattern.

    Raises:
        ValueError: The directory has no checkpoint, or several fit the pattern.
    """
    path = os.fspath(given)
    if os.path.isdir(path):
        newest = latest_checkpoint(path)
        if newest is None:
            raise ValueError(f"Couldn't find 'checkpoint' file or checkpoints in given directory {path}")
        return newest
    if checkpoint_exists(path):
        return path
    names = {*glob.glob(path), *glob.glob(f"{path}.index")}
    fitting = sorted(name[: -len(".index")] for name in names if name.endswith(".index"))
    if len(fitting) > 1:
        raise ValueError(f"Several checkpoints fit {path}: {', '.join(fitting)}. Give one of them.")
    return fitting[0] if fitting else path


def _restored(prefix: str, name: str, shape: Any, dtype: dtypes.DType) -> Tensor:
    own = f"{get_variable_scope().name}/embedding_weights"
    reader = load_checkpoint(prefix)
    _check(reader, prefix, name, as_shape(shape).as_list(), own)
    logging.info("Initialize variable %s from checkpoint %s with %s", own, prefix, name)
    (tensor,) = outputs_of(
        apply_op(
            "RestoreV2",
            constant(prefix),
            constant([name], dtypes.string),
            constant([""], dtypes.string),
            name="checkpoint_initializer",
            dtypes=[dtype],
        )
    )
    tensor.set_shape(shape)
    return tensor


def _check(reader: BundleReader, prefix: str, name: str, shape: list[int | None], own: str) -> None:
    found = reader.get_variable_to_shape_map()
    if name not in found:
        raise ValueError(f"Tensor {name} is not found in {prefix} checkpoint. It has {sorted(found)}.")
    if list(found[name]) != shape:
        raise ValueError(
            f"Shape of variable {own} ({tuple(shape)}) doesn't match with shape of tensor {name} "
            f"({list(found[name])}) from checkpoint reader {prefix}."
        )
