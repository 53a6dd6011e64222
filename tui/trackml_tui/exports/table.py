"""The leaderboard as Markdown and JSON."""

from __future__ import annotations

import math
from typing import Any

from trackml_tui.catalog.extremes import extremes_of
from trackml_tui.formatting import printable
from trackml_tui.leaderboard.entries import Entry
from trackml_tui.leaderboard.table import Table, make_table
from trackml_tui.scene import Scene


def markdown(scene: Scene) -> str:
    """The shown runs with the columns of the leaderboard, as a Markdown table."""
    table = make_table(scene)
    heads = ["run", *(column.heading for column in table.columns)]
    rows = [list(_cells(scene, table, row.entry)) for row in table.rows]
    widths = [
        max(3, len(head), *(len(row[place]) for row in rows)) if rows else max(3, len(head))
        for place, head in enumerate(heads)
    ]
    sides = [True, *(column.left for column in table.columns)]
    rule = ["-" * width if left else "-" * (width - 1) + ":" for width, left in zip(widths, sides, strict=True)]
    lines = [_line(heads, widths, sides), _line(rule, widths, sides), *(_line(row, widths, sides) for row in rows)]
    return "\n".join(lines) + "\n"


def plain(scene: Scene, now: float) -> dict[str, Any]:
    """All that the leaderboard knows of the shown runs, as values for JSON.

    Args:
        scene: What there is.
        now: Seconds since the epoch.
    """
    table = make_table(scene)
    return {
        "logdirs": [str(path) for path in scene.logdirs],
        "time": now,
        "runs": [_run(scene, row.entry, row.rank) for row in table.rows],
    }


def _cells(scene: Scene, table: Table, entry: Entry) -> list[str]:
    texts = [printable(scene.label(entry.name)), *(column.text(entry) for column in table.columns)]
    return [text.strip().replace("|", "\\|") for text in texts]


def _line(cells: list[str], widths: list[int], left: list[bool]) -> str:
    padded = [
        cell.ljust(width) if is_left else cell.rjust(width)
        for cell, width, is_left in zip(cells, widths, left, strict=True)
    ]
    return f"| {' | '.join(padded)} |"


def _run(scene: Scene, entry: Entry, rank: int | None) -> dict[str, Any]:
    series = {tag: found for tag in sorted(entry.run.scalars) if (found := entry.series(tag)) is not None}
    return {
        "name": entry.name,
        "rank": rank,
        "status": entry.status.value,
        "step": entry.step,
        "steps_per_second": _finite(entry.rate),
        "seconds_left": _finite(entry.left),
        "last_event": _finite(entry.run.last_wall_time),
        "damaged_files": entry.damaged,
        "note": entry.note,
        "hparams": dict(entry.params),
        "scalars": {tag: _ends(found) for tag, found in series.items()},
    }


def _ends(series: Any) -> dict[str, Any]:
    ends = extremes_of(series)
    if ends is None:
        return {}
    points = {"last": ends.last, "min": ends.low, "max": ends.high}
    return {"points": len(series)} | {
        name: {"value": _finite(point.value), "step": point.step} for name, point in points.items() if point is not None
    }


def _finite(value: float | None) -> float | str | None:
    """JSON has no NaN and no infinity: they are texts, as in TensorBoard's."""
    if value is None or math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
