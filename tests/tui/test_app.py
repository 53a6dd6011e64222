"""The dashboard's flows, by keys and mouse, at the two sizes that matter."""

from __future__ import annotations

import math
from typing import Any

import pytest

from trackml_tui.palette import DARK, LIGHT
from trackml_tui.settings import Settings
from trackml_tui.view import View
from trackml_tui.widgets.chart import Chart
from trackml_tui.widgets.row_list import RowList
from trackml_tui.widgets.run_list import RunList
from trackml_tui.widgets.sidebar import Sidebar
from trackml_tui.widgets.tag_tree import TagTree

NARROW, WIDE = (80, 24), (200, 60)
BOTH = pytest.mark.parametrize("size", [NARROW, WIDE])


@pytest.fixture
def sweep(logdir: Any) -> Any:
    """Three runs, one of which ended an hour ago."""
    for index, run in enumerate(("lr=0.01", "lr=0.1", "lr=1.0")):
        values = [2.0 * math.exp(-step / 40) + index for step in range(200)]
        logdir.write(run, values, age=3600.0 * (index == 2))
        logdir.write(run, [0.5 + index / 10], tag="eval/accuracy", first_step=199, age=3600.0 * (index == 2))
        logdir.write(run, [0.3], tag="eval/loss", first_step=199, age=3600.0 * (index == 2))
    return logdir


