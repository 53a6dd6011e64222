"""What is wrong, as rows."""

from __future__ import annotations

from rich.cells import cell_len
from rich.style import Style

from trackml_tui.formatting import fit, printable, shorten
from trackml_tui.health.findings import Finding, Severity
from trackml_tui.widgets.row_list import RowList

_KIND = 11
_SIGNS = {Severity.BAD: "✗", Severity.WARNING: "!", Severity.NOTE: "·"}


class FindingList(RowList[Finding]):
    """Findings, the worst first."""

    DEFAULT_CSS = """
    FindingList > .row-list--bad { color: $text-error; }
    """

    def paint(self, row: Finding, width: int) -> list[tuple[str, Style]]:
        dim = self.colour("dim")
        style = (
            self.colour("bad") if row.severity is Severity.BAD else Style() if row.severity is Severity.WARNING else dim
        )
        where = " ".join(filter(None, (printable(row.run) if row.run is not None else "", printable(row.subject))))
        where = shorten(where, max(12, width // 3))
        room = max(1, width - _KIND - cell_len(where) - 5)
        return [
            (f" {_SIGNS[row.severity]} {fit(row.kind, _KIND)}", style),
            (f"{where}  ", Style()),
            (fit(printable(row.text), room), dim),
        ]
