"""The flows of the side bar: the tree of runs, what can be done with many, filters of runs and tags."""

from __future__ import annotations

import os
from typing import Any

import pytest

from trackml.events.manifest import ManifestWriter
from trackml_tui.catalog.status import Status
from trackml_tui.widgets.filter_bar import FilterBar
from trackml_tui.widgets.menu import Menu
from trackml_tui.widgets.prompt_line import PromptLine
from trackml_tui.widgets.run_list import RunList
from trackml_tui.widgets.tag_tree import TagTree

NARROW, WIDE = (80, 24), (200, 60)
BOTH = pytest.mark.parametrize("size", [NARROW, WIDE])


@pytest.fixture
def runs(logdir: Any) -> Any:
    """A sweep of two seeds in directories, and a training with its evaluation."""
    for lr in (0.1, 0.01):
        for seed in (1, 2):
            logdir.write_hparams(f"sweep/lr={lr}/seed={seed}", lr=lr, seed=seed)
            logdir.write(f"sweep/lr={lr}/seed={seed}", [2.0, lr + seed])
    logdir.write("model", [1.0])
    logdir.write("model/eval", [0.5])
    logdir.write("model/eval", [0.9], tag="accuracy")
    return logdir


def lines(session: Any) -> list[str]:
    """The keys of the lines of the run list."""
    return [line.key for line in session.scene.board.listed]


async def go_to(session: Any, key: str) -> None:
    """Moves the cursor of the run list to a line."""
    session.app.screen.query_one(RunList).cursor = key
    await session.until(lambda: session.view.current == key)


