"""What a directory says about its checkpoints: the text file `checkpoint`, and the files themselves.

The file `checkpoint` is a `CheckpointState` in protobuf's text form. It names the newest checkpoint and all that are
kept, oldest first. As in TensorFlow, it alone says which checkpoint is the latest: one that it does not name is not
found, and when the one that it names has been deleted, there is no latest checkpoint, though older ones may be there.
"""

from __future__ import annotations

import contextlib
import glob
import logging
import os
import re
import shutil
from collections.abc import Iterable, Sequence

from google.protobuf import text_format

from trackml.bundle.index import index_path
from trackml.protos.checkpoint_state_pb2 import CheckpointState
from trackml.storage.files import replace_file

Path = str | os.PathLike[str]

_LOG = logging.getLogger("tensorflow")
_STATE_FILE = "checkpoint"
_LEFTOVER_FILES = re.compile(
    r"\.(index|data-\d{5}-of-\d{5})\.tempstate\d+$"  # a bundle's, TensorFlow's or ours
    r"|^checkpoint\.tmp[0-9a-f]{32}$"  # TensorFlow's state file
    r"|^\..+\.[0-9a-f]{8}\.tmp$"  # a file that `replace_file` writes
)
_LEFTOVER_DIRECTORIES = re.compile(r"_temp(_[0-9a-f]{32})?$")  # TensorFlow's, of a save into several files


def get_checkpoint_state(checkpoint_dir: Path, latest_filename: str | None = None) -> CheckpointState | None:
    """Gives the state that the directory's file `checkpoint` holds, with paths that begin with `checkpoint_dir`.

    Args:
        checkpoint_dir: The directory.
        latest_filename: The file's name; default `checkpoint`.

    Returns:
        The state; None where the file is missing, or cannot be read or parsed, which is logged as a warning.

    Raises:
        ValueError: The file names no newest checkpoint.
    """
    directory = os.fspath(checkpoint_dir)
    path = _state_path(directory, latest_filename)
    try:
        with open(path, "rb") as state_file:
            state = text_format.Parse(state_file.read(), CheckpointState())
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, text_format.ParseError) as error:
        _LOG.warning("%s: %s", type(error).__name__, error)
        _LOG.warning("%s: Checkpoint ignored", path)
        return None
    if not state.model_checkpoint_path:
        raise ValueError(f"Invalid checkpoint state loaded from {directory}: {path} names no model_checkpoint_path.")
    state.model_checkpoint_path = os.path.join(directory, state.model_checkpoint_path)
    state.all_model_checkpoint_paths[:] = [os.path.join(directory, p) for p in state.all_model_checkpoint_paths]
    return state


def latest_checkpoint(checkpoint_dir: Path, latest_filename: str | None = None) -> str | None:
    """Gives the path of the newest checkpoint that the directory's state names, or None if there is none.

    A state that names a checkpoint whose files are gone is logged as an error, and the answer is None.
    """
    state = get_checkpoint_state(checkpoint_dir, latest_filename)
    if state is None:
        return None
    if not checkpoint_exists(state.model_checkpoint_path):
        _LOG.error("Couldn't match files for checkpoint %s", state.model_checkpoint_path)
        return None
    return state.model_checkpoint_path


def generate_checkpoint_state_proto(
    save_dir: Path,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: Sequence[str] | None = None,
    all_model_checkpoint_timestamps: Sequence[float] | None = None,
    last_preserved_timestamp: float | None = None,
) -> CheckpointState:
    """Gives the state of `save_dir`; where that is a relative path, relative paths become relative to it.

    Args:
        save_dir: The directory.
        model_checkpoint_path: The newest checkpoint.
        all_model_checkpoint_paths: All that are kept, oldest first; the newest is added where it is not the last.
        all_model_checkpoint_timestamps: When each was written, in seconds since the epoch.
        last_preserved_timestamp: When the last one was written that is kept for good.

    Raises:
        ValueError: There are not as many timestamps as paths.
    """
    paths = list(all_model_checkpoint_paths or ())
    if not paths or paths[-1] != model_checkpoint_path:
        _LOG.info("%s is not in all_model_checkpoint_paths. Manually adding it.", model_checkpoint_path)
        paths.append(model_checkpoint_path)
    timestamps = all_model_checkpoint_timestamps
    if timestamps and len(timestamps) != len(paths):
        raise ValueError(
            "Checkpoint timestamps, if provided, must match checkpoint paths "
            f"(got paths {paths} and timestamps {timestamps})"
        )
    if not os.path.isabs(save_dir):
        model_checkpoint_path = _relative(model_checkpoint_path, save_dir)
        paths = [_relative(path, save_dir) for path in paths]
    return CheckpointState(
        model_checkpoint_path=model_checkpoint_path,
        all_model_checkpoint_paths=paths,
        all_model_checkpoint_timestamps=timestamps,
        last_preserved_timestamp=last_preserved_timestamp,
    )


