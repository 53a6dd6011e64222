"""tf.io: records, files and what is in them."""

from __future__ import annotations

from trackml.ops.csv_records import decode_csv
from trackml.ops.example_features import FixedLenFeature, FixedLenSequenceFeature, SparseFeature, VarLenFeature
from trackml.ops.example_parsing import parse_example, parse_single_example
from trackml.ops.file_ops import decode_compressed, decode_raw, matching_files, read_file, write_file
from trackml.ops.image_codecs import (
    decode_bmp,
    decode_gif,
    decode_image,
    decode_jpeg,
    decode_png,
    encode_jpeg,
    encode_png,
    is_jpeg,
)
from trackml.ops.string_split import decode_base64, encode_base64
from trackml.storage.record_writer import TFRecordCompressionType, TFRecordOptions, TFRecordWriter

__all__ = [
    "FixedLenFeature",
    "FixedLenSequenceFeature",
    "SparseFeature",
    "TFRecordCompressionType",
    "TFRecordOptions",
    "TFRecordWriter",
    "VarLenFeature",
    "decode_base64",
    "decode_bmp",
    "decode_compressed",
    "decode_csv",
    "decode_gif",
    "decode_image",
    "decode_jpeg",
    "decode_png",
    "decode_raw",
    "encode_base64",
    "encode_jpeg",
    "encode_png",
    "is_jpeg",
    "matching_files",
    "parse_example",
    "parse_single_example",
    "read_file",
    "write_file",
]
