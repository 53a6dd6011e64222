"""TFRecord files: framed records with checksums, read so that damage and unfinished tails are outcomes, not exceptions.

A record on disk:

    u64le length | u32le masked CRC of those 8 bytes | payload | u32le masked CRC of the payload

A file may be read while somebody writes it. Two rules make that safe. A record that is not whole yet moves nothing: the
next iteration starts at it again. Damage is final only when a header whose checksum holds follows it; until then the
reader stays where the damage begins, because a network file system may show zeros now and the true bytes later.

Source: tensorflow/core/lib/io/record_writer.cc and record_reader.cc.
"""

from __future__ import annotations

import functools
import os
import struct
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import BinaryIO, NamedTuple, TypeAlias

import numpy as np

from trackml.storage.crc32c import Buffer, crc32c_rows, mask_rows, masked_crc32c

HEADER_BYTES = 12
FOOTER_BYTES = 4
MAX_PAYLOAD_BYTES = 2**31 - 1
"""No protobuf message is longer; a header that claims more is damage, whatever its checksum says."""

_HEADER = struct.Struct("<QI")
_CHECKSUM = struct.Struct("<I")
_WINDOW_BYTES = 1 << 20


class Record(NamedTuple):
    """A whole record whose checksums hold."""

    offset: int
    """Where its header begins in the file."""
    payload: bytes


class Truncated(NamedTuple):
    """The file ends inside a record; reading goes on from here once the file has grown."""

    offset: int
    missing: int
    """How many bytes the file lacks, as far as is known: the header alone says how long the payload is."""


class Corrupt(NamedTuple):
    """Bytes that are no record."""

    offset: int
    reason: str
    bytes_lost: int
    final: bool
    """Whether a good header follows. If not, the damage reaches the end of the file and is looked at again later."""


Outcome: TypeAlias = Record | Truncated | Corrupt


def frame(payload: Buffer) -> bytes:
    """Gives `payload` as one record."""
    return b"".join((record_header(len(payload)), payload, _CHECKSUM.pack(masked_crc32c(payload))))


def record_header(length: int) -> bytes:
    """Gives the bytes in front of a payload of `length` bytes."""
    return _HEADER.pack(length, _length_checksum(length))


def whole_records(data: Buffer) -> int:
    """Gives how many bytes of `data`, which begins with a record and may end within one, are whole records."""
    end = 0
    while end + HEADER_BYTES <= len(data):
        length, _ = _HEADER.unpack_from(data, end)
        if end + HEADER_BYTES + length + FOOTER_BYTES > len(data):
            break
        end += HEADER_BYTES + length + FOOTER_BYTES
    return end


def find_header(data: Buffer) -> int | None:
    """Gives the position of the first whole header in `data` whose checksum holds, or None."""
    count = len(data) - HEADER_BYTES + 1
    if count <= 0:
        return None
    low, high, checksum = (np.ndarray((count,), "<u4", data, offset, (1,)) for offset in (0, 4, 8))
    # Few positions survive the look at the length alone, and long stretches of zeros none.
    plausible = (high == 0) & (low <= MAX_PAYLOAD_BYTES) & ((low != 0) | (checksum == _length_checksum(0)))
    positions = np.flatnonzero(plausible)
    octets = np.frombuffer(data, np.uint8)
    matches = mask_rows(crc32c_rows(octets[positions[:, None] + np.arange(8)])) == checksum[positions]
    return int(positions[matches.argmax()]) if matches.any() else None


