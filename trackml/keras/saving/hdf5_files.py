"""HDF5 files: opened for reading, and written so that a file is whole or not there."""

from __future__ import annotations

import os
from typing import Any


def h5py_module() -> Any:
    """The library that reads and writes HDF5.

    Raises:
        ImportError: It is not installed.
    """
    try:
        import h5py
    except ImportError as error:
        raise ImportError(
            "HDF5 files need the library h5py, which is not installed: pip install 'trackml-tui[h5]'."
        ) from error
    return h5py


def is_hdf5(filepath: str | os.PathLike[str]) -> bool:
    """Whether a path is that of an HDF5 file, by its ending."""
    return os.fspath(filepath).endswith((".h5", ".hdf5", ".keras"))


class written:  # noqa: N801  used as a function
    """A new HDF5 file, which takes its place when it is whole.

    Args:
        filepath: The place; directories are made.
    """

    def __init__(self, filepath: str) -> None:
        self._path = filepath
        self._temporary = f"{filepath}.{os.getpid()}.tmp"

    def __enter__(self) -> Any:
        module = h5py_module()
        os.makedirs(os.path.dirname(self._path) or ".", exist_ok=True)
        self._file = module.File(self._temporary, "w")
        return self._file

    def __exit__(self, kind: Any, *rest: object) -> None:
        self._file.close()
        if kind is None:
            os.replace(self._temporary, self._path)
        else:
            os.unlink(self._temporary)


def opened(filepath: str) -> Any:
    """An HDF5 file for reading.

    Raises:
        FileNotFoundError: There is none.
        ValueError: It is no HDF5 file.
    """
    module = h5py_module()
    if not os.path.exists(filepath):
        raise FileNotFoundError(f"There is no file {filepath!r}.")
    try:
        return module.File(filepath, "r")
    except OSError as error:
        raise ValueError(f"{filepath!r} is no HDF5 file, or is damaged: {error}") from error
