"""`trackml-tui --once`: what the dashboard shows, printed or written to a file, for scripts."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from trackml.runs import RunStore
from trackml_tui.exports.formats import PRINTED
from trackml_tui.palette import palette_of
from trackml_tui.still import still_scene
from trackml_tui.view import View


def print_once(store: RunStore, logdirs: Sequence[Path], view: View, form: str, output: Path | None) -> int:
    """Prints, or writes to a file that is not there yet; gives the exit status: 1 if there is no run.

    Args:
        store: The runs.
        logdirs: The directories that the store reads.
        view: What is to be shown.
        form: A key of `PRINTED`.
        output: The file; None for standard output.

    Raises:
        OSError: If the file is there, or cannot be written.
    """
    scene = still_scene(store, logdirs, view, time.time())
    if not scene.board.total:
        sys.stderr.write(f"no runs in {', '.join(map(str, logdirs))}\n")
        return 1
    palette = palette_of(view.charts.palette, dark=False)
    if output is not None:
        with open(output, "x", encoding="utf-8", newline="") as stream:
            PRINTED[form].write(scene, palette, stream)
        return 0
    try:
        PRINTED[form].write(scene, palette, sys.stdout)
        sys.stdout.flush()
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
