"""The charts' flows, by keys and mouse, at the two sizes that matter, and what they look like."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from textual.events import MouseMove, MouseScrollDown, MouseScrollUp

from trackml_tui.choices.charts import ChartsChoice
from trackml_tui.panes.charts import ChartsPane
from trackml_tui.plotting.patterns import pattern
from trackml_tui.plotting.scale import Linear
from trackml_tui.view import View
from trackml_tui.widgets.chart import Chart
from trackml_tui.widgets.chart_grid import ChartGrid
from trackml_tui.widgets.legend_line import LegendLine

NARROW, WIDE = (80, 24), (200, 60)
BOTH = pytest.mark.parametrize("size", [NARROW, WIDE])


@pytest.fixture
def runs(logdir: Any) -> Any:
    """Two learning rates with three seeds each, five tags, one of them not finite here and there."""
    generator = np.random.default_rng(0)
    for index, rate in enumerate(("0.1", "1.0")):
        for seed in range(3):
            run = f"lr={rate}/seed={seed}"
            loss = (2.0 - index) * np.exp(-np.arange(100) / 30) + 0.1 * generator.standard_normal(100)
            loss[40:42] = math.nan
            loss[60] = math.inf
            logdir.write(run, loss.tolist())
            logdir.write(run, (loss[::10] + 0.2).tolist(), tag="eval/loss")
            for layer in range(3):
                logdir.write(run, generator.standard_normal(50).cumsum().tolist(), tag=f"layers/{layer}/norm")
    return logdir


def charts(session: Any) -> list[Chart]:
    return session.app.screen.query_one(ChartGrid).charts


def tags(session: Any) -> list[str]:
    return [chart.picture.tag for chart in charts(session)]


def choice(session: Any) -> ChartsChoice:
    return session.view.charts


@BOTH
async def test_more_charts_and_fewer(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        assert tags(session) == ["loss"]
        await session.press("m")
        assert "loss" in tags(session)
        assert len(tags(session)) == (5 if size == WIDE else 1)
        assert "5 charts" in session.text
        await session.press("M", "M", "M", "M", "M", "M")
        assert tags(session) == ["loss"]


@BOTH
async def test_pages_turn(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=View(tag="eval/loss", charts=ChartsChoice(grid=(1, 2)))) as session:
        assert tags(session) == ["eval/loss", "layers/0/norm"]
        assert "page 1 of 3 · 5 charts" in session.text
        await session.press("right_parenthesis")
        assert tags(session) == ["layers/1/norm", "layers/2/norm"]
        assert session.view.tag == "layers/1/norm"
        await session.press("right_parenthesis", "right_parenthesis", "right_parenthesis")
        assert tags(session) == ["loss"]
        await session.press("left_parenthesis")
        assert session.view.tag == "layers/1/norm"


@BOTH
async def test_one_chart_and_back(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=View(tag="eval/loss", charts=ChartsChoice(grid=(2, 2)))) as session:
        first = charts(session)[0]
        first.focus()
        await session.press("enter")
        assert tags(session) == [session.view.tag] == [first.picture.tag]
        await session.press("escape")
        assert len(tags(session)) == 4


async def test_a_click_chooses_a_chart_and_one_on_its_title_opens_it(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE, view=View(tag="loss", charts=ChartsChoice(grid=(3, 3)))) as session:
        chart = charts(session)[1]
        tag = chart.picture.tag
        await session.pilot.click(chart, offset=(12, 4))
        assert session.view.tag == tag
        assert chart.is_chosen
        await session.pilot.click(chart, offset=(1, 0))
        await session.pilot.pause()
        assert tags(session) == [tag]


@BOTH
async def test_zoom_and_pan_by_keys(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("plus")
        assert choice(session).x_range == pytest.approx((0.15 * 99, 0.85 * 99))
        await session.press("ctrl+right")
        assert choice(session).x_range == pytest.approx((0.255 * 99, 0.955 * 99))
        await session.press("minus", "right_curly_bracket", "ctrl+up")
        low, high = choice(session).y_range("loss") or (0.0, 0.0)
        assert low < high
        await session.press("R")
        assert choice(session) == ChartsChoice()


async def test_zooming_is_about_the_cursor(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        await session.press("left", *["left"] * 8)
        cursor = session.view.cursor
        before = charts(session)[0]._drawn().x_scale
        await session.press("plus", "plus")
        after = charts(session)[0]._drawn().x_scale
        place = [float(scale.unit(np.array([cursor]))[0]) for scale in (before, after)]
        assert place[1] == pytest.approx(place[0], abs=0.02)


async def test_ranges_survive_new_points_and_other_tags(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        await session.press("colon", *"x 10..20", "enter", "colon", *"y 0..1", "enter")
        runs.write("lr=0.1/seed=0", [50.0, -50.0], first_step=200)
        await session.until(lambda: session.scene.board.row("lr=0.1/seed=0").value == -50.0)
        assert charts(session)[0]._drawn().x_scale == Linear(10.0, 20.0)
        assert charts(session)[0]._drawn().y_scale == Linear(0.0, 1.0)
        await session.press("p")
        assert charts(session)[0]._drawn().x_scale == Linear(10.0, 20.0)
        assert charts(session)[0]._drawn().y_scale != Linear(0.0, 1.0)


@BOTH
async def test_what_is_typed_wrong_is_explained(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("colon", *"x 5..1", "enter")
        assert "expected the lower end first" in session.text
        await session.press("backspace")
        assert "expected the lower end first" not in session.text
        await session.press("escape")
        assert choice(session) == ChartsChoice()
        await session.press("s")
        assert choice(session).smoothing == 0.8


async def test_the_wheel_zooms(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        chart = charts(session)[0]
        await session.pilot._post_mouse_events([MouseScrollUp], chart, offset=(20, 8))
        await session.pilot.pause()
        x_range = choice(session).x_range
        assert x_range is not None
        assert x_range[1] - x_range[0] == pytest.approx(0.8 * 99)
        await session.pilot._post_mouse_events([MouseScrollDown], chart, offset=(20, 8), control=True)
        await session.pilot.pause()
        assert choice(session).y_range("loss") is not None
        await session.pilot._post_mouse_events([MouseScrollUp], chart, offset=(20, 8), shift=True)
        await session.pilot.pause()
        panned = choice(session).x_range
        assert panned is not None
        assert panned[0] - x_range[0] == pytest.approx(0.1 * 0.8 * 99)


async def drag(session: Any, chart: Chart, start: tuple[int, int], stop: tuple[int, int], **options: Any) -> None:
    await session.pilot.mouse_down(chart, offset=start, **options)
    await session.pilot._post_mouse_events([MouseMove], chart, offset=stop, button=options.get("button", 1), **options)
    await session.pilot.mouse_up(chart, offset=stop, **options)
    await session.pilot.pause()


async def test_dragging_moves_both_axes(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        chart = charts(session)[0]
        before = chart._drawn()
        await drag(session, chart, (20, 8), (25, 6))
        after = chart._drawn()
        assert after.x_scale.low < before.x_scale.low
        assert after.y_scale.low < before.y_scale.low
        assert session.view.step is None


async def test_a_box_zooms_in(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        chart = charts(session)[0]
        before = chart._drawn()
        await drag(session, chart, (15, 4), (25, 10), shift=True)
        after = chart._drawn()
        assert after.x_scale.low == pytest.approx(before.x(15))
        assert after.x_scale.high == pytest.approx(before.x(25))
        assert before.y_scale.low < after.y_scale.low < after.y_scale.high < before.y_scale.high


@BOTH
async def test_one_cursor_over_all_charts(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=View(tag="layers/0/norm", charts=ChartsChoice(grid=(1, 2)))) as session:
        await session.press("left", *["left"] * 5)
        assert len({chart.cursor for chart in charts(session)}) == 1
        assert session.view.step == round(session.view.cursor)
        assert [chart.cursor_label for chart in charts(session)] == [str(session.view.step)] * 2
        await session.press("escape")
        assert (session.view.cursor, session.view.step) == (None, None)


async def test_a_click_keeps_the_cursor_when_the_pointer_leaves(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        chart = charts(session)[0]
        await session.pilot.click(chart, offset=(20, 8))
        await session.pilot.hover("#runs")
        await session.until(lambda: session.view.cursor is None)
        assert session.view.step is not None
        assert chart.cursor == session.view.step
        assert f"@{session.view.step}" in session.text


async def test_values_are_listed_beside_a_full_chart_and_sorted(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE) as session:
        await session.press("z", "left", "V")
        legend = session.app.screen.query_one(LegendLine)
        assert choice(session).sort == "value"
        values = [float(entry.label.rsplit(" ", 1)[1]) for entry in legend.entries]
        assert values == sorted(values, reverse=True)
        await session.press("V")
        assert [entry.label for entry in legend.entries] == sorted(entry.label for entry in legend.entries)


@BOTH
async def test_pins_hidden_charts_and_their_order(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=View(tag="loss", charts=ChartsChoice(grid=(1, 3)))) as session:
        await session.press("P")
        assert tags(session)[0] == "loss"
        assert "◆ loss" in session.text
        await session.press("P", "less_than_sign")
        assert choice(session).order[-2:] == ("loss", "layers/2/norm")
        await session.press("H")
        assert "loss" not in tags(session)
        await session.press("H")
        assert "loss" in tags(session)


async def test_several_tags_in_one_chart(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE, view=View(tag="eval/loss")) as session:
        await session.press("w", "p")
        assert session.view.tag == "loss"
        assert "loss + eval/loss" in session.text
        assert {stroke.style for stroke in charts(session)[0].picture.strokes if not stroke.aux} == {0, 1}


async def test_one_metric_over_another(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE, view=View(tag="eval/loss")) as session:
        await session.press("v", "p")
        assert "over eval/loss" in session.text
        await session.press("x")
        assert "over eval/loss" not in session.text


@BOTH
async def test_scales(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("y", "y", "X")
        axes = charts(session)[0].picture.axes
        assert (axes.y_scale, axes.log_x) == ("symlog", True)
        assert "not on log x" in session.text
        await session.press("u")
        assert charts(session)[0].picture.axes.ignore_outliers


@BOTH
async def test_bands_over_seeds(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("b")
        assert choice(session).band == "mean±std"
        assert sum(stroke.floor is not None for stroke in charts(session)[0].picture.strokes) == 2


@BOTH
async def test_a_chart_as_a_table(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size) as session:
        await session.press("T")
        assert not any(0x2800 < ord(character) < 0x2900 for character in session.text)
        assert all(word in session.text for word in ("min", "max", "last", "points"))


async def test_other_characters_and_colours(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard() as session:
        await session.press("L", "L")
        assert not any(0x2800 < ord(character) < 0x2900 for character in session.text)
        await session.press("C")
        svg = session.app.export_screenshot()
        assert choice(session).palette == "okabe-ito"
        assert "#56b4e9" in svg


async def test_without_colours_lines_differ_in_style(
    runs: Any, open_dashboard: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with open_dashboard(WIDE) as session:
        styles = [stroke.style for stroke in charts(session)[0].picture.strokes if not stroke.aux]
        assert len(set(styles)) == len(styles) == 6
        assert all(f"{pattern(style).sample} " in session.text for style in styles if style)


async def test_a_restart_is_seen(logdir: Any, restarted: None, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE) as session:
        assert "1 superseded" in session.text
        assert "┊" in session.text
        await session.press("D")
        assert "┊" not in session.text


@BOTH
async def test_a_chart_without_lines_says_so(logdir: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    logdir.write("a", [1.0, 2.0])
    logdir.write("b", [1.0, 2.0], tag="other")
    view = View(tag="loss", charts=ChartsChoice(grid=(2, 1)), only=frozenset({"a"}))
    async with open_dashboard(size, view=view) as session:
        assert tags(session) == ["loss", "other"]
        assert "no shown run has it" in session.text


@BOTH
@pytest.mark.parametrize("name", ["one", "grid", "band", "zoomed"])
async def test_the_picture(runs: Any, open_dashboard: Any, same_picture: Any, size: tuple[int, int], name: str) -> None:
    chosen = {
        "one": ChartsChoice(),
        "grid": ChartsChoice(grid=(0, 0)),
        "band": ChartsChoice(band="mean min-max", grid=(2, 2)),
        "zoomed": replace(ChartsChoice(y_scale="symlog"), x_range=(30.0, 70.0)),
    }[name]
    view = View(tag="loss", charts=chosen, step=50 if name == "zoomed" else None)
    async with open_dashboard(size, view=view, clock=lambda: runs.now) as session:
        await session.settled()
        pane = session.app.screen.query_one(ChartsPane)
        same_picture(session.app, pane.region, f"charts-{name}-{size[0]}x{size[1]}")
