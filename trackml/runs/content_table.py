"""Tables of what is no scalar: the points of some series, and what their values hold, read from disk."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from google.protobuf.message import DecodeError
from tensorboard.compat.proto import summary_pb2

from trackml.runs.content_rows import Field, Layout, Row
from trackml.runs.points import Codes, PointColumns, point_fields
from trackml.runs.selection import ChosenSeries
from trackml.runs.value_reading import read_values

Cells: TypeAlias = "list[Any]"


@dataclasses.dataclass(frozen=True, eq=False, kw_only=True)
class ContentColumns(PointColumns):
    """Histograms, images, audio, texts or tensors with a row an item; a value may hold several."""

    fields: Mapping[str, Cells]
    """What the values hold, by the names of the layout."""


class LostValues:
    """Counts values that could not be read; they are left out of tables."""

    def __init__(self) -> None:
        self.count = 0
        self.first = ""
        """What was wrong with the first one."""

    def __call__(self, reason: str) -> None:
        """Counts one more."""
        self.first = self.first or reason
        self.count += 1

    def __str__(self) -> str:
        """Says it in a sentence."""
        if self.count == 1:
            return f"one value could not be read and is left out: {self.first}."
        return f"{self.count} values could not be read and are left out; the first: {self.first}."


def read_table(chosen: Sequence[ChosenSeries], layout: Layout, lost: Callable[[str], object]) -> ContentColumns:
    """Gives the values of some series with a row an item, in the order of the series.

    Args:
      chosen: What `choose` gave.
      layout: How values become rows.
      lost: Told of each value that is left out: what is gone from its file, or is not what its tag promises.
    """
    rows = _rows_by_point(chosen, layout, lost)
    owners = np.repeat(np.arange(len(rows)), [len(own) for own in rows])
    cells = list(zip(*(row for own in rows for row in own))) or [()] * len(layout.fields)
    points = point_fields(chosen)
    for name, column in points.items():
        if isinstance(column, np.ndarray):
            points[name] = column[owners]
    return ContentColumns(**points, fields=_named(layout.fields, cells))


def _rows_by_point(
    chosen: Sequence[ChosenSeries], layout: Layout, lost: Callable[[str], object]
) -> list[Sequence[Row]]:
    rows: list[Sequence[Row]] = [()] * sum(len(one.series) for one in chosen)
    plugins = _plugins(chosen)
    for number, value in read_values(chosen, lost):
        rows[number] = _rows_of(value, plugins[0][plugins[1][number]], layout, lost)
    return rows


def _rows_of(
    value: summary_pb2.Summary.Value, plugin: str, layout: Layout, lost: Callable[[str], object]
) -> Sequence[Row]:
    try:
        return layout.rows(value, plugin)
    except (ValueError, TypeError, OverflowError, MemoryError, DecodeError) as error:
        lost(str(error))
        return ()


def _plugins(chosen: Sequence[ChosenSeries]) -> tuple[list[str], Codes]:
    """Gives the plugins, and which one each point has."""
    names = {name: code for code, name in enumerate(dict.fromkeys(one.plugin for one in chosen))}
    codes = np.array([names[one.plugin] for one in chosen], np.int32)
    return list(names), np.repeat(codes, [len(one.series) for one in chosen])


def _named(fields: tuple[Field, ...], cells: Sequence[tuple[Any, ...]]) -> dict[str, Cells]:
    return {field.name: list(column) for field, column in zip(fields, cells)}
