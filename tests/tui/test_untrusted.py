"""Names from files are shown, never obeyed."""

from __future__ import annotations

from typing import Any

import pytest
from tensorboard.compat.proto import event_pb2, summary_pb2

from trackml.events import scalar_value

NASTY = [
    "\x1b[31mred\x1b]0;title\x07",
    "[red]markup[/red] [@click=app.quit]quit[/]",
    "right\u202eleft\u2066",
    "two\nlines\r\ttab",
    "\x9b31m\x00nul",
    "z" + "\u0323" * 50,
    "w" * 1_000_000,
    "/" * 100_000,
    "",
]


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
@pytest.mark.parametrize("name", NASTY)
async def test_a_tag_cannot_break_the_screen(
    logdir: Any, open_dashboard: Any, name: str, size: tuple[int, int]
) -> None:
    logdir.write("run", [1.0, 2.0], tag=name)
    async with open_dashboard(size) as session:
        text = session.text
        assert session.view.tag == name
        assert not any(character in text for character in "\x1b\x07\x9b\x00\r\t\u202e\u2066")
        assert len(text.splitlines()) == size[1]
        assert text.splitlines()[-1].endswith("Help")
        await session.press("z", "tab", "h", "escape")


@pytest.mark.parametrize("name", [name for name in NASTY[:6] if "/" not in name and "\x00" not in name])
async def test_a_run_cannot_break_the_screen(logdir: Any, open_dashboard: Any, name: str) -> None:
    logdir.write(name, [1.0, 2.0])
    async with open_dashboard((120, 40)) as session:
        assert session.runs == [name]
        assert not any(character in session.text for character in "\x1b\x07\x9b\r\t\u202e\u2066")
        await session.press("h")
        assert len(session.text.splitlines()) == 40


async def test_markup_is_shown_as_it_is(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("[red]run[bold]", [1.0], tag="[blink]tag")
    async with open_dashboard((120, 30)) as session:
        assert "[red]run[bold]" in session.text
        assert session.text.count("[blink]tag") == 2


async def test_a_directory_with_markup_in_its_name(logdir: Any, open_dashboard: Any) -> None:
    async with open_dashboard((200, 60), path=logdir.path / "[red]dir\x1b[1m") as session:
        assert session.text.count(r"[red]dir\x1b[1m") == 2
        assert "\x1b" not in session.text


@pytest.mark.parametrize("wall_time", [float("inf"), float("-inf"), float("nan"), 1e300, -1e300, 0.0])
async def test_any_wall_time_can_be_shown(logdir: Any, open_dashboard: Any, wall_time: float) -> None:
    summary = summary_pb2.Summary(value=[scalar_value("loss", 1.0)])
    logdir.append("run", [event_pb2.Event(wall_time=wall_time, step=step, summary=summary) for step in range(3)])
    async with open_dashboard() as session:
        await session.press("x", "left", "x", "left", "o", "o", "o")
        assert "1 run ·" in session.text


@pytest.mark.parametrize("steps", [[-(2**63), 2**63 - 1], [5, 4, 3], [0] * 5])
async def test_any_step_can_be_shown(logdir: Any, open_dashboard: Any, steps: list[int]) -> None:
    summary = summary_pb2.Summary(value=[scalar_value("loss", 1e308), scalar_value("tiny", 1e-320)])
    logdir.append("run", [event_pb2.Event(wall_time=float(n), step=n, summary=summary) for n in steps])
    async with open_dashboard() as session:
        await session.press("left", "y", "n", "x", "left", "s")
        assert "1 run ·" in session.text
