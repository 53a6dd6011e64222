"""Bytes on disk: checksums, framed records, sorted tables, files replaced in one step."""

from __future__ import annotations

from trackml.storage.crc32c import crc32c, mask, masked_crc32c
from trackml.storage.files import FileIdentity, replace_file
from trackml.storage.table import TableError, UnsupportedTableError, decode_table, encode_table
from trackml.storage.tfrecord import Corrupt, Outcome, Record, RecordReader, Truncated, frame

__all__ = [
    "Corrupt",
    "FileIdentity",
    "Outcome",
    "Record",
    "RecordReader",
    "TableError",
    "Truncated",
    "UnsupportedTableError",
    "crc32c",
    "decode_table",
    "encode_table",
    "frame",
    "mask",
    "masked_crc32c",
    "replace_file",
]
