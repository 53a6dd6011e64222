"""TensorFlow's functions that look into a checkpoint without a graph.

Example:
    >>> import tempfile
    >>> import numpy as np
    >>> from trackml.bundle.bundle import BundleWriter
    >>> prefix = tempfile.mkdtemp() + "/model.ckpt-1"
    >>> with BundleWriter(prefix) as writer:
    ...     writer.add("global_step", np.int64(1))
    >>> list_variables(prefix)
    [('global_step', [])]
    >>> int(load_variable(prefix, "global_step"))
    1
"""

from __future__ import annotations

import os
from typing import Any

from trackml.bundle.bundle import BundleReader
from trackml.checkpoint.state import latest_checkpoint

Path = str | os.PathLike[str]


def NewCheckpointReader(filepattern: Path) -> BundleReader:  # noqa: N802 (TensorFlow's name)
    """Gives a reader of the checkpoint at the prefix `filepattern`.

    Raises:
        NotFoundError: There is no checkpoint.
        DataLossError: Its index is damaged.
        UnimplementedError: Its form is not read here, such as V1.
    """
    return BundleReader(filepattern)


def load_checkpoint(ckpt_dir_or_file: Path) -> BundleReader:
    """Gives a reader of a checkpoint, or of the newest one of a directory.

    Args:
        ckpt_dir_or_file: A directory, or the prefix of a checkpoint.

    Raises:
        ValueError: The directory names no newest checkpoint, or it is gone.
        OpError: As `NewCheckpointReader`.
    """
    if not os.path.isdir(ckpt_dir_or_file):
        return NewCheckpointReader(ckpt_dir_or_file)
    prefix = latest_checkpoint(ckpt_dir_or_file)
    if prefix is None:
        raise ValueError(f"Couldn't find 'checkpoint' file or checkpoints in given directory {ckpt_dir_or_file}")
    return NewCheckpointReader(prefix)


def load_variable(ckpt_dir_or_file: Path, name: str) -> Any:
    """Gives the value of a variable in a checkpoint.

    Args:
        ckpt_dir_or_file: A directory, or the prefix of a checkpoint.
        name: The variable's name; `:0` at its end is left away.

    Raises:
        ValueError, OpError: As `load_checkpoint` and `BundleReader.get_tensor`.
    """
    return load_checkpoint(ckpt_dir_or_file).get_tensor(name.removesuffix(":0"))


def list_variables(ckpt_dir_or_file: Path) -> list[tuple[str, list[int]]]:
    """Gives name and shape of every variable in a checkpoint, sorted by name.

    Args:
        ckpt_dir_or_file: A directory, or the prefix of a checkpoint.
    """
    return sorted(load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map().items())
