"""The records in a block of bytes, found all at once.

A header is eight bytes of length and their checksum, and lengths are small: six of its bytes are zero. So the places
with six zeros in a row are few, and those where the checksum holds are headers. That they follow each other without a
gap, from the first byte of the block on, shows that no other reading is possible; where they do not, the scan ends, and
`RecordReader` says what is there.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trackml.storage.crc32c import crc32c_rows, mask_rows
from trackml.storage.tfrecord import FOOTER_BYTES, HEADER_BYTES

_PART_BYTES = 1 << 18  # what is compared at once stays in the second cache
_LENGTHS = 1 << 16


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
    starts, lengths = _find_headers(block)
    ends = starts + lengths + (HEADER_BYTES + FOOTER_BYTES)
    expected = np.concatenate([np.zeros(1, np.int64), ends[:-1]])
    wrong = (starts != expected[: len(starts)]) | (ends > len(block) - spare)
    count = int(wrong.argmax()) if wrong.any() else len(starts)
    return Spans(starts[:count], lengths[:count])


def _find_headers(block: bytes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    count = len(block) - HEADER_BYTES + 1
    if count <= 0:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    octets = np.frombuffer(block, np.uint8)
    places = np.concatenate(
        [_zeros(octets[begin : begin + _PART_BYTES + 7]) + begin for begin in range(0, count, _PART_BYTES)]
    )
    starts = places[places < count]
    lengths = np.ndarray((count,), "<u2", block, 0, (1,))[starts]
    stored = np.ndarray((count,), "<u4", block, 8, (1,))[starts]
    holds = _length_checksums().take(lengths) == stored
    return starts[holds], lengths[holds].astype(np.int64)


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
