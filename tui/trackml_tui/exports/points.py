"""The points of the shown runs as CSV, every one of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from trackml_tui.scene import Scene

_AT_ONCE = 65536


def write_points(scene: Scene, tags: Iterable[str], stream: TextIO) -> int:
    """Writes run, tag, step, wall time and value of each point of the shown runs; gives how many there were.

    Values are written so that reading them gives the same numbers; NaN and infinities as `nan`, `inf`, `-inf`.

    Args:
        scene: What there is.
        tags: Scalar tags.
        stream: A text file opened with `newline=""`.
    """
    writer = csv.writer(stream)
    writer.writerow(["run", "tag", "step", "wall_time", "value"])
    written = 0
    for run in scene.shown_runs:
        for tag in tags:
            series = run.scalars.get(tag)
            if series is None:
                continue
            for start in range(0, len(series), _AT_ONCE):
                part = slice(start, start + _AT_ONCE)
                columns = (series.step[part].tolist(), series.wall_time[part].tolist(), series.value[part].tolist())
                writer.writerows((run.name, tag, *row) for row in zip(*columns, strict=True))
            written += len(series)
    return written
