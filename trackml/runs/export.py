"""Scalars as files for other programs: CSV, JSON and Parquet, all points at full resolution.

| format | layout |
|---|---|
| CSV | header `run,tag,step,wall_time,value`, a line a point; UTF-8; `nan`, `inf` and `-inf` as Python spells them |
| JSON | `{"schema", "series": [{"run", "tag", "step": [...], "wall_time": [...], "value": [...]}]}`; what JSON has no \
number for is the string "NaN", "Infinity" or "-Infinity", as in TensorBoard's own JSON |
| Parquet | the columns of the CSV; run and tag are dictionaries |

Floats are written with as many digits as bring back the same float.
"""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import json
import math
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeAlias, get_args

import numpy as np

from trackml.runs.points import Floats, ScalarColumns
from trackml.runs.points import scalars_of as columns_of
from trackml.runs.selection import ChosenSeries, Logdir, Patterns, choose_scalars, snapshot_of
from trackml.storage.files import replacing

Format: TypeAlias = Literal["csv", "json", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)

JSON_SCHEMA = "trackml.scalars/1"
"""What the JSON says it is; the number grows when a reader would have to change."""

_POINTS_AT_ONCE = 1 << 16
_POINTS_IN_A_ROW_GROUP = 1 << 20

Told: TypeAlias = Callable[[int], object]
"""Is called with the number of points written so far."""


def export_scalars(
    logdir: Logdir,
    path: str | os.PathLike[str],
    tags: Patterns = None,
    runs: Patterns = None,
    *,
    to: Format | None = None,
) -> int:
    """Writes the scalars of a log directory to a file, which is replaced in one step; gives how many points.

    Args:
      logdir: The log directory, or the snapshot of a `RunStore`.
      path: The file. An existing one is replaced when all is written.
      tags: Which tags, as in `scalars`.
      runs: Which runs, as in `scalars`.
      to: The format; None for that which the name of the file ends in.

    Raises:
      FileNotFoundError: If there is no such log directory.
      ImportError: If pyarrow is not installed and the format is Parquet.
      ValueError: If a plain name is not there, or the format is unknown.
    """
    to = format_of(path, to)
    check_format(to)
    chosen = choose_scalars(snapshot_of(logdir), tags, runs)
    with open_output(path) as stream:
        write(chosen, stream, to)
    return sum(len(one.series) for one in chosen)


def format_of(path: str | os.PathLike[str], to: Format | None = None) -> Format:
    """Gives the format to write to `path`: `to`, or that of the ending if `to` is None.

    Raises:
      ValueError: If there is no such format.
    """
    name = Path(path).suffix.removeprefix(".").lower() if to is None else to
    for known in FORMATS:
        if name == known:
            return known
    raise ValueError(f"expected the format {', '.join(map(repr, FORMATS))}; got {name!r} for {os.fspath(path)!r}.")


def check_format(to: Format) -> None:
    """Makes sure that `to` can be written.

    Raises:
      ImportError: If it needs a package that is not installed.
    """
    if to == "parquet":
        _import_pyarrow()


