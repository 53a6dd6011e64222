"""`trackml check`: the health of every event file; the exit status says whether any is damaged."""

from __future__ import annotations

import argparse
import os
from collections import Counter

from trackml.commands.document import print_document
from trackml.commands.health import FILE_COLUMNS, file_document, file_row
from trackml.commands.process import DAMAGED, DONE
from trackml.commands.reading import read_logdir
from trackml.commands.text import byte_size, plural, table, wants_colours, width_of_terminal
from trackml.runs.view import FileHealth, FileStatus

_DAMAGE: frozenset[FileStatus] = frozenset({"corrupt", "truncated", "unreadable"})


def run(options: argparse.Namespace) -> int:
    """Prints a line for each event file of `options.logdirs`, and a sum."""
    snapshot = read_logdir(options, cache=False)  # what was decoded once may be damaged now
    views = snapshot.values()
    files = [(view.name, file) for view in views for file in view.health]
    bad = _DAMAGE - ({"truncated"} if options.allow_truncated else set())
    unlisted = [os.fspath(directory) for directory in snapshot.unreadable]
    is_damaged = bool(unlisted) or any(file.status in bad for _, file in files)
    if options.json:
        documents = [{"run": name, **file_document(file)} for name, file in files]
        fields = {"damaged": is_damaged, "files": documents, "unreadable_directories": unlisted}
        print_document("trackml.check/1", logdirs=options.logdirs, **fields)
    else:
        rows = [file_row(file, options.logdirs) for _, file in files]
        print(*table(FILE_COLUMNS, rows, colours=wants_colours(), width=width_of_terminal()), "", sep="\n")
        print(_sum([file for _, file in files], len(views)))
    return DAMAGED if is_damaged else DONE


def _sum(files: list[FileHealth], runs: int) -> str:
    amounts = Counter(file.status for file in files)
    statuses = ", ".join(f"{amount} {status}" for status, amount in sorted(amounts.items(), key=lambda item: -item[1]))
    lost = sum(file.bytes_lost for file in files)
    return f"{plural(len(files), 'file')} in {plural(runs, 'run')}: {statuses or 'none'}; {byte_size(lost)} lost"
