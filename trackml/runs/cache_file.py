"""The file in which the columns of one event file are kept.

    magic, 8 bytes | u32le format | u32le CRC-32 of header and document | u64le length of the document
    | u64le length of the arrays | u32le CRC-32 of the arrays | document, JSON | arrays, little-endian

The document says which event file it was, how far it was read, and how long the arrays are, which follow each other
without gaps. Every byte is covered by a checksum (that of zlib: nothing else is as fast). There is nothing in the
file that could be executed.
"""

from __future__ import annotations

import io
import json
import os
import struct
import zlib
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from trackml.runs.fingerprint import Fingerprint
from trackml.runs.history import FileHistory
from trackml.runs.history_columns import Array, Document, count_bytes, put_together
from trackml.storage.files import FileIdentity

FORMAT = 1
DECODER = 1
"""To be raised with every change of what is read out of an event file: columns of another decoder are not used."""

NOT_USABLE = (
    *(OSError, struct.error, ValueError, TypeError, AttributeError, LookupError),
    *(OverflowError, RecursionError, MemoryError),
)
"""What may be raised when a file is no cache file, or a damaged one."""

_MAGIC = b"tmlcols\n"
_HEADER = struct.Struct("<8sIIQQI")
_CHECKSUM_OFFSET = 12


class CachedColumns(NamedTuple):
    """What a cache file holds."""

    identity: FileIdentity
    """Of the event file."""
    fingerprint: Fingerprint
    """Of the part that was read."""
    document: Document
    arrays: list[Array]


class CacheFile:
    """A cache file that is open for reading.

    Args:
      stream: At the beginning of the file.

    Raises:
      One of NOT_USABLE.
    """

    identity: FileIdentity
    fingerprint: Fingerprint
    kinds: dict[str, str]
    """The kind of each tag."""
    foreign_kinds: frozenset[str]
    """The tags whose kinds other files of the run told."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        size = os.fstat(stream.fileno()).st_size
        header = stream.read(_HEADER.size)
        magic, version, checksum, document_bytes, array_bytes, self._array_checksum = _HEADER.unpack(header)
        _require(magic == _MAGIC and version == FORMAT and size == _HEADER.size + document_bytes + array_bytes)
        text = stream.read(document_bytes)
        _require(checksum == _head_checksum(header, text))
        document = json.loads(text)
        _require(document["decoder"] == DECODER)
        self.identity = FileIdentity(*map(int, document["file"]))
        offset, head, ending = document["fingerprint"]
        self.fingerprint = Fingerprint(int(offset), bytes.fromhex(head), bytes.fromhex(ending))
        self._document: Document = document["history"]
        self.kinds = self._document["kinds"]
        self.foreign_kinds = frozenset(self._document["foreign_kinds"])
        _require(count_bytes(self._document) == array_bytes)

    def read_history(self, number: int) -> FileHistory:
        """Reads the arrays, and gives the history of the file, which is the run's file `number`.

        Raises:
          One of NOT_USABLE.
        """
        found = 0

        def read_array(count: int, dtype: np.dtype[Any]) -> Array:
            nonlocal found
            array = np.empty(count, dtype)
            if count:
                octets = array.view(np.uint8).data
                _require(self._stream.readinto(octets) == len(octets))
                found = zlib.crc32(octets, found)
            return array

        history = put_together(self._document, read_array, number)
        _require(found == self._array_checksum)
        return history


def write_cache_file(stream: BinaryIO, columns: CachedColumns) -> None:
    """Writes a cache file.

    Raises:
      OSError: If it cannot be written.
    """
    octets = [array.astype(array.dtype.newbyteorder("<"), copy=False).view(np.uint8).data for array in columns.arrays]
    checksum = 0
    for column in octets:
        checksum = zlib.crc32(column, checksum)
    document = {
        "decoder": DECODER,
        "file": columns.identity,
        "fingerprint": [columns.fingerprint.offset, columns.fingerprint.head.hex(), columns.fingerprint.ending.hex()],
        "history": columns.document,
    }
    text = json.dumps(document).encode()
    fields = [len(text), sum(map(len, octets)), checksum]
    header = _HEADER.pack(_MAGIC, FORMAT, 0, *fields)
    stream.write(_HEADER.pack(_MAGIC, FORMAT, _head_checksum(header, text), *fields) + text)
    for column in octets:
        stream.write(column)


def _head_checksum(header: bytes, text: bytes) -> int:
    """Gives the checksum of header and document, without the four bytes in which it is kept."""
    kept = zlib.crc32(header[:_CHECKSUM_OFFSET])
    return zlib.crc32(text, zlib.crc32(header[_CHECKSUM_OFFSET + 4 :], kept))


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError("not a whole cache file of this version")
