"""The pane of histograms, by keys and mouse, at the two sizes that matter."""

from __future__ import annotations

from typing import Any

import pytest
from tensorboard.compat.proto import event_pb2, summary_pb2
from textual.widgets import Label

from trackml.events import histogram_value
from trackml_tui.choices.histograms import MODES
from trackml_tui.view import View
from trackml_tui.widgets.rgb_view import RgbView
from trackml_tui.widgets.step_slider import StepSlider

NARROW, WIDE = (80, 24), (200, 60)
BOTH = pytest.mark.parametrize("size", [NARROW, WIDE])
PANE = View(pane="histograms").with_tag("histograms", "kernel")


@pytest.fixture
def runs(media: Any) -> Any:
    media.histograms()
    return media


def view_of(session: Any) -> RgbView:
    return session.app.screen.query_one("#histograms-view", RgbView)


def drawn(session: Any) -> str:
    return "\n".join(view_of(session).grid.text())


async def read(session: Any) -> None:
    await session.until(lambda: "reading" not in drawn(session) and "step" in drawn(session))


@BOTH
async def test_every_way_to_draw_them(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=PANE) as session:
        pictures = {}
        for mode in MODES:
            assert session.view.histograms.mode == mode
            await read(session)
            pictures[mode] = view_of(session).grid
            assert pictures[mode].columns == view_of(session).size.width
            assert pictures[mode].rows == view_of(session).size.height
            await session.press("v")
        assert session.view.histograms.mode == MODES[0]
        assert len({"\n".join(grid.text()) for grid in pictures.values()}) == len(MODES)
        assert any("n 500" in line for line in pictures["bars"].text())
        await session.press("V")
        assert session.view.histograms.mode == MODES[-1]


@BOTH
async def test_runs_stand_side_by_side(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=PANE) as session:
        await read(session)
        assert drawn(session).count("━ ") == 2
        await session.press("space")
        await session.until(lambda: drawn(session).count("━ ") == 1)


@BOTH
async def test_scrubbing_steps_with_keys(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=PANE) as session:
        await read(session)
        assert "latest" in session.text
        await session.press("left")
        assert session.view.step == 200
        await session.press("left", "left", "left")
        assert session.view.step == 0
        assert "step 0 · 1 of 4" in session.text
        await session.press("right", "shift+right")
        assert session.view.step is None


async def test_home_and_end_at_the_slider(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(NARROW, view=PANE) as session:
        await read(session)
        await session.press("tab", "tab", "home")
        assert isinstance(session.app.focused, StepSlider)
        assert session.view.step == 0
        await session.press("end")
        assert session.view.step is None


@BOTH
async def test_scrubbing_steps_with_the_mouse(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=PANE) as session:
        await read(session)
        await session.pilot.click(StepSlider, offset=(0, 0))
        await session.pilot.pause()
        assert session.view.step == 0
        slider = session.app.screen.query_one("#pane-histograms").query_one(StepSlider)
        slider.post_message(StepSlider.Moved(2))
        await session.until(lambda: session.view.step == 200)


async def test_a_click_on_the_heat_map_looks_at_that_step(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE, view=PANE) as session:
        await read(session)
        view = view_of(session)
        await session.pilot.click(view, offset=(view.size.width - 4, 5))
        await session.until(lambda: session.view.step is not None)
        assert 250 < session.view.step <= 300


async def test_pointing_at_bars(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE, view=PANE) as session:
        await session.press("V")
        await session.until(lambda: "n 500" in drawn(session))
        await session.press("ctrl+right", "ctrl+right")
        assert session.view.histograms.bin == 1
        assert "▸" in drawn(session)
        await session.pilot.click(view_of(session), offset=(view_of(session).size.width // 4, 5))
        await session.until(lambda: session.view.histograms.bin != 1)


async def test_scale_and_outliers(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE, view=PANE) as session:
        await read(session)
        before = drawn(session)
        await session.press("u")
        assert session.view.histograms.clip
        assert "1 % cut" in session.text
        assert drawn(session) != before
        await session.press("y")
        assert session.view.histograms.scale == "linear"


async def test_more_runs_than_fit_are_paged_with_the_cursor(media: Any, open_dashboard: Any) -> None:
    names = tuple(f"run{number}" for number in range(7))
    media.histograms(names)
    async with open_dashboard(NARROW, view=PANE) as session:
        await read(session)
        assert "page 1/4" in session.text
        await session.press(*["down"] * 6)
        await session.until(lambda: "page 4/4" in session.text)
        await session.until(lambda: "run6" in drawn(session))


async def test_new_steps_appear_and_are_followed(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(NARROW, view=PANE) as session:
        await read(session)
        runs.histograms(("a",), (400,))
        await session.until(lambda: "step 400 · 5 of 5 · latest" in session.text)


async def test_many_steps_are_thinned(media: Any, open_dashboard: Any) -> None:
    media.histograms(("a",), tuple(range(300)))
    async with open_dashboard(NARROW, view=PANE) as session:
        await read(session)
        await session.until(lambda: "300 of 300" in session.text)
        kept = session.app._contents._kept
        read_values = [len(loaded.value) for key, (loaded, _) in kept.items() if key[0] == "histograms"]
        assert 0 < sum(read_values) <= 2 * view_of(session).size.width


async def test_a_tag_without_histograms_says_so(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(NARROW, view=PANE) as session:
        await read(session)
        await session.press("a", "a")
        await session.press("space", "a", "a")
        if not session.scene.shown_runs:
            assert "No run is shown" in session.text
        await session.press("n")
        assert session.view.tag_of("histograms") == "bias"


async def test_no_histograms_at_all(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("a", [1.0, 2.0])
    async with open_dashboard(NARROW, view=PANE) as session:
        await session.until(lambda: "No histogram yet" in session.text)
        title = session.app.screen.query(".pane-notice-body").results(Label)
        assert any("1 scalars" in str(label.render()) for label in title)


async def test_without_colours_density_is_characters(
    runs: Any, open_dashboard: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with open_dashboard(NARROW, view=PANE) as session:
        await read(session)
        assert set("*#%@") & set(drawn(session))
        assert "▀" not in drawn(session)


async def test_damaged_histograms_are_told_of_and_hide_no_other(logdir: Any, open_dashboard: Any) -> None:
    good = histogram_value("kernel", [1.0, 2.0])
    bad = summary_pb2.Summary.Value(tag="kernel", histo=summary_pb2.HistogramProto(bucket=[1.0, 2.0]))
    bad.metadata.CopyFrom(good.metadata)
    for step, value in enumerate((good, bad)):
        summary = summary_pb2.Summary(value=[value])
        logdir.append("a", [event_pb2.Event(wall_time=logdir.now + step, step=step, summary=summary)])
    async with open_dashboard(NARROW, view=PANE) as session:
        await session.until(lambda: "└" in drawn(session))
        await session.press("V")
        await session.until(lambda: "expected a limit for each bucket" in " ".join(drawn(session).split()))
