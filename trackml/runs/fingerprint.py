"""Fingerprints: whether what was read of a file is still its beginning.

A file that another one took the place of, without a new identity, differs in its first bytes, which hold the wall time
of its first event, or in the bytes just before the place up to which it was read. Both are compared, and only when
size or time of change say that something happened.
"""

from __future__ import annotations

import hashlib
from typing import BinaryIO, NamedTuple

HEAD_BYTES = 4096
ENDING_BYTES = 64
_DIGEST_BYTES = 16


class Fingerprint(NamedTuple):
    """Of the first bytes of a file and of the last ones before `offset`; of nothing if that is 0."""

    offset: int
    """Up to where the file was read: what is behind is no part of the fingerprint, since it may still change."""
    head: bytes
    """A digest of the first `HEAD_BYTES`, or of as many as were read."""
    ending: bytes
    """The `ENDING_BYTES` before `offset`, as they are."""

    @classmethod
    def of(cls, stream: BinaryIO, offset: int) -> Fingerprint:
        """Takes the fingerprint of a file that was read up to `offset`."""
        return cls(offset, _digest(read_head(stream, offset)), _read_ending(stream, offset))

    def fits(self, stream: BinaryIO) -> bool:
        """Tells whether a file begins with what the fingerprint was taken of."""
        return self == Fingerprint.of(stream, self.offset)


def read_head(stream: BinaryIO, offset: int) -> bytes:
    """Gives the bytes of a file's head that lie before `offset`."""
    stream.seek(0)
    return stream.read(min(offset, HEAD_BYTES))


def _read_ending(stream: BinaryIO, offset: int) -> bytes:
    begin = max(0, offset - ENDING_BYTES)
    stream.seek(begin)
    return stream.read(offset - begin)


def _digest(head: bytes) -> bytes:
    return hashlib.blake2b(head, digest_size=_DIGEST_BYTES).digest()


UNREAD = Fingerprint(0, _digest(b""), b"")
"""Of a file of which nothing was read."""
