"""PNG images of 16 bits a sample, which Pillow reads and writes only where they are grey.

Source: https://www.w3.org/TR/png-3/, clauses 5 (chunks), 9 (filters) and 11.2 (IHDR, IDAT, IEND).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
"""The format's number for grey, grey with alpha, RGB and RGBA, by the count of channels."""


def encoded(image: Array, compression: int = -1) -> bytes:
    """A PNG of `image`, uint16 `[height, width, channels]`, packed with zlib's level `compression`."""
    height, width, channels = image.shape
    header = struct.pack(">IIBBBBB", width, height, 16, _COLOR_TYPES[channels], 0, 0, 0)
    rows = image.astype(">u2").reshape(height, -1).view(np.uint8)
    unfiltered = np.concatenate([np.zeros((height, 1), np.uint8), rows], axis=1)
    data = zlib.compress(unfiltered.tobytes(), compression)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def is_deep(contents: bytes) -> bool:
    """Whether these are the bytes of a PNG with 16 bits a sample."""
    return contents.startswith(SIGNATURE) and contents[24:25] == b"\x10"


def decoded(contents: bytes) -> Array:
    """The samples, uint16 `[height, width, channels]`.

    Raises:
        ValueError: The image is interlaced, or damaged.
    """
    chunks = list(_chunks(contents))
    try:
        width, height, _, color, _, _, interlaced = struct.unpack(">IIBBBBB", dict(chunks)[b"IHDR"])
        channels = {number: count for count, number in _COLOR_TYPES.items()}[color]
        if interlaced:
            raise ValueError(
                "Interlaced PNG images of 16 bits a sample cannot be decoded; save it without interlacing."
            )
        packed = b"".join(data for kind, data in chunks if kind == b"IDAT")
        rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + 2 * channels * width)
    except (KeyError, struct.error, zlib.error) as error:
        raise ValueError(f"Invalid PNG data, size {len(contents)}") from error
    return _unfiltered(rows, 2 * channels).view(">u2").reshape(height, width, channels).astype(np.uint16)


def _chunks(contents: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at + 12 <= len(contents):
        (size,) = struct.unpack_from(">I", contents, at)
        yield contents[at + 4 : at + 8], contents[at + 8 : at + 8 + size]
        at += 12 + size


def _unfiltered(rows: Array, pixel: int) -> Array:
    """The bytes without the filters that make them easier to pack; `pixel` is the number of bytes of a pixel."""
    above = np.zeros(rows.shape[1] - 1, np.uint8)
    result = np.empty((len(rows), len(above)), np.uint8)
    for number, row in enumerate(rows):
        kind, line = int(row[0]), row[1:].reshape(-1, pixel)
        if kind == 1:
            above = np.cumsum(line, axis=0, dtype=np.uint8).reshape(-1)
        elif kind in (0, 2):
            above = line.reshape(-1) + (above if kind else np.uint8(0))
        elif kind in (3, 4):
            above = _from_both(line, above.reshape(-1, pixel), _mean if kind == 3 else _paeth)
        else:
            raise ValueError(f"Invalid PNG data: there is no filter {kind}.")
        result[number] = above
    return result


def _from_both(line: Array, above: Array, predict: Any) -> Array:
    """Rows whose pixels are told from the one on the left and those above."""
    done = np.zeros((len(line) + 1, line.shape[1]), np.int64)
    upper = np.concatenate([np.zeros((1, line.shape[1]), np.int64), above.astype(np.int64)])
    for place in range(1, len(done)):
        done[place] = (line[place - 1] + predict(done[place - 1], upper[place], upper[place - 1])) & 0xFF
    return done[1:].astype(np.uint8).reshape(-1)


def _mean(left: Array, up: Array, corner: Array) -> Array:
    return (left + up) >> 1


def _paeth(left: Array, up: Array, corner: Array) -> Array:
    guess = left + up - corner
    to_left, to_up, to_corner = abs(guess - left), abs(guess - up), abs(guess - corner)
    nearest = np.where(to_up <= to_corner, up, corner)
    return np.where((to_left <= to_up) & (to_left <= to_corner), left, nearest)