class RecordReader:
    """Reads the records of a file from `offset` on, again and again as the file grows.

    Each iteration gives what there is now: records, damage in their place, and at the end perhaps one `Truncated` or
    one `Corrupt` that is not final. After every outcome `offset` says where reading goes on; iterate again after an
    append. The reader belongs to one thread.

    Args:
      source: A path, which the reader opens and `close` closes, or a seekable binary stream, which stays the caller's.
      offset: Where the first record begins.
    """

    offset: int
    """Where the next record begins."""

    def __init__(self, source: str | os.PathLike[str] | BinaryIO, offset: int = 0) -> None:
        self._owned = isinstance(source, (str, os.PathLike))
        self._stream: BinaryIO = (
            open(source, "rb") if isinstance(source, (str, os.PathLike)) else source  # noqa: SIM115 (`close` closes it)
        )
        # Every binary stream of the standard library has it, but the type of them all does not say so.
        self._read_into: Callable[[memoryview], int | None] = self._stream.readinto  # type: ignore[attr-defined]
        self.offset = offset
        self._size = 0
        self._window = b""
        self._window_start = 0
        self._block = memoryview(b"")

    def __iter__(self) -> Iterator[Outcome]:
        self.look()
        while (outcome := self.take()) is not None:
            yield outcome
            if isinstance(outcome, Truncated) or (isinstance(outcome, Corrupt) and not outcome.final):
                return

    def look(self) -> None:
        """Notes how long the file is now: `take` and `block` go so far."""
        self._size = self._stream.seek(0, os.SEEK_END)
        self._window = b""

    def take(self) -> Outcome | None:
        """Gives what is at `offset`, which moves on unless it is `Truncated` or not final; None at the end."""
        return self._next() if self.offset < self._size else None

    def block(self, count: int) -> memoryview:
        """Gives the `count` bytes from `offset` on, fewer if the file ends before. `offset` stays.

        They are there until the next block is read.
        """
        count = min(count, self._size - self.offset)
        if count <= 0:
            return memoryview(b"")
        if len(self._block) < count:
            self._block = np.empty(count, np.uint8).data  # not cleared, and in large pages if it is large
        self._stream.seek(self.offset)
        block = self._block[:count]
        return block[: self._read_into(block) or 0]

    def skip(self, count: int) -> None:
        """Moves `offset` behind `count` bytes of a block, in which the caller found whole records."""
        self.offset += count

    def close(self) -> None:
        """Closes the file, if the reader opened it."""
        if self._owned:
            self._stream.close()

    def __enter__(self) -> RecordReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _next(self) -> Outcome:
        start = self.offset
        header = self._read(start, HEADER_BYTES)
        if len(header) < HEADER_BYTES:
            return Truncated(start, HEADER_BYTES - len(header))
        length, checksum = _HEADER.unpack(header)
        if length > MAX_PAYLOAD_BYTES or _length_checksum(length) != checksum:
            return self._skip_to_header(start + 1, "the checksum of a record's length does not hold")
        end = start + HEADER_BYTES + length + FOOTER_BYTES
        body = self._read(start + HEADER_BYTES, length + FOOTER_BYTES) if end <= self._size else b""
        if len(body) < length + FOOTER_BYTES:
            return Truncated(start, max(end - self._size, 1))
        payload = body[:length]
        if masked_crc32c(payload) != _CHECKSUM.unpack_from(body, length)[0]:
            return self._skip_payload(end)
        self.offset = end
        return Record(start, payload)

    def _skip_payload(self, end: int) -> Corrupt:
        """Goes on behind the record if one begins there; else bytes are missing, and the next may begin earlier."""
        begins_at_end = find_header(self._read(end, HEADER_BYTES)) is not None
        start = end if begins_at_end else self.offset + HEADER_BYTES
        return self._skip_to_header(start, "the checksum of a record's payload does not hold")

    def _skip_to_header(self, start: int, reason: str) -> Corrupt:
        offset = self.offset
        while len(block := self._read(start, _WINDOW_BYTES)) >= HEADER_BYTES:
            found = find_header(block)
            if found is not None:
                self.offset = start + found
                return Corrupt(offset, reason, self.offset - offset, final=True)
            start += len(block) - HEADER_BYTES + 1
        return Corrupt(offset, reason, self._size - offset, final=False)

    def _read(self, start: int, count: int) -> bytes:
        """Gives the `count` bytes from `start` on, fewer if the file ends before."""
        count = min(count, self._size - start)
        if count <= 0:
            return b""
        skip = start - self._window_start
        if skip < 0 or skip + count > len(self._window):
            self._stream.seek(start)
            self._window = self._stream.read(min(max(count, _WINDOW_BYTES), self._size - start))
            self._window_start, skip = start, 0
        return self._window[skip : skip + count]


@functools.lru_cache(maxsize=4096)
def _length_checksum(length: int) -> int:
    return masked_crc32c(struct.pack("<Q", length))
