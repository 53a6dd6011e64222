"""The pane of sound, by keys and mouse, at the two sizes that matter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from trackml_tui.view import View
from trackml_tui.widgets.prompt import Prompt
from trackml_tui.widgets.rgb_view import RgbView

NARROW, WIDE = (80, 24), (200, 60)
BOTH = pytest.mark.parametrize("size", [NARROW, WIDE])
PANE = View(pane="audio")


@pytest.fixture
def runs(media: Any) -> Any:
    media.sounds()
    return media


def view_of(session: Any) -> RgbView:
    return session.app.screen.query_one("#audio-view", RgbView)


def drawn(session: Any) -> str:
    return "\n".join(view_of(session).grid.text())


def told(session: Any) -> str:
    return " ".join(notification.message for notification in session.app._notifications)


@BOTH
async def test_wave_and_spectrum(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=PANE) as session:
        await session.until(lambda: "8,000 Hz" in drawn(session))
        assert any(0x2800 < ord(character) < 0x2900 for character in drawn(session))
        await session.press("v", "v")
        assert session.view.audio.form == "spectrum"
        await session.until(lambda: "▀" in drawn(session) and "2k" in drawn(session))
        await session.press("v", "left")
        assert session.view.audio.form == "both"
        assert session.view.step == 200


@BOTH
async def test_saving_a_clip(
    runs: Any, open_dashboard: Any, size: tuple[int, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("saved") / "clip.wav"
    async with open_dashboard(size, view=PANE) as session:
        await session.until(lambda: "8,000 Hz" in drawn(session))
        await type_path(session, path)
        await session.until(lambda: path.exists() and path.stat().st_size > 16_000)
        written = path.read_bytes()
        assert written.startswith(b"RIFF")
        await session.until(lambda: not session.app.screen.query_one("#pane-audio Prompt", Prompt).has_class("-open"))


async def test_an_existing_file_is_written_over_only_after_a_second_enter(
    runs: Any, open_dashboard: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("saved") / "mine.wav"
    path.write_bytes(b"mine")
    async with open_dashboard(WIDE, view=PANE) as session:
        await session.until(lambda: "8,000 Hz" in drawn(session))
        await type_path(session, path)
        await session.until(lambda: "there already" in told(session))
        assert path.read_bytes() == b"mine"
        await session.press("enter")
        await session.until(lambda: path.read_bytes().startswith(b"RIFF"))


async def test_where_it_cannot_be_saved_is_told(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE, view=PANE) as session:
        await session.until(lambda: "8,000 Hz" in drawn(session))
        await type_path(session, Path("/nowhere/at/all.wav"))
        await session.until(lambda: "Not saved" in told(session))
        await session.press("escape")
        assert not session.app.screen.query_one("#pane-audio Prompt", Prompt).has_class("-open")


async def type_path(session: Any, path: Path) -> None:
    await session.press("w")
    prompt = session.app.screen.query_one("#pane-audio Prompt", Prompt)
    assert prompt.value == "a_tone_step-300.wav"
    prompt.value = str(path)
    await session.press("enter")
