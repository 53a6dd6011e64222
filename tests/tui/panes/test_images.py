"""The pane of images, by keys and mouse, at the two sizes that matter."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tensorboard.compat.proto import event_pb2, summary_pb2

from trackml_tui.choices.images import LAYOUTS
from trackml_tui.view import View
from trackml_tui.widgets.rgb_view import RgbView

NARROW, WIDE = (80, 24), (200, 60)
BOTH = pytest.mark.parametrize("size", [NARROW, WIDE])
PANE = View(pane="images").with_tag("images", "shade")


@pytest.fixture(autouse=True)
def _blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKML_GRAPHICS", "blocks")


@pytest.fixture
def runs(media: Any) -> Any:
    media.images()
    return media


def view_of(session: Any) -> RgbView:
    return session.app.screen.query_one("#images-view", RgbView)


def drawn(session: Any) -> str:
    return "\n".join(view_of(session).grid.text())


def colours(session: Any) -> set[tuple[int, ...]]:
    return {tuple(colour) for colour in view_of(session).grid.back.reshape(-1, 3).tolist()}


async def read(session: Any) -> None:
    await session.until(lambda: "reading" not in drawn(session) and "━" in drawn(session))


@BOTH
async def test_runs_side_by_side_at_every_step(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=PANE) as session:
        await read(session)
        assert {(105, 150, 0), (105, 150, 100)} <= colours(session)
        assert "24×16 · png" in drawn(session)
        assert "step 300" in drawn(session)
        await session.press("left", "left", "left")
        await session.until(lambda: {(255, 0, 0), (255, 0, 100)} <= colours(session))
        assert "step 0" in drawn(session)


@BOTH
async def test_what_stands_side_by_side(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=PANE) as session:
        await read(session)
        await session.press("v", "v")
        assert session.view.images.layout == LAYOUTS[2]
        await session.until(lambda: {(255, 0, 0), (205, 50, 0), (155, 100, 0), (105, 150, 0)} <= colours(session))
        await session.press("v")
        assert session.view.images.layout == LAYOUTS[0]


@BOTH
async def test_a_batch_of_numbered_tags(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    view = replace(PANE.with_tag("images", "batch/0"), step=0)
    async with open_dashboard(size, view=view) as session:
        await session.press("v")
        await session.until(lambda: {(255, 0, 0), (127, 0, 0), (85, 0, 0)} <= colours(session))
        await session.press("full_stop")
        assert session.view.tag_of("images") == "batch/1"
        await session.press("comma", "comma")
        assert session.view.tag_of("images") == "batch/2"


async def test_a_batch_in_one_value(logdir: Any, open_dashboard: Any) -> None:
    logdir.append("a", [batch_event(logdir.now, [png((9, 9, 9)), png((200, 0, 0)), png((0, 0, 200))])])
    async with open_dashboard(WIDE, view=View(pane="images")) as session:
        await session.until(lambda: (9, 9, 9) in colours(session))
        await session.press("full_stop")
        assert session.view.images.sample == 1
        await session.until(lambda: (200, 0, 0) in colours(session) and "2 of 3" in drawn(session))
        await session.press("v")
        await session.until(lambda: {(9, 9, 9), (200, 0, 0), (0, 0, 200)} <= colours(session))


@BOTH
async def test_zooming_and_panning(runs: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=PANE) as session:
        await read(session)
        await session.press(*["plus"] * 6)
        assert session.view.images.zoom == 8.0
        assert "zoom 8" in session.text
        await session.press("ctrl+right", "ctrl+down")
        assert session.view.images.centre == (0.6, 0.6)
        await session.press("minus", "R")
        assert session.view.images.zoom == 0.0


async def test_the_wheel_zooms_and_dragging_pans(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE, view=PANE) as session:
        await read(session)
        view_of(session).post_message(RgbView.Scrolled(1, (5, 5)))
        await session.until(lambda: session.view.images.zoom > 0)
        view_of(session).post_message(RgbView.Dragged(-4, 0, (5, 5)))
        await session.until(lambda: session.view.images.centre[0] > 0.5)


async def test_brightness_and_contrast(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE, view=replace(PANE, step=0)) as session:
        await read(session)
        await session.press("B", "B", "B", "B", "B")
        await session.until(lambda: (128, 0, 0) in colours(session))
        await session.press("R", "C", "C", "C", "C", "C")
        await session.until(lambda: (128, 128, 128) in colours(session))


async def test_a_click_chooses_a_run_or_a_step(runs: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE, view=PANE) as session:
        await read(session)
        await session.pilot.click(
            view_of(session), offset=(view_of(session).size.width - 4, view_of(session).size.height - 4)
        )
        await session.until(lambda: session.view.current == "b")
        await session.press("v", "v")
        await session.until(lambda: "step 100" in drawn(session))
        await session.pilot.click(view_of(session), offset=(3, 3))
        await session.until(lambda: session.view.step == 0)


@BOTH
async def test_broken_images_and_bombs_are_told_as_text(
    logdir: Any, open_dashboard: Any, size: tuple[int, int]
) -> None:
    logdir.append("broken", [batch_event(logdir.now, [b"nothing"])])
    huge = png((0, 0, 0))
    header = b"IHDR" + (10_000).to_bytes(4, "big") * 2 + huge[24:29]
    huge = huge[:12] + header + zlib.crc32(header).to_bytes(4, "big") + huge[33:]
    logdir.append("huge", [batch_event(logdir.now, [huge])])
    async with open_dashboard(size, view=View(pane="images")) as session:
        await session.until(lambda: "Not an image" in " ".join(drawn(session).split()))
        await session.until(lambda: re.search("bomb|are decoded", " ".join(drawn(session).split())) is not None)


async def test_kitty_is_sent_images_once(runs: Any, open_dashboard: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKML_GRAPHICS", "kitty")
    async with open_dashboard(WIDE, view=PANE) as session:
        await session.until(lambda: "\U0010eeee" in drawn(session))
        assert "\U0010eeee" in session.text
        pane = session.scene and session.app.screen.query_one("#pane-images")
        before = dict(pane._kitty._numbers)
        await session.press("down", "up")
        assert dict(pane._kitty._numbers) == before
        assert len(before) == 2


async def test_characters_where_there_are_no_colours(
    runs: Any, open_dashboard: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKML_GRAPHICS", "characters")
    async with open_dashboard(NARROW, view=PANE) as session:
        await read(session)
        assert "▀" not in drawn(session)
        assert set(".:-=+*#%@") & set(drawn(session))


def png(colour: tuple[int, int, int]) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.full((4, 4, 3), colour, np.uint8)).save(stream, "PNG")
    return stream.getvalue()


def batch_event(now: float, encoded: list[bytes]) -> event_pb2.Event:
    """What TensorFlow 2 writes for a batch of images."""
    value = summary_pb2.Summary.Value(tag="batch")
    value.metadata.plugin_data.plugin_name = "images"
    value.tensor.dtype = 7
    value.tensor.tensor_shape.dim.add(size=2 + len(encoded))
    value.tensor.string_val.extend([b"4", b"4", *encoded])
    return event_pb2.Event(wall_time=now, step=3, summary=summary_pb2.Summary(value=[value]))
