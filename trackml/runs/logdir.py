"""What is in a log directory: every directory below it that holds event files is a run, named by its path.

Source: tensorboard/backend/event_processing/io_wrapper.py, plugin_event_multiplexer.py (`AddRunsFromDirectory`).
"""

from __future__ import annotations

import dataclasses
import itertools
import os
import stat
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

from trackml.events.filenames import has_summaries, is_event_file
from trackml.runs.logdir_spec import LogdirSpec, NamedDirectory, parse_logdirs
from trackml.storage.files import FileIdentity

_DirectoryKey: TypeAlias = "tuple[int, int]"

_SETTLED_NS = 2_000_000_000
"""A directory that changed so recently may change again without another time: some file systems count in seconds."""

_MOST_LINKED_PATHS = 16
"""So many paths with links lead into one directory before more are ignored. Directories that link to each other would
otherwise give a factorial number of paths."""


@dataclasses.dataclass(frozen=True)
class FoundRun:
    """A directory with event files."""

    name: str
    """Its path below the log directory, "." for the log directory itself."""
    path: Path
    files: dict[str, FileIdentity]
    """Its event files by name, in the order of names, which is the order of time."""


@dataclasses.dataclass
class Discovery:
    """What a walk found."""

    runs: list[FoundRun] = dataclasses.field(default_factory=list)
    unreadable: dict[Path, str] = dataclasses.field(default_factory=dict)
    """Directories that are there but cannot be listed now, and why; nothing is known about what is below."""
    devices: set[int] = dataclasses.field(default_factory=set)
    """The devices that the directories are on."""
    is_tangled: bool = False
    """Whether so many paths with links lead to one directory that some were left out."""


class _Place(NamedTuple):
    """A directory that the walk has yet to look into."""

    path: str
    above: frozenset[_DirectoryKey]
    """The directories that lead to it: a link back to one of them is a loop."""
    is_linked: bool
    """Whether a link leads to it."""


class Discoverer:
    """Looks for runs below some log directories, again and again.

    Links to directories are followed, loops are not. A log directory that is not there yet holds no runs, and an event
    file in place of a directory is a run of its own. The name of a run begins with that of its log directory if that
    has one. Several directories without a name get the shortest end of their paths that tells them apart.

    What a directory holds is remembered: as long as its time of change stays, only the event files are looked at.
    """

    def __init__(self, logdirs: Sequence[NamedDirectory]) -> None:
        self._roots = list(zip(map(Path, (path for _, path in logdirs)), _make_namers(logdirs)))
        self._listings: dict[str, _Listing] = {}
        self._names: dict[tuple[str, str], tuple[str, Path]] = {}
        """Name and path of the run in a directory, by log directory and directory."""

    def discover(self) -> Discovery:
        """Gives the runs that are there now."""
        discovery = Discovery()
        for root, name in self._roots:
            if is_event_file(root.name) and root.name in (file := _file_at(root)):
                discovery.runs.append(FoundRun(name("."), root.parent, file))
                continue
            for directory, files in self._walk(root, discovery):
                discovery.runs.append(FoundRun(*self._name(root, name, directory), files))
        discovery.runs = _with_distinct_names(discovery.runs)
        return discovery

    def _name(self, root: Path, name: _Namer, directory: str) -> tuple[str, Path]:
        key = str(root), directory
        if key not in self._names:
            self._names[key] = name(os.path.relpath(directory, root)), Path(directory)
        return self._names[key]

    def _walk(self, root: Path, discovery: Discovery) -> Iterator[tuple[str, dict[str, FileIdentity]]]:
        """Gives every directory with event files; `discovery` is told the rest.

        A queue: directories may nest deeper than Python's calls.
        """
        linked_paths: Counter[_DirectoryKey] = Counter()
        pending: deque[_Place] = deque([_Place(os.fspath(root), frozenset(), False)])
        while pending:
            place = pending.popleft()
            try:
                status = os.stat(place.path)
                key = (status.st_dev, status.st_ino)
                linked_paths[key] += place.is_linked
                if key in place.above:
                    continue
                if place.is_linked and linked_paths[key] > _MOST_LINKED_PATHS:
                    discovery.is_tangled = True
                    continue
                discovery.devices.add(status.st_dev)
                files, directories = self._list(place.path, FileIdentity.of(status))
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                discovery.unreadable[Path(place.path)] = error.strerror or str(error)
                continue
            if files is not None:
                yield place.path, files
            if directories:
                above = place.above | {key}
                pending.extend(
                    _Place(os.path.join(place.path, name), above, place.is_linked or is_link)
                    for name, is_link in directories
                )

    def _list(
        self, directory: str, identity: FileIdentity
    ) -> tuple[dict[str, FileIdentity] | None, list[tuple[str, bool]]]:
        """Gives the event files to read, None if there is none at all, and the directories: name, whether a link."""
        known = self._listings.get(directory)
        if known is not None and known.identity == identity:
            try:
                return known.look(), known.directories
            except OSError:
                pass  # A file went within a tick of the clock that stamps directories.
        now = time.time_ns()
        files, directories, has_links = _scan(directory)
        self._listings.pop(directory, None)
        if not has_links and identity.mtime_ns < now - _SETTLED_NS:
            paths = None if files is None else [(name, os.path.join(directory, name)) for name in files]
            self._listings[directory] = _Listing(identity, paths, directories)
        return files, directories