@contextlib.contextmanager
def open_output(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Gives a stream whose bytes become the content of `path` in one step, or go into it if it is a pipe or a device.

    Raises:
      OSError: If `path` cannot be written.
    """
    target = Path(os.path.realpath(path))
    is_special = target.exists() and not target.is_file()
    with open(target, "wb") if is_special else replacing(target) as stream:
        yield stream


def write(chosen: Sequence[ChosenSeries], stream: BinaryIO, to: Format, told: Told = lambda points: None) -> None:
    """Writes series in the format `to`."""
    {"csv": write_csv, "json": write_json, "parquet": write_parquet}[to](chosen, stream, told)


def write_csv(chosen: Sequence[ChosenSeries], stream: BinaryIO, told: Told = lambda points: None) -> None:
    """Writes series as CSV."""
    text = io.TextIOWrapper(stream, "utf-8", errors="backslashreplace", newline="", write_through=True)
    try:
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(("run", "tag", "step", "wall_time", "value"))
        written = 0
        for run, tag, part, *_ in _parts(chosen):
            columns = (column.tolist() for column in part.columns)
            rows.writerows(zip(itertools.repeat(run), itertools.repeat(tag), *columns))
            written += len(part)
            told(written)
    finally:
        text.detach()


def write_json(chosen: Sequence[ChosenSeries], stream: BinaryIO, told: Told = lambda points: None) -> None:
    """Writes series as JSON, a line a series."""
    stream.write(f'{{"schema": {json.dumps(JSON_SCHEMA)}, "series": ['.encode())
    written = 0
    for index, (run, tag, series, *_) in enumerate(chosen):
        document = {
            "run": run,
            "tag": tag,
            "step": series.step.tolist(),
            "wall_time": json_floats(series.wall_time),
            "value": json_floats(series.value),
        }
        stream.write(b",\n" if index else b"\n")
        stream.write(json.dumps(document, allow_nan=False).encode())
        written += len(series)
        told(written)
    stream.write(b"\n]}\n")


def write_parquet(chosen: Sequence[ChosenSeries], stream: BinaryIO, told: Told = lambda points: None) -> None:
    """Writes series as Parquet, with a million points or more in a row group.

    Raises:
      ImportError: If pyarrow is not installed.
    """
    pyarrow, parquet = _import_pyarrow()
    name = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    numbers = [("step", pyarrow.int64()), ("wall_time", pyarrow.float64()), ("value", pyarrow.float64())]
    schema = pyarrow.schema([("run", name), ("tag", name), *numbers])
    written = 0
    with parquet.ParquetWriter(stream, schema) as writer:
        for table in map(columns_of, _groups(chosen)):
            writer.write_table(pyarrow.table(_arrow_columns(pyarrow, table), schema=schema))
            written += len(table)
            told(written)


def json_number(number: float) -> float | str:
    """Gives a float as JSON can hold it."""
    if math.isfinite(number):
        return number
    return "NaN" if number != number else "Infinity" if number > 0 else "-Infinity"


def json_floats(column: Floats) -> list[float | str]:
    """Gives floats as JSON can hold them."""
    numbers: list[float | str] = column.tolist()
    for index in np.flatnonzero(~np.isfinite(column)).tolist():
        numbers[index] = json_number(column[index])
    return numbers


def _parts(chosen: Sequence[ChosenSeries]) -> Iterator[ChosenSeries]:
    """Gives series in pieces, so that the Python objects of a few points only are in memory at once."""
    for run, tag, series, *_ in chosen:
        for begin in range(0, len(series), _POINTS_AT_ONCE):
            yield ChosenSeries(run, tag, series.part(begin, begin + _POINTS_AT_ONCE))


def _groups(chosen: Sequence[ChosenSeries]) -> Iterator[list[ChosenSeries]]:
    """Gives series in groups of some size: row groups of a few points each would make large and slow files."""
    group: list[ChosenSeries] = []
    points = 0
    for one in chosen:
        group.append(one)
        points += len(one.series)
        if points >= _POINTS_IN_A_ROW_GROUP:
            yield group
            group, points = [], 0
    if group:
        yield group


def _arrow_columns(pyarrow: Any, table: ScalarColumns) -> dict[str, Any]:
    names = {
        "run": (table.run_codes, table.runs),
        "tag": (table.tag_codes, table.tags),
    }
    dictionaries = {
        column: pyarrow.DictionaryArray.from_arrays(pyarrow.array(codes), pyarrow.array(words, pyarrow.string()))
        for column, (codes, words) in names.items()
    }
    return {**dictionaries, "step": table.step, "wall_time": table.wall_time, "value": table.value}


def _import_pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise ImportError(
            "Parquet is written by pyarrow, which the extra 'parquet' brings: pip install 'trackml-tui[parquet]'."
        ) from None
    return pyarrow, pyarrow.parquet
