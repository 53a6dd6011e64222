"""What was read of each file, the damaged ones first."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from trackml.runs import FileHealth, Snapshot
from trackml_tui.formatting import plural, printable, shorten, size
from trackml_tui.screens.sheet import Sheet

_LONGEST_LIST = 500
_LONGEST_NAME = 60
_SEVERITY = {"corrupt": 0, "unreadable": 0, "truncated": 1, "replaced": 1, "deleted": 1}
_STYLES = ("bold", "", "dim")


class FilesScreen(Sheet):
    """One entry a file, after the directories that cannot be listed.

    Args:
        snapshot: The runs.
        polls: Why changes are looked for again and again; empty if the system tells of them.
    """

    HEADING = "Files"

    def __init__(self, snapshot: Snapshot, polls: str = "") -> None:
        super().__init__()
        self._snapshot = snapshot
        self._polls = polls

    def write(self) -> Text:
        files = sorted(_files(self._snapshot), key=lambda pair: _SEVERITY.get(pair[1].status, 2))
        text = Text()
        if self._polls:
            text.append(f"The system does not tell of changes: {printable(self._polls)}.\n\n")
        for directory, reason in self._snapshot.unreadable.items():
            text.append(f"{'unreadable':<11}{printable(str(directory))}\n{'':<11}{printable(reason)}\n", "bold")
        for run, file in files[:_LONGEST_LIST]:
            style = _STYLES[_SEVERITY.get(file.status, 2)]
            text.append(f"{file.status:<11}", style)
            text.append(f"{shorten(printable(f'{run}/{file.path.name}'), _LONGEST_NAME)}\n", style)
            text.append(f"{'':<11}{_account(file)}\n", "dim")
            if file.message:
                text.append(f"{'':<11}{printable(file.message)}\n", style)
        left = len(files) - _LONGEST_LIST
        text.append(f"and {plural(left, 'more file')}" if left > 0 else "" if files else "No files yet.")
        return text


def _files(snapshot: Snapshot) -> Iterator[tuple[str, FileHealth]]:
    return ((name, file) for name, run in snapshot.items() for file in run.health)


def _account(file: FileHealth) -> str:
    facts = [plural(file.events, "event"), f"{size(file.bytes_read)} of {size(file.size)} read"]
    if file.bytes_lost:
        facts.append(f"{plural(file.bytes_lost, 'byte')} lost")
    return ", ".join(facts)
