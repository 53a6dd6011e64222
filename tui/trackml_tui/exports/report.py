"""A report of what is seen as one HTML page that needs nothing else: charts, the table of runs, what is damaged."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from html import escape

from trackml_tui.charts.content import Picture, picture_of
from trackml_tui.charts.drawn import Bands
from trackml_tui.facts import where
from trackml_tui.formatting import plural, printable, size
from trackml_tui.leaderboard.table import make_table
from trackml_tui.palette import Palette
from trackml_tui.plotting.patterns import pattern
from trackml_tui.plotting.vector import vector
from trackml_tui.scene import Scene

_DAMAGE = frozenset({"corrupt", "unreadable", "truncated", "replaced", "deleted"})
_STYLE = """
:root { color-scheme: light dark; }
body { font: 14px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 1360px; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.facts { color: #888; } .charts { display: flex; flex-wrap: wrap; gap: 1.5rem; }
figure { margin: 0; } figcaption { font-weight: 600; } figcaption span { font-weight: 400; color: #888; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; max-width: 640px; font-size: 12px; }
.legend b { font-weight: 600; letter-spacing: -1px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .6rem; border-bottom: 1px solid #8883; white-space: nowrap; }
td { text-align: right; } th { text-align: right; font-weight: 600; }
td:first-child, th:first-child, .left { text-align: left; } .best { font-weight: 700; }
.scroll { overflow-x: auto; }
"""


def report(scene: Scene, tags: Sequence[str], palette: Palette) -> str:
    """The page.

    Args:
        scene: What there is.
        tags: The charts, in their order.
        palette: The colours of runs.
    """
    bands = Bands()
    pictures = [picture_of(scene, tag, palette, bands, sole=True) for tag in tags]
    parts = [
        "<!doctype html>",
        f'<html lang="en"><head><meta charset="utf-8"><title>{escape(where(scene))}</title><style>{_STYLE}</style>',
        f"</head><body><h1>{escape(where(scene))}</h1>",
        f'<p class="facts">{escape(_when(scene))}</p>',
        '<div class="charts">',
        *(_figure(picture, palette) for picture in pictures),
        "</div><h2>Runs</h2>",
        *_table(scene),
        *_damage(scene),
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _when(scene: Scene) -> str:
    moment = time.strftime("%Y-%m-%d %H:%M", time.localtime(scene.now))
    return f"{moment} · {plural(len(scene.shown_runs), 'run')} shown of {scene.board.total}"


def _figure(picture: Picture, palette: Palette) -> str:
    drawn = vector(picture.strokes, picture.axes, palette.__getitem__)
    facts = " · ".join(fact.text for fact in picture.facts)
    legend = "".join(_legend_entry(picture, palette, place) for place in range(len(picture.entries)))
    return (
        f"<figure><figcaption>{escape(picture.title)} <span>{escape(facts)}</span></figcaption>{drawn}"
        f'<div class="legend">{legend}</div></figure>'
    )


def _legend_entry(picture: Picture, palette: Palette, place: int) -> str:
    entry = picture.entries[place]
    slot = entry.ink // 3
    sample = pattern(palette.style(slot)).sample
    return f'<span><b style="color: {palette[slot]}">{escape(sample)}</b> {escape(entry.label)}</span>'


def _table(scene: Scene) -> Iterator[str]:
    table = make_table(scene)
    yield '<div class="scroll"><table><thead><tr><th>run</th>'
    yield from (
        f'<th class="left">{escape(column.heading)}</th>' if column.left else f"<th>{escape(column.heading)}</th>"
        for column in table.columns
    )
    yield "</tr></thead><tbody>"
    for row in table.rows:
        yield f"<tr><td>{escape(printable(scene.label(row.key)))}</td>"
        for column in table.columns:
            classes = " ".join(filter(None, ("left" if column.left else "", "best" if row.key in column.best else "")))
            yield f'<td class="{classes}">{escape(column.text(row.entry).strip())}</td>'
        yield "</tr>"
    yield "</tbody></table></div>"


def _damage(scene: Scene) -> Iterator[str]:
    files = [
        (name, file)
        for name, run in (scene.snapshot.items() if scene.snapshot is not None else ())
        for file in run.health
        if file.status in _DAMAGE
    ]
    if not files:
        return
    yield "<h2>Files</h2><ul>"
    for name, file in files:
        said = f"{file.status}: {name}/{file.path.name}, {size(file.bytes_lost)} lost. {file.message}"
        yield f"<li>{escape(printable(said))}</li>"
    yield "</ul>"
