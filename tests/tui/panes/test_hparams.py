"""The pane of hyperparameters."""

from __future__ import annotations

from typing import Any

import pytest

import trackml as tf
from trackml_tui.view import View

NARROW, WIDE = (80, 24), (200, 60)
BOTH = pytest.mark.parametrize("size", [NARROW, WIDE])


@pytest.fixture
def sweep(logdir: Any) -> Any:
    for run, rate in (("a", 0.1), ("b", 0.2), ("c", 0.4)):
        with tf.SummaryWriter(str(logdir.path / run)) as writer:
            writer.add_hparams({"rate": rate, "layers": 3}, {}, run_name=".")
            for step in range(3):
                writer.add_scalar("loss", rate / (step + 1), step)
    return logdir


@BOTH
async def test_table_and_lines(sweep: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=View(pane="hparams", tag="loss")) as session:
        await session.until(lambda: "rate" in session.text and "min loss" in session.text)
        assert "layers" not in session.text
        assert any(0x2800 < ord(character) < 0x2900 for character in session.text)
        await session.press("w")
        await session.until(lambda: not any(0x2800 < ord(character) < 0x2900 for character in session.text))
        await session.press("i")
        await session.until(lambda: "layers" in session.text)
        assert session.view.hparams.everything


async def test_sorting_by_a_hyperparameter(sweep: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE, view=View(pane="hparams", tag="loss")) as session:
        await session.until(lambda: "min loss" in session.text)
        assert session.view.leaderboard.sort == ""
        for _ in range(6):
            if session.view.hparams.table.column != "hparam:rate":
                await session.press("left")
                await session.pilot.pause(0.05)
        await session.press("o", "o")
        await session.until(lambda: session.view.hparams.table.sort == "hparam:rate")
        assert session.view.leaderboard.sort == ""


async def test_without_hyperparameters_it_is_said(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("a", [1.0])
    async with open_dashboard(view=View(pane="hparams")) as session:
        await session.until(lambda: "No hyperparameters" in session.text)