@BOTH
async def test_the_first_screen(sweep: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        text = session.text
        assert "3 runs · 2 live" in text
        assert all(run in text for run in ("lr=0.01", "lr=0.1", "lr=1.0"))
        assert "accuracy" in text
        assert session.view.tag == "loss"
        assert session.drawn == ["lr=0.01", "lr=0.1", "lr=1.0"]
        assert "1h" in text
        assert any(0x2800 < ord(character) < 0x2900 for character in text)
        assert all(key in text for key in ("Toggle", "Only", "Filter", "Sort", "Axis", "Log", "Help", "Quit"))


@BOTH
async def test_choosing_a_tag(sweep: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("tab", "home", "down")
        assert session.view.tag == "eval/accuracy"
        assert [row.value for row in session.scene.board.rows] == pytest.approx([0.5, 0.6, 0.7])
        await session.press("n")
        assert session.view.tag == "eval/loss"
        assert session.app.screen.query_one(TagTree).cursor == "tag eval/loss"
        await session.press("n", "n")
        assert session.view.tag == "eval/accuracy"
        await session.press("p")
        assert session.view.tag == "loss"


async def test_folding_a_group(sweep: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        tree = session.app.screen.query_one(TagTree)
        await session.press("tab", "home", "space")
        assert [row.label for row in tree.rows] == ["eval", "loss"]
        assert session.view.tag == "loss"
        await session.press("enter")
        assert [row.label for row in tree.rows] == ["eval", "accuracy", "loss", "loss"]


@BOTH
async def test_toggling_runs(sweep: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("down", "space")
        assert session.drawn == ["lr=0.01", "lr=1.0"]
        assert "○" in session.text
        await session.press("a")
        assert len(session.drawn) == 3
        await session.press("a")
        assert session.drawn == []
        assert "No run is shown" in session.text
        await session.press("space")
        assert session.drawn == ["lr=0.1"]


async def test_one_run_alone_and_back(sweep: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        await session.press("j", "enter")
        assert session.drawn == ["lr=0.1"]
        await session.press("enter")
        assert len(session.drawn) == 3


@BOTH
async def test_new_points_appear(sweep: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        sweep.write("lr=0.1", [0.75], first_step=999)
        await session.until(lambda: session.scene.board.rows[1].value == 0.75)
        await session.pilot.pause()
        assert "0.75" in session.text


@BOTH
async def test_a_new_run_and_a_new_tag_appear(sweep: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("down")
        sweep.write("lr=0.001", [3.0])
        await session.until(lambda: "lr=0.001" in session.runs)
        assert session.runs[0] == "lr=0.001"
        assert session.view.current == "lr=0.1"
        sweep.write("lr=0.1", [1.0], tag="gradient_norm")
        await session.until(lambda: "gradient_norm" in session.text)
        assert session.view.tag == "loss"


async def test_a_directory_that_appears_later(logdir: Any, open_dashboard: Any) -> None:
    async with open_dashboard(path=logdir.path / "later") as session:
        assert "No such directory" in session.text
        assert "Toggle" not in session.text
        (logdir.path / "later").mkdir()
        await session.until(lambda: "No runs yet" in session.text)
        logdir.write_histogram("later/run")
        await session.until(lambda: "No scalars yet" in session.text)
        logdir.write("later/run", [0.5])
        await session.until(lambda: session.drawn == ["run"])
        await session.pilot.pause()
        assert "Toggle" in session.text


async def test_a_deleted_run_leaves(sweep: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        sweep.file("lr=0.01").unlink()
        sweep.file("lr=0.01").parent.rmdir()
        await session.until(lambda: session.runs == ["lr=0.1", "lr=1.0"])
        await session.until(lambda: session.view.current == "lr=0.1")


@BOTH
async def test_filtering_runs(sweep: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("slash", *"0.0")
        assert session.runs == ["lr=0.01"]
        assert "1 of 3 runs" in session.text
        await session.press("enter", "space")
        assert session.drawn == []
        await session.press("space", "slash", "escape")
        assert len(session.runs) == 3
        assert isinstance(session.app.focused, RunList)


async def test_a_wrong_pattern_keeps_the_last_good_one(sweep: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        await session.press("slash", *"1(")
        assert session.view.pattern == "1"
        assert "unterminated" in session.text
        await session.press("backspace")
        assert "unterminated" not in session.text


async def test_a_pattern_that_finds_nothing(sweep: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        await session.press("slash", *"zzz")
        assert "No run matches" in session.text


async def test_axes_scale_and_smoothing(sweep: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        assert "step · smoothing 0.6" in session.text
        await session.press("x", "y", "s")
        assert "relative time · log y · 1 in 3" in session.text
        await session.press("x", "y", "S", "S", "S", "S")
        assert "wall time" in session.text
        assert "smoothing" not in session.text


async def test_sorting_by_value(sweep: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        await session.press("o", "o")
        assert session.runs == ["lr=1.0", "lr=0.1", "lr=0.01"]
        assert "last↓" in session.text
        assert session.view.current == "lr=1.0"


async def test_the_cursor_reads_every_run_at_one_step(sweep: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        await session.press("left")
        assert session.view.cursor == 199.0
        await session.press(*["shift+left"] * 2)
        rows = session.scene.board.rows
        assert len({row.step for row in rows}) == 1
        assert rows[0].value == pytest.approx(2.0 * math.exp(-(rows[0].step or 0) / 40))
        assert f"@{rows[0].step}" in session.text
        await session.press("escape")
        assert session.view.cursor is None
        assert [row.step for row in session.scene.board.rows] == [199, 199, 199]


async def test_the_pointer_is_a_cursor_too(sweep: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        await session.pilot.hover(Chart, offset=(25, 5))
        await session.until(lambda: session.view.cursor is not None)
        await session.pilot.hover(RunList)
        await session.until(lambda: session.view.cursor is None)


async def test_a_click_chooses_and_a_click_on_the_mark_toggles(sweep: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        await session.pilot.click(RunList, offset=(8, 2))
        assert session.view.current == "lr=1.0"
        assert len(session.drawn) == 3
        await session.pilot.click(RunList, offset=(1, 1))
        assert session.drawn == ["lr=0.01", "lr=1.0"]


@BOTH
async def test_the_chart_alone(sweep: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("z")
        assert not session.app.screen.query_one(Sidebar).display
        assert "━ lr=0.1" in session.text
        await session.press("down", "space")
        assert session.drawn == ["lr=0.01", "lr=1.0"]
        await session.press("z")
        assert session.app.screen.query_one(Sidebar).display
        assert isinstance(session.app.focused, RunList)


async def test_a_very_small_terminal_shows_the_chart(sweep: Any, open_dashboard: Any) -> None:
    async with open_dashboard((50, 12)) as session:
        assert not session.app.screen.query_one(Sidebar).display
        assert any(0x2800 < ord(character) < 0x2900 for character in session.text)
        await session.pilot.resize_terminal(80, 24)
        await session.until(lambda: bool(session.app.screen.query_one(Sidebar).display))


@BOTH
async def test_help_opens_and_closes(sweep: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        for key in ("question_mark", "f1"):
            await session.press(key)
            assert "Steps, relative time, wall time" in session.text
            await session.press("escape")
            assert "Steps, relative time, wall time" not in session.text


async def test_damage_is_seen_and_explained(sweep: Any, open_dashboard: Any) -> None:
    damaged = bytearray(sweep.file("lr=0.1").read_bytes())
    damaged[200] ^= 0xFF
    sweep.file("lr=0.1").write_bytes(damaged)
    async with open_dashboard() as session:
        assert "! 1 damaged file (h)" in session.text
        await session.press("h")
        assert "corrupt    lr=0.1/events" in session.text
        assert "bytes lost" in session.text
        await session.press("q")
        assert session.app.is_running


async def test_polling_is_explained(sweep: Any, open_dashboard: Any) -> None:
    path = sweep.path.parent / "linked"
    path.mkdir()
    (path / "tfevents.link").symlink_to(sweep.file("lr=0.1"))
    async with open_dashboard(path=path) as session:
        await session.press("h")
        await session.until(lambda: "The system does not tell of changes" in session.text)


async def test_values_that_are_not_finite_are_counted(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("run", [1.0, float("nan"), 2.0, float("inf")])
    async with open_dashboard(WIDE) as session:
        assert "2 NaN or inf, first @ 1" in session.text
        assert "inf" in session.text.splitlines()[2]


@BOTH
async def test_quitting(sweep: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("q")
        assert not session.app.is_running


async def test_a_tag_can_be_asked_for(sweep: Any, open_dashboard: Any) -> None:
    async with open_dashboard(view=View(tag="eval/loss")) as session:
        assert [row.value for row in session.scene.board.rows] == pytest.approx([0.3] * 3)
        assert session.view.tag == "eval/loss"


@pytest.mark.parametrize("dark", [True, False])
async def test_both_themes_draw_runs_in_their_colours(sweep: Any, open_dashboard: Any, dark: bool) -> None:
    async with open_dashboard(settings=Settings(theme="dark" if dark else "light")) as session:
        svg = session.app.export_screenshot()
        slots = {row.slot for row in session.scene.board.rows}
        assert all((DARK if dark else LIGHT)[slot] in svg for slot in slots)


async def test_many_runs_scroll(logdir: Any, open_dashboard: Any) -> None:
    for index in range(300):
        logdir.write(f"run{index}", [float(index)])
    async with open_dashboard() as session:
        await session.press("end")
        assert session.view.current == "run299"
        assert "run299" in session.text
        await session.press("home", "pagedown", "pagedown")
        assert session.app.screen.query_one("#runs", RowList).scroll_offset.y > 0
        assert "300 runs" in session.text
