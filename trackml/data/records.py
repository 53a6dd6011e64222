"""What files hold, a block at a time: lines, framed records, records of one length."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from typing import IO, Any, TypeAlias

import numpy as np

from trackml.data.decoding import decoded, path_of
from trackml.data.indices import Indices
from trackml.data.rows import Row
from trackml.errors import DataLossError, InvalidArgumentError
from trackml.storage.crc32c import masked_crc32c
from trackml.storage.tfrecord import FOOTER_BYTES, HEADER_BYTES, MAX_PAYLOAD_BYTES

Blocks: TypeAlias = "Iterator[list[bytes]]"
"""Some records after the other."""

_BLOCK_BYTES = 1 << 18
_HEADER = struct.Struct("<QI")
_CHECKSUM = struct.Struct("<I")


class FileChunks(Iterator["Indices"]):
    """The records of file after file, as chunks of a stream whose numbers are the records themselves.

    After an error it goes on with the next file.

    Args:
        names: Rows with the path of a file each.
        read: Gives the records of a file.
    """

    def __init__(self, names: Iterator[Row], read: Callable[[str], Blocks]) -> None:
        self._names = names
        self._read = read
        self._blocks: Blocks = iter(())

    def __next__(self) -> Any:
        while True:
            for block in self._blocks:
                return _chunk(block)
            self._blocks = self._read(path_of(next(self._names)[0]))


def _chunk(block: list[bytes]) -> np.ndarray[Any, Any]:
    chunk = np.empty((len(block), 1), dtype=object)
    chunk[:, 0] = block
    chunk.flags.writeable = False
    return chunk


def lines(path: str, compression: str) -> Blocks:
    """The lines of a text file without their ends; carriage returns are left out anywhere, as in TensorFlow."""
    begun: list[bytes] = []
    with decoded(path, compression) as stream:
        while block := stream.read(_BLOCK_BYTES):
            found = block.replace(b"\r", b"").split(b"\n")
            begun.append(found[0])
            if len(found) > 1:
                found[0] = b"".join(begun)
                begun = [found.pop()]
                yield found
    rest = b"".join(begun)
    if rest:
        yield [rest]


def framed(path: str, compression: str) -> Blocks:
    """The payloads of a TFRecord file, one by one. As in TensorFlow a header that is not whole is the end of a file.

    Raises:
        DataLossError: A checksum does not hold, or the file ends within a record; the message says where.
    """
    offset = 0
    with decoded(path, compression) as stream:
        while len(header := stream.read(HEADER_BYTES)) == HEADER_BYTES:
            payload = _payload(stream, header, f"{path}: {{}} record at {offset}: {{}}.")
            offset += HEADER_BYTES + len(payload) + FOOTER_BYTES
            yield [payload]


def _payload(stream: IO[bytes], header: bytes, message: str) -> bytes:
    length, checksum = _HEADER.unpack(header)
    if length > MAX_PAYLOAD_BYTES or masked_crc32c(header[:8]) != checksum:
        raise DataLossError(None, None, message.format("corrupted", "the checksum of its length does not hold"))
    body = stream.read(length + FOOTER_BYTES)
    if len(body) < length + FOOTER_BYTES:
        raise DataLossError(None, None, message.format("truncated", "the file ends within it"))
    payload = body[:length]
    if masked_crc32c(payload) != _CHECKSUM.unpack_from(body, length)[0]:
        raise DataLossError(None, None, message.format("corrupted", "the checksum of its payload does not hold"))
    return payload


def fixed_length(path: str, compression: str, sizes: tuple[int, int, int]) -> Blocks:
    """The records of a file in which all have one length.

    Args:
        path: The file.
        compression: How it is compressed.
        sizes: Bytes of a record, of the header before the first and of the footer after the last.

    Raises:
        InvalidArgumentError: The file does not hold a whole number of records. Of a file that is not compressed this
            is known before the first.
    """
    record, header, footer = sizes
    with decoded(path, compression) as stream:
        if not compression:
            _check_body(path, os.path.getsize(path), sizes)
        total = len(stream.read(header))
        held = b""
        while block := stream.read(max(_BLOCK_BYTES, record)):
            total += len(block)
            held += block
            whole = max(0, len(held) - footer) // record * record
            if whole:
                yield [held[at : at + record] for at in range(0, whole, record)]
                held = held[whole:]
        _check_body(path, total, sizes)


def _check_body(path: str, total: int, sizes: tuple[int, int, int]) -> None:
    record, header, footer = sizes
    body = total - header - footer
    if body < 0 or body % record:
        raise InvalidArgumentError(
            None,
            None,
            f'Excluding the header ({header} bytes) and footer ({footer} bytes), input file "{path}" has body length '
            f"{body} bytes, which is not an exact multiple of the record length ({record} bytes).",
        )
