"""Sorted-string tables against tables that TensorFlow wrote, and against damage."""

from __future__ import annotations

import lzma
import pathlib
import struct

import pytest

from trackml.storage.crc32c import masked_crc32c
from trackml.storage.table import MAGIC, TableError, UnsupportedTableError, decode_table, encode_table, varint

GOLDEN = pathlib.Path(__file__).parents[1] / "golden/checkpoint"
SMALL_TABLES = ("mix", "saver", "parts", "sharded_parts", "linear_two_shards/model.ckpt-50")


def golden_table(name):
    return (GOLDEN / f"{name}.index").read_bytes()


def table_of_several_blocks():
    return lzma.decompress((GOLDEN / "blocks.index.xz").read_bytes())


@pytest.mark.parametrize("name", SMALL_TABLES)
def test_encodes_byte_for_byte_what_tensorflow_wrote(name):
    table = golden_table(name)
    assert encode_table(decode_table(table)) == table


def test_encodes_several_data_blocks_as_tensorflow_does():
    table = table_of_several_blocks()
    assert len(table) > 256 * 1024
    assert encode_table(decode_table(table)) == table


def test_decodes_every_key_of_several_blocks_in_order():
    keys = [key for key, _ in decode_table(table_of_several_blocks())]
    assert len(keys) == 3001
    assert keys == sorted(keys)
    assert keys[1] == b"tower_0000/" + b"layer_0000/" * 12 + b"kernel"


PAIRS = {
    "none": [],
    "one": [(b"key", b"value")],
    "empty key and value": [(b"", b"")],
    "restart": [(b"prefix/%03d" % number, b"x" * number) for number in range(40)],
    "high bytes": [(b"\xff", b"1"), (b"\xff\xff", b"2"), (b"\xff\xff\xff", b"3")],
    "entries over a block": [(b"a%d" % number, bytes(300_000)) for number in range(3)],
    "blocks without a shorter key between": [(b"a\xff%d" % number, bytes(300_000)) for number in range(3)],
    "blocks whose keys are prefixes": [(b"a" * number, bytes(300_000)) for number in range(1, 4)],
}


@pytest.mark.parametrize("pairs", PAIRS.values(), ids=PAIRS)
def test_decodes_what_it_encodes(pairs):
    assert list(decode_table(encode_table(pairs))) == pairs


@pytest.mark.parametrize("keys", [(b"b", b"a"), (b"a", b"a")])
def test_keys_that_do_not_ascend_are_refused(keys):
    with pytest.raises(ValueError, match="must ascend; got b'a' after"):
        encode_table((key, b"") for key in keys)


def decoded(table):
    try:
        return list(decode_table(table))
    except TableError:
        return TableError


def with_flipped_bit(table, bit):
    damaged = bytearray(table)
    damaged[bit // 8] ^= 1 << bit % 8
    return bytes(damaged)


def test_every_flipped_bit_is_found_or_harmless():
    table = golden_table("saver")
    outcomes = [decoded(with_flipped_bit(table, bit)) for bit in range(8 * len(table))]
    harmless = [outcome for outcome in outcomes if outcome is not TableError]
    assert all(outcome == decoded(table) for outcome in harmless)
    assert len(harmless) < 8 * (48 + 13)  # of the footer and the empty metaindex


def test_every_truncation_is_found():
    table = golden_table("saver")
    for size in range(len(table)):
        with pytest.raises(TableError):
            list(decode_table(table[:size]))


def test_compressed_blocks_are_named_as_such():
    table = bytearray(encode_table([(b"key", b"value")]))
    block_bytes = 3 + len(b"keyvalue") + 8
    table[block_bytes] = 1
    table[block_bytes + 1 : block_bytes + 5] = struct.pack("<I", masked_crc32c(bytes(table[: block_bytes + 1])))
    with pytest.raises(UnsupportedTableError, match="block at offset 0 is compressed"):
        list(decode_table(bytes(table)))


def test_another_kind_of_file_is_named_as_such():
    with pytest.raises(TableError, match="not a table: the file ends with the number 0x6161"):
        list(decode_table(b"a" * 100))


@pytest.mark.parametrize("entry", [b"\x05\x01\x01kv", b"\x00\x7f\x01kv", b"\x00\x01\x7fkv", b"\x80" * 11])
def test_entries_that_leave_their_block_are_found_though_the_checksum_holds(entry):
    table = bytearray(encode_table([(b"k" * (len(entry) - 3), b"")]))
    table[: len(entry)] = entry
    content = len(entry) + 8
    table[content + 1 : content + 5] = struct.pack("<I", masked_crc32c(bytes(table[: content + 1])))
    with pytest.raises(TableError, match=r"reaches beyond|does not end"):
        list(decode_table(bytes(table)))


@pytest.mark.parametrize(
    ("value", "encoded"), [(0, "00"), (1, "01"), (127, "7f"), (128, "8001"), (300, "ac02"), (2**63, "80" * 9 + "01")]
)
def test_varint(value, encoded):
    assert varint(value).hex() == encoded


def test_a_block_without_room_for_its_restarts_is_refused() -> None:
    content = struct.pack("<I", 1 << 30) + b"\0"
    block = content + struct.pack("<I", masked_crc32c(content))
    footer = (b"\0\0" + b"\0" + bytes([len(content) - 1])).ljust(40, b"\0") + struct.pack("<Q", MAGIC)
    with pytest.raises(TableError, match="no room for its 1073741824 restarts"):
        list(decode_table(block + footer))
