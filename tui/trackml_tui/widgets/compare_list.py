"""The rows of a comparison, each run in a column."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style

from trackml_tui.compare.rows import CompareRow
from trackml_tui.formatting import ending, fit, printable, shorten
from trackml_tui.widgets.inks import palette
from trackml_tui.widgets.row_list import RowList

_GAP = 2
_NARROWEST, _WIDEST = 8, 36
_NOTES = 10
"""Cells of a difference, and of a ratio."""
_LONGEST_LABEL = 36


class CompareList(RowList[CompareRow]):
    """Facts of runs side by side."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.runs: Sequence[tuple[str, int]] = ()
        """What each run is called, and its place in the palette."""
        self._values = 0
        """Cells of the longest value of a metric."""

    def widths(self, width: int) -> tuple[int, int, int]:
        """Cells of the labels, of each run's column, and of each of difference and ratio (0 without them)."""
        runs = max(1, len(self.runs))
        label = max((cell_len(row.label) for row in self.rows if row.cells), default=8)
        label = min(label, _LONGEST_LABEL, max(16, width // (runs + 1)))
        notes = _NOTES if runs == 2 and width - label >= 2 * (_NARROWEST + _NOTES + 2 * _GAP) else 0
        left = width - label - 1 - 2 * (notes + _GAP if notes else 0)
        return label, min(_WIDEST, max(_NARROWEST, left // runs - _GAP)), notes

    def heading(self, width: int) -> list[tuple[str, Style]]:
        """The names of the runs, in their colours, over their columns."""
        label, column, notes = self.widths(width)
        colours, dim = palette(self), self.colour("dim")
        pieces = [(" " * (label + 1), dim)]
        for name, slot in self.runs:
            pieces += [
                (" " * _GAP, dim),
                ("● ", Style(color=colours[slot])),
                (ending(printable(name), column - 2), Style(bold=True)),
            ]
        if notes:
            pieces += [(" " * _GAP + "difference".rjust(notes), dim), (" " * _GAP + "ratio".rjust(notes), dim)]
        return pieces

    def paint(self, row: CompareRow, width: int) -> list[tuple[str, Style]]:
        dim = self.colour("dim")
        if row.kind == "heading":
            return [(fit(row.label, width), Style(bold=True) + self.colour("accent"))]
        if not row.cells:
            return [(fit(f" {row.label}" if row.kind == "folded" else row.label, width), self._text_style(row.kind))]
        label, column, notes = self.widths(width)
        plain = Style() if row.differs else dim
        pieces = [(" " + fit(row.label, label), dim)]
        for place, cell in enumerate(row.cells):
            if row.kind == "metric" and cell_len(cell) > column:
                cell = cell.split(" @")[0]  # the value is whole, or nothing is
            best = self.colour("good") + Style(bold=True) if place in row.best else plain
            ratio = row.ratios[place] if row.ratios and not notes else ""
            if ratio and self._values + 1 + cell_len(ratio) <= column:
                rest = f" {ratio}".ljust(column - self._values)
                pieces += [(" " * _GAP + fit(cell, self._values), best), (rest, dim)]
            else:
                pieces.append((" " * _GAP + fit(cell, column), best))
        if notes and row.kind == "metric":
            told = (row.difference, row.ratios[-1])
            pieces += [(" " * _GAP + shorten(text, notes).rjust(notes), plain) for text in told]
        return pieces

    def watch_rows(self) -> None:
        cells = (cell for row in self.rows if row.kind == "metric" for cell in row.cells)
        self._values = max(map(cell_len, cells), default=0)
        super().watch_rows()

    def mark_width(self, row: CompareRow) -> int:
        return 0

    def _text_style(self, kind: str) -> Style:
        if kind == "added":
            return self.colour("good")
        if kind == "removed":
            return self.colour("bad")
        return self.colour("accent") if kind == "place" else self.colour("dim") if kind == "folded" else Style()
