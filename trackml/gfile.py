"""`tf.gfile`: files and directories, under TensorFlow's names and with its errors; those of `tf.io.gfile` too."""

from __future__ import annotations

import contextlib
import glob as _glob
import os
import shutil
from collections.abc import Iterator
from types import TracebackType
from typing import IO, Any, NamedTuple

from trackml.errors import (
    AlreadyExistsError,
    FailedPreconditionError,
    NotFoundError,
    OpError,
    PermissionDeniedError,
    UnknownError,
)

Path = str | bytes | os.PathLike[str]


class FileStatistics(NamedTuple):
    """What `Stat` tells of a file."""

    length: int
    """Its size in bytes."""
    mtime_nsec: int
    """When it was last written, in nanoseconds since the epoch."""
    is_directory: bool
    """Whether it is a directory."""


@contextlib.contextmanager
def _errors(path: Path) -> Iterator[None]:
    """Raises errors of the file system as TensorFlow's."""
    try:
        yield
    except OSError as error:
        raise _as_tensorflows(error, path) from error


def _as_tensorflows(error: OSError, path: Path) -> OpError:
    message = f"{_text(path)}; {error.strerror}"
    kinds: list[tuple[type[OSError], type[OpError]]] = [
        (FileNotFoundError, NotFoundError),
        (FileExistsError, AlreadyExistsError),
        (PermissionError, PermissionDeniedError),
        (IsADirectoryError, FailedPreconditionError),
        (NotADirectoryError, FailedPreconditionError),
    ]
    kind = next((theirs for ours, theirs in kinds if isinstance(error, ours)), UnknownError)
    return kind(None, None, message)


def _text(path: Path) -> str:
    return os.fsdecode(path)


class GFile:
    """A file that is opened when it is first used.

    Args:
        name: The path.
        mode: As for `open`: `r`, `w`, `a`, `r+`, with `b` for bytes.

    Example:
        >>> import tempfile, trackml as tf
        >>> path = tempfile.mkdtemp() + "/notes.txt"
        >>> with tf.gfile.GFile(path, "w") as file:
        ...     _ = file.write("one\\ntwo\\n")
        >>> tf.gfile.GFile(path).readlines()
        ['one\\n', 'two\\n']
    """

    def __init__(self, name: Path, mode: str = "r") -> None:
        self._name = _text(name)
        self._mode = mode
        self._file: IO[Any] | None = None

    @property
    def name(self) -> str:
        """The path."""
        return self._name

    @property
    def mode(self) -> str:
        """How it is opened."""
        return self._mode

    def _opened(self) -> IO[Any]:
        if self._file is None:
            with _errors(self._name):
                encoding = None if "b" in self._mode else "utf-8"
                self._file = open(self._name, self._mode, encoding=encoding)  # noqa: SIM115 (closed by `close`)
        return self._file

    def size(self) -> int:
        """The size of the file in bytes."""
        return Stat(self._name).length

    def read(self, n: int = -1) -> Any:
        """The next `n` characters or bytes; all that is left by default."""
        return self._opened().read(n)

    def readline(self) -> Any:
        """The next line, with its end; empty at the end of the file."""
        return self._opened().readline()

    def readlines(self) -> list[Any]:
        """All lines that are left."""
        return self._opened().readlines()

    def write(self, file_content: Any) -> None:
        """Writes text, or bytes with `b` in the mode."""
        self._opened().write(file_content)

    def seek(self, offset: int, whence: int = 0) -> None:
        """Goes to a place in the file."""
        self._opened().seek(offset, whence)

    def tell(self) -> int:
        """The place in the file."""
        return self._opened().tell()

    def flush(self) -> None:
        """Gives what was written to the file system."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Closes the file; one that is opened for writing is there afterwards, even if nothing was written."""
        if self._file is None and self._mode[:1] in ("w", "a"):
            self._opened()
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> GFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_file", None) is not None:
            self.close()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._opened())


Open = GFile
FastGFile = GFile


