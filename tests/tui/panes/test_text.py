"""The pane of texts, by keys and mouse, at the two sizes that matter."""

from __future__ import annotations

from typing import Any

import pytest

from trackml_tui.view import View
from trackml_tui.widgets.prompt import Prompt
from trackml_tui.widgets.text_view import TextView

NARROW, WIDE = (80, 24), (200, 60)
BOTH = pytest.mark.parametrize("size", [NARROW, WIDE])
PANE = View(pane="text")


@pytest.fixture
def runs(media: Any) -> Any:
    media.texts()
    return media


def view_of(session: Any) -> TextView:
    return session.app.screen.query_one("#text-view", TextView)


def shown(session: Any) -> str:
    return "\n".join(line.text for line in view_of(session).lines)


@BOTH
async def test_markdown_of_every_run_at_every_step(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=PANE) as session:
        await session.until(lambda: "step 300 of b" in shown(session))
        assert "**" not in shown(session)
        assert r"\x1b[31mred" in shown(session)
        assert "Heading" in session.text
        await session.press("left")
        await session.until(lambda: "step 200 of a" in shown(session))


@BOTH
async def test_as_written_and_beside_each_other(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=PANE) as session:
        await session.press("m")
        await session.until(lambda: "**step 300**" in shown(session))
        assert "as written" in session.text
        await session.press("v")
        assert session.view.text.beside
        await session.until(lambda: ("│" in shown(session)) == (size == WIDE))


@BOTH
async def test_finding_words(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=PANE) as session:
        await session.until(lambda: "step 300 of b" in shown(session))
        await session.press("f", *"heading")
        await session.until(lambda: "1 of 2" in session.text)
        await session.press("enter")
        await session.until(lambda: "2 of 2" in session.text)
        await session.press("up", "x")
        await session.until(lambda: "not found" in session.text)
        await session.press("escape")
        assert not session.app.screen.query_one("#pane-text Prompt", Prompt).has_class("-open")
        assert view_of(session).found == ()


async def test_long_texts_in_parts(logdir: Any, media: Any, open_dashboard: Any) -> None:
    media.long_text("\n".join(f"line {number}" for number in range(4000)))
    async with open_dashboard(NARROW, view=PANE) as session:
        await session.until(lambda: "part 1 of 4" in shown(session))
        await session.press("full_stop", "full_stop")
        await session.until(lambda: "part 3 of 4" in shown(session))
        await session.press("comma", "ctrl+d")
        await session.until(lambda: "part 2 of 4" in shown(session) and view_of(session).scroll_offset.y > 0)
