"""The styles of a plot's inks in the present theme."""

from __future__ import annotations

from rich.style import Style
from textual.color import Color
from textual.widget import Widget

from trackml_tui.palette import DARK, LIGHT
from trackml_tui.plotting.grid import STRENGTHS

_STRENGTH = (1.0, 0.6, 0.36)
"""How much of a run's colour is left in its solid, soft and faint ink."""


def palette(widget: Widget) -> tuple[str, ...]:
    """The run colours that suit the theme's background."""
    return DARK if widget.app.current_theme.dark else LIGHT


def ink_style(widget: Widget, ink: int) -> Style:
    """The style of a series' ink on the background of `widget`; the widget's own style for other inks."""
    if ink < 0:
        return widget.rich_style
    slot, strength = divmod(ink, STRENGTHS)
    colour = widget.background_colors[1].blend(Color.parse(palette(widget)[slot]), _STRENGTH[strength])
    return widget.rich_style + Style(color=colour.rich_color)
