"""Elements kept in a file: written in the first whole pass, read by all later ones, of later programs too.

The file is `<filename>.records`, a TFRecord file of a form that is this library's own, since TensorFlow's caches are
private to its version. Its first record is JSON that names the components' types; each other is an element:

    for each component: u8 rank | u64le size of each dimension | values
    values: numbers as they lie in memory, little-endian; strings as u64le lengths and then their bytes

It appears when the pass is over, all at once; a pass that is left before its end leaves nothing.
"""

from __future__ import annotations

import json
import math
import os
import struct
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from trackml.data.records import framed
from trackml.data.rows import Row
from trackml.dtypes import DType, as_dtype, string
from trackml.errors import InvalidArgumentError
from trackml.storage.files import replacing
from trackml.storage.tfrecord import frame

_FORMAT = "trackml dataset cache 1"


class CacheFile:
    """An input that is computed until there is a file of it.

    Calling it begins a pass.

    Args:
        filename: The file's name without its ending.
        start: Begins a pass over the input.
        dtypes: The components' types.
    """

    def __init__(self, filename: str, start: Callable[[], Iterator[Row]], dtypes: Sequence[DType]) -> None:
        self._path = f"{filename}.records"
        self._start = start
        self._dtypes = dtypes

    def __call__(self) -> Iterator[Row]:
        return self._read() if os.path.exists(self._path) else _WritingPass(self._start(), self._path, self._dtypes)

    def _read(self) -> Iterator[Row]:
        payloads = (payload for block in framed(self._path, "") for payload in block)
        self._check(next(payloads, b""))
        for payload in payloads:
            yield _unpacked(payload, self._dtypes)

    def _check(self, header: bytes) -> None:
        if header != _header(self._dtypes):
            names = ", ".join(dtype.name for dtype in self._dtypes)
            raise InvalidArgumentError(
                None,
                None,
                f"{self._path} is no cache of elements of the types {names}; it begins with {header[:200]!r}. "
                "Remove it or name another file.",
            )


class _WritingPass(Iterator[Row]):
    """The input's rows, written down as they go by."""

    def __init__(self, rows: Iterator[Row], path: str, dtypes: Sequence[DType]) -> None:
        self._rows = rows
        self._dtypes = dtypes
        self._replacing = replacing(path)
        self._stream = self._replacing.__enter__()
        self._stream.write(frame(_header(dtypes)))

    def __next__(self) -> Row:
        for row in self._rows:
            self._stream.write(frame(_packed(row)))
            return row
        if not self._stream.closed:
            self._replacing.__exit__(None, None, None)
        raise StopIteration


def _header(dtypes: Sequence[DType]) -> bytes:
    return json.dumps({"format": _FORMAT, "dtypes": [dtype.name for dtype in dtypes]}).encode()


def _packed(row: Row) -> bytes:
    parts: list[bytes] = []
    for value in row:
        array = np.asarray(value)
        parts.append(struct.pack(f"<B{array.ndim}Q", array.ndim, *array.shape))
        if as_dtype(array.dtype) is string:
            items = [bytes(item) for item in array.ravel()]
            parts.append(struct.pack(f"<{len(items)}Q", *map(len, items)))
            parts.extend(items)
        else:
            parts.append(array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes())
    return b"".join(parts)


def _unpacked(payload: bytes, dtypes: Sequence[DType]) -> Row:
    at = 0
    row: list[np.ndarray[Any, Any]] = []
    for dtype in dtypes:
        shape = struct.unpack_from(f"<{payload[at]}Q", payload, at + 1)
        at += 1 + 8 * len(shape)
        count = math.prod(shape)
        if dtype is string:
            lengths = struct.unpack_from(f"<{count}Q", payload, at)
            at += 8 * count
            array, at = _strings(payload, at, lengths)
        else:
            stored = np.dtype(dtype.as_numpy_dtype).newbyteorder("<")
            array = np.frombuffer(payload, stored, count, at).astype(dtype.as_numpy_dtype, copy=False)
            at += array.nbytes
        row.append(array.reshape(shape))
    return tuple(row)


def _strings(payload: bytes, at: int, lengths: Sequence[int]) -> tuple[np.ndarray[Any, Any], int]:
    array = np.empty(len(lengths), dtype=object)
    for number, length in enumerate(lengths):
        array[number] = payload[at : at + length]
        at += length
    return array, at
