"""Variables of columns that start from the values of a checkpoint."""

from __future__ import annotations

import glob
import os

from trackml.checkpoint.initial_values import checkpoint_prefix, init_from_checkpoint
from trackml.checkpoint.state import checkpoint_exists
from trackml.variables import Variable


def start_from_checkpoint(variable: Variable, checkpoint: str | None, tensor_name: str | None) -> None:
    """Makes a variable start from the tensor of a checkpoint, if there is one.

    Args:
        variable: The variable.
        checkpoint: The prefix of a checkpoint, a directory of checkpoints, or a pattern that one checkpoint fits
            (which TensorFlow does not take).
        tensor_name: The name of the tensor in the checkpoint.

    Raises:
        NotFoundError: There is no such checkpoint.
        ValueError: The checkpoint lacks the tensor or it has another shape, or several checkpoints fit the pattern.
    """
    if checkpoint is not None and tensor_name is not None:
        init_from_checkpoint(find_checkpoint(checkpoint), {tensor_name: variable})


def find_checkpoint(given: str | os.PathLike[str]) -> str:
    """The prefix of the checkpoint that is meant: itself, the newest of a directory, or the only one of a pattern.

    Raises:
        ValueError: The directory has no checkpoint, or several fit the pattern.
    """
    path = os.fspath(given)
    if os.path.isdir(path) or checkpoint_exists(path):
        return checkpoint_prefix(path)
    names = {*glob.glob(path), *glob.glob(f"{path}.index")}
    fitting = sorted(name[: -len(".index")] for name in names if name.endswith(".index"))
    if len(fitting) > 1:
        raise ValueError(f"Several checkpoints fit {path}: {', '.join(fitting)}. Give one of them.")
    return fitting[0] if fitting else path