def update_checkpoint_state(
    save_dir: Path,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: Sequence[str] | None = None,
    latest_filename: str | None = None,
    all_model_checkpoint_timestamps: Sequence[float] | None = None,
    last_preserved_timestamp: float | None = None,
    *,
    save_relative_paths: bool = False,
) -> None:
    """Writes the directory's file `checkpoint`, in one step, byte for byte as TensorFlow does.

    Args:
        save_dir: The directory.
        model_checkpoint_path: The newest checkpoint.
        all_model_checkpoint_paths: All that are kept, oldest first.
        latest_filename: The file's name; default `checkpoint`.
        all_model_checkpoint_timestamps: When each was written, in seconds since the epoch.
        last_preserved_timestamp: When the last one was written that is kept for good.
        save_relative_paths: Whether absolute paths are written relative to `save_dir`, as Estimators do, so that the
            directory can be moved.

    Raises:
        RuntimeError: The state file would overwrite the checkpoint.
    """
    state = generate_checkpoint_state_proto(
        save_dir,
        model_checkpoint_path,
        all_model_checkpoint_paths,
        all_model_checkpoint_timestamps,
        last_preserved_timestamp,
    )
    if save_relative_paths:
        state.model_checkpoint_path = _without(save_dir, state.model_checkpoint_path)
        state.all_model_checkpoint_paths[:] = [_without(save_dir, p) for p in state.all_model_checkpoint_paths]
    path = _state_path(os.fspath(save_dir), latest_filename)
    if path == os.path.join(save_dir, state.model_checkpoint_path):
        raise RuntimeError(
            f"Save path '{model_checkpoint_path}' conflicts with path used for checkpoint state. "
            "Please use a different save path."
        )
    replace_file(path, text_format.MessageToString(state, as_utf8=False).encode())


def checkpoint_exists(checkpoint_prefix: Path) -> bool:
    """Tells whether there is a checkpoint at the prefix: its index, or a file of the V1 format."""
    return os.path.isfile(index_path(checkpoint_prefix)) or os.path.isfile(checkpoint_prefix)


def get_checkpoint_mtimes(checkpoint_prefixes: Iterable[Path]) -> list[float]:
    """Gives when each checkpoint was written, in seconds since the epoch; those that do not exist are left out."""
    mtimes = []
    for prefix in checkpoint_prefixes:
        with contextlib.suppress(FileNotFoundError):
            mtimes.append(os.stat(index_path(prefix)).st_mtime_ns / 1e9)
    return mtimes


def remove_checkpoint(checkpoint_prefix: Path, *, meta_graph_suffix: str = "meta") -> None:
    """Removes the files of a checkpoint, the index first: without it the others are no checkpoint.

    Args:
        checkpoint_prefix: The path that the files' names begin with.
        meta_graph_suffix: The suffix of the file that holds its graph.
    """
    prefix = glob.escape(os.fspath(checkpoint_prefix))
    for pattern in (".index", ".data-?????-of-?????", f".{glob.escape(meta_graph_suffix)}"):
        for path in glob.glob(prefix + pattern):
            with contextlib.suppress(FileNotFoundError):
                os.remove(path)


def remove_leftovers(directory: Path) -> list[str]:
    """Removes what writers that were killed left half-written in the directory: checkpoints, state and other files.

    Call it only while nobody writes there, such as when training begins. Files of TensorFlow's writers go too.

    Returns:
        The paths of what was removed.
    """
    removed = []
    with os.scandir(directory) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False) and _LEFTOVER_FILES.search(entry.name):
                os.remove(entry)
                removed.append(entry.path)
            elif entry.is_dir(follow_symlinks=False) and _is_leftover_directory(entry):
                shutil.rmtree(entry)
                removed.append(entry.path)
    return sorted(removed)


def _is_leftover_directory(entry: os.DirEntry[str]) -> bool:
    found = _LEFTOVER_DIRECTORIES.search(entry.name)
    return bool(found) and all(name.startswith("part-") for name in os.listdir(entry))


def _state_path(directory: str, latest_filename: str | None) -> str:
    return os.path.join(directory, _STATE_FILE if latest_filename is None else latest_filename)


def _without(directory: Path, path: str) -> str:
    return os.path.relpath(path, directory) if os.path.isabs(path) else path


def _relative(path: str, directory: Path) -> str:
    return path if os.path.isabs(path) else os.path.relpath(path, directory)
