"""What is found out about files of comma-separated values by looking into them: names and types of columns."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, Any

import numpy as np

from trackml.dtypes import DType, float32, float64, int32, int64, string


class CsvFiles:
    """Files of comma-separated values and how they are written.

    Args:
        names: Their names.
        field_delim: The character between fields.
        use_quote_delim: Whether fields may stand in double quotes.
        compression_type: None, "" or "GZIP".

    Raises:
        ValueError: The compression is one that is not looked into here.
    """

    def __init__(
        self, names: Sequence[str], field_delim: str, use_quote_delim: bool, compression_type: str | None
    ) -> None:
        if compression_type not in (None, "", "GZIP"):
            raise ValueError(f"compression_type ({compression_type}) is not supported for probing columns")
        self._names = list(names)
        self._delimiter = field_delim
        self._quoted = use_quote_delim
        self._compressed = compression_type == "GZIP"

    def column_names(self) -> list[str]:
        """The first row, which all files must have.

        Raises:
            ValueError: A file is empty, or its first row is another one.
        """
        first = self._first_row(self._names[0])
        if any(self._first_row(name) != first for name in self._names[1:]):
            raise ValueError("Files have different column names in the header row.")
        return first

    def column_types(self, count: int, header: bool, na_value: str, rows: int | None) -> list[DType]:
        """The least type that holds all values of each column.

        Args:
            count: How many columns there are.
            header: Whether the files begin with the names of the columns.
            na_value: A text that stands for a missing value, beside the empty one.
            rows: How many rows are looked at; all if None.

        Raises:
            ValueError: A row has more or fewer fields.
        """
        types: list[DType | None] = [None] * count
        for row in islice(self._rows(count, header), rows):
            types = [inferred(text, na_value, known) for text, known in zip(row, types)]
        return [known or string for known in types]

    def _open(self, name: str) -> IO[str]:
        if self._compressed:
            return gzip.open(name, "rt", newline="", encoding="utf-8")
        return open(name, newline="", encoding="utf-8")

    def _reader(self, file: IO[str]) -> Any:
        return csv.reader(
            file, delimiter=self._delimiter, quoting=csv.QUOTE_MINIMAL if self._quoted else csv.QUOTE_NONE
        )

    def _first_row(self, name: str) -> list[str]:
        with self._open(name) as file:
            row: list[str] | None = next(self._reader(file), None)
        if row is None:
            raise ValueError(f"Received StopIteration when reading the header line of {name}.  Empty file?")
        return row

    def _rows(self, count: int, header: bool) -> Iterator[list[str]]:
        for name in self._names:
            with self._open(name) as file:
                reader = self._reader(file)
                if header:
                    next(reader, None)
                for row in reader:
                    if len(row) != count:
                        raise ValueError(
                            "Problem inferring types: CSV row has different number of fields than expected. "
                            f"Line {reader.line_num} of {name} has {len(row)}, not {count}."
                        )
                    yield row


_ORDER = (int32, int64, float32, float64, string)
"""Types from the least to the one that holds anything."""


def inferred(text: str, na_value: str, known: DType | None) -> DType | None:
    """The type of a column that had the type `known` before this value; None while nothing is known."""
    if text in ("", na_value):
        return known
    least = 0 if known is None else _ORDER.index(known)
    return next(dtype for dtype in _ORDER[least:] if _holds(dtype, text))


def _holds(dtype: DType, text: str) -> bool:
    if dtype is string:
        return True
    try:
        if dtype.is_integer:
            return bool(dtype.min <= int(text) <= dtype.max)
        with np.errstate(over="ignore"):
            return bool(dtype.as_numpy_dtype(text) < np.inf)
    except ValueError:
        return False
