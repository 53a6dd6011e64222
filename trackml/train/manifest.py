"""What a training writes into the manifest of its run: status, surroundings, checkpoints."""

from __future__ import annotations

import contextlib
import glob
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trackml import logging
from trackml.checkpoint.state import get_checkpoint_state
from trackml.events.manifest import ManifestWriter
from trackml.train.saver_hooks import CheckpointSaverListener

_writers: dict[str, ManifestWriter] = {}
"""By directory: a process that trains again in a directory goes on in its manifest."""


def manifest_of(directory: str | os.PathLike[str]) -> ManifestWriter:
    """Gives this process's manifest of a run, a new one if it has none or its file is gone."""
    path = os.path.abspath(directory)
    writer = _writers.get(path)
    if writer is None or writer.closed:
        if writer is not None:
            writer.close()
        writer = _writers[path] = ManifestWriter(path)
        if writer.error is not None:
            logging.warning("No manifest is kept in %s: %s", directory, writer.error)
        writer.record(**_surroundings())
    return writer


@contextlib.contextmanager
def training(directory: str | os.PathLike[str], **facts: Any) -> Iterator[ManifestWriter]:
    """Says in the manifest that a training runs while the block does, and how it ended.

    Args:
        directory: The run.
        **facts: What the first record says besides: params, settings, the step to stop at.
    """
    manifest = manifest_of(directory)
    manifest.record(status="running", error=None, **facts)
    try:
        with manifest.beating():
            yield manifest
    except (KeyboardInterrupt, SystemExit):
        manifest.record(status="interrupted")
        raise
    except BaseException as error:
        manifest.record(status="failed", error=f"{type(error).__name__}: {error}")
        raise
    else:
        manifest.record(status="finished")


class CheckpointNotes(CheckpointSaverListener):
    """Notes each checkpoint: its step, files and size, and which of those before it are kept.

    Args:
        manifest: Where to.
        directory: Where the checkpoints are.
    """

    def __init__(self, manifest: ManifestWriter, directory: str) -> None:
        self._manifest = manifest
        self._directory = directory

    def after_save(self, session: Any, global_step_value: int) -> bool | None:
        """Notes the newest checkpoint."""
        state = get_checkpoint_state(self._directory)
        if state is not None:
            newest = state.model_checkpoint_path
            written = {"step": global_step_value, "name": os.path.basename(newest), "bytes": _bytes_of(newest)}
            kept = [os.path.basename(path) for path in state.all_model_checkpoint_paths]
            self._manifest.record(checkpoint=written, kept=kept)
        return None


def _bytes_of(prefix: str) -> int:
    return sum(os.path.getsize(path) for path in glob.glob(f"{glob.escape(prefix)}.*"))


def _surroundings() -> dict[str, Any]:
    """Where and by what the run was started."""
    directory = _working_directory()
    return {
        "command": sys.argv,
        "directory": directory,
        "host": os.uname().nodename,
        "process": os.getpid(),
        "python": platform.python_version(),
        "git_commit": None if directory is None else _git_commit(Path(directory)),
    }


def _working_directory() -> str | None:
    try:
        return os.getcwd()
    except OSError:
        return None  # It was deleted.


def _git_commit(directory: Path) -> str | None:
    """Gives the commit that is checked out where the program runs; read from Git's files, as Git may not be there."""
    for above in (directory, *directory.parents):
        git = above / ".git"
        if git.is_dir():
            with contextlib.suppress(OSError, UnicodeDecodeError):
                return _resolved(git, (git / "HEAD").read_text().strip())
            return None
    return None


def _resolved(git: Path, head: str) -> str | None:
    if not head.startswith("ref: "):
        return head
    name = head.removeprefix("ref: ")
    if (git / name).is_file():
        return (git / name).read_text().strip()
    packed = (git / "packed-refs").read_text().splitlines()
    return next((line.split()[0] for line in packed if line.endswith(f" {name}")), None)
