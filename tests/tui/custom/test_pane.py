"""Custom charts on the screen: categories, lines of tags that match, bands, what is wrong with a layout."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml_tui.choices.charts import ChartsChoice
from trackml_tui.choices.custom import CustomChoice
from trackml_tui.view import View
from trackml_tui.widgets.chart import Chart
from trackml_tui.widgets.chart_grid import ChartGrid

NARROW, WIDE = (80, 24), (200, 60)
BOTH = pytest.mark.parametrize("size", [NARROW, WIDE])
LAYOUT = {
    "Training": {
        "losses": ["Multiline", ["loss", "eval/.*"]],
        "rates": ["Multiline", ["lr"]],
        "broken": ["Multiline", ["(["]],
    },
    "Gradients": {
        "norm": ["Margin", ["norm/mean", "norm/low", "norm/high"]],
        "uneven": ["Margin", ["norm/mean", "short", "norm/high"]],
    },
}


@pytest.fixture
def runs(logdir: Any) -> Any:
    """Two runs, one of which says how charts are laid out."""
    for index, run in enumerate(("a", "b")):
        with tf.SummaryWriter(str(logdir.path / run)) as writer:
            if index == 0:
                writer.add_custom_scalars(LAYOUT)
            for step in range(40):
                loss = float(np.exp(-step / (10 + 10 * index)))
                for tag, value in (("loss", loss), ("eval/loss", loss + 0.1), ("lr", 0.1)):
                    writer.add_scalar(tag, value, step)
                for tag, value in (("norm/mean", 1.0), ("norm/low", 0.5 - index), ("norm/high", 1.5 + index)):
                    writer.add_scalar(tag, value + 0.01 * step, step)
                if step % 2 == 0:
                    writer.add_scalar("short", 0.2, step)
    return logdir


def charts(session: Any) -> list[Chart]:
    grid: ChartGrid = session.app.screen.query_one("CustomPane").query_one(ChartGrid)
    return grid.charts


def titles(session: Any) -> list[str]:
    return [chart.picture.title for chart in charts(session)]


def picture(session: Any, title: str) -> Any:
    return next(chart.picture for chart in charts(session) if chart.picture.title == title)


def custom(**choice: Any) -> View:
    return View(pane="custom", custom=CustomChoice(**choice))


@BOTH
async def test_the_charts_of_a_category_with_all_runs(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=custom()) as session:
        await session.until(lambda: "category 1 of 2" in session.text)
        await session.until(lambda: "losses" in titles(session))
        assert "Training" in session.text
        losses = picture(session, "losses")
        assert list(losses.columns) == ["a eval/loss", "b eval/loss", "a loss", "b loss"]
        assert [stroke.aux for stroke in losses.strokes].count(False) == 4
        await session.press("space")
        await session.until(lambda: len(picture(session, "losses").columns) == 2)
        await session.press("c")
        await session.until(lambda: "norm" in titles(session))
        assert "category 2 of 2" in session.text
        await session.press("c")
        await session.until(lambda: "losses" in titles(session))


async def test_margins_are_bands(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE, view=custom(category="Gradients")) as session:
        await session.until(lambda: titles(session) == ["norm", "uneven"])
        bands = [stroke for stroke in picture(session, "norm").strokes if stroke.floor is not None]
        assert len(bands) == 2
        assert [float(band.curve.pieces[0].y[0]) for band in bands] == pytest.approx([1.5, 2.5])
        assert [float(band.floor.pieces[0].y[0]) for band in bands] == pytest.approx([0.5, -0.5])
        assert list(picture(session, "norm").columns) == ["a", "b"]
        uneven = picture(session, "uneven")
        assert [len(stroke.floor.pieces[0].y) for stroke in uneven.strokes if stroke.floor is not None] == [20, 20]
        assert "steps of the margins differ" in session.text


@pytest.mark.parametrize("x_axis", ["step", "relative", "wall"])
async def test_margins_on_logarithmic_axes(runs: Any, open_dashboard: Any, x_axis: str) -> None:
    choice = ChartsChoice(y_scale="log", log_x=True, x_axis=x_axis, smoothing=0.6)
    view = View(pane="custom", custom=CustomChoice(category="Gradients"), charts=choice)
    async with open_dashboard(WIDE, view=view) as session:
        await session.until(lambda: titles(session) == ["norm", "uneven"])
        bands = [stroke for stroke in picture(session, "norm").strokes if stroke.floor is not None]
        assert len(bands) == 2
        assert all(float(band.floor.pieces[0].y.min()) > 0.0 for band in bands)


async def test_what_is_no_regex_is_told(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE, view=custom()) as session:
        await session.until(lambda: "broken" in titles(session))
        assert "no regex: ([" in session.text
        assert not picture(session, "broken").strokes


@BOTH
async def test_one_chart_and_back(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=custom()) as session:
        await session.until(lambda: "losses" in titles(session))
        await session.press("n")
        assert session.view.custom.chart == "Training/rates"
        charts(session)[0].focus()
        await session.press("enter")
        await session.until(lambda: len(titles(session)) == 1)
        assert session.view.custom.alone
        assert not session.view.charts.alone
        await session.press("n", "n")
        assert "no regex: ([ (unterminated character" in session.text
        await session.press("p", "escape")
        await session.until(lambda: session.view.custom == CustomChoice(chart="Training/rates"))
        await session.press("y", "right")
        assert session.view.charts.y_scale == "log"
        await session.until(lambda: session.view.step is not None)


async def test_a_click_chooses_a_chart_and_its_title_opens_it(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE, view=custom()) as session:
        await session.until(lambda: "rates" in titles(session))
        await session.pilot.click(charts(session)[1], offset=(20, 8))
        await session.until(lambda: session.view.custom.chart == "Training/rates")
        assert session.view.tag == "loss"
        await session.pilot.click(charts(session)[1], offset=(2, 0))
        await session.until(lambda: titles(session) == ["rates"])


async def test_without_a_layout_it_is_said(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("run", [1.0])
    async with open_dashboard(view=custom()) as session:
        assert "No custom charts" in session.text
        assert "add_custom_scalars" in session.text


async def test_a_layout_that_comes_later_is_shown(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("run", [1.0, 2.0])
    async with open_dashboard(WIDE, view=custom()) as session:
        assert "No custom charts" in session.text
        with tf.SummaryWriter(str(logdir.path / "other")) as writer:
            writer.add_custom_scalars({"Later": {"losses": ["Multiline", ["loss"]]}})
        await session.until(lambda: "Later" in session.text)
        assert titles(session) == ["losses"]


async def test_titles_are_not_interpreted(logdir: Any, open_dashboard: Any) -> None:
    with tf.SummaryWriter(str(logdir.path / "run")) as writer:
        writer.add_scalar("loss", 1.0, 0)
        writer.add_custom_scalars({"[bold]\x1b[31mred": {"[link=x]\x07bell": ["Multiline", ["loss"]]}})
    async with open_dashboard(WIDE, view=custom()) as session:
        await session.until(lambda: "[bold]" in session.text)
        assert "[link=x]" in session.text
        assert "\x1b" not in session.text
        assert "\x07" not in session.text
