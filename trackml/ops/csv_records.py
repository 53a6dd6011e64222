"""Records of comma-separated values, taken apart into one tensor a column.

The form is RFC 4180's: a field may stand in double quotes, inside of which a quote is written twice. Records without
quotes and line ends, which are most, are split in one call; the others are read field by field.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import DType
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.ops.array import outputs_of
from trackml.ops.framework import name_scope
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]

_ALLOWED = (dtypes.float32, dtypes.float64, dtypes.int32, dtypes.int64, dtypes.string)
_FEW = 4
"""Columns of fewer fields are not worth a look at all of them at once."""
_NAMES = {"float32": "float", "float64": "double"}
"""C's names of types, which TensorFlow has in its messages."""


class CsvRecord(bytes):
    """A record that knows where it stands, so that what is wrong with it can be said with its line."""

    path: str
    """The file."""
    line: int
    """The number of its first line, from 1."""

    @classmethod
    def at(cls, text: bytes, path: str, line: int) -> CsvRecord:
        """The record of that text at that line."""
        record = cls(text)
        record.path, record.line = path, line
        return record


def decode_csv(
    records: Any,
    record_defaults: Sequence[Any],
    field_delim: str = ",",
    use_quote_delim: bool = True,
    name: str | None = None,
    na_value: str = "",
    select_cols: Sequence[int] | None = None,
) -> list[Tensor]:
    """The fields of records of comma-separated values, one tensor a column.

    Args:
        records: Strings of any shape, one record each.
        record_defaults: For each column a default, whose type is the column's: float32, float64, int32, int64 or
            string. An empty vector where a value is required.
        field_delim: The character between fields.
        use_quote_delim: Whether fields may stand in double quotes; if not, quotes are characters like others.
        name: Name of the operation.
        na_value: A text that stands for a missing value, beside the empty one.
        select_cols: The columns that are wanted, in rising order; all if not given.

    Returns:
        Tensors in the shape of `records`. Blanks around numbers do not matter; texts keep theirs.

    Raises:
        TypeError: A default is of another type.
        ValueError: The columns are not in rising order, are negative, or are not as many as the defaults.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     print([column.tolist() for column in session.run(tf.decode_csv(["3,a", ",b"], [[7], [""]]))])
        [[3, 7], [b'a', b'b']]
    """
    columns = [] if select_cols is None else [int(column) for column in select_cols]
    _check_columns(columns, select_cols is not None, len(record_defaults))
    with name_scope(name, "DecodeCSV", [records]) as scope:
        texts = convert_to_tensor(records, dtypes.string, name="records")
        defaults = [_default(value, number) for number, value in enumerate(record_defaults)]
        fields = apply_op(
            "DecodeCSV",
            texts,
            *defaults,
            name=scope,
            OUT_TYPE=[default.dtype for default in defaults],
            field_delim=field_delim,
            use_quote_delim=use_quote_delim,
            na_value=na_value,
            select_cols=columns,
        )
    return outputs_of(fields)


def _check_columns(columns: Sequence[int], chosen: bool, count: int) -> None:
    if not count:
        raise ValueError("record_defaults must have at least one default, one for each column; got none.")
    if any(later <= earlier for earlier, later in pairwise(columns)):
        raise ValueError("select_cols is not strictly increasing.")
    if columns and columns[0] < 0:
        raise ValueError("select_cols contains negative values.")
    if chosen and len(columns) != count:
        raise ValueError("Length of select_cols and record_defaults do not match.")


def _default(value: Any, number: int) -> Tensor:
    default = convert_to_tensor(value, name=f"record_defaults_{number}")
    if default.dtype not in _ALLOWED:
        raise TypeError(
            f"Value passed to parameter 'record_defaults' has DataType {default.dtype.name} not in list of allowed "
            f"values: {', '.join(dtype.name for dtype in _ALLOWED)}"
        )
    return default


def _decode_csv(
    records: Array,
    *defaults: Array,
    OUT_TYPE: Sequence[DType],
    field_delim: str,
    use_quote_delim: bool,
    na_value: str,
    select_cols: Sequence[int],
) -> list[Array]:
    decode = functools.partial(_columns, defaults, OUT_TYPE, field_delim, use_quote_delim, na_value, select_cols)
    try:
        return decode(records)
    except ValueError:
        for record in np.ravel(records):
            if isinstance(record, CsvRecord):
                _check_placed(record, decode)
        raise


def _check_placed(record: CsvRecord, decode: Callable[[Array], Any]) -> None:
    """Raises ValueError with the record's line when it cannot be decoded."""
    alone = np.empty([], object)
    alone[()] = record
    try:
        decode(alone)
    except ValueError as error:
        message = re.sub(r"in record 0\b", "in record", str(error))
        raise ValueError(f"{message} (line {record.line} of {record.path})") from error


