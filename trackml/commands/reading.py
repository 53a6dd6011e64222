"""What commands read: the log directory that was named, with a progress bar, and the run in it."""

from __future__ import annotations

import argparse
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from trackml.commands.process import CommandError, tell
from trackml.commands.progress import Progress
from trackml.commands.text import byte_size
from trackml.runs.logdir_spec import parse_logdirs
from trackml.runs.selection import unknown_name
from trackml.runs.store import RunStore
from trackml.runs.view import RunView, Snapshot

_BUDGET = 0.1
"""Seconds of reading between two pictures of the progress bar."""


def read_logdir(options: argparse.Namespace, *, cache: bool = True) -> Snapshot:
    """Gives the runs below `options.logdirs`.

    Raises:
      CommandError: If there is no such directory, or no run in it.
    """
    return open_logdir(options, cache=cache).snapshot()


def open_logdir(options: argparse.Namespace, *, cache: bool = True) -> RunStore:
    """Gives a store that has read all that is below `options.logdirs`; tells of directories that cannot be listed.

    Args:
      options: The arguments of the command.
      cache: Whether columns will do that were decoded before, if the user agrees.

    Raises:
      CommandError: If there is no such directory, no run in it, or if `options.logdirs` are not spelled right.
      OSError: If the directory itself may not be listed.
    """
    try:
        store = RunStore(*options.logdirs, cache=cache and not options.no_cache, max_points=options.max_points)
    except ValueError as error:
        raise CommandError(str(error)) from None
    for _, path in store.logdirs:
        if stat.S_ISDIR(_status(path).st_mode):
            os.scandir(path).close()
    _read(store)
    for directory, reason in store.snapshot().unreadable.items():
        tell(options, f"the directory {os.fspath(directory)!r} cannot be listed ({reason}); what is below is missing.")
    if not store.snapshot():
        named = " and ".join(map(repr, options.logdirs))
        holds = "holds" if len(options.logdirs) == 1 else "hold"
        raise CommandError(f"{named} {holds} no event files (files with 'tfevents' in their names).")
    _tell_of_samples(options, store.snapshot())
    return store


def shown_path(path: Path, logdirs: Sequence[str]) -> str:
    """Gives `path` from the log directory on, which is named if `logdirs` mean several."""
    directories = parse_logdirs(*logdirs)
    if len(directories) == 1:
        return os.path.relpath(path, directories[0].path)
    for name, directory in directories:
        if path.is_relative_to(directory):
            return os.path.join(name or directory, os.path.relpath(path, directory))
    return os.fspath(path)


def find_run(snapshot: Snapshot, name: str) -> RunView:
    """Gives the run of that name.

    Raises:
      CommandError: If there is none; it suggests others.
    """
    known = name if name in snapshot else name.rstrip("/")
    if known not in snapshot:
        raise CommandError(unknown_name("run", name, snapshot))
    return snapshot[known]


def _tell_of_samples(options: argparse.Namespace, snapshot: Snapshot) -> None:
    if options.max_points is None:
        return
    series = [series for view in snapshot.values() for series in view.scalars.values()]
    sampled = [one.sampled for one in series if one.sampled is not None]
    if sampled:
        kept, written = (sum(counts) for counts in zip(*sampled))
        tell(options, f"{len(sampled)} of {len(series)} series are samples: {kept} of {written} points are held.")


def _status(path: str) -> os.stat_result:
    try:
        return os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        raise CommandError(f"there is no directory {path!r}.") from None


def _read(store: RunStore) -> None:
    with Progress("reading", byte_size) as progress:
        if not progress.is_shown:
            store.refresh()
            return
        store.refresh(_BUDGET)
        while store.snapshot().loading:
            progress.update(store.snapshot().bytes_read, store.snapshot().bytes_total)
            store.refresh(_BUDGET)
