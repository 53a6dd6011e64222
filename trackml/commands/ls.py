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
from trackml.commands.text import Cell, Column, count, moment, printable, table, wants_colours, width_of_terminal
from trackml.runs.json_numbers import json_number
from trackml.runs.view import RunView

_COLUMNS = (
    Column("RUN", least=16),
    Column("SCALARS", is_number=True),
    Column("OTHER", is_number=True),
    Column("POINTS", is_number=True),
    Column("LAST STEP", is_number=True),
    Column("LAST WRITTEN"),
    Column("HEALTH"),
)


def run(options: argparse.Namespace) -> int:
    """Prints a line for each run of `options.logdirs`."""
    views = read_logdir(options).values()
    if options.json:
        print_document("trackml.ls/1", logdirs=options.logdirs, runs=[run_document(view) for view in views])
    else:
        print(*_table([_row(view) for view in views]), sep="\n")
    return DONE


def run_document(view: RunView) -> dict[str, Any]:
    """Gives what is known of a run as a whole for JSON."""
    return {
        "run": view.name,
        "path": os.fspath(view.path),
        "status": worst_status(view.health),
        "tags": dict(sorted(Counter(view.tags.values()).items())),
        "points": _points(view),
        "values": _values(view),
        "last_step": view.last_step,
        "first_wall_time": _json(view.first_wall_time),
        "last_wall_time": _json(view.last_wall_time),
        "has_graph": view.has_graph,
        "hparams": hparams_document(view),
        "files": len(view.health),
        "bytes": sum(file.size for file in view.health),
    }


def hparams_document(view: RunView) -> dict[str, Any] | None:
    """Gives the hyperparameters of a run for JSON, None if it declares none."""
    hparams = view.hparams
    if hparams is None:
        return None
    values = {name: json_number(value) if isinstance(value, float) else value for name, value in hparams.values.items()}
    started, ended = _json(hparams.started), _json(hparams.ended)
    return {"values": values, "group": hparams.group, "status": hparams.status, "started": started, "ended": ended}


def _table(rows: list[list[str | Cell]]) -> list[str]:
    return table(_COLUMNS, rows, colours=wants_colours(), width=width_of_terminal())


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


def _values(view: RunView) -> dict[str, int]:
    """Gives how many values there are of each kind."""
    values = Counter({"scalars": _points(view)} if view.scalars else {})
    for tag, series in view.blobs.items():
        values[view.tags[tag]] += len(series)
    return dict(sorted(values.items()))


def _json(wall_time: float | None) -> float | str | None:
    return None if wall_time is None else json_number(wall_time)
