"""Sorted-string tables: byte keys to byte values in one immutable file, the form of a checkpoint's index.

```
file     data block ... | metaindex block (no entries) | index block | footer
block    entry ... | restart offset (u32) ... | restart count (u32) | compression (u8, 0: none) | masked CRC-32C (u32)
entry    varint shared | varint unshared | varint value length | key[shared:] | value
index    one entry a data block: a key not below the block's last -> varint offset, varint size (without 5-byte trailer)
footer   handle of the metaindex, handle of the index, zeros up to 40 bytes, magic (u64)
```
A key leaves out the bytes that it shares with the key before it, except at a restart, which is every 16th entry of
a data block and every entry of the index. A data block ends as soon as it has 256 KiB. All numbers are little-endian.

Source: LevelDB's `doc/table_format.md`; sizes and magic of TensorFlow 1.15 and 2.15 (`core/lib/io/table_options.h`).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

from trackml.storage.crc32c import masked_crc32c

MAGIC = 0xDB4775248B80FB57
FOOTER_BYTES = 48

_BLOCK_BYTES = 256 * 1024
_RESTART_INTERVAL = 16
_TRAILER_BYTES = 5
_VARINT_BYTES = 10


class TableError(ValueError):
    """Bytes that are not a whole, undamaged table; the message says where and why."""


class UnsupportedTableError(TableError):
    """A table whose blocks are compressed."""


def encode_table(pairs: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Gives the file that holds `pairs`, byte for byte as TensorFlow writes it without compression.

    Args:
        pairs: Keys and values, keys strictly ascending.

    Raises:
        ValueError: A key does not sort after the one before it.
    """
    table, index, block = bytearray(), _Block(restart_interval=1), _Block(_RESTART_INTERVAL)
    ended: tuple[bytes, bytes] | None = None  # last key and handle of the block before this one
    last_key: bytes | None = None
    for key, value in pairs:
        if last_key is not None and key <= last_key:
            raise ValueError(f"Keys of a table must ascend; got {key!r} after {last_key!r}. Sort the pairs first.")
        if ended is not None:
            index.add(_separator(ended[0], key), ended[1])
            ended = None
        block.add(key, value)
        last_key = key
        if block.size() >= _BLOCK_BYTES:
            ended = key, _append_block(table, block)
            block = _Block(_RESTART_INTERVAL)
    if last_key is not None and ended is None:
        ended = last_key, _append_block(table, block)
    if ended is not None:
        index.add(_successor(ended[0]), ended[1])
    handles = _append_block(table, _Block(_RESTART_INTERVAL)) + _append_block(table, index)
    return bytes(table) + handles.ljust(FOOTER_BYTES - 8, b"\0") + struct.pack("<Q", MAGIC)


def decode_table(table: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Gives the keys and values of a table file in order, with every block's checksum verified.

    Raises:
        UnsupportedTableError: A block is compressed.
        TableError: The bytes are no table, or a damaged one.
    """
    if len(table) < FOOTER_BYTES:
        raise TableError(f"{len(table)} bytes are too few for a table: its footer alone takes {FOOTER_BYTES}")
    footer = table[-FOOTER_BYTES:]
    (magic,) = struct.unpack_from("<Q", footer, FOOTER_BYTES - 8)
    if magic != MAGIC:
        raise TableError(f"not a table: the file ends with the number {magic:#018x} instead of {MAGIC:#018x}")
    at = 0
    for _ in range(2):  # the metaindex's handle, which nobody needs
        _, at = _varint(footer, at)
    for _, handle in _entries(_block(table, footer, at)):
        yield from _entries(_block(table, handle, 0))


def varint(value: int) -> bytes:
    """Gives the LEB128 form of a number that is not negative: seven bits a byte, low bits first."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


class _Block:
    """The entries of a block that is being written."""

    def __init__(self, restart_interval: int) -> None:
        self._restart_interval = restart_interval
        self._entries = bytearray()
        self._restarts = [0]
        self._since_restart = 0
        self._last_key = b""

    def add(self, key: bytes, value: bytes) -> None:
        shared = 0
        if self._since_restart < self._restart_interval:
            shared = _common_bytes(key, self._last_key)
        else:
            self._restarts.append(len(self._entries))
            self._since_restart = 0
        self._entries += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        self._since_restart += 1
        self._last_key = key

    def size(self) -> int:
        return len(self._entries) + 4 * len(self._restarts) + 4

    def encode(self) -> bytes:
        restarts = struct.pack(f"<{len(self._restarts)}I", *self._restarts)
        return bytes(self._entries) + restarts + struct.pack("<I", len(self._restarts))


def _append_block(table: bytearray, block: _Block) -> bytes:
    """Writes `block` at the end of `table` and gives its handle."""
    content = block.encode()
    handle = varint(len(table)) + varint(len(content))
    content += b"\0"
    table += content + struct.pack("<I", masked_crc32c(content))
    return handle


def _common_bytes(first: bytes, second: bytes) -> int:
    """Gives the length of the longest common prefix."""
    for count, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return count
    return min(len(first), len(second))


def _separator(last: bytes, following: bytes) -> bytes:
    """Gives a short key that is not below `last` and is below `following`."""
    shared = _common_bytes(last, following)
    if shared < len(last) and last[shared] < 0xFF and last[shared] + 1 < following[shared]:
        return last[:shared] + bytes([last[shared] + 1])
    return last


def _successor(key: bytes) -> bytes:
    """Gives a short key that is not below `key`."""
    rest = key.lstrip(b"\xff")
    if not rest:
        return key
    return key[: len(key) - len(rest)] + bytes([rest[0] + 1])


def _block(table: bytes, handle: bytes, at: int) -> bytes:
    """Gives the entries and restarts of the block whose handle stands at `handle[at:]`."""
    offset, at = _varint(handle, at)
    size, _ = _varint(handle, at)
    end = offset + size
    if end + _TRAILER_BYTES > len(table) - FOOTER_BYTES:
        raise TableError(
            f"a block of {size} bytes at offset {offset} reaches beyond the {len(table)} bytes of the file"
        )
    (checksum,) = struct.unpack_from("<I", table, end + 1)
    if masked_crc32c(table[offset : end + 1]) != checksum:
        raise TableError(f"the checksum of the block of {size} bytes at offset {offset} does not hold")
    if table[end]:
        raise UnsupportedTableError(f"the block at offset {offset} is compressed (type {table[end]}; 1 is Snappy)")
    return table[offset:end]


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    if len(block) < 4:
        raise TableError(f"a block of {len(block)} bytes has no room for its restarts")
    (restarts,) = struct.unpack_from("<I", block, len(block) - 4)
    end = len(block) - 4 - 4 * restarts
    if end < 0:
        raise TableError(f"a block of {len(block)} bytes has no room for its {restarts} restarts")
    at, key = 0, b""
    while at < end:
        shared, at = _varint(block, at)
        unshared, at = _varint(block, at)
        value_bytes, at = _varint(block, at)
        if shared > len(key) or at + unshared + value_bytes > end:
            raise TableError(f"the entry after key {key!r} reaches beyond its block")
        key = key[:shared] + block[at : at + unshared]
        at += unshared + value_bytes
        yield key, block[at - value_bytes : at]


def _varint(source: bytes, at: int) -> tuple[int, int]:
    """Gives the number at `source[at:]` and the position after it."""
    value = 0
    for count, byte in enumerate(source[at : at + _VARINT_BYTES]):
        value |= (byte & 0x7F) << 7 * count
        if byte < 0x80:
            return value, at + count + 1
    raise TableError(f"the number at byte {at} of {len(source)} does not end")
