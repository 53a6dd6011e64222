"""TFRecord files, written record by record (`tf.io.TFRecordWriter`)."""

from __future__ import annotations

import gzip
import os
import zlib
from typing import Any

from trackml.storage.tfrecord import frame


class TFRecordCompressionType:
    """What a file of records is packed with."""

    NONE = 0
    ZLIB = 1
    GZIP = 2


class TFRecordOptions:
    """How a `TFRecordWriter` writes.

    Args:
        compression_type: `"GZIP"`, `"ZLIB"`, `""`, one of `TFRecordCompressionType`, or None.
        compression_level: From 0 to 9; zlib's own choice if not given.
    """

    def __init__(self, compression_type: Any = None, compression_level: int | None = None) -> None:
        self.compression_type = _compression(compression_type)
        self.compression_level = compression_level


def _compression(given: Any) -> str:
    if isinstance(given, TFRecordOptions):
        return given.compression_type
    names = {None: "", 0: "", 1: "ZLIB", 2: "GZIP", "": "", "ZLIB": "ZLIB", "GZIP": "GZIP"}
    if given not in names:
        raise ValueError(f'Not a valid compression_type: "{given}"')
    return names[given]


def _opened(path: str | os.PathLike[str], compression: str, level: int) -> Any:
    if compression == "GZIP":
        return gzip.open(path, "wb", compresslevel=level)
    return open(path, "wb")  # the writer closes it


class TFRecordWriter:
    """Writes records into a new file; a context manager that closes it.

    Args:
        path: The file.
        options: `TFRecordOptions`, or the compression's name.

    Example:
        >>> import os, tempfile, trackml as tf
        >>> path = os.path.join(tempfile.mkdtemp(), "rows.tfrecord")
        >>> with tf.io.TFRecordWriter(path) as writer:
        ...     writer.write(b"first")
        >>> os.path.getsize(path)
        21
    """

    def __init__(self, path: str | os.PathLike[str], options: TFRecordOptions | str | None = None) -> None:
        given = options if isinstance(options, TFRecordOptions) else TFRecordOptions(options)
        level = 6 if given.compression_level is None else given.compression_level
        self._packer = zlib.compressobj(level) if given.compression_type == "ZLIB" else None
        self._file: Any = _opened(path, given.compression_type, level)

    def write(self, record: bytes) -> None:
        """Appends a record."""
        framed = frame(record)
        self._file.write(self._packer.compress(framed) if self._packer else framed)

    def flush(self) -> None:
        """Hands what was written to the system."""
        if self._packer:
            self._file.write(self._packer.flush(zlib.Z_SYNC_FLUSH))
        self._file.flush()

    def close(self) -> None:
        """Finishes the file."""
        if self._file.closed:
            return
        if self._packer:
            self._file.write(self._packer.flush())
        self._file.close()

    def __enter__(self) -> TFRecordWriter:
        return self

    def __exit__(self, *exc_info: Any) -> None:
        self.close()
