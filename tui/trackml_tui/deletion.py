"""Deleting a run's directory: what would go, and whether it may."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Deletion:
    """What would be deleted."""

    path: Path
    files: int
    """Files and links, in all directories below."""
    size: int
    """Bytes of the files; links count for nothing, since what they lead to stays."""
    refusal: str = ""
    """Why it cannot be deleted; empty if it can."""


def plan_deletion(path: Path, logdirs: Sequence[Path]) -> Deletion:
    """What deleting a directory would take away; it follows no links, and deletes nothing.

    Args:
        path: The directory of a run.
        logdirs: The log directories; only what is truly inside one of them may be deleted.
    """
    refusal = _refusal(path, logdirs)
    if refusal:
        return Deletion(path, 0, 0, refusal)
    files = size = 0
    for directory, names, leaves in os.walk(path):
        links = [name for name in names if os.path.islink(os.path.join(directory, name))]
        files += len(leaves) + len(links)
        size += sum(_size(os.path.join(directory, leaf)) for leaf in leaves)
    return Deletion(path, files, size)


def delete(path: Path, logdirs: Sequence[Path]) -> list[str]:
    """Deletes a directory with all that is in it; what links lead to stays. Gives what went wrong.

    Args:
        path: The directory of a run.
        logdirs: The log directories; only what is truly inside one of them is deleted.
    """
    refusal = _refusal(path, logdirs)
    if refusal:
        return [refusal]
    errors: list[str] = []

    def note(function: object, place: str, error: object) -> None:
        reason = error[1] if isinstance(error, tuple) else error
        errors.append(f"{place}: {getattr(reason, 'strerror', None) or reason}")

    shutil.rmtree(path, onerror=note)
    return errors


def _refusal(path: Path, logdirs: Sequence[Path]) -> str:
    if os.path.islink(path):
        return "It is a link, and where it leads to is not touched."
    if not os.path.isdir(path):
        return "It is not there."
    place = os.path.realpath(path)
    roots = [os.path.realpath(logdir) for logdir in logdirs]
    if any(root == place or root.startswith(os.path.join(place, "")) for root in roots):
        return "It is the log directory itself."
    if not any(place.startswith(os.path.join(root, "")) for root in roots):
        return "A link on the way leads out of the log directory."
    return ""


def _size(path: str) -> int:
    try:
        return 0 if os.path.islink(path) else os.lstat(path).st_size
    except OSError:
        return 0
