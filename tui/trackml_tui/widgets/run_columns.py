"""The columns of the run list, by the width there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.cells import cell_len

from trackml_tui.board import ListRow, RunRow
from trackml_tui.catalog.status import Status
from trackml_tui.formatting import NOTHING, age, compact, count, fit, pad, printable, shorten

_VALUE = 8
_STEP = 6
_AGE = 4
_STATUS = 12
MARK = 3
"""Cells of the mark at the left edge."""
_MARGIN = 1
_WITH_STEP = 43
_WITH_SMOOTHED = 57
_ROOMY = 24
_SHOWN, _SOME, _HIDDEN = "●", "◐", "○"
_OPEN, _FOLDED = "▾ ", "▸ "
LIVE = "▸"
_STATUS_MARKS = {
    Status.RUNNING: LIVE,
    Status.LIVE: LIVE,
    Status.SILENT: "?",
    Status.FINISHED: "✓",
    Status.FAILED: "✗",
    Status.INTERRUPTED: "■",
}
_DAMAGE, _STAR, _NOTE = "!", "★", "†"


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
    status = _STATUS if smoothed else _AGE + 1
    taken = MARK + _MARGIN + sum(column + 1 for column in (_VALUE, smoothed, step, status) if column)
    return RunColumns(max(1, width - taken), _VALUE, smoothed, step, status)


def heading(width: int, *, order: str, cursor: str, where: str) -> str:
    """The line over the list.

    Args:
        width: Cells of the list.
        order: By what the list is sorted; an arrow marks that column.
        cursor: Where values are read; empty for the last ones.
        where: Where all the runs are, or how they are grouped; left out where there is no room.
    """
    columns = run_columns(width)
    arrow = " ↑" if order == "name" else ""
    title = f"run {printable(where)}".rstrip()
    if cell_len(title + arrow) > columns.name:
        title = "run"
    arrows = {"lowest": "↑", "highest": "↓"}
    cells = [
        " " * MARK + fit(title + arrow, columns.name),
        _right(_value_heading(cursor) + arrows.get(order, ""), columns.value),
        _right("smooth", columns.smoothed),
        _right("step↓" if order == "step" else "step", columns.step),
        _right("event↑" if order == "newest" else "event", columns.status),
    ]
    return " ".join(cell for cell in cells if cell)


def mark(line: ListRow) -> str:
    """The mark at the left edge: filled when all runs of the line are shown, half when some are."""
    return f" {_SOME if line.shown is None else _SHOWN if line.shown else _HIDDEN} "


def fold_width(line: ListRow, width: int) -> int:
    """How many cells after the mark are indentation and the arrow that folds the line; 0 without an arrow.

    Args:
        line: The line.
        width: Cells of the column of names.
    """
    return len(_indent(line, width)) if line.node.folds else 0


def name(line: ListRow, width: int) -> list[tuple[str, int | str]]:
    """The name in exactly `width` cells, in pieces; each is to be drawn as "name" or "dim", or in a run's colour.

    An exclamation mark warns of damaged files, a star is a star, and a dagger stands for a note. Runs that are joined
    to this one follow with a plus sign each, in their colours.
    """
    indent = _indent(line, width)
    flags = _flags(line)
    room = max(1, width - cell_len(indent) - cell_len(flags))
    parts = [(f" +{printable(part)}", slot) for part, slot in line.parts]
    label = shorten(printable(line.label), max(1, room - min(sum(cell_len(text) for text, _ in parts), room // 2)))
    pieces: list[tuple[str, int | str]] = [(indent, "dim"), (label, "name" if line.row is not None else "dim")]
    left = room - cell_len(label)
    for text, slot in parts:
        piece = shorten(text, left)
        pieces.append((piece, slot))
        left -= cell_len(piece)
    return [*pieces, (pad("", left), "dim"), (flags, "dim")]


def numbers(row: RunRow, columns: RunColumns, show: Callable[[float], str]) -> str:
    """Value, smoothed value and step, right-aligned."""
    cells = [
        _right(NOTHING if row.value is None else show(row.value), columns.value),
        _right(NOTHING if row.smoothed is None else show(row.smoothed), columns.smoothed),
        _right(NOTHING if row.step is None else compact(row.step), columns.step),
    ]
    return "".join(f" {cell}" for cell in cells if cell)


def status(row: RunRow, columns: RunColumns) -> str:
    """How long ago the last event was, and how the run is doing: in words, or by a mark where there is no room."""
    when = NOTHING if row.age is None else age(row.age)
    if columns.status == _STATUS:
        return " " + _right(f"{row.status.value} {when}" if row.age is not None else when, columns.status)
    return " " + _right(f"{_STATUS_MARKS.get(row.status, ' ')}{when}", columns.status)


def _indent(line: ListRow, width: int) -> str:
    """Blanks and the arrow before the name; half as deep where names have little room."""
    arrow = "" if not line.node.folds else _FOLDED if line.node.folded else _OPEN
    step = " " if width < _ROOMY else "  "
    return (step * line.node.depth + arrow)[: width - 1]


def _flags(line: ListRow) -> str:
    row = line.row
    if row is None:
        return f" {count(len(line.node.members))}"
    flags = _STAR * row.starred + _NOTE * row.noted + _DAMAGE * bool(row.damaged)
    return f" {flags}" if flags else ""


def _value_heading(cursor: str) -> str:
    if not cursor:
        return "last"
    return f"@{cursor}" if len(cursor) + 2 <= _VALUE else "cursor"


def _right(text: str, width: int) -> str:
    return text.rjust(width)[:width] if width else ""