def _columns(
    defaults: Sequence[Array],
    types: Sequence[DType],
    field_delim: str,
    use_quote_delim: bool,
    na_value: str,
    select_cols: Sequence[int],
    records: Array,
) -> list[Array]:
    delim = field_delim.encode()
    if len(delim) != 1:
        raise ValueError("field_delim should be only 1 char")
    rows = [_fields(record, delim, use_quote_delim) for record in np.ravel(records)]
    rows = [_selected(row, select_cols) for row in rows] if select_cols else rows
    for number, row in enumerate(rows):
        if len(row) != len(defaults):
            raise ValueError(f"Expect {len(defaults)} fields but have {len(row)} in record {number}")
    missing = (b"", na_value.encode())
    return [
        _column(field, [row[field] for row in rows], default, dtype, missing).reshape(np.shape(records))
        for field, (default, dtype) in enumerate(zip(defaults, types))
    ]


def _selected(row: list[bytes], columns: Sequence[int]) -> list[bytes]:
    return [row[column] for column in columns if column < len(row)]


def _fields(record: bytes, delim: bytes, quotes: bool) -> list[bytes]:
    if not record:
        return []
    if b"\n" not in record and b"\r" not in record and not (quotes and b'"' in record):
        return record.split(delim)
    return _quoted_fields(record, delim, quotes)


def _quoted_fields(record: bytes, delim: bytes, quotes: bool) -> list[bytes]:
    fields, at = [], 0
    while at < len(record):
        if record[at : at + 1] in (b"\n", b"\r"):
            at += 1
        elif quotes and record[at : at + 1] == b'"':
            field, at = _quoted_field(record, at + 1, delim)
            fields.append(field)
        else:
            end = record.find(delim, at)
            end = len(record) if end < 0 else end
            field = record[at:end]
            if b"\n" in field or b"\r" in field or (quotes and b'"' in field):
                raise ValueError("Unquoted fields cannot have quotes/CRLFs inside")
            fields.append(field)
            at = end + 1
    return [*fields, b""] if record.endswith(delim) else fields


def _quoted_field(record: bytes, start: int, delim: bytes) -> tuple[bytes, int]:
    """The field whose opening quote is before `start`, and where the next one starts."""
    parts, at = [], start
    while True:
        end = record.find(b'"', at)
        if end < 0:
            raise ValueError("Quoted field has to end with quote followed by delim or end")
        parts.append(record[at:end])
        after = record[end + 1 : end + 2]
        if after in (b"", delim):
            return b"".join(parts), end + 2
        if after != b'"':
            raise ValueError("Quote inside a string has to be escaped by another quote")
        parts.append(b'"')
        at = end + 2


def _column(field: int, texts: list[bytes], default: Array, dtype: DType, missing: Sequence[bytes]) -> Array:
    column = _plain_column(texts, dtype, missing)
    return _checked_column(field, texts, default, dtype, missing) if column is None else column


def _plain_column(texts: list[bytes], dtype: DType, missing: Sequence[bytes]) -> Array | None:
    """The values of a column in which nothing is missing or wrong, without a look at each; None for any other."""
    if len(texts) < _FEW or not set(missing).isdisjoint(texts):
        return None
    if dtype is dtypes.string:
        column = np.empty(len(texts), object)
        column[:] = texts
        return column
    joined = b"".join(texts)
    if b"_" in joined or (dtype.is_integer and b"+" in joined):
        return None
    try:
        if not dtype.is_integer:
            return np.array(list(map(float, texts)), dtype.as_numpy_dtype)
        numbers = list(map(int, texts))
    except ValueError:
        return None
    inside = dtype.min <= min(numbers) and max(numbers) <= dtype.max
    return np.array(numbers, dtype.as_numpy_dtype) if inside else None


def _checked_column(field: int, texts: list[bytes], default: Array, dtype: DType, missing: Sequence[bytes]) -> Array:
    column = np.empty(len(texts), dtype.as_numpy_dtype)
    filler = np.ravel(default)
    for record, text in enumerate(texts):
        if text in missing:
            if not filler.size:
                raise ValueError(f"Field {field} is required but missing in record {record}!")
            column[record] = filler[0]
        elif dtype is dtypes.string:
            column[record] = text
        else:
            column[record] = _number(text, dtype, field, record)
    return column


def _number(text: bytes, dtype: DType, field: int, record: int) -> int | float:
    integer = dtype.is_integer
    try:
        number = int(text) if integer else float(text)
        # Python takes underscores between digits, and a plus before an integer; TensorFlow does not.
        if b"_" not in text and not (integer and (b"+" in text or not dtype.min <= number <= dtype.max)):
            return number
    except ValueError:
        pass
    kind = _NAMES.get(dtype.name, dtype.name)
    raise ValueError(f"Field {field} in record {record} is not a valid {kind}: {text.decode('utf-8', 'replace')}")


def _shapes(op: Operation) -> list[TensorShape]:
    for default in op.inputs[1:]:
        sizes = default.shape.sizes
        if sizes is not None and (len(sizes) > 1 or (sizes and sizes[0] is not None and sizes[0] > 1)):
            raise ValueError("Shape of a default must be a length-0 or length-1 vector, or a scalar.")
    return [op.inputs[0].shape] * len(op.attrs["OUT_TYPE"])


register(
    "DecodeCSV",
    _decode_csv,
    shape=_shapes,
    dtypes="OUT_TYPE",
    gradient=NOT_DIFFERENTIABLE,
    types={},
    lists=True,
)
