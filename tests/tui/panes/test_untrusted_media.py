"""Names, texts and files that try to reach the terminal through the panes of media."""

from __future__ import annotations

from typing import Any

import pytest

from trackml_tui.view import View

EVIL = "evil\x1b]0;owned\x07\u202e漢字" + "e\u0301" * 3


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
@pytest.mark.parametrize("pane", ["histograms", "images", "text", "audio"])
async def test_no_name_reaches_the_terminal_as_it_is(
    media: Any, open_dashboard: Any, pane: str, size: tuple[int, int]
) -> None:
    runs = (EVIL, "[bold]markup[/]")
    {"histograms": media.histograms, "images": media.images, "text": media.texts, "audio": media.sounds}[pane](runs)
    async with open_dashboard(size, view=View(pane=pane)) as session:
        await session.until(lambda: session.text.count("evil") >= 2 and "reading…" not in session.text)
        text = session.text
        assert not any(character in text for character in "\x1b\x07\u202e")
        assert "[bold]" in text
        assert all(len(line) <= size[0] for line in text.split("\n"))


async def test_a_tag_and_a_text_that_try(logdir: Any, media: Any, open_dashboard: Any) -> None:
    media.long_text(
        "\x1b]8;;http://e.com\x07click\x1b]8;;\x07 [red]x[/red] \u202eback\n\n| a\x1b | b |\n|---|---|\n| \x07 | c |"
    )
    async with open_dashboard((80, 24), view=View(pane="text")) as session:
        await session.until(lambda: "click" in session.text)
        assert not any(character in session.text for character in "\x1b\x07\u202e")
        assert "[red]" in session.text
