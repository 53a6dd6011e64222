"""The styles of a plot's inks in the present theme."""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color as RichColor
from rich.style import Style
from textual.color import Color
from textual.widget import Widget

from trackml_tui.palette import Palette, palette_of
from trackml_tui.plotting.grid import STRENGTHS

_STRENGTH = (1.0, 0.6, 0.36)
"""How much of a run's colour is left in its solid, soft and faint ink."""


def palette(widget: Widget) -> Palette:
    """The run colours that were chosen, as they suit the theme's background; none where the terminal has none."""
    app = widget.app
    name = "mono" if app.no_color else getattr(app, "palette_name", "trackml")
    return palette_of(name, dark=app.current_theme.dark)


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
