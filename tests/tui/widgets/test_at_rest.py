from __future__ import annotations

from typing import Any

import pytest
from textual.widgets import Label

from trackml_tui.app import DashboardApp
from trackml_tui.screens.dashboard import DashboardScreen
from trackml_tui.widgets.run_list import RunList


def _painted(app: DashboardApp, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The types of the widgets that ask to be drawn from now on."""
    asked: list[str] = []
    for kind in (DashboardScreen, RunList, Label):
        before = kind.refresh

        def refresh(self: Any, *regions: Any, before: Any = before, **options: Any) -> Any:
            asked.append(self.id or type(self).__name__)
            return before(self, *regions, **options)

        monkeypatch.setattr(kind, "refresh", refresh)
    return asked


async def test_the_clock_alone_draws_nothing(open_dashboard: Any, logdir: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    logdir.write("a", [1.0, 2.0])
    logdir.write("b", [3.0])
    async with open_dashboard(clock=lambda: logdir.now) as session:
        screen = session.app.screen_stack[0]
        asked = _painted(session.app, monkeypatch)
        before = screen.scene
        screen.show_again()
        assert screen.scene is not before
        assert asked == []
        await session.press("space")
        assert "runs" in asked
