"""Files of views: written, resumed, shared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from trackml_tui import View, read_view, write_view
from trackml_tui.views import path_for


def test_there_and_back(tmp_path: Path) -> None:
    view = View(tag="loss", pattern="lr<0.01", hidden=frozenset({"b", "a"}), cursor=3.0)
    write_view(tmp_path / "deep/loss.toml", view, note="two\nlines")
    text = (tmp_path / "deep/loss.toml").read_text()
    assert text.startswith("# A view of trackml-tui")
    assert "# two\n# lines\n" in text
    assert 'hidden = [\n    "a",\n    "b",\n]' in text
    assert read_view(tmp_path / "deep/loss.toml") == (View(tag="loss", pattern="lr<0.01", hidden=view.hidden), [])


def test_what_the_file_does_not_say_is_as_by_default(tmp_path: Path) -> None:
    path = tmp_path / "v.toml"
    path.write_text('tag = "a"\n[charts]\nlog_x = true\n')
    view, complaints = read_view(path, View(tag="b", order="step"))
    assert complaints == []
    assert (view.tag, view.order, view.charts.log_x) == ("a", "step", True)


def test_what_is_not_understood_is_named(tmp_path: Path) -> None:
    path = tmp_path / "v.toml"
    path.write_text("schema = 9\ntag = 3\n")
    view, complaints = read_view(path)
    assert view == View()
    assert complaints == [
        f"{path}: schema: this program knows 1, the file has 9",
        f"{path}: tag: expected text, got 3",
    ]


def test_what_is_no_view_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "v.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(ValueError, match="no file of a view"):
        read_view(path)
    with pytest.raises(FileNotFoundError):
        read_view(tmp_path / "nothing.toml")


def test_one_file_for_one_set_of_directories(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "a")
    one = path_for([tmp_path / "a", tmp_path / "b"], tmp_path)
    assert one == path_for([tmp_path / "b", tmp_path / "link"], tmp_path)
    assert one != path_for([tmp_path / "a"], tmp_path)


async def test_what_was_shown_is_shown_again(logdir: Any, open_dashboard: Any, tmp_path_factory: Any) -> None:
    state = tmp_path_factory.mktemp("state")
    for run in "ab":
        logdir.write(run, [1.0])
        logdir.write(run, [1.0], tag="accuracy")
    async with open_dashboard(view=None, state=state) as session:
        await session.press("space", "4")
        expected = session.view
        assert expected.pane == "checkpoints"
    async with open_dashboard(view=None, state=state) as session:
        assert session.view.pane == "checkpoints"
        assert session.view.hidden == expected.hidden != frozenset()
    async with open_dashboard(state=state) as session:
        assert session.view.pane == "charts"


async def test_a_damaged_view_is_told_and_the_dashboard_opens(
    logdir: Any, open_dashboard: Any, tmp_path_factory: Any
) -> None:
    state = tmp_path_factory.mktemp("state")
    logdir.write("a", [1.0])
    path = path_for([logdir.path], state / "views")
    path.parent.mkdir()
    path.write_text("tag = [")
    async with open_dashboard((200, 60), view=None, state=state) as session:
        await session.until(lambda: "no file of a view" in session.told)


async def test_a_directory_that_cannot_be_written_is_told_once(
    logdir: Any, open_dashboard: Any, tmp_path_factory: Any
) -> None:
    state = tmp_path_factory.mktemp("state")
    (state / "views").write_text("a file")
    logdir.write("a", [1.0])
    async with open_dashboard((200, 60), view=None, state=state) as session:
        await session.press("4")
        await session.until(lambda: session.told.count("The view cannot be kept") == 1)


async def test_a_pane_that_is_not_there_is_told(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("a", [1.0])
    async with open_dashboard(view=View(pane="pie")) as session:
        assert session.view.pane == "charts"
        await session.until(lambda: "There is no pane 'pie'" in session.told)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('order = "beauty"', "order: expected one of name"),
        ('[charts]\nx_axis = "depth"', "charts.x_axis: expected one of step"),
        ("[charts]\nsmoothing = 2.0", "charts.smoothing: expected a number from 0 to 0.9999"),
        ("[charts]\ngrid = [1, 70]", "charts.grid: expected a number from 0 to 6"),
        ('[charts]\nband = "mode"', "charts.band: expected one of"),
    ],
)
def test_what_cannot_be_chosen_keeps_its_default(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "v.toml"
    path.write_text(text)
    view, complaints = read_view(path)
    assert view == View()
    assert complaint in complaints[0]