class _Listing(NamedTuple):
    """What a directory holds."""

    identity: FileIdentity
    """Of the directory. Its time of change says whether names came or went."""
    files: list[tuple[str, str]] | None
    """Names and paths of the event files to read; None if there is no event file at all."""
    directories: list[tuple[str, bool]]

    def look(self) -> dict[str, FileIdentity] | None:
        """Gives the event files as they are now.

        Raises:
          OSError: If one is gone.
        """
        return None if self.files is None else {name: FileIdentity.of(os.stat(path)) for name, path in self.files}


def discover(*logdirs: LogdirSpec) -> Discovery:
    """Gives the runs below `logdirs`, as a `Discoverer` finds them that looks once."""
    return Discoverer(parse_logdirs(*logdirs)).discover()


def _scan(directory: str) -> tuple[dict[str, FileIdentity] | None, list[tuple[str, bool]], bool]:
    """Gives the event files to read, None if there is none at all, the directories, and whether anything is a link.

    Raises:
      OSError: If the directory cannot be listed, or may be listed only, so that nothing in it can be seen.
    """
    files: dict[str, FileIdentity] = {}
    directories = []
    is_run = has_links = False
    with os.scandir(directory) as entries:
        for entry in entries:
            has_links |= entry.is_symlink()
            if _is_directory(entry):
                directories.append((entry.name, entry.is_symlink()))
            elif is_event_file(entry.name):
                identity = _identity(entry)
                is_run |= identity is not None
                if identity is not None and has_summaries(entry.name):
                    files[entry.name] = identity
    return (dict(sorted(files.items())) if is_run else None), sorted(directories), has_links


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except PermissionError:
        if entry.is_symlink():
            return False
        raise
    except OSError:
        return False  # a link that leads to itself


def _identity(entry: os.DirEntry[str]) -> FileIdentity | None:
    """Gives the identity of a regular file; opening anything else, such as a pipe, might never return.

    Raises:
      PermissionError: If the directory may not be searched.
    """
    try:
        status = entry.stat()
    except PermissionError:
        if entry.is_symlink():  # Who opens it is told why it cannot be read.
            return FileIdentity.of(entry.stat(follow_symlinks=False))
        raise
    except OSError:
        return None
    return FileIdentity.of(status) if stat.S_ISREG(status.st_mode) else None


def _file_at(path: Path) -> dict[str, FileIdentity]:
    """Gives the regular file at `path` by its name; nothing if there is none."""
    try:
        status = path.stat()
    except OSError:
        return {}
    return {path.name: FileIdentity.of(status)} if stat.S_ISREG(status.st_mode) else {}


_Namer: TypeAlias = Callable[[str], str]
"""Gives the name of the run at a path below a log directory."""


def _make_namers(logdirs: Sequence[NamedDirectory]) -> list[_Namer]:
    names = [name for name, _ in logdirs if name is not None]
    prefixes = iter(_prefixes([path for name, path in logdirs if name is None], names))
    return [_behind_prefix(next(prefixes)) if name is None else _behind_name(name) for name, _ in logdirs]


def _behind_name(name: str) -> _Namer:
    # TensorBoard calls the run in the directory itself "name/.".
    return lambda relative: _readable(os.path.join(name, relative))


def _behind_prefix(prefix: str) -> _Namer:
    if not prefix:
        return _readable
    return lambda relative: _readable(prefix if relative == "." else os.path.join(prefix, relative))


def _readable(name: str) -> str:
    return os.fsencode(name).decode(errors="replace")


def _prefixes(paths: Sequence[str], taken: Sequence[str]) -> list[str]:
    """Gives each directory the shortest end of its path that no other has and that is not `taken`; none to only one."""
    if len(paths) == 1:
        return [""]
    parts = [Path(os.path.abspath(path)).parts for path in paths]
    others = [*parts, *(Path(name).parts for name in taken)]
    return [_shortest_distinct(own, [other for other in others if other is not own]) for own in parts]


def _shortest_distinct(own: tuple[str, ...], others: list[tuple[str, ...]]) -> str:
    for length in range(1, len(own)):
        if all(other[-length:] != own[-length:] for other in others):
            return os.path.join(*own[-length:])
    return os.path.join(*own)


def _with_distinct_names(runs: list[FoundRun]) -> list[FoundRun]:
    """Numbers runs whose names differ only in bytes that are no text."""
    distinct: dict[str, FoundRun] = {run.name: run for run in runs}
    if len(distinct) == len(runs):
        return runs
    distinct = {}
    for run in runs:
        candidates = itertools.chain([run.name], (f"{run.name} ({number})" for number in itertools.count(2)))
        name = next(candidate for candidate in candidates if candidate not in distinct)
        distinct[name] = dataclasses.replace(run, name=name)
    return list(distinct.values())
