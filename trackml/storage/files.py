"""Files as the storage layer needs them: replaced in one step, and known again when they are met again."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple


class FileIdentity(NamedTuple):
    """What the file system says about a file: which one it is, and whether it may have changed."""

    device: int
    inode: int
    size: int
    mtime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> FileIdentity:
        """Gives the identity that `os.stat` or `os.fstat` reported."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)

    def is_same_file(self, other: FileIdentity) -> bool:
        """Tells whether both are one file, though its content may have changed."""
        return (self.device, self.inode) == (other.device, other.inode)


def replace_file(path: str | os.PathLike[str], data: bytes) -> None:
    """Makes `data` the content of `path`: a reader sees the old content or all of `data`, also after a power failure.

    Args:
      path: The file, new or existing. Its directory must exist.
      data: The whole new content.

    Raises:
      OSError: If the file cannot be written; `path` is then as it was.
    """
    with replacing(path) as stream:
        stream.write(data)


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Gives a stream whose bytes become the content of `path` when the block ends well: `replace_file` piece by piece.

    Args:
      path: The file, new or existing. Its directory must exist.

    Raises:
      OSError: If the file cannot be written; `path` is then as it was, as after any other exception in the block.
    """
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{os.urandom(4).hex()}.tmp")
    try:
        with open(temporary, "xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        _keep_mode(target, temporary)
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_directory(target.parent)


def _keep_mode(target: Path, temporary: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        temporary.chmod(target.stat().st_mode & 0o7777)


def _sync_directory(directory: Path) -> None:
    """Makes the new name durable too."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
