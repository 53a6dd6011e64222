"""The flows of comparing runs, at the two sizes that matter."""

from __future__ import annotations

from typing import Any

import pytest
from tensorboard.compat.proto import event_pb2, summary_pb2

from trackml.events import text_value
from trackml_tui.widgets.compare_list import CompareList

NARROW, WIDE = (80, 24), (200, 60)
BOTH = pytest.mark.parametrize("size", [NARROW, WIDE])


@pytest.fixture
def pair(logdir: Any) -> Any:
    """Two runs with hyperparameters, results and a text each."""
    for run, lr in (("a", 0.1), ("b", 0.2)):
        logdir.write_hparams(run, lr=lr, batch_size=32)
        logdir.write(run, [4.0, 10 * lr])
        summary = summary_pb2.Summary(value=[text_value("config", [f"lr: {lr}".encode()])])
        logdir.append(run, [event_pb2.Event(wall_time=logdir.now, step=1, summary=summary)])
    return logdir


@BOTH
async def test_two_runs_side_by_side(pair: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("3", "z")
        await session.until(lambda: "2 runs side by side" in session.text)
        await session.settled()
        rows = session.app.screen.query_one(CompareList)
        assert any(row.label == "lr" and row.cells == ("0.1", "0.2") for row in rows.rows)
        assert "difference" in session.text
        assert "1 equal: batch_size" in session.text
        await session.until(lambda: any(row.label == "+lr: 0.2" for row in rows.rows))
        await session.press("d")
        await session.until(lambda: not any(row.kind == "added" for row in rows.rows))


async def test_the_baseline_and_what_is_equal(pair: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE) as session:
        await session.press("3", "down", "b", "e")
        await session.until(lambda: len(session.app.screen.query(CompareList)) == 1)
        rows = session.app.screen.query_one(CompareList)
        await session.until(lambda: any(row.label == "lr" and row.cells == ("0.2", "0.1") for row in rows.rows))
        assert any(row.label == "batch_size" for row in rows.rows)


@BOTH
async def test_one_run_has_nothing_to_be_compared_with(pair: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("3", "space")
        await session.until(lambda: "Two runs are needed" in session.text)
        await session.press("space")
        await session.until(lambda: "2 runs side by side" in session.text)


async def test_rows_scroll_from_anywhere_and_the_row_is_told_in_full(pair: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        await session.press("3")
        await session.until(lambda: len(session.app.screen.query(CompareList)) == 1)
        rows = session.app.screen.query_one(CompareList)
        await session.settled()
        first = rows.cursor
        await session.press("right")
        assert rows.cursor != first
        await session.until(lambda: f"{next(row.label for row in rows.rows if row.key == rows.cursor)}" in session.text)
