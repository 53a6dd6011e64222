"""tf.io: records, files and what is in them."""

from __future__ import annotations

from trackml.ops.csv_records import decode_csv
from trackml.ops.example_features import FixedLenFeature, FixedLenSequenceFeature, SparseFeature, VarLenFeature
from trackml.ops.example_parsing import parse_example, parse_single_example

__all__ = [
    "FixedLenFeature",
    "FixedLenSequenceFeature",
    "SparseFeature",
    "VarLenFeature",
    "decode_csv",
    "parse_example",
    "parse_single_example",
]
