"""`trackml ls`: the runs of a log directory."""

from __future__ import annotations

import argparse
import os
from collections import Counter
from typing import Any

from trackml.commands.document import print_document
from trackml.commands.health import status_cell, worst_status
from trackml.commands.process import DONE
from trackml.commands.reading import read_logdir
from trackml.commands.text import Cell, Column, count, moment, printable, table, wants_colours
from trackml.runs.export import json_number
from trackml.runs.view import RunView

_COLUMNS = (
    Column("RUN"),
    Column("SCALARS", is_number=True),
    Column("OTHER", is_number=True),
    Column("POINTS", is_number=True),
    Column("LAST STEP", is_number=True),
    Column("LAST WRITTEN"),
    Column("HEALTH"),
)


def run(options: argparse.Namespace) -> int:
    """Prints a line for each run of `options.logdir`."""
    views = read_logdir(options).values()
    if options.json:
        print_document("trackml.ls/1", logdir=options.logdir, runs=[run_document(view) for view in views])
    else:
        print(*table(_COLUMNS, [_row(view) for view in views], colours=wants_colours()), sep="\n")
    return DONE


def run_document(view: RunView) -> dict[str, Any]:
    """Gives what is known of a run as a whole for JSON."""
    return {
        "run": view.name,
        "path": os.fspath(view.path),
        "status": worst_status(view.health),
        "tags": dict(sorted(Counter(view.tags.values()).items())),
        "points": _points(view),
        "last_step": view.last_step,
        "first_wall_time": _json(view.first_wall_time),
        "last_wall_time": _json(view.last_wall_time),
        "has_graph": view.has_graph,
        "files": len(view.health),
        "bytes": sum(file.size for file in view.health),
    }


def _row(view: RunView) -> list[str | Cell]:
    return [
        printable(view.name),
        count(len(view.scalars)),
        count(len(view.tags) - len(view.scalars)),
        count(_points(view)),
        count(view.last_step),
        moment(view.last_wall_time),
        status_cell(worst_status(view.health)),
    ]


def _points(view: RunView) -> int:
    return sum(len(series) for series in view.scalars.values())


def _json(wall_time: float | None) -> float | str | None:
    return None if wall_time is None else json_number(wall_time)
