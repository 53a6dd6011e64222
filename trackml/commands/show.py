"""`trackml show`: one run, its tags and its files."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from trackml.commands.document import print_document
from trackml.commands.health import FILE_COLUMNS, file_document, file_row
from trackml.commands.ls import run_document
from trackml.commands.process import DONE
from trackml.commands.reading import find_run, read_logdir
from trackml.commands.text import Column, byte_size, count, moment, number, printable, table, wants_colours
from trackml.runs.export import json_number
from trackml.runs.series import Series
from trackml.runs.view import RunView

_TAG_COLUMNS = (
    Column("TAG"),
    Column("KIND"),
    Column("POINTS", is_number=True),
    Column("FIRST STEP", is_number=True),
    Column("LAST STEP", is_number=True),
    Column("LAST", is_number=True),
    Column("LEAST", is_number=True),
    Column("GREATEST", is_number=True),
    Column("SUPERSEDED", is_number=True),
)


def run(options: argparse.Namespace) -> int:
    """Prints what `options.run` of `options.logdir` holds."""
    view = find_run(read_logdir(options), options.run)
    if options.json:
        tags = [_tag_document(view, tag) for tag in view.tags]
        files = [file_document(file) for file in view.health]
        print_document("trackml.show/1", **{**run_document(view), "tags": tags, "files": files})
        return DONE
    colours = wants_colours()
    print(*_facts(view), "", sep="\n")
    print(*table(_TAG_COLUMNS, [_tag_row(view, tag) for tag in view.tags], colours=colours), "", sep="\n")
    print(*table(FILE_COLUMNS, [file_row(file, options.logdir) for file in view.health], colours=colours), sep="\n")
    return DONE


def _facts(view: RunView) -> list[str]:
    facts = {
        "run": printable(view.name),
        "path": printable(str(view.path)),
        "first written": moment(view.first_wall_time),
        "last written": moment(view.last_wall_time),
        "last step": count(view.last_step),
        "graph": "yes" if view.has_graph else "no",
        "size": byte_size(sum(file.size for file in view.health)),
    }
    return [f"{name:<13}  {fact}" for name, fact in facts.items()]


def _tag_row(view: RunView, tag: str) -> list[str]:
    names = [printable(tag), printable(view.tags[tag])]
    if tag not in view.scalars:
        return [*names, *[""] * (len(_TAG_COLUMNS) - 2)]
    series = view.scalars[tag]
    first, last = _ends(series)
    numbers = [number(value) for value in _values(series)]
    return [*names, count(len(series)), count(first), count(last), *numbers, count(_superseded(view, tag))]


def _tag_document(view: RunView, tag: str) -> dict[str, Any]:
    document: dict[str, Any] = {"tag": tag, "kind": view.tags[tag]}
    if tag in view.scalars:
        series = view.scalars[tag]
        first, last = _ends(series)
        values = [None if value is None else json_number(value) for value in _values(series)]
        document |= {"points": len(series), "first_step": first, "last_step": last}
        document |= dict(zip(("last", "least", "greatest"), values))
        document["superseded"] = _superseded(view, tag)
    return document


def _ends(series: Series) -> tuple[int | None, int | None]:
    return (int(series.step[0]), int(series.step[-1])) if len(series) else (None, None)


def _values(series: Series) -> tuple[float | None, float | None, float | None]:
    """Gives the last, the least and the greatest value; NaN is the least and the greatest only if there is no other."""
    if not len(series):
        return None, None, None
    value = series.value
    return float(value[-1]), float(np.fmin.reduce(value)), float(np.fmax.reduce(value))


def _superseded(view: RunView, tag: str) -> int:
    return sum(len(series) for series in view.superseded.get(tag, ()))
