"""Tables for export, a piece at a time: which columns each kind has, and what is in them.

A table never is in memory as a whole: scalars come in pieces of the arrays that the store holds, values that are no
scalars are read from disk piece by piece.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np

from trackml.runs.content_rows import FieldType, Layout
from trackml.runs.content_table import ContentColumns, read_table
from trackml.runs.hparams_frame import SESSION_COLUMNS, RunHParams, session_of
from trackml.runs.points import Bools, Codes, PointColumns, PointQueue, scalars_of, split_evenly
from trackml.runs.selection import ChosenSeries
from trackml.runs.wide import WideScalars, widen

ColumnType: TypeAlias = "FieldType | Literal['bool', 'mixed']"
Lost: TypeAlias = Callable[[str], object]

_VALUES_AT_ONCE = 1 << 13
_FIRST_VALUES = 1 << 4
_BYTES_AT_ONCE = 1 << 25
"""Of what is no scalar: a tensor may be of any size, so how many are read together goes by those before."""


class Column(NamedTuple):
    """One column of a table."""

    name: str
    type: ColumnType
    """Of a cell; "mixed" is truth, number or text."""


class Coded(NamedTuple):
    """Cells that are few different texts."""

    codes: Codes
    """Shape `[rows]`."""
    names: tuple[str, ...]
    """What `codes` count."""


class Masked(NamedTuple):
    """Numbers, some of which are missing."""

    values: Any
    """Shape `[rows]`."""
    present: Bools
    """Shape `[rows]`."""


class Piece(NamedTuple):
    """Some rows of a table."""

    rows: int
    cells: Sequence[Any]
    """A column each: an array, a list, `Coded` or `Masked`."""
    points: int
    """How much of the work they are."""


class Table(NamedTuple):
    """What is written to a file."""

    columns: tuple[Column, ...]
    pieces: Iterable[Piece]
    values: int | None = None
    """The first column whose name comes from the log directory, in the wide form; those before are known."""


def scalar_table(chosen: Sequence[ChosenSeries], at_once: int) -> Table:
    """Gives scalars with a row a point, in pieces of `at_once` points."""
    columns = (*_POINT, Column("value", "float"), *_fate_columns(chosen))

    def pieces() -> Iterator[Piece]:
        for group in split_evenly(chosen, at_once):
            points = scalars_of(group)
            yield Piece(len(points), [*_point_cells(points), points.value, *_fate_cells(points, group)], len(points))

    return Table(columns, pieces())


def wide_scalar_table(chosen: Sequence[ChosenSeries], at_once: int) -> Table:
    """Gives scalars with a row a step and a column a tag, run by run, in pieces of `at_once` rows at most."""
    tags = sorted({one.tag for one in chosen})
    fates = _fate_columns(chosen)
    columns = (Column("run", "name"), *fates, Column("step", "int"), *(Column(tag, "float") for tag in tags))

    def pieces() -> Iterator[Piece]:
        for _, group in itertools.groupby(chosen, key=lambda one: one.run):
            members = list(group)
            wide = widen(members)
            for begin in range(0, len(wide), at_once):
                rows = slice(begin, begin + at_once)
                index = _wide_index(wide, rows, bool(members[0].file))
                cells = [*index, *(_wide_cells(wide, tag, rows) for tag in tags)]
                present = sum(int(there[rows].sum()) for there in wide.present.values())
                yield Piece(len(wide.step[rows]), cells, present)

    return Table(columns, pieces(), len(columns) - len(tags))


def content_table(
    chosen: Sequence[ChosenSeries], layout: Layout, lost: Lost, *, file_name: bool, at_once: int | None = None
) -> Table:
    """Gives what is no scalar with a row an item, in pieces of at most `at_once` values, fewer if they are large.

    Args:
      chosen: What `choose` gave.
      layout: How values become rows.
      lost: Told of each value that is left out.
      file_name: Whether the event file of each value is told.
      at_once: How many values may be in memory together; None for thousands.
    """
    fates = [column for column in _fate_columns(chosen) if file_name or column.name != "file_name"]
    columns = (*_POINT, *(Column(field.name, field.type) for field in layout.fields), *fates)

    def pieces() -> Iterator[Piece]:
        queue, most = PointQueue(chosen), at_once or _VALUES_AT_ONCE
        values = min(_FIRST_VALUES, most)
        while group := queue.take(values):
            table = read_table(group, layout, lost)
            points = sum(len(one.series) for one in group)
            values = min(most, 2 * values, max(1, points * _BYTES_AT_ONCE // max(1, _bytes_of(table))))
            yield Piece(len(table), _content_cells(table, fates), points)

    return Table(columns, pieces())


def hparams_table(chosen: Sequence[RunHParams]) -> Table:
    """Gives hyperparameters with a row each."""
    columns = (Column("run", "string"), Column("name", "string"), Column("type", "string"), Column("value", "mixed"))
    rows = [
        (one.run, name, _TYPES[type(value)], value)
        for one in chosen
        for name in one.names
        for value in [one.hparams.values[name]]
    ]
    return Table(columns, [_piece_of(rows, columns)])


def wide_hparams_table(chosen: Sequence[RunHParams]) -> Table:
    """Gives hyperparameters with a row a run, and how the runs went."""
    names = sorted({name for one in chosen for name in one.names})
    told = [Column(f"session/{name}", "string" if name in ("group", "status") else "float") for name in SESSION_COLUMNS]
    cells = {name: [one.hparams.values[name] if name in one.names else None for one in chosen] for name in names}
    columns = (Column("run", "string"), *told, *(Column(name, _common_type(cells[name])) for name in names))
    rows = [
        (one.run, *session_of(one.hparams), *(cells[name][number] for name in names))
        for number, one in enumerate(chosen)
    ]
    return Table(columns, [_piece_of(rows, columns)], 1 + len(told))


_POINT = (Column("run", "name"), Column("tag", "name"), Column("step", "int"), Column("wall_time", "float"))
_TYPES = {bool: "bool", float: "float", str: "string"}


def _fate_columns(chosen: Sequence[ChosenSeries]) -> tuple[Column, ...]:
    """Gives the columns on request, which the choice tells."""
    file_name = [Column("file_name", "name")] if any(one.file is not None for one in chosen) else []
    superseded = [Column("superseded", "bool")] if any(one.superseded is not None for one in chosen) else []
    return (*file_name, *superseded)


def _point_cells(points: PointColumns) -> list[Any]:
    return [
        Coded(points.run_codes, points.runs),
        Coded(points.tag_codes, points.tags),
        points.step,
        points.wall_time,
    ]


def _fate_cells(points: PointColumns | WideScalars, chosen: Sequence[ChosenSeries]) -> list[Any]:
    cells = {
        "file_name": None if points.file_codes is None else Coded(points.file_codes, points.files),
        "superseded": points.superseded,
    }
    return [cells[column.name] for column in _fate_columns(chosen)]


def _content_cells(table: ContentColumns, fates: Sequence[Column]) -> list[Any]:
    cells: dict[str, Any] = {"superseded": table.superseded}
    if table.file_codes is not None:
        cells["file_name"] = Coded(table.file_codes, table.files)
    return [*_point_cells(table), *table.fields.values(), *(cells[column.name] for column in fates)]


def _bytes_of(table: ContentColumns) -> int:
    """Gives about how much memory the values take up."""
    return sum(_size(cell) for cells in table.fields.values() for cell in cells)


def _size(cell: Any) -> int:
    return cell.nbytes if isinstance(cell, np.ndarray) else len(cell) if isinstance(cell, str | bytes) else 8


def _wide_index(wide: WideScalars, rows: slice, file_name: bool) -> list[Any]:
    cells: list[Any] = [Coded(wide.run_codes[rows], wide.runs)]
    if file_name and wide.file_codes is not None:
        cells.append(Coded(wide.file_codes[rows], wide.files))
    if wide.superseded is not None:
        cells.append(wide.superseded[rows])
    return [*cells, wide.step[rows]]


def _wide_cells(wide: WideScalars, tag: str, rows: slice) -> Masked:
    if tag not in wide.values:
        length = len(wide.step[rows])
        return Masked(np.zeros(length), np.zeros(length, np.bool_))
    return Masked(wide.values[tag][rows], wide.present[tag][rows])


def _common_type(cells: Sequence[bool | float | str | None]) -> ColumnType:
    types = {type(cell) for cell in cells} - {type(None)}
    return "bool" if types == {bool} else "float" if types == {float} else "mixed"


def _piece_of(rows: Sequence[tuple[Any, ...]], columns: Sequence[Column]) -> Piece:
    cells = [list(column) for column in zip(*rows)] if rows else [[] for _ in columns]
    return Piece(len(rows), cells, len(rows))


def count_points(chosen: Sequence[ChosenSeries]) -> int:
    """Gives how many points there are."""
    return sum(len(one.series) for one in chosen)
