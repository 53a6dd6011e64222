"""Tables as CSV, JSON and Parquet, piece by piece.

| | CSV | JSON | Parquet |
|---|---|---|---|
| float | digits that bring back the same one; `nan`, `inf`, `-inf` | `"NaN"`, `"Infinity"`, `"-Infinity"` | double |
| missing | nothing | left out | null |
| truth | `true`, `false` | the same | bool |
| arrays of one dimension | as JSON | arrays | lists |
| tensors | as JSON | nested arrays | JSON as text |
| truth, number or text | text | what it is | text |
"""

from __future__ import annotations

import base64
import csv
import io
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, BinaryIO, TypeAlias

import numpy as np
import numpy.typing as npt

from trackml.runs.content_rows import is_text
from trackml.runs.export_tables import Coded, Column, ColumnType, Masked, Table
from trackml.runs.json_numbers import json_floats, json_number
from trackml.runs.points import spelled

Told: TypeAlias = Callable[[int], object]
"""Is called with the number of points written so far."""
Spell: TypeAlias = Callable[[str], str]
Array: TypeAlias = "npt.NDArray[Any]"

ROWS_SCHEMA = "trackml.rows/1"
"""What the JSON says it is; the number grows when a reader would have to change."""


def write_csv(table: Table, stream: BinaryIO, told: Told = lambda points: None, spell: Spell | None = None) -> None:
    """Writes a table as CSV: UTF-8, a header, a line a row.

    Args:
      table: The rows.
      stream: Where to.
      told: Told of the points that are written.
      spell: Gives names and texts as they are to be shown; None for as they are.
    """
    titles = _titles(table)
    stream.write(_csv_lines([titles if spell is None else map(spell, titles)]))
    written = 0
    for piece in table.pieces:
        cells = [_csv_cells(column.type, own, spell) for column, own in zip(table.columns, piece.cells)]
        stream.write(_csv_lines(zip(*cells)))
        written += piece.points
        told(written)


def write_json(
    table: Table, stream: BinaryIO, told: Told = lambda points: None, *, kind: str, form: str = "long"
) -> None:
    """Writes a table as one JSON document with a row a line."""
    names = [column.name for column in table.columns]
    plain = len(names) if table.values is None else table.values
    stream.write(json.dumps({"schema": ROWS_SCHEMA, "kind": kind, "form": form})[:-1].encode() + b', "rows": [')
    separator = b"\n"
    written = 0
    for piece in table.pieces:
        cells = [_json_cells(column.type, own) for column, own in zip(table.columns, piece.cells)]
        for row in zip(*cells):
            document = {name: cell for name, cell in zip(names, row[:plain]) if cell is not None}
            if table.values is not None:
                values = zip(names[plain:], row[plain:])
                document["values"] = {name: cell for name, cell in values if cell is not None}
            stream.write(separator + json.dumps(document, allow_nan=False).encode())
            separator = b",\n"
        written += piece.points
        told(written)
    stream.write(b"\n]}\n")


def write_parquet(table: Table, stream: BinaryIO, told: Told = lambda points: None) -> None:
    """Writes a table as Parquet, a row group a piece.

    Raises:
      ImportError: If pyarrow is not installed.
    """
    pyarrow, parquet = import_pyarrow()
    types = [_arrow_type(pyarrow, column.type) for column in table.columns]
    schema = pyarrow.schema(list(zip(_titles(table), types)))
    written = 0
    with parquet.ParquetWriter(stream, schema) as writer:
        for piece in table.pieces:
            arrays = [_arrow_cells(pyarrow, column, own) for column, own in zip(table.columns, piece.cells)]
            writer.write_batch(pyarrow.record_batch(arrays, schema=schema))
            written += piece.points
            told(written)


