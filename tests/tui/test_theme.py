"""Themes: what marks a line can be seen in each of them."""

from __future__ import annotations

from typing import Any

import pytest
from textual.color import Color

from trackml_tui.settings import Settings
from trackml_tui.theme import THEMES
from trackml_tui.widgets.run_list import RunList

_SEEN = 0.04
"""Of the brightness from black to white; less is hard to see on a screen that is not dark all around."""


@pytest.mark.parametrize("theme", THEMES)
async def test_the_line_of_a_list_without_focus_is_marked(logdir: Any, open_dashboard: Any, theme: str) -> None:
    logdir.write("run", [1.0])
    async with open_dashboard(settings=Settings(theme=theme)) as session:
        runs = session.app.screen.query_one(RunList)
        session.app.screen.set_focus(None)
        await session.settled()
        cursor = runs.get_component_rich_style("row-list--cursor").bgcolor
        brightness = Color.from_rich_color(cursor).brightness, runs.background_colors[1].brightness
        assert abs(brightness[0] - brightness[1]) >= _SEEN
