"""The columns of the run list, by the width there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.cells import cell_len

from trackml_tui.board import RunRow, Status
from trackml_tui.formatting import NOTHING, age, compact, fit, printable

_VALUE = 8
_STEP = 6
_AGE = 4
_STATUS = 9
_MARK = 3
_MARGIN = 1
_WITH_STEP = 43
_WITH_SMOOTHED = 57
_SHOWN, _HIDDEN = "●", "○"
LIVE = "▸"
_DAMAGE = "!"


@dataclass(frozen=True, slots=True)
class RunColumns:
    """Widths in cells; a column that does not fit is 0 wide."""

    name: int
    value: int
    smoothed: int
    step: int
    status: int


def run_columns(width: int) -> RunColumns:
    """The columns for a list of `width` cells; the name gets what the others leave."""
    step = _STEP if width >= _WITH_STEP else 0
    smoothed = _VALUE if width >= _WITH_SMOOTHED else 0
    status = _STATUS if step else _AGE + 1
    taken = _MARK + _MARGIN + sum(column + 1 for column in (_VALUE, smoothed, step, status) if column)
    return RunColumns(max(1, width - taken), _VALUE, smoothed, step, status)


def heading(width: int, *, order: str, cursor: str, directory: str) -> str:
    """The line over the list.

    Args:
        width: Cells of the list.
        order: By what the list is sorted; an arrow marks that column.
        cursor: Where values are read; empty for the last ones.
        directory: Where all the runs are.
    """
    columns = run_columns(width)
    arrow = " ↑" if order == "name" else ""
    title = f"run in {printable(directory)}"
    if not directory or cell_len(title + arrow) > columns.name:
        title = "run"
    arrows = {"lowest": "↑", "highest": "↓"}
    cells = [
        " " * _MARK + fit(title + arrow, columns.name),
        _right(_value_heading(cursor) + arrows.get(order, ""), columns.value),
        _right("smooth", columns.smoothed),
        _right("step↓" if order == "step" else "step", columns.step),
        _right("event↑" if order == "newest" else "event", columns.status),
    ]
    return " ".join(cell for cell in cells if cell)


def mark(row: RunRow) -> str:
    """The coloured mark at the left edge: filled when the run is shown."""
    return f" {_SHOWN if row.shown else _HIDDEN} "


def name(row: RunRow, columns: RunColumns) -> str:
    """The run's name; an exclamation mark warns of damaged files."""
    if not row.damaged:
        return fit(printable(row.label), columns.name)
    return fit(printable(row.label), max(1, columns.name - 2)) + " " + _DAMAGE


def numbers(row: RunRow, columns: RunColumns, show: Callable[[float], str]) -> str:
    """Value, smoothed value and step, right-aligned."""
    cells = [
        _right(NOTHING if row.value is None else show(row.value), columns.value),
        _right(NOTHING if row.smoothed is None else show(row.smoothed), columns.smoothed),
        _right(NOTHING if row.step is None else compact(row.step), columns.step),
    ]
    return "".join(f" {cell}" for cell in cells if cell)


def status(row: RunRow, columns: RunColumns) -> str:
    """How long ago the last event was; a live run has a mark too, so that no colour is needed."""
    when = NOTHING if row.age is None else age(row.age)
    live = row.status is Status.LIVE
    if columns.step:
        return " " + _right(f"{row.status.value} {when}" if row.age is not None else when, columns.status)
    return " " + _right(f"{LIVE if live else ' '}{when}", columns.status)


def _value_heading(cursor: str) -> str:
    if not cursor:
        return "last"
    return f"@{cursor}" if len(cursor) + 2 <= _VALUE else "cursor"


def _right(text: str, width: int) -> str:
    return text.rjust(width)[:width] if width else ""
