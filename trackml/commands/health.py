"""The health of event files, as rows of a table and as JSON."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any

from trackml.commands.reading import shown_path
from trackml.commands.text import Cell, Column, byte_size, count, printable
from trackml.runs.view import FileHealth, FileStatus

_BY_SEVERITY: tuple[FileStatus, ...] = ("ok", "replaced", "deleted", "truncated", "unreadable", "corrupt")
_STYLES = {"ok": "good", "replaced": "doubtful", "deleted": "doubtful", "truncated": "doubtful"}

FILE_COLUMNS = (
    Column("STATUS"),
    Column("SIZE", is_number=True),
    Column("EVENTS", is_number=True),
    Column("LOST", is_number=True),
    Column("FILE", least=24),
    Column("MESSAGE"),
)


def worst_status(files: Iterable[FileHealth]) -> FileStatus:
    """Gives the status of the file that is worst off, "ok" if there is no file."""
    return max((file.status for file in files), key=_BY_SEVERITY.index, default="ok")


def status_cell(status: FileStatus) -> Cell:
    """Gives a status in its colour."""
    return Cell(status, _STYLES.get(status, "bad"))


def file_row(file: FileHealth, logdirs: Sequence[str]) -> Sequence[str | Cell]:
    """Gives what `FILE_COLUMNS` name; the path starts at the log directory."""
    return (
        status_cell(file.status),
        byte_size(file.size),
        count(file.events),
        byte_size(file.bytes_lost),
        printable(shown_path(file.path, logdirs)),
        printable(file.message),
    )


def file_document(file: FileHealth) -> dict[str, Any]:
    """Gives the health of a file for JSON."""
    return {
        "path": os.fspath(file.path),
        "status": file.status,
        "size": file.size,
        "bytes_read": file.bytes_read,
        "bytes_lost": file.bytes_lost,
        "events": file.events,
        "message": file.message,
    }
