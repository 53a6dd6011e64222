"""Charts as text for scripts, and as one SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from trackml_tui.charts.content import Picture, picture_of
from trackml_tui.charts.drawn import Bands
from trackml_tui.palette import Palette
from trackml_tui.plotting.dots import DOTS
from trackml_tui.plotting.plot import draw
from trackml_tui.plotting.vector import vector
from trackml_tui.scene import Scene

_COLUMNS, _ROWS = 100, 20
_WIDTH, _HEIGHT = 640, 320
_TITLE, _LEGEND = 26, 18
_FONT = 'font-family="system-ui, sans-serif"'


def pictures(scene: Scene, tags: Sequence[str], palette: Palette) -> list[Picture]:
    """The charts of some tags."""
    bands = Bands()
    return [picture_of(scene, tag, palette, bands, sole=True) for tag in tags]


def charts_text(scene: Scene, tags: Sequence[str], palette: Palette) -> str:
    """The charts one below the other, in the characters that the view says, with their titles and values."""
    return "".join(_text(picture) for picture in pictures(scene, tags, palette))


def charts_svg(scene: Scene, tags: Sequence[str], palette: Palette) -> str:
    """The charts one below the other, each with title and legend, as one SVG."""
    drawn = pictures(scene, tags, palette)
    parts, top = [], 0
    for picture in drawn:
        parts.append(_titled(picture, palette, top))
        top += _TITLE + _HEIGHT + _LEGEND * _legend_rows(picture) + 12
    top = max(top, _TITLE)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {top}" width="{_WIDTH}" height="{top}">\n'
        f"{''.join(parts)}</svg>\n"
    )


def _text(picture: Picture) -> str:
    plot = draw(picture.strokes, _COLUMNS, _ROWS, axes=picture.axes, dots=DOTS[picture.canvas])
    facts = " · ".join(fact.text for fact in picture.facts)
    names = "".join(f"  {entry.sample} {entry.label}\n" for entry in picture.entries)
    rows = "".join(f"{row.rstrip()}\n" for row in plot.text())
    return f"{picture.title}  ({facts})\n{rows}{names}\n"


def _legend_rows(picture: Picture) -> int:
    return -(-len(picture.entries) // 3)


def _titled(picture: Picture, palette: Palette, top: int) -> str:
    facts = " · ".join(fact.text for fact in picture.facts)
    parts = [
        f'<g transform="translate(0 {top})"><text x="8" y="18" {_FONT} font-size="14" font-weight="600" fill="#666">'
        f'{escape(picture.title)} <tspan font-size="11" font-weight="400">{escape(facts)}</tspan></text>',
        f'<g transform="translate(0 {_TITLE})">{vector(picture.strokes, picture.axes, palette.__getitem__)}</g>',
    ]
    for place, entry in enumerate(picture.entries):
        x, y = 64 + 192 * (place % 3), _TITLE + _HEIGHT + _LEGEND * (place // 3) + 12
        parts.append(
            f'<circle cx="{x - 8}" cy="{y - 4}" r="4" fill="{palette[entry.ink // 3]}"/>'
            f'<text x="{x}" y="{y}" {_FONT} font-size="11" fill="#666">{escape(entry.label)}</text>'
        )
    return f"{''.join(parts)}</g>\n"
