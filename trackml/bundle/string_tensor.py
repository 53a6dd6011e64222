"""The bytes of a string tensor in a checkpoint's data file.

```
varint length of each element ... | masked CRC-32C of the lengths (u32) | the elements' bytes, one after the other
```
The checksums see each length as a u32. The entry's checksum goes on from that of the lengths, over its masked form
and the elements.

Source: `WriteStringTensor` in TensorFlow's `core/util/tensor_bundle/tensor_bundle.cc`, 2.15.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np

from trackml.storage.crc32c import crc32c, mask
from trackml.storage.table import varint


def encode_strings(elements: Sequence[bytes]) -> tuple[bytes, int]:
    """Gives the bytes that store `elements`, and their CRC-32C (not masked)."""
    lengths = [len(element) for element in elements]
    crc = _crc_of_lengths(lengths)
    content = mask(crc).to_bytes(4, "little") + b"".join(elements)
    return b"".join(map(varint, lengths)) + content, crc32c(content, crc)


def decode_strings(stored: bytes, count: int) -> tuple[list[bytes], int]:
    """Gives the `count` elements in `stored`, and the CRC-32C that it must have (not masked).

    Raises:
        ValueError: The lengths are damaged.
    """
    lengths, at = _lengths(stored, count)
    crc = _crc_of_lengths(lengths)
    if stored[at : at + 4] != mask(crc).to_bytes(4, "little"):
        raise ValueError("the checksum of the string lengths does not hold")
    ends = list(itertools.accumulate(lengths, initial=at + 4))
    if ends[-1] != len(stored):
        raise ValueError(f"the strings take {ends[-1]} bytes, but {len(stored)} are stored")
    elements = [stored[start:end] for start, end in itertools.pairwise(ends)]
    return elements, crc32c(stored[at:], crc)


def _lengths(stored: bytes, count: int) -> tuple[list[int], int]:
    """Gives `count` varints from the start of `stored`, and the position after them."""
    lengths: list[int] = []
    value = shift = at = 0
    while len(lengths) < count:
        if at == len(stored) or shift > 28:
            raise ValueError(f"the lengths of {count} strings do not end in the {len(stored)} bytes stored")
        value |= (stored[at] & 0x7F) << shift
        shift += 7
        if stored[at] < 0x80:
            lengths.append(value)
            value = shift = 0
        at += 1
    return lengths, at


def _crc_of_lengths(lengths: Iterable[int]) -> int:
    return crc32c(np.fromiter(lengths, "<u8").astype("<u4").tobytes())
