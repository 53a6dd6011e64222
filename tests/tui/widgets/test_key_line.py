"""The line of keys: help and the way out are always there."""

from __future__ import annotations

from typing import Any

import pytest

from trackml_tui.panes.registry import PANES
from trackml_tui.view import View


@pytest.mark.parametrize("pane", PANES)
async def test_help_and_the_way_out_are_on_a_narrow_screen(logdir: Any, open_dashboard: Any, pane: str) -> None:
    logdir.write("run", [1.0, 2.0])
    logdir.write_hparams("run", lr=0.1)
    async with open_dashboard((80, 24), view=View(pane=pane)) as session:
        for _ in range(3):
            await session.until(lambda: "q Quit" in session.text.splitlines()[-1])
            line = session.text.splitlines()[-1]
            assert line.endswith("q Quit ? Help")
            assert "…" not in line
            await session.press("tab")
            await session.settled()


async def test_more_keys_where_there_is_more_room(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("run", [1.0, 2.0])
    async with open_dashboard((80, 24), view=View(pane="compare")) as session:
        await session.until(lambda: "? Help" in session.text)
        assert "z Full" not in session.text
        await session.pilot.resize_terminal(120, 24)
        await session.until(lambda: "z Full q Quit ? Help" in session.text)
