"""The flows of the leaderboard, by keys and mouse, at the two sizes that matter."""

from __future__ import annotations

from typing import Any

import pytest

from trackml_tui.widgets.menu import Menu
from trackml_tui.widgets.row_list import RowList
from trackml_tui.widgets.run_list import RunList
from trackml_tui.widgets.table_list import TableHeading, TableList

NARROW, WIDE = (80, 24), (200, 60)
BOTH = pytest.mark.parametrize("size", [NARROW, WIDE])


@pytest.fixture
def sweep(logdir: Any) -> Any:
    """Three runs of a sweep."""
    for place, lr in enumerate((0.1, 0.01, 1.0)):
        logdir.write_hparams(f"lr={lr}", lr=lr)
        logdir.write(f"lr={lr}", [3.0 + place, 0.25 + place, 0.5])
        logdir.write(f"lr={lr}", [0.1 * place], tag="accuracy")
    return logdir


def names(session: Any) -> list[str]:
    """The runs in the table, from top to bottom."""
    return [row.key for row in session.app.screen.query_one(TableList).rows]


@BOTH
async def test_runs_are_ranked(sweep: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("2")
        await session.until(lambda: "3 runs by min loss" in session.text)
        assert names(session) == ["lr=0.1", "lr=0.01", "lr=1.0"]
        assert "0.250 @1" in session.text
        assert session.app.screen.query_one(TableList).cursor == session.view.current == "lr=0.01"


@BOTH
async def test_new_values_change_the_ranks(sweep: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("2")
        await session.until(lambda: len(session.app.screen.query(TableList)) == 1)
        sweep.write("lr=0.01", [0.125], first_step=9)
        await session.until(lambda: names(session)[0] == "lr=0.01")


async def test_columns_are_walked_sorted_moved_and_hidden(sweep: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE) as session:
        await session.press("2")
        await session.until(lambda: len(session.app.screen.query(TableList)) == 1)
        await session.press("left", "o")
        assert session.view.leaderboard.sort == "run"
        await session.until(lambda: names(session) == ["lr=0.01", "lr=0.1", "lr=1.0"])
        await session.press("shift+tab", "o")
        await session.press("right", "right", "right", "right", "right", "right")
        assert session.view.leaderboard.column == "last:loss"
        await session.press("less_than_sign")
        columns = [place.column.key for place in session.app.screen.query_one(TableList).places]
        assert columns.index("last:loss") == 4
        await session.press("minus")
        await session.until(
            lambda: "last:loss" not in [place.column.key for place in session.app.screen.query_one(TableList).places]
        )
        assert session.view.leaderboard.column != "last:loss"


async def test_a_click_on_a_heading_sorts_and_another_turns_round(sweep: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE) as session:
        await session.press("2")
        await session.until(lambda: len(session.app.screen.query(TableList)) == 1)
        await session.settled()
        table = session.app.screen.query_one(TableList)
        x = next(place.x for place in table.places if place.column.key == "hparam:lr")
        await session.pilot.click(TableHeading, offset=(x + 1, 0))
        await session.until(lambda: names(session) == ["lr=0.01", "lr=0.1", "lr=1.0"])
        await session.pilot.click(TableHeading, offset=(x + 1, 0))
        await session.until(lambda: names(session) == ["lr=1.0", "lr=0.1", "lr=0.01"])


async def test_a_row_is_chosen_here_and_in_the_run_list(sweep: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE) as session:
        await session.press("2")
        await session.until(lambda: len(session.app.screen.query(TableList)) == 1)
        await session.settled()
        await session.pilot.click(TableList, offset=(12, 2))
        await session.until(lambda: session.view.current == "lr=1.0")
        await session.until(lambda: session.app.screen.query_one(RunList).cursor == "lr=1.0")
        await session.press("space")
        assert names(session) == ["lr=0.1", "lr=0.01"]
        await session.press("e")
        assert names(session) == ["lr=0.1", "lr=0.01", "lr=1.0"]


async def test_metrics_and_columns_are_picked_from_lists(sweep: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE) as session:
        await session.press("2")
        await session.until(lambda: len(session.app.screen.query(TableList)) == 1)
        await session.press("m")
        await session.settled()
        assert isinstance(session.app.screen, Menu)
        assert "higher is better" in session.text
        await session.press("enter")
        assert session.view.leaderboard.metrics == ("loss",)
        await session.press("c")
        await session.settled()
        await session.press("down", "enter")
        assert session.view.leaderboard.hidden == frozenset({"status"})
        await session.press("v")
        assert session.view.leaderboard.flipped == frozenset({"loss"})
        await session.until(lambda: "max loss" in session.text)


async def test_a_thousand_runs_scroll(logdir: Any, open_dashboard: Any) -> None:
    for index in range(1000):
        logdir.file(f"run{index}").parent.mkdir(parents=True)
        logdir.file(f"run{index}").touch()
    logdir.write("run999", [1.0])
    async with open_dashboard() as session:
        await session.press("2")
        await session.until(lambda: len(names(session)) == 1000)
        table = session.app.screen.query_one(TableList)
        table.focus()
        await session.press("end")
        assert isinstance(table, RowList)
        assert table.scroll_offset.y > 900
        assert session.view.current == table.rows[-1].key
