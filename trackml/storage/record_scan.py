"""The records in a block of bytes, found all at once.

A header is eight bytes of length and their checksum, and lengths are small: six of its bytes are zero. So the places
with six zeros in a row are few, and those where the checksum holds are headers. That they follow each other without a
gap, from the first byte of the block on, shows that no other reading is possible; where they do not, the scan ends, and
`RecordReader` says what is there.
"""

from __future__ import annotations

import functools
import struct
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trackml.storage.crc32c import crc32c_rows, mask_rows
from trackml.storage.tfrecord import FOOTER_BYTES, HEADER_BYTES

_PART_BYTES = 1 << 18  # what is compared at once stays in the second cache
_LENGTHS = 1 << 16
_HEADER = struct.Struct("<QI")


class Spans(NamedTuple):
    """Whole records that follow each other, from the first byte of a block on."""

    starts: npt.NDArray[np.int64]
    """Where each begins, its header included."""
    lengths: npt.NDArray[np.int64]
    """How long the payload of each is."""

    def first(self, count: int) -> Spans:
        """Gives the first `count` of them."""
        return Spans(self.starts[:count], self.lengths[:count])

    @property
    def end(self) -> int:
        """Where the last one ends."""
        return int(self.starts[-1] + self.lengths[-1]) + HEADER_BYTES + FOOTER_BYTES if len(self.starts) else 0


def scan_records(block: bytes, spare: int = 0) -> Spans:
    """Gives the records at the beginning of `block` whose headers' checksums hold, none longer than 65,535 bytes.

    The checksums of their payloads are not looked at.

    Args:
      block: The bytes.
      spare: How many bytes must follow the last record.
    """
    count = len(block) - HEADER_BYTES + 1
    if count <= 0:
        return Spans(np.empty(0, np.int64), np.empty(0, np.int64))
    places = _places(block)
    # Most headers have a byte more of zeros than they need, so they look like two. The second one is the right one,
    # unless the checksum begins with a zero as well.
    is_last = np.ones(len(places), np.bool_)
    np.not_equal(places[1:] - places[:-1], 1, out=is_last[:-1])
    spans = _chain(block, places[is_last], spare)
    return _chain(block, places, spare) if _goes_on(block, spans.end, spare) else spans


def _goes_on(block: bytes, end: int, spare: int) -> bool:
    """Tells whether a record that the scan should have found begins at `end`."""
    header = block[end : end + HEADER_BYTES]
    if len(header) < HEADER_BYTES:
        return False
    length, checksum = _HEADER.unpack(header)
    is_whole = end + HEADER_BYTES + length + FOOTER_BYTES <= len(block) - spare
    return bool(length < _LENGTHS and is_whole and _length_checksums()[length] == checksum)


def _chain(block: bytes, places: npt.NDArray[np.int64], spare: int) -> Spans:
    """Gives the records that begin at some of `places` and follow each other from the first byte on."""
    starts, lengths = _checked(block, places)
    ends = starts + lengths + (HEADER_BYTES + FOOTER_BYTES)
    expected = np.concatenate([np.zeros(1, np.int64), ends[:-1]])
    wrong = (starts != expected[: len(starts)]) | (ends > len(block) - spare)
    count = int(wrong.argmax()) if wrong.any() else len(starts)
    return Spans(starts[:count], lengths[:count])


def _places(block: bytes) -> npt.NDArray[np.int64]:
    """Gives the places where a header may begin."""
    octets = np.frombuffer(block, np.uint8)
    parts = [_zeros(octets[begin : begin + _PART_BYTES + 7]) + begin for begin in range(0, len(block), _PART_BYTES)]
    places = np.concatenate(parts)
    return places[: np.searchsorted(places, len(block) - HEADER_BYTES, side="right")]


def _checked(block: bytes, places: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Gives those of `places` where the checksum of a length holds, and the lengths."""
    count = len(block) - HEADER_BYTES + 1
    lengths = np.ndarray((count,), "<u2", block, 0, (1,))[places]
    stored = np.ndarray((count,), "<u4", block, 8, (1,))[places]
    holds = _length_checksums().take(lengths) == stored
    if holds.all():
        return places, lengths.astype(np.int64)
    return places[holds], lengths[holds].astype(np.int64)


def _zeros(octets: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Gives the places of which the third to the eighth byte are zero."""
    zero = octets == 0
    two = zero[2:-1] & zero[3:]
    four = two[:-2] & two[2:]
    return np.flatnonzero(four[:-2] & two[4:])


@functools.cache
def _length_checksums() -> npt.NDArray[np.uint32]:
    """Gives the masked checksum of every length up to 65,535."""
    lengths = np.arange(_LENGTHS, dtype="<u8").view(np.uint8)
    return mask_rows(crc32c_rows(lengths.reshape(-1, 8)))
