"""Help from the keys themselves, jump mode, commands of the palette, and how far reading is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from textual.widgets import Input

from trackml_tui.reading import ReadingPace
from trackml_tui.screens.help import HelpScreen, subjects_of
from trackml_tui.screens.jump import JumpScreen
from trackml_tui.settings import Settings
from trackml_tui.view import View
from trackml_tui.widgets.tag_tree import TagTree

NARROW, WIDE = (80, 24), (200, 60)
BOTH = pytest.mark.parametrize("size", [NARROW, WIDE])


async def test_every_key_that_holds_is_explained(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("a", [1.0])
    async with open_dashboard() as session:
        subjects = subjects_of(session.app.screen, session.app)
        names = [subject.name for subject in subjects]
        assert names == ["Charts", "Runs and panes", "List of runs", "Elsewhere"]
        told = {key for subject in subjects for keys, _ in subject.keys for key in keys.split()}
        assert {"x", "y", "s", "/", "[", "]", "?", "q", "ctrl+s", "space", "1", "4"} <= told
        assert all(meaning for subject in subjects for _, meaning in subject.keys)


async def test_the_help_of_another_pane_has_other_keys(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("a", [1.0])
    async with open_dashboard(WIDE, view=View(pane="checkpoints")) as session:
        await session.press("f1")
        assert isinstance(session.app.screen, HelpScreen)
        assert "The tensors inside, with their norms" in session.text
        await session.press("escape")


async def test_the_users_own_keys_are_those_that_are_explained(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("a", [1.0])
    async with open_dashboard(settings=Settings(keys={"app.files": "W"})) as session:
        subjects = subjects_of(session.app.screen, session.app)
        elsewhere = next(subject for subject in subjects if subject.name == "Elsewhere")
        assert ("W", "What was read of each file") in elsewhere.keys


@BOTH
async def test_jumping(logdir: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    logdir.write("a", [1.0])
    async with open_dashboard(size) as session:
        targets = session._screen.jump_targets()
        assert len({target.letter for target in targets}) == len(targets)
        pane = next(target for target in targets if target.key == "pane checkpoints")
        await session.press("ctrl+o")
        assert isinstance(session.app.screen, JumpScreen)
        line = session.text.splitlines()[pane.place.y]
        assert line[pane.place.x + 1] == pane.letter
        await session.press(pane.letter)
        await session.until(lambda: session.view.pane == "checkpoints")
        await session.press("1", "ctrl+o")
        tree = session._screen.query_one(TagTree)
        number = session._screen.focus_chain.index(tree)
        letter = next(target.letter for target in session._screen.jump_targets() if target.key == f"widget {number}")
        await session.press(letter)
        await session.until(lambda: tree.has_focus)
        await session.press("ctrl+o", "escape")
        assert not isinstance(session.app.screen, JumpScreen)
        await session.press("ctrl+o", "0")
        assert not isinstance(session.app.screen, JumpScreen)


async def test_the_palette_has_panes(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("a", [1.0])
    async with open_dashboard() as session:
        await session.press("ctrl+p")
        session.app.screen.query_one(Input).value = "Show Checkpoints"
        await session.until(lambda: "Key 4" in session.text)
        await session.press("down", "enter")
        await session.until(lambda: session.view.pane == "checkpoints")


def told(pace: ReadingPace, now: float, read: int, *, loading: bool = True) -> str:
    snapshot: Any = SimpleNamespace(loading=loading, bytes_read=read, bytes_total=10_000_000)
    return pace.told(snapshot, now)


def test_reading_tells_the_time_left() -> None:
    pace = ReadingPace()
    assert told(pace, 100.0, 1_000_000) == "reading 10 % of 10.0 MB"
    assert told(pace, 100.5, 1_500_000) == "reading 15 % of 10.0 MB"
    assert told(pace, 102.0, 3_000_000) == "reading 30 % of 10.0 MB, 7s left"
    assert told(pace, 103.0, 10_000_000, loading=False) == ""
    assert told(pace, 200.0, 5_000_000) == "reading 50 % of 10.0 MB"
