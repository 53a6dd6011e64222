"""Directories of exports: each is named by a time, and is there in whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from trackml.saved_model.constants import ASSETS_EXTRA_DIRECTORY


@contextlib.contextmanager
def new_export(base: str | os.PathLike[str]) -> Iterator[tuple[Path, Path]]:
    """Gives a directory to write an export into, and the one that it becomes when the block ends well.

    Servers take the directory with the greatest number, so the name is the time in seconds, or the next second that is
    free.
    """
    directory = Path(os.fsdecode(os.fspath(base)))
    directory.mkdir(parents=True, exist_ok=True)
    final = directory / str(_free_second(directory))
    temporary = directory / f"temp-{final.name}"
    temporary.mkdir()
    try:
        yield temporary, final
        os.rename(temporary, final)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _free_second(directory: Path) -> int:
    """The time in seconds, or what is greater than all exports that are there, being written or whole."""
    names = (path.name.removeprefix("temp-") for path in directory.iterdir())
    return max([int(time.time()), *(int(name) + 1 for name in names if name.isdigit())])


def copy_extra_assets(directory: Path, assets: Mapping[str, str] | None) -> None:
    """Copies files beside a model: {path below `assets.extra`: path of the file}.

    Raises:
        ValueError: A path leads out of the directory.
        OSError: A file is not there.
    """
    root = (directory / ASSETS_EXTRA_DIRECTORY).resolve()
    for relative, source in (assets or {}).items():
        target = (root / relative).resolve()
        if root not in target.parents:
            raise ValueError(f"The path of an extra asset must be below {ASSETS_EXTRA_DIRECTORY}; got {relative!r}.")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
