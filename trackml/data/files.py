"""Elements that come from files: lines, records, and names of files."""

from __future__ import annotations

import functools
import glob
import os
from abc import abstractmethod
from typing import Any

import numpy as np

from trackml.data import records
from trackml.data.decoding import compression_of, path_of
from trackml.data.indices import counted
from trackml.data.nodes import Node, Size, at_least
from trackml.data.pipeline import Context, Indexed, Pipeline
from trackml.data.records import Blocks, FileChunks
from trackml.data.sources import Slices
from trackml.data.tables import ArrayTable, ValueTable
from trackml.dtypes import string
from trackml.errors import InvalidArgumentError
from trackml.graph.conversion import convert_to_tensor, to_array
from trackml.graph.function import TensorSpec
from trackml.graph.operation import Tensor
from trackml.ops.array import reshape
from trackml.shapes import TensorShape

_STRING = TensorSpec(string, TensorShape([]))


def names_of(filenames: Any) -> Node:
    """The description of a dataset of names.

    Args:
        filenames: A string, an array or list of them, or a string tensor, of any rank.
    """
    if isinstance(filenames, Tensor) or hasattr(filenames, "_as_tensor"):
        return Slices(reshape(convert_to_tensor(filenames, string), [-1]))
    if isinstance(filenames, (list, tuple)) and any(isinstance(item, Tensor) for item in filenames):
        return Slices(reshape(convert_to_tensor(list(filenames), string), [-1]))
    array = to_array(_as_strings(filenames), string).reshape(-1)
    array.flags.writeable = False
    return Slices(array)


def _as_strings(filenames: Any) -> Any:
    if isinstance(filenames, (list, tuple)):
        return [_as_strings(item) for item in filenames]
    return filenames.__fspath__() if hasattr(filenames, "__fspath__") else filenames


class _Files(Node):
    """The records of files, as one stream.

    Args:
        names: Gives the names of the files.
        compression: How they are compressed; may be a tensor.
        tensors: Other tensors that are needed.
    """

    def __init__(self, names: Node, compression: Any, tensors: tuple[Any, ...] = ()) -> None:
        if not isinstance(compression, Tensor):
            compression = compression_of(compression)
        super().__init__(_STRING, [names], [compression, *tensors])
        self._compression = compression

    @abstractmethod
    def read(self, path: str, compression: str, context: Context) -> Blocks:
        """The records of one file."""

    def build(self, context: Context) -> Pipeline:
        """Chunks of records, as they are read."""
        names = self.sources[0].build(context)
        compression = compression_of(np.asarray(context.value(self._compression), dtype=object)[()])
        read = functools.partial(self.read, compression=compression, context=context)
        return Indexed((ValueTable(),), lambda: FileChunks(names.rows(), read))


class TextLines(_Files):
    """The lines of text files."""

    def read(self, path: str, compression: str, context: Context) -> Blocks:
        """Lines without their ends."""
        return records.lines(path, compression)


class FramedRecords(_Files):
    """The records of TFRecord files."""

    def read(self, path: str, compression: str, context: Context) -> Blocks:
        """Payloads."""
        return records.framed(path, compression)


class FixedLengthRecords(_Files):
    """The records of files in which all have one length.

    Args:
        names: Gives the names of the files.
        compression: How they are compressed.
        sizes: Bytes of a record, of the header and of the footer.
    """

    def __init__(self, names: Node, compression: Any, sizes: tuple[Size, Size, Size]) -> None:
        super().__init__(names, compression, sizes)
        self._sizes = sizes
        _check_sizes(sizes)

    def read(self, path: str, compression: str, context: Context) -> Blocks:
        """Records as bytes."""
        record, header, footer = (int(context.value(size)) for size in self._sizes)
        _check_sizes((record, header, footer))
        return records.fixed_length(path, compression, (record, header, footer))


def _check_sizes(sizes: tuple[Size, Size, Size]) -> None:
    at_least(1, sizes[0], "`record_bytes` must be > 0")
    at_least(0, sizes[1], "`header_bytes` must be >= 0")
    at_least(0, sizes[2], "`footer_bytes` must be >= 0")


class MatchingFiles(Node):
    """The names of files that match patterns, in order.

    Args:
        patterns: Gives the patterns.
    """

    def __init__(self, patterns: Node) -> None:
        super().__init__(_STRING, [patterns])

    def build(self, context: Context) -> Pipeline:
        """A table of the names that there are now."""
        patterns = [path_of(row[0]) for row in self.sources[0].build(context).rows()]
        names = sorted(os.fsencode(name) for pattern in patterns for name in glob.glob(_in_directory(pattern)))
        if not names:
            raise InvalidArgumentError(None, None, f"No files matched pattern: {', '.join(patterns)}")
        table = ArrayTable([np.array(names, dtype=object)])
        return Indexed((table,), lambda: counted(table.length))


def _in_directory(pattern: str) -> str:
    """The pattern as TensorFlow reads it: names from the current directory begin with a dot and a slash."""
    return pattern if os.path.dirname(pattern) else os.path.join(os.curdir, pattern)
