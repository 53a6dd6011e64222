"""The styles of a plot's inks in the present theme."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from rich.color import Color as RichColor
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.widget import Widget

from trackml_tui.palette import Palette, palette_of
from trackml_tui.plotting.grid import STRENGTHS

_STRENGTH = (1.0, 0.6, 0.36)
"""How much of a run's colour is left in its solid, soft and faint ink."""
_CHOSEN: WeakKeyDictionary[App[Any], str] = WeakKeyDictionary()
"""The name of the palette of each app."""


def palette(widget: Widget) -> Palette:
    """The run colours that were chosen, as they suit the theme's background; none where the terminal has none."""
    app = widget.app
    name = "mono" if app.no_color else _CHOSEN.get(app, "")
    return palette_of(name, dark=app.current_theme.dark)


def choose_palette(app: App[Any], name: str) -> None:
    """Makes a palette the one of this app; an unknown name is that of the first."""
    _CHOSEN[app] = name


def ink_style(widget: Widget, ink: int) -> Style:
    """The style of a series' ink on the background of `widget`; the widget's own style for other inks."""
    if ink < 0:
        return widget.rich_style
    slot, strength = divmod(ink, STRENGTHS)
    colours = palette(widget)
    return widget.rich_style + _style(colours, slot % len(colours), strength, widget.background_colors[1])


@lru_cache(maxsize=1024)
def _style(colours: Palette, slot: int, strength: int, background: Color) -> Style:
    colour = colours[slot]
    if colours.plain:
        return Style(color=RichColor.parse(colour), dim=strength > 0, bold=strength == 0)
    return Style(color=background.blend(Color.parse(colour), _STRENGTH[strength]).rich_color)
