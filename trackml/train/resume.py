"""Which checkpoint a directory is resumed from."""

from __future__ import annotations

import os

from trackml import logging
from trackml.checkpoint.state import checkpoint_exists, get_checkpoint_state


def newest_checkpoint(directory: str | os.PathLike[str]) -> str | None:
    """The newest checkpoint of a directory whose files are there, or None.

    Deliberately unlike TensorFlow where the files of the newest that the file `checkpoint` names are gone:
    TensorFlow then evaluates and predicts with initial values, in silence. Here the newest that is left of those
    named is taken, with a warning.
    """
    state = get_checkpoint_state(directory)
    if state is None:
        return None
    named = [*state.all_model_checkpoint_paths, state.model_checkpoint_path]
    found = next((path for path in reversed(named) if checkpoint_exists(path)), None)
    if found != state.model_checkpoint_path:
        logging.warning(
            "The files of the newest checkpoint, %s, are gone; %s.",
            state.model_checkpoint_path,
            f"taking the one before, {found}" if found else "none of those before it is left",
        )
    return found
