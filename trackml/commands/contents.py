"""What the last value of a tag holds that is no scalar, in words and as JSON."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from trackml.runs.content_rows import Row, layout_of
from trackml.runs.content_table import LostValues, read_table
from trackml.runs.json_numbers import json_number
from trackml.runs.selection import ChosenSeries, SeriesKind
from trackml.runs.view import RunView


class LastContent(NamedTuple):
    """The last value of a tag."""

    items: list[dict[str, Any]]
    """A value may hold several images, clips or texts; empty if it cannot be read."""
    problem: str
    """Why it cannot be read; empty if it can."""


def last_content(view: RunView, tag: str) -> LastContent | None:
    """Reads the last value of a tag that holds no scalars; None if it has none that counts."""
    place = _last_place(view, tag)
    if place is None:
        return None
    kind: SeriesKind = view.tags[tag]  # type: ignore[assignment]
    layout = layout_of(kind, None)
    lost = LostValues()
    table = read_table([place], layout, lost)
    rows: list[Row] = list(zip(*table.fields.values()))
    return LastContent([dict(zip(table.fields, row)) for row in rows], lost.first)


def content_document(kind: str, items: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Gives what a value holds for JSON; of histograms and tensors how large they are, of texts all."""
    if not items:
        return None
    first = items[0]
    if kind == "histograms":
        numbers = {name: json_number(first[name]) for name in ("count", "min", "max", "mean", "std")}
        return {"buckets": len(first["counts"]), **numbers}
    if kind == "images":
        return {"images": len(items), **{name: first[name] for name in ("height", "width", "format")}}
    if kind == "audio":
        rate = json_number(first["sample_rate"])
        facts = {name: first[name] for name in ("content_type", "channels", "length_frames")}
        return {"clips": len(items), "sample_rate": rate, **facts}
    if kind == "text":
        return {"shape": first["shape"].tolist(), "texts": [item["value"] for item in items]}
    return {"plugin": first["plugin"], "dtype": first["dtype"], "shape": first["shape"].tolist()}


def content_words(kind: str, items: list[dict[str, Any]]) -> str:
    """Gives what a value holds in a few words."""
    if not items:
        return "unreadable"
    first = items[0]
    if kind == "histograms":
        return f"{len(first['counts'])} buckets"
    if kind == "images":
        return _several(len(items), f"{first['width']}x{first['height']} {first['format']}".rstrip())
    if kind == "audio":
        return _several(len(items), f"{first['length_frames']} frames")
    if kind == "text":
        return f"{len(first['value'])} characters" if len(items) == 1 else f"{len(items)} texts"
    shape = first["shape"].tolist()
    return f"{first['dtype']} {shape}" if first["value"].size else "no value"


def _several(amount: int, text: str) -> str:
    return text if amount == 1 else f"{amount} times {text}"


def _last_place(view: RunView, tag: str) -> ChosenSeries | None:
    for written in reversed(view.written.get(tag, ())):
        (kept,) = np.nonzero(~written.superseded)
        if len(kept):
            last = int(kept[-1])
            plugin = view.metadata[tag].plugin_data.plugin_name if tag in view.metadata else ""
            return ChosenSeries(view.name, tag, written.points.part(last, last + 1), written.file, None, plugin)
    return None
