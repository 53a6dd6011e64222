"""What commands read: the log directory that was named, with a progress bar, and the run in it."""

from __future__ import annotations

import os
from pathlib import Path

from trackml.commands.process import CommandError
from trackml.commands.progress import Progress
from trackml.commands.text import byte_size
from trackml.runs.selection import unknown_name
from trackml.runs.store import RunStore
from trackml.runs.view import RunView, Snapshot

_BUDGET = 0.1
"""Seconds of reading between two pictures of the progress bar."""


def read_logdir(logdir: str) -> Snapshot:
    """Gives the runs below `logdir`.

    Raises:
      CommandError: If there is no such directory, or no run in it.
    """
    return open_logdir(logdir).snapshot()


def open_logdir(logdir: str) -> RunStore:
    """Gives a store that has read all that is below `logdir`.

    Raises:
      CommandError: If there is no such directory, or no run in it.
    """
    path = Path(logdir)
    if not path.exists():
        raise CommandError(f"there is no directory {logdir!r}.")
    if path.is_dir() and not os.access(path, os.R_OK | os.X_OK):
        raise CommandError(f"the directory {logdir!r} may not be read; its permissions forbid it.")
    store = RunStore(logdir)
    _read(store)
    if not store.snapshot():
        raise CommandError(f"{logdir!r} holds no event files (files with 'tfevents' in their names).")
    return store


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
