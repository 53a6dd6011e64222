"""`trackml show`: one run, its tags, hyperparameters, texts and files."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

import numpy as np

from trackml.commands.contents import LastContent, content_document, content_words, last_content
from trackml.commands.document import print_document
from trackml.commands.health import FILE_COLUMNS, file_document, file_row
from trackml.commands.ls import run_document
from trackml.commands.process import DONE
from trackml.commands.reading import find_run, read_logdir
from trackml.commands.text import (
    Column,
    byte_size,
    count,
    moment,
    number,
    plural,
    printable,
    table,
    wants_colours,
    width_of_terminal,
)
from trackml.runs.json_numbers import json_number
from trackml.runs.series import Series
from trackml.runs.tag_frame import TagFacts, facts_of
from trackml.runs.view import RunView

_TAG_COLUMNS = (
    Column("TAG", least=16),
    Column("KIND"),
    Column("POINTS", is_number=True),
    Column("STEPS", is_number=True),
    Column("LAST", is_number=True),
    Column("LEAST", is_number=True),
    Column("GREATEST", is_number=True),
)
_SUPERSEDED = Column("SUPERSEDED", is_number=True)
_LINES_OF_A_TEXT = 10


def run(options: argparse.Namespace) -> int:
    """Prints what `options.run` of `options.logdirs` holds."""
    view = find_run(read_logdir(options), options.run)
    contents = {tag: content for tag in view.blobs if (content := last_content(view, tag)) is not None}
    if options.json:
        tags = [_tag_document(view, tag, contents.get(tag)) for tag in view.tags]
        files = [file_document(file) for file in view.health]
        print_document("trackml.show/1", **{**run_document(view), "tags": tags, "files": files})
        return DONE
    files_table = table(
        FILE_COLUMNS,
        [file_row(file, options.logdirs) for file in view.health],
        colours=wants_colours(),
        width=width_of_terminal(),
    )
    parts = [_facts(view), _hparams(view), _tags(view, contents), *_texts(view, contents), files_table]
    print("\n\n".join("\n".join(part) for part in parts if part))
    return DONE


def _facts(view: RunView) -> list[str]:
    return _listed(
        {
            "run": view.name,
            "path": str(view.path),
            "first written": moment(view.first_wall_time),
            "last written": moment(view.last_wall_time),
            "last step": count(view.last_step),
            "graph": "yes" if view.has_graph else "no",
            "size": byte_size(sum(file.size for file in view.health)),
        }
    )


def _hparams(view: RunView) -> list[str]:
    hparams = view.hparams
    if hparams is None:
        return []
    group = f", group {printable(hparams.group)}" if hparams.group else ""
    title = f"hyperparameters ({hparams.status.lower()}{group})"
    spelled = {
        name: str(value) if isinstance(value, str | bool) else number(value) for name, value in hparams.values.items()
    }
    return [title, *(f"  {line}" for line in _listed(spelled))]


def _listed(facts: Mapping[str, str]) -> list[str]:
    """Gives names and what they stand for below each other."""
    names = [printable(name) for name in facts]
    width = max(map(len, names), default=0)
    return [f"{name:<{width}}  {printable(fact)}" for name, fact in zip(names, facts.values())]


def _tags(view: RunView, contents: Mapping[str, LastContent]) -> list[str]:
    facts = {tag: facts_of(view, tag) for tag in view.tags}
    rows = [_tag_row(view, tag, facts[tag], contents.get(tag)) for tag in view.tags]
    columns: tuple[Column, ...] = _TAG_COLUMNS
    if any(one.superseded for one in facts.values()):
        columns = (*columns, _SUPERSEDED)
        rows = [[*row, count(facts[tag].superseded)] for tag, row in zip(view.tags, rows)]
    return table(columns, rows, colours=wants_colours(), width=width_of_terminal())


def _tag_row(view: RunView, tag: str, facts: TagFacts, content: LastContent | None) -> list[str]:
    kind = view.tags[tag]
    if tag in view.scalars:
        last, least, greatest = (number(value) for value in _values(view.scalars[tag]))
    else:
        items = [] if content is None else content.items
        last = "" if content is None else content_words(kind, items)
        least, greatest = _ends(items) if kind == "histograms" else ("", "")
    return [printable(tag), printable(kind), count(facts.points), _steps(facts), last, least, greatest]


def _steps(facts: TagFacts) -> str:
    if facts.first_step == facts.last_step:
        return count(facts.last_step)
    return f"{facts.first_step}..{facts.last_step}"


def _ends(items: list[dict[str, Any]]) -> tuple[str, str]:
    return (number(items[0]["min"]), number(items[0]["max"])) if items else ("", "")


def _texts(view: RunView, contents: Mapping[str, LastContent]) -> list[list[str]]:
    """Gives the last text of each tag, its first lines alone; what a terminal would obey is spelled out."""
    return [
        _text(tag, int(view.blobs[tag].step[-1]), content.items)
        for tag, content in contents.items()
        if view.tags[tag] == "text" and content.items
    ]


def _text(tag: str, step: int, items: list[dict[str, Any]]) -> list[str]:
    lines = [line for item in items for line in item["value"].split("\n")]
    shown = [f"  {printable(line)}".rstrip() for line in lines[:_LINES_OF_A_TEXT]]
    more = len(lines) - len(shown)
    rest = [f"  ({plural(more, 'more line')}: trackml export --kind text)"] if more else []
    return [f"{printable(tag)} at step {step}", *shown, *rest]


def _tag_document(view: RunView, tag: str, content: LastContent | None) -> dict[str, Any]:
    facts = facts_of(view, tag)
    document: dict[str, Any] = {"tag": tag, "kind": view.tags[tag], **facts._asdict()}
    if tag in view.scalars:
        values = [None if value is None else json_number(value) for value in _values(view.scalars[tag])]
        return document | dict(zip(("last", "least", "greatest"), values))
    document["content"] = None if content is None else content_document(view.tags[tag], content.items)
    if content is not None and content.problem:
        document["problem"] = content.problem
    return document


def _values(series: Series) -> tuple[float | None, float | None, float | None]:
    """Gives the last, the least and the greatest value; NaN is the least and the greatest only if there is no other."""
    if not len(series):
        return None, None, None
    value = series.value
    return float(value[-1]), float(np.fmin.reduce(value)), float(np.fmax.reduce(value))
