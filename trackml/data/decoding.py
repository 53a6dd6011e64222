"""Files as streams of bytes: plain, gzip or zlib, with TensorFlow's errors."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import zlib
from collections.abc import Iterator
from typing import IO, Any

import numpy as np

from trackml import errors

COMPRESSIONS = ("", "GZIP", "ZLIB")

_BLOCK_BYTES = 1 << 16

_SYSTEM_ERRORS: dict[type[OSError], type[errors.OpError]] = {
    FileNotFoundError: errors.NotFoundError,
    NotADirectoryError: errors.FailedPreconditionError,
    IsADirectoryError: errors.FailedPreconditionError,
    PermissionError: errors.PermissionDeniedError,
}


@contextlib.contextmanager
def decoded(path: str, compression: str) -> Iterator[IO[bytes]]:
    """The content of a file as a stream, closed at the end of the block.

    Args:
        path: The file.
        compression: One of `COMPRESSIONS`.

    Raises:
        NotFoundError: There is no such file.
        DataLossError: The file is not a whole one of that compression.
        OpError: The system refuses to read it.
    """
    try:
        with open(path, "rb") as file, _decoder(file, compression) as stream:
            yield stream
    except (zlib.error, EOFError, gzip.BadGzipFile) as error:
        raise errors.DataLossError(None, None, f"{path} is not a whole {compression} file: {error}") from error
    except OSError as error:
        kind = _SYSTEM_ERRORS.get(type(error), errors.UnknownError)
        raise kind(None, None, f"{path}; {error.strerror or error}") from error


def _decoder(file: IO[bytes], compression: str) -> Any:
    if compression == "GZIP":
        return gzip.GzipFile(fileobj=file)
    return io.BufferedReader(_Inflated(file), _BLOCK_BYTES) if compression == "ZLIB" else file


class _Inflated(io.RawIOBase):
    """What a zlib stream holds."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._inflate = zlib.decompressobj()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._inflate.eof:
            waiting = self._inflate.unconsumed_tail or self._file.read(_BLOCK_BYTES)
            found = self._inflate.decompress(waiting, len(buffer))
            if found:
                buffer[: len(found)] = found
                return len(found)
            if not waiting:
                raise EOFError("it ends before its end-of-stream marker was reached")
        return 0


def compression_of(value: Any) -> str:
    """`value` as one of `COMPRESSIONS`; None means none.

    Raises:
        InvalidArgumentError: It is another one.
    """
    name = "" if value is None else value
    name = name.decode() if isinstance(name, (bytes, np.bytes_)) else name
    if name not in COMPRESSIONS:
        listed = ", ".join(repr(known) for known in COMPRESSIONS)
        raise errors.InvalidArgumentError(
            None, None, f"Unsupported compression_type: {value!r}. It must be one of {listed}."
        )
    return str(name)


def path_of(name: Any) -> str:
    """The path in a string scalar."""
    path: bytes | str = np.asarray(name, dtype=object)[()]  # type: ignore[assignment]
    return os.fsdecode(path)
