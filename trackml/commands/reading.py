"""What commands read: the log directory that was named, with a progress bar, and the run in it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from trackml.commands.process import CommandError, tell
from trackml.commands.progress import Progress
from trackml.commands.text import byte_size
from trackml.runs.logdir import discover
from trackml.runs.selection import unknown_name
from trackml.runs.store import RunStore
from trackml.runs.view import RunView, Snapshot

_BUDGET = 0.1
"""Seconds of reading between two pictures of the progress bar."""


def read_logdir(options: argparse.Namespace) -> Snapshot:
    """Gives the runs below `options.logdir`.

    Raises:
      CommandError: If there is no such directory, or no run in it.
    """
    return open_logdir(options).snapshot()


def open_logdir(options: argparse.Namespace) -> RunStore:
    """Gives a store that has read all that is below `options.logdir`; tells of directories that may not be listed.

    Raises:
      CommandError: If there is no such directory, or no run in it.
      OSError: If the directory itself may not be listed.
    """
    path = Path(options.logdir)
    if not path.exists():
        raise CommandError(f"there is no directory {options.logdir!r}.")
    if path.is_dir():
        os.scandir(path).close()
    store = RunStore(path)
    _read(store)
    for directory in unreadable_directories(options.logdir):
        tell(options, f"the directory {directory!r} may not be listed; what is below it is missing here.")
    if not store.snapshot():
        raise CommandError(f"{options.logdir!r} holds no event files (files with 'tfevents' in their names).")
    return store


def unreadable_directories(logdir: str) -> list[str]:
    """Gives the directories below `logdir` that may not be listed."""
    return sorted(map(os.fspath, discover([logdir]).unreadable))


def find_run(snapshot: Snapshot, name: str) -> RunView:
    """Gives the run of that name.

    Raises:
      CommandError: If there is none; it suggests others.
    """
    known = name if name in snapshot else name.rstrip("/")
    if known not in snapshot:
        raise CommandError(unknown_name("run", name, snapshot))
    return snapshot[known]


def _read(store: RunStore) -> None:
    with Progress("reading", byte_size) as progress:
        if not progress.is_shown:
            store.refresh()
            return
        store.refresh(_BUDGET)
        while store.snapshot().loading:
            progress.update(store.snapshot().bytes_read, store.snapshot().bytes_total)
            store.refresh(_BUDGET)
