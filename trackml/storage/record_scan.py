"""The records in a block of bytes, found all at once.

A header is eight bytes of length and their checksum, and lengths are small: six of its bytes are zero. So the places
with six zeros in a row are few, and those where the checksum holds are headers. That they follow each other without a
gap, from the first byte of the block on, shows that no other reading is possible; where they do not, the scan ends, and
`RecordReader` says what is there.

Six zeros in a row hold two words of 16 bits that are zero, wherever they begin, so it is words that are looked at, and
where a run of them begins tells, but for rare cases, where the header does. Those are left to a look at every byte.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from trackml.storage.crc32c import Buffer, crc32c_rows, mask_rows
from trackml.storage.tfrecord import FOOTER_BYTES, HEADER_BYTES

_PART_BYTES = 1 << 18  # what is compared at once stays in the second cache
_LENGTHS = 1 << 16
_HEADER = struct.Struct("<QI")

Places: TypeAlias = "npt.NDArray[np.int64]"


class Spans(NamedTuple):
    """Whole records that follow each other, from the first byte of a block on."""

    starts: Places
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


def scan_records(block: Buffer, spare: int = 0) -> Spans:
    """Gives the records at the beginning of `block` whose headers' checksums hold, none longer than 65,535 bytes.

    The checksums of their payloads are not looked at.

    Args:
      block: The bytes.
      spare: How many bytes must follow the last record.
    """
    count = len(block) - HEADER_BYTES + 1
    if count <= 0:
        return Spans(np.empty(0, np.int64), np.empty(0, np.int64))
    spans = _chain(*_likely_headers(block), len(block) - spare)
    return _chain(*_headers(block), len(block) - spare) if _goes_on(block, spans.end, spare) else spans


def _goes_on(block: Buffer, end: int, spare: int) -> bool:
    """Tells whether a record that the scan should have found begins at `end`."""
    header = bytes(block[end : end + HEADER_BYTES])
    if len(header) < HEADER_BYTES:
        return False
    length, checksum = _HEADER.unpack(header)
    is_whole = end + HEADER_BYTES + length + FOOTER_BYTES <= len(block) - spare
    return bool(length < _LENGTHS and is_whole and _length_checksums()[length] == checksum)


def _chain(starts: Places, lengths: Places, limit: int) -> Spans:
    """Gives the records at the beginning of those given that follow each other from the first byte to `limit`."""
    ends = starts + lengths
    ends += HEADER_BYTES + FOOTER_BYTES
    wrong = ends > limit
    wrong[:1] |= starts[:1] != 0
    wrong[1:] |= starts[1:] != ends[:-1]
    count = int(wrong.argmax()) if wrong.any() else len(starts)
    return Spans(starts[:count], lengths[:count])


def _likely_headers(block: Buffer) -> tuple[Places, Places]:
    """Gives where headers begin and the lengths in them, all but those that zeros around them hide.

    Where a header begins follows from where a run of zero words begins and from the word before it:

        begins at   length        zero words from   word before them
        even        any           its byte 2        the length
        odd         up to 255     its byte 1        the length is its high byte
        odd         from 256 on   its byte 3        the length's high byte is its low byte
    """
    words = np.frombuffer(block, "<u2", len(block) // 2)
    runs = _in_parts(words, _run_begins, 2)
    has_high_byte = words.take(runs - 1) > 0xFF
    places = 2 * runs
    places -= 2
    places += has_high_byte
    lengths, holds = _checked(block, places)
    if not holds.all():
        places[~holds] -= 1  # what is left: an even place and a long payload, or the third row
        again = ~holds & (places >= 0)
        lengths[again], holds[again] = _checked(block, places[again])
    return places[holds], lengths[holds].astype(np.int64)


def _headers(block: Buffer) -> tuple[Places, Places]:
    """Gives where headers begin and the lengths in them."""
    places = _in_parts(np.frombuffer(block, np.uint8), _zeros, 7)
    lengths, holds = _checked(block, places)
    return places[holds], lengths[holds].astype(np.int64)


def _checked(block: Buffer, places: Places) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.bool_]]:
    """Gives the lengths in what may be headers at `places`, and whether their checksums hold."""
    count = len(block) - HEADER_BYTES + 1
    # numpy copies items without a type of their own faster than unaligned numbers.
    headers = np.ndarray((count,), f"V{HEADER_BYTES}", block, 0, (1,))[np.minimum(places, count - 1)]
    low, high, stored = headers.view("<u4").reshape(-1, 3).T
    holds = _length_checksums().take(low, mode="clip") == stored
    holds &= high == 0
    holds &= low < _LENGTHS
    holds &= places < count
    return low, holds


def _in_parts(items: npt.NDArray[Any], find: Callable[[npt.NDArray[Any]], Places], overlap: int) -> Places:
    """Gives what `find` gives for parts of `items`, of which each looks at the first `overlap` items of the next."""
    step = _PART_BYTES // items.itemsize
    parts = (find(items[begin : begin + step + overlap]) + begin for begin in range(0, len(items), step))
    return np.concatenate([np.empty(0, np.int64), *parts])


def _run_begins(words: npt.NDArray[np.uint16]) -> Places:
    """Gives the places where at least two zeros follow something else."""
    zero = words == 0
    begins = zero[1:-1] & zero[2:]
    begins &= ~zero[:-2]
    return np.flatnonzero(begins) + 1


def _zeros(octets: npt.NDArray[np.uint8]) -> Places:
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
