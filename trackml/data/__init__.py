"""Datasets: streams of elements for input functions, as `tf.data`."""

from __future__ import annotations

from trackml.data import experimental
from trackml.data.dataset import (
    Dataset,
    get_output_classes,
    get_output_shapes,
    get_output_types,
    make_initializable_iterator,
    make_one_shot_iterator,
)
from trackml.data.iterators import Iterator
from trackml.data.readers import FixedLengthRecordDataset, TextLineDataset, TFRecordDataset
from trackml.ops import operators as operators  # what `x * 2` in a function or after `get_next` means

__all__ = [
    "Dataset",
    "FixedLengthRecordDataset",
    "Iterator",
    "TFRecordDataset",
    "TextLineDataset",
    "experimental",
    "get_output_classes",
    "get_output_shapes",
    "get_output_types",
    "make_initializable_iterator",
    "make_one_shot_iterator",
]