def import_pyarrow() -> tuple[Any, Any]:
    """Gives pyarrow and its module for Parquet.

    Raises:
      ImportError: If they are not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise ImportError(
            "Parquet is written by pyarrow, which the extra 'parquet' brings: pip install 'trackml-tui[parquet]'."
        ) from None
    return pyarrow, pyarrow.parquet


def json_array(array: Array) -> Any:
    """Gives an array of any shape as nested lists; strings that are no UTF-8 in base64, all of them or none."""
    if array.dtype == object:
        spell = _text if is_text(array) else _base64
        return _nested([spell(element) for element in array.ravel().tolist()], array.shape)
    if array.dtype.kind == "c":
        pairs = array.ravel().view(f"f{array.itemsize // 2}").astype(np.float64)
        return _nested(json_floats(pairs), (*array.shape, 2))
    if array.dtype.kind in "biu":
        return array.tolist()
    return _nested(json_floats(array.astype(np.float64).ravel()), array.shape)


def _titles(table: Table) -> list[str]:
    """Gives a name to each column that no other has: a tag may be called "step"."""
    names = [column.name for column in table.columns]
    taken = set(names)
    for at in range(len(names) if table.values is None else table.values, len(names)):
        if names[at] in names[: table.values]:
            titles = itertools.accumulate(itertools.repeat("tag/"), lambda title, more: more + title, initial=names[at])
            names[at] = next(title for title in titles if title not in taken)
            taken.add(names[at])
    return names


def _csv_lines(rows: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "backslashreplace")


def _csv_cells(type_: ColumnType, cells: Any, spell: Spell | None) -> Sequence[Any]:
    if isinstance(cells, Masked):
        return [value if there else None for value, there in zip(cells.values.tolist(), cells.present.tolist())]
    if isinstance(cells, Coded) and spell is not None:
        cells = cells._replace(names=tuple(map(spell, cells.names)))
    plain = _plain(cells)
    if type_ == "bool":
        return [_truth(cell) for cell in plain]
    if type_ in ("ints", "floats", "array"):
        return [_json_text(cell) for cell in plain]
    if type_ == "mixed":
        plain = [_spelled(cell) for cell in plain]
    if spell is not None and type_ in ("name", "string", "mixed"):
        return [spell(cell) if isinstance(cell, str) else cell for cell in plain]
    return plain


def _json_cells(type_: ColumnType, cells: Any) -> Sequence[Any]:
    if isinstance(cells, Masked):
        numbers = json_floats(cells.values)
        return [value if there else None for value, there in zip(numbers, cells.present.tolist())]
    if type_ == "float" and isinstance(cells, np.ndarray):
        return json_floats(cells)
    plain = _plain(cells)
    if type_ in ("float", "mixed"):
        return [json_number(cell) if isinstance(cell, float) else cell for cell in plain]
    if type_ in ("ints", "floats", "array"):
        return [json_array(cell) for cell in plain]
    return plain


def _arrow_type(pyarrow: Any, type_: ColumnType) -> Any:
    types = {
        "name": pyarrow.dictionary(pyarrow.int32(), pyarrow.string()),
        "int": pyarrow.int64(),
        "float": pyarrow.float64(),
        "bool": pyarrow.bool_(),
        "bytes": pyarrow.binary(),
        "ints": pyarrow.list_(pyarrow.int64()),
        "floats": pyarrow.list_(pyarrow.float64()),
    }
    return types.get(type_, pyarrow.string())


def _arrow_cells(pyarrow: Any, column: Column, cells: Any) -> Any:
    type_ = _arrow_type(pyarrow, column.type)
    if isinstance(cells, Masked):
        return pyarrow.array(cells.values, type_, mask=~cells.present)
    if column.type == "name" and not isinstance(cells, Coded):
        names = {name: code for code, name in enumerate(dict.fromkeys(cells))}
        cells = Coded(np.array([names[cell] for cell in cells], np.int32), tuple(names))
    if isinstance(cells, Coded):
        names = pyarrow.array(cells.names, pyarrow.string())
        return pyarrow.DictionaryArray.from_arrays(pyarrow.array(cells.codes, pyarrow.int32()), names)
    if column.type == "array":
        cells = [_json_text(cell) for cell in cells]
    if column.type == "mixed":
        cells = [_spelled(cell) for cell in cells]
    return pyarrow.array(cells, type_)


def _plain(cells: Any) -> Sequence[Any]:
    if isinstance(cells, Coded):
        cells = spelled(cells.names, cells.codes)
    listed: Sequence[Any] = cells.tolist() if isinstance(cells, np.ndarray) else cells
    return listed


def _json_text(array: Array) -> str:
    return json.dumps(json_array(array), allow_nan=False)


def _spelled(cell: bool | float | str | None) -> str | None:
    return cell if cell is None or isinstance(cell, str) else _truth(cell) if isinstance(cell, bool) else repr(cell)


def _truth(cell: bool | None) -> str | None:
    return None if cell is None else "true" if cell else "false"


def _text(element: bytes) -> str:
    return element.decode()


def _base64(element: bytes) -> str:
    return base64.b64encode(element).decode()


def _nested(flat: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """Gives a flat sequence as lists in lists."""
    if not shape:
        return flat[0]
    inner = len(flat) // shape[0] if shape[0] else 0
    parts: Iterator[Sequence[Any]] = (flat[begin * inner : (begin + 1) * inner] for begin in range(shape[0]))
    return [_nested(part, shape[1:]) for part in parts]