@BOTH
async def test_runs_are_a_tree(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        assert lines(session)[:3] == ["model", "dir sweep/", "dir sweep/lr=0.01/"]
        assert "model +eval" in session.text
        assert "▾ sweep/" in session.text
        assert len(session.drawn) == 6
        await go_to(session, "dir sweep/lr=0.01/")
        await session.press("space")
        assert session.drawn == ["model", "model/eval", "sweep/lr=0.1/seed=1", "sweep/lr=0.1/seed=2"]
        assert "◐" in session.text
        await session.press("enter")
        assert session.drawn == ["sweep/lr=0.01/seed=1", "sweep/lr=0.01/seed=2"]


@BOTH
async def test_lines_fold(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await go_to(session, "sweep/lr=0.1/seed=2")
        await session.press("f")
        assert lines(session)[-1] == "dir sweep/lr=0.1/"
        assert session.view.current == "dir sweep/lr=0.1/"
        assert len(session.drawn) == 6
        await session.press("f")
        assert lines(session)[-1] == "sweep/lr=0.1/seed=2"
        await go_to(session, "model")
        await session.press("f")
        assert lines(session)[:2] == ["model", "model/eval"]


async def test_a_click_on_the_arrow_folds_and_one_on_the_mark_hides_all(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        await session.pilot.click(RunList, offset=(4, 1))
        await session.until(lambda: lines(session) == ["model", "dir sweep/"])
        await session.pilot.click(RunList, offset=(1, 1))
        await session.until(lambda: session.drawn == ["model", "model/eval"])


async def test_a_flat_list_has_a_line_a_run(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        await session.press("t")
        assert lines(session) == session.runs
        assert len(session.runs) == 6
        await session.press("t")
        assert "dir sweep/" in lines(session)


@BOTH
async def test_groups_of_seeds(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("g")
        await session.settled()
        assert isinstance(session.app.screen, Menu)
        await session.press("down", "enter")
        assert session.view.runs.group == "seeds"
        assert [line.label for line in session.scene.board.listed if line.row is None] == [*("lr=0.01", "lr=0.1")]
        assert session.scene.board.groups[0].runs == ("sweep/lr=0.01/seed=1", "sweep/lr=0.01/seed=2")
        await session.press("t")
        assert session.view.runs.group == ""


async def test_groups_by_a_part_of_the_name(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        await session.press("g")
        await session.settled()
        await session.press("end", "enter", *"seed=[")
        assert "unterminated" in session.text
        await session.press(*"12]", "enter")
        assert [group.label for group in session.scene.board.groups] == ["seed=1", "seed=2", "–"]
        assert isinstance(session.app.focused, RunList)


@BOTH
async def test_a_query_over_hyperparameters_and_metrics(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("slash", *"lr<0.05 and loss>1.5")
        assert session.runs == ["sweep/lr=0.01/seed=2"]
        await session.press(*" (")
        assert "column 23" in session.text
        assert session.runs == ["sweep/lr=0.01/seed=2"]


async def test_what_makes_no_sense_in_a_query_is_told(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        await session.press("slash", *"warmup>3")
        await session.until(lambda: "no run has warmup" in session.text)


async def test_filters_are_saved_and_used_again(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE) as session:
        await session.press("slash", *"lr>0.05", "enter")
        await session.app.screen.run_action("save_filter")
        await session.press(*"fast", "enter")
        assert session.view.runs.saved == (("fast", "lr>0.05"),)
        await session.press("slash", "escape")
        assert len(session.runs) == 6
        await session.app.screen.run_action("filters")
        await session.pilot.pause()
        await session.press("enter")
        assert session.view.pattern == "lr>0.05"
        assert len(session.runs) == 2
        assert session.app.screen.query_one("#run-filter", FilterBar).has_class("-open")


@BOTH
async def test_runs_are_named_noted_and_starred(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("r", *"base", "enter")
        assert session.scene.label("model") == "base"
        assert "base +eval" in session.text
        await session.press("N", *"so so", "enter", "asterisk")
        await session.until(lambda: "base +eval ★†" in session.text or "★†" in session.text)
        label = session.scene.labels.of(session.scene.run)
        assert (label.note, label.starred) == ("so so", True)
        await session.press("slash", *"is:star", "enter")
        assert session.runs == ["model", "model/eval"]
        await session.press("asterisk", "r", "escape")
        assert not session.scene.labels.of(session.scene.run).starred
        assert not session.app.screen.query_one(PromptLine).has_class("-open")


async def test_archived_runs_are_put_away(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE) as session:
        await go_to(session, "dir sweep/lr=0.1/")
        await session.press("A")
        assert len(session.runs) == 4
        assert "(2 archived)" in session.text
        await session.app.screen.run_action("archived")
        assert len(session.runs) == 6


async def test_labels_are_there_the_next_time(runs: Any, open_dashboard: Any, tmp_path_factory: Any) -> None:
    state = tmp_path_factory.mktemp("state")
    async with open_dashboard(state=state) as session:
        await session.press("r", *"base", "enter")
    async with open_dashboard(state=state) as session:
        await session.until(lambda: session.scene.label("model") == "base")


async def test_damaged_labels_are_told(runs: Any, open_dashboard: Any, tmp_path_factory: Any) -> None:
    state = tmp_path_factory.mktemp("state")
    async with open_dashboard(state=state) as session:
        await session.press("asterisk")
    (file,) = (state / "labels").iterdir()
    file.write_text("{")
    async with open_dashboard(WIDE, state=state) as session:
        await session.until(lambda: any("Damaged labels" in told.message for told in session.app._notifications))


async def test_another_colour(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        before = session.scene.slot("model")
        await session.app.screen.run_action("colour")
        assert session.scene.slot("model") == (before + 1) % 10
        await session.app.screen.run_action("own_colour")
        assert session.scene.slot("model") == before


@BOTH
async def test_the_menu_offers_what_can_be_done(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("full_stop")
        await session.settled()
        assert all(word in session.text for word in ("rename (here only)", "group by…", "delete the directory…"))
        await session.press("j", "j", "enter")
        assert session.scene.labels.of(session.scene.run).starred
        await go_to(session, "dir sweep/")
        await session.press("full_stop")
        await session.settled()
        assert "4 runs" in session.text
        assert "rename" not in session.text
        await session.press("escape")
        assert not isinstance(session.app.screen, Menu)


async def test_a_run_is_deleted_once_its_name_is_typed(runs: Any, open_dashboard: Any) -> None:
    path = runs.path / "sweep" / "lr=0.1" / "seed=1"
    async with open_dashboard() as session:
        await go_to(session, "sweep/lr=0.1/seed=1")
        await session.press("delete")
        await session.until(lambda: "cannot be had back" in session.text)
        assert str(path) in session.text.replace("\n", "").replace(" ", "") or path.name in session.text
        await session.press(*"seed", "enter")
        assert path.exists()
        await session.press(*"=1", "enter")
        await session.until(lambda: not path.exists())
        await session.until(lambda: "sweep/lr=0.1/seed=1" not in session.runs)


async def test_escape_keeps_a_run(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        await session.press("delete")
        await session.until(lambda: "cannot be had back" in session.text)
        assert "model/eval" in session.text
        await session.press("escape")
        assert (runs.path / "model").exists()
        assert lines(session)[0] == "model"


async def test_the_log_directory_itself_is_never_deleted(logdir: Any, open_dashboard: Any) -> None:
    logdir.write(".", [1.0])
    async with open_dashboard() as session:
        await session.press("delete")
        await session.until(lambda: "It is the log directory itself" in session.text)
        await session.press("enter", "escape")
        assert os.path.isdir(logdir.path)


@BOTH
async def test_the_status_is_what_the_manifest_says(logdir: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    logdir.write("run", [1.0])
    writer = ManifestWriter(logdir.path / "run")
    writer.record(status="running")
    async with open_dashboard(size) as session:
        await session.until(lambda: session.scene.board.rows[0].status is Status.RUNNING)
        writer.record(status="finished")
        await session.until(lambda: session.scene.board.rows[0].status is Status.FINISHED)
        await session.pilot.pause()
        assert ("finished" if size == WIDE else "✓") in session.text
        assert session.scene.manifest("run").status == "finished"
    writer.close()


@BOTH
async def test_tags_are_filtered(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        tree = session.app.screen.query_one(TagTree)
        await session.press("tab", "slash", *"acc")
        await session.until(lambda: [row.label for row in tree.rows] == ["accuracy"])
        await session.press("backspace", "backspace", "backspace", *"*oss")
        await session.until(lambda: [row.label for row in tree.rows] == ["loss"])
        await session.press("enter")
        assert isinstance(session.app.focused, TagTree)
        await session.press("slash", "escape")
        await session.until(lambda: len(tree.rows) == 2)


async def test_tags_are_marked_to_be_drawn_together(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        await session.press("tab", "home")
        assert session.view.tag == "accuracy"
        await session.press("down", "up", "space")
        assert session.view.charts.together == ()
        tree = session.app.screen.query_one(TagTree)
        tree.post_message(TagTree.Chosen("loss"))
        await session.until(lambda: session.view.charts.together == ("loss",))
        await session.until(lambda: "+ loss" in session.text)