def Exists(filename: Path) -> bool:  # noqa: N802 (TensorFlow's name, as those below)
    """Whether there is a file or directory of this name."""
    return os.path.exists(filename)


def IsDirectory(dirname: Path) -> bool:  # noqa: N802
    """Whether this is a directory."""
    return os.path.isdir(dirname)


def Glob(filename: Any) -> list[str]:  # noqa: N802
    """The files that a pattern fits, or any of a list of patterns, sorted."""
    patterns = filename if isinstance(filename, (list, tuple)) else [filename]
    return [path for pattern in patterns for path in sorted(_glob.glob(_text(pattern)))]


def ListDirectory(dirname: Path) -> list[str]:  # noqa: N802
    """The names in a directory.

    Raises:
        NotFoundError: There is no such directory.
    """
    if not os.path.isdir(dirname):
        raise NotFoundError(None, None, f"Could not find directory {_text(dirname)}")
    return os.listdir(_text(dirname))


def MkDir(dirname: Path) -> None:  # noqa: N802
    """Makes a directory in one that is there."""
    with _errors(dirname):
        os.mkdir(dirname)


def MakeDirs(dirname: Path) -> None:  # noqa: N802
    """Makes a directory and those above it; nothing if it is there."""
    with _errors(dirname):
        os.makedirs(dirname, exist_ok=True)


def Remove(filename: Path) -> None:  # noqa: N802
    """Deletes a file."""
    with _errors(filename):
        os.remove(filename)


def DeleteRecursively(dirname: Path) -> None:  # noqa: N802
    """Deletes a directory and all in it."""
    with _errors(dirname):
        shutil.rmtree(dirname)


def Copy(oldpath: Path, newpath: Path, overwrite: bool = False) -> None:  # noqa: N802
    """Copies a file.

    Raises:
        AlreadyExistsError: There is one at the new path, and `overwrite` is false.
    """
    _check_free(newpath, overwrite)
    with _errors(oldpath):
        shutil.copyfile(_text(oldpath), _text(newpath))


def Rename(oldname: Path, newname: Path, overwrite: bool = False) -> None:  # noqa: N802
    """Moves a file or directory.

    Raises:
        AlreadyExistsError: There is one at the new path, and `overwrite` is false.
    """
    _check_free(newname, overwrite)
    with _errors(oldname):
        os.replace(_text(oldname), _text(newname))


def _check_free(path: Path, overwrite: bool) -> None:
    if not overwrite and os.path.exists(path):
        raise AlreadyExistsError(None, None, f"file already exists: {_text(path)}. Pass overwrite=True to replace it.")


def Stat(filename: Path) -> FileStatistics:  # noqa: N802
    """Size and time of a file."""
    with _errors(filename):
        found = os.stat(filename)
    return FileStatistics(found.st_size, found.st_mtime_ns, os.path.isdir(filename))


def Walk(top: Path, in_order: bool = True) -> Iterator[tuple[str, list[str], list[str]]]:  # noqa: N802
    """Yields (directory, directories in it, files in it), from above, or from below with `in_order=False`."""
    return os.walk(_text(top), topdown=in_order)


copy, exists, glob, isdir, listdir, makedirs = Copy, Exists, Glob, IsDirectory, ListDirectory, MakeDirs
mkdir, remove, rename, rmtree, stat, walk = MkDir, Remove, Rename, DeleteRecursively, Stat, Walk

__all__ = [
    "Copy",
    "DeleteRecursively",
    "Exists",
    "FastGFile",
    "FileStatistics",
    "GFile",
    "Glob",
    "IsDirectory",
    "ListDirectory",
    "MakeDirs",
    "MkDir",
    "Open",
    "Remove",
    "Rename",
    "Stat",
    "Walk",
    "copy",
    "exists",
    "glob",
    "isdir",
    "listdir",
    "makedirs",
    "mkdir",
    "remove",
    "rename",
    "rmtree",
    "stat",
    "walk",
]
