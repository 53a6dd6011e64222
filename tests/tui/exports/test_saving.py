"""Saving what is seen from within the dashboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from trackml_tui import read_view
from trackml_tui.widgets.path_prompt import PathPrompt


@pytest.fixture
def out(tmp_path_factory: Any) -> Path:
    path: Path = tmp_path_factory.mktemp("out")
    return path


async def choose(session: Any, place: int, path: str) -> None:
    """Opens the menu, takes the entry at a place, and types a path."""
    await session.press("ctrl+s", *["down"] * place, "enter")
    await session.until(lambda: isinstance(session.app.screen, PathPrompt))
    session.app.screen.query_one(Input).value = path
    await session.press("enter")


@pytest.mark.parametrize(
    ("place", "begin"),
    [
        (0, "<svg"),
        (1, "loss"),
        (2, "<svg"),
        (3, "<!doctype html>"),
        (4, "| run"),
        (5, "run,tag"),
        (6, "{"),
        (7, "# A view"),
    ],
)
async def test_each_form_is_written(logdir: Any, open_dashboard: Any, out: Path, place: int, begin: str) -> None:
    logdir.write("a", [1.0, 2.0])
    async with open_dashboard() as session:
        await choose(session, place, str(out / "file"))
        await session.until(lambda: "Saved" in session.told)
        assert (out / "file").read_text().startswith(begin)


async def test_the_saved_view_opens(logdir: Any, open_dashboard: Any, out: Path) -> None:
    logdir.write("a", [1.0])
    async with open_dashboard() as session:
        await choose(session, 7, str(out / "view.toml"))
        await session.until(lambda: "Saved" in session.told)
        view, complaints = read_view(out / "view.toml")
        assert complaints == []
        assert view.tag == session.view.tag == "loss"


async def test_what_is_there_stays(logdir: Any, open_dashboard: Any, out: Path) -> None:
    logdir.write("a", [1.0])
    (out / "file").write_text("mine")
    async with open_dashboard() as session:
        await choose(session, 5, str(out / "file"))
        await session.until(lambda: "is there already" in session.text)
        session.app.screen.query_one(Input).value = str(out / "no/such/file")
        await session.press("enter")
        await session.until(lambda: "there is no directory" in session.text)
        await session.press("escape")
        assert not isinstance(session.app.screen, PathPrompt)
    assert (out / "file").read_text() == "mine"


async def test_the_table_goes_to_the_clipboard(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("a", [1.0])
    async with open_dashboard() as session:
        await session.press("ctrl+s", *["down"] * 8, "enter")
        await session.until(lambda: "clipboard" in session.told)
        assert session.app.clipboard.startswith("| run")
