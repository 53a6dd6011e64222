"""Which log directories are meant: paths, `name:path` pairs and lists of them, as in TensorBoard's `--logdir_spec`.

Source: tensorboard/backend/event_processing/data_ingester.py (`_parse_event_files_spec`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

LogdirSpec: TypeAlias = "str | os.PathLike[str] | Mapping[str, str | os.PathLike[str]]"

_URI = re.compile("[a-zA-Z][0-9a-zA-Z.]*://.*", re.DOTALL)


class NamedDirectory(NamedTuple):
    """A log directory and what it is called."""

    name: str | None
    """What the names of its runs begin with; None if it has no name."""
    path: str


def parse_logdirs(*logdirs: LogdirSpec) -> list[NamedDirectory]:
    """Gives the directories that `logdirs` mean, in their order.

    Args:
      *logdirs: Each is one of

        - text: a path, `name:path`, or several of them with commas between. The rules are TensorBoard's: what begins
          with `/` has no name, a name ends at the first colon, `C:` on Windows is a drive, `~` is the home directory.
          A path that exists as it stands is that path, whatever colons and commas are in it.
        - a path object, which is taken as it stands;
        - a mapping of names to paths.

    Returns:
      A directory that was given twice is there once, with the last name, as in TensorBoard.

    Raises:
      TypeError: If one is none of these.
      ValueError: If a path is empty or is a URI, if two directories have one name, or if there is no directory at all.

    Example:
      >>> parse_logdirs("baseline:/logs/a,/logs/b")
      [NamedDirectory(name='baseline', path='/logs/a'), NamedDirectory(name=None, path='/logs/b')]
    """
    found: dict[str, NamedDirectory] = {}
    for logdir in logdirs:
        for one in _directories(logdir):
            _check_path(one)
            found[os.path.realpath(one.path)] = one
    if not found:
        raise ValueError("expected at least one log directory; got none.")
    _check_names(list(found.values()))
    return list(found.values())


def _directories(logdir: LogdirSpec) -> Iterator[NamedDirectory]:
    if isinstance(logdir, str):
        yield from _of_text(logdir)
    elif isinstance(logdir, Mapping):
        for name, path in logdir.items():
            yield NamedDirectory(_checked_name(name), _expanded(path) if isinstance(path, str) else _plain(path))
    else:
        yield NamedDirectory(None, _plain(logdir))


def _of_text(text: str) -> Iterator[NamedDirectory]:
    for item in [text] if os.path.exists(text) else text.split(","):
        name, path = (None, item) if os.path.exists(item) else _split(item)
        yield NamedDirectory(name or None, path if _URI.match(path) else _expanded(path))


def _split(item: str) -> tuple[str | None, str]:
    """Takes name and path apart; the name is None if there is none."""
    has_name = ":" in item and not item.startswith("/") and not _URI.match(item) and not os.path.splitdrive(item)[0]
    if not has_name:
        return None, item
    name, _, path = item.partition(":")  # At the first colon: a path may hold more.
    return name, path


def _expanded(path: str) -> str:
    return path if os.path.exists(path) else os.path.expanduser(path)


def _plain(path: str | os.PathLike[str]) -> str:
    plain = os.fspath(path) if isinstance(path, str | os.PathLike) else None
    if not isinstance(plain, str):
        raise TypeError(f"expected a path, text such as 'name:path', or a mapping of names to paths; got {path!r}.")
    return plain


def _checked_name(name: str) -> str:
    if not isinstance(name, str) or not name:
        raise ValueError(f"expected a name for each log directory; got {name!r}.")
    return name


def _check_path(one: NamedDirectory) -> None:
    if not one.path:
        raise ValueError("expected the path of a log directory; got an empty one. Write '.' for the current directory.")
    if _URI.match(one.path):
        raise ValueError(f"expected a directory of this machine; got {one.path!r}. Mount it, or copy it here.")


def _check_names(directories: list[NamedDirectory]) -> None:
    by_name: dict[str, str] = {}
    for name, path in directories:
        if name is not None and name in by_name:
            raise ValueError(f"{by_name[name]!r} and {path!r} are both named {name!r}; give each its own name.")
        if name is not None:
            by_name[name] = path
