"""Datasets of what files hold: `tf.data.TextLineDataset` and its kin."""

from __future__ import annotations

from typing import Any

from trackml.data.dataset import Dataset, size_of
from trackml.data.files import FixedLengthRecords, FramedRecords, TextLines, names_of
from trackml.data.nodes import Node
from trackml.dtypes import string


class TextLineDataset(Dataset):
    """The lines of text files, as string scalars without their ends.

    Lines that are shuffled, repeated, skipped and batched are never handled one by one. A file is read while its
    lines are asked for.

    Args:
        filenames: A name, names in an array, a list or a tensor, or a dataset of names.
        compression_type: None or "" for plain text, "GZIP" or "ZLIB".
        buffer_size: Accepted for TensorFlow's sake.
        num_parallel_reads: Accepted for TensorFlow's sake; the files are read one after the other.
    """

    def __init__(
        self, filenames: Any, compression_type: Any = None, buffer_size: Any = None, num_parallel_reads: Any = None
    ) -> None:
        super().__init__(TextLines(names_in(filenames), compression_type))


class TFRecordDataset(Dataset):
    """The payloads of the records of TFRecord files, as string scalars.

    A damaged file raises DataLossError, which names it and the offset; the element after that is the first of the
    next file.

    Args:
        filenames: A name, names in an array, a list or a tensor, or a dataset of names.
        compression_type: None or "" for files as they are, "GZIP" or "ZLIB".
        buffer_size: Accepted for TensorFlow's sake.
        num_parallel_reads: Accepted for TensorFlow's sake; the files are read one after the other.
    """

    def __init__(
        self, filenames: Any, compression_type: Any = None, buffer_size: Any = None, num_parallel_reads: Any = None
    ) -> None:
        super().__init__(FramedRecords(names_in(filenames), compression_type))


class FixedLengthRecordDataset(Dataset):
    """The records of files in which all have one length, as string scalars.

    Args:
        filenames: A name, names in an array, a list or a tensor, or a dataset of names.
        record_bytes: How many bytes a record has.
        header_bytes: How many bytes of a file come before the first record; 0 by default.
        footer_bytes: How many come after the last; 0 by default.
        buffer_size: Accepted for TensorFlow's sake.
        compression_type: None or "" for files as they are, "GZIP" or "ZLIB".
        num_parallel_reads: Accepted for TensorFlow's sake; the files are read one after the other.
    """

    def __init__(
        self,
        filenames: Any,
        record_bytes: Any,
        header_bytes: Any = None,
        footer_bytes: Any = None,
        buffer_size: Any = None,
        compression_type: Any = None,
        num_parallel_reads: Any = None,
    ) -> None:
        sizes = (
            size_of(record_bytes, "record_bytes"),
            size_of(0 if header_bytes is None else header_bytes, "header_bytes"),
            size_of(0 if footer_bytes is None else footer_bytes, "footer_bytes"),
        )
        super().__init__(FixedLengthRecords(names_in(filenames), compression_type, sizes))


def names_in(filenames: Any) -> Node:
    """The description of a dataset of names, which may be one already; TypeError for a dataset of something else."""
    if not isinstance(filenames, Dataset):
        return names_of(filenames)
    if filenames.output_types != string:
        raise TypeError("`filenames` must be a `tf.data.Dataset` of `tf.string` elements.")
    if not filenames.output_shapes.is_compatible_with([]):
        raise TypeError("`filenames` must be a `tf.data.Dataset` of scalar `tf.string` elements.")
    return filenames._node
