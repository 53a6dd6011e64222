"""The forms in which what is seen can be had, each as a function that writes a text file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TextIO

from trackml_tui.charts.pages import ordered_tags
from trackml_tui.exports.chart import charts_svg, charts_text
from trackml_tui.exports.points import write_points
from trackml_tui.exports.report import report
from trackml_tui.exports.table import markdown, plain
from trackml_tui.images.printing import write_sixels
from trackml_tui.palette import Palette
from trackml_tui.scene import Scene

_MOST_CHARTS = 200


@dataclass(frozen=True, slots=True)
class Format:
    """One form."""

    key: str
    title: str
    ending: str
    """Of file names."""
    write: Callable[[Scene, Palette, TextIO], object]


def shown_tags(scene: Scene) -> list[str]:
    """The tags whose charts are exported: the one that is alone on the screen, or all that have a chart."""
    charts, tag = scene.view.charts, scene.view.tag
    if (charts.alone or charts.grid == (1, 1)) and tag is not None:
        return [tag, *charts.together]
    return ordered_tags(scene.tags_of("scalars"), charts)[:_MOST_CHARTS]


def _write_text(scene: Scene, palette: Palette, stream: TextIO) -> None:
    stream.write(charts_text(scene, shown_tags(scene), palette))
    stream.write(markdown(scene))


def _write_report(scene: Scene, palette: Palette, stream: TextIO) -> None:
    stream.write(report(scene, ordered_tags(scene.tags_of("scalars"), scene.view.charts)[:_MOST_CHARTS], palette))


def _write_json(scene: Scene, palette: Palette, stream: TextIO) -> None:
    json.dump(plain(scene, scene.now), stream, indent=2, ensure_ascii=True, allow_nan=False)
    stream.write("\n")


FORMATS: Mapping[str, Format] = {
    each.key: each
    for each in (
        Format("text", "Charts and table as text", "txt", _write_text),
        Format(
            "svg",
            "Charts as a picture (SVG)",
            "svg",
            lambda scene, palette, stream: stream.write(charts_svg(scene, shown_tags(scene), palette)),
        ),
        Format("html", "Report of all charts and runs (HTML)", "html", _write_report),
        Format(
            "markdown", "Table of runs (Markdown)", "md", lambda scene, palette, stream: stream.write(markdown(scene))
        ),
        Format(
            "csv",
            "Points of the shown charts, all of them (CSV)",
            "csv",
            lambda scene, palette, stream: write_points(scene, shown_tags(scene), stream),
        ),
        Format("json", "Runs with their last and best values (JSON)", "json", _write_json),
    )
}
"""What can be saved."""
PRINTED: Mapping[str, Format] = {
    **FORMATS,
    "sixel": Format(
        "sixel",
        "Images of the chosen tag (Sixel graphics)",
        "six",
        lambda scene, palette, stream: write_sixels(scene, stream),
    ),
}
"""What `--once` can print: that, and what only a terminal understands."""
