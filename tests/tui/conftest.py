"""Log directories for the dashboard's tests: real event files, written and appended to in one step."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from rich.style import Style
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.hparams import api_pb2, plugin_data_pb2, summary_v2
from textual.app import App
from textual.geometry import Region
from textual.pilot import Pilot

from trackml.events import histogram_value, scalar_value
from trackml.runs import RunStore, Snapshot
from trackml.storage import frame
from trackml_tui.app import DashboardApp
from trackml_tui.scene import Scene
from trackml_tui.screens.dashboard import DashboardScreen
from trackml_tui.settings import Settings
from trackml_tui.view import View

FILE = "events.out.tfevents.0000000001.host"
PICTURES = Path(__file__).parent / "snapshots"
"""What parts of the screen looked like when somebody looked at them."""
DEADLINE = 30.0
"""Seconds after which something that should happen is given up; a busy machine is slow."""


class Logdir:
    """A directory of runs, one event file a run."""

    def __init__(self, path: Path, now: float) -> None:
        self.path = path
        self.now = now

    def file(self, run: str) -> Path:
        """The event file of a run."""
        return self.path / run / FILE

    def write(
        self,
        run: str,
        values: Iterable[float],
        *,
        tag: str = "loss",
        first_step: int = 0,
        every: float = 1.0,
        age: float = 0.0,
    ) -> None:
        """Appends one event a value; the last one happens `age` seconds ago, the others `every` seconds apart."""
        points = list(values)
        start = self.now - age - every * (len(points) - 1)
        self.append(
            run,
            [
                event_pb2.Event(
                    wall_time=start + every * index,
                    step=first_step + index,
                    summary=summary_pb2.Summary(value=[scalar_value(tag, value)]),
                )
                for index, value in enumerate(points)
            ],
        )

    def write_histogram(self, run: str, tag: str = "weights") -> None:
        """Appends a histogram."""
        summary = summary_pb2.Summary(value=[histogram_value(tag, [1.0, 2.0])])
        self.append(run, [event_pb2.Event(wall_time=self.now, step=1, summary=summary)])

    def write_hparams(self, run: str, ended: str = "", **values: bool | float | str) -> None:
        """Appends hyperparameters; `ended` is the status with which the run ended, just now."""
        summary = summary_v2.hparams_pb(values, trial_id="", start_time_secs=self.now - 60)
        if ended:
            info = plugin_data_pb2.SessionEndInfo(status=api_pb2.Status.Value(ended), end_time_secs=self.now)
            data = plugin_data_pb2.HParamsPluginData(session_end_info=info)
            end = summary.value.add(tag="_hparams_/session_end_info")
            end.metadata.plugin_data.plugin_name = "hparams"
            end.metadata.plugin_data.content = data.SerializeToString()
        self.append(run, [event_pb2.Event(wall_time=self.now, summary=summary)])

    def append(self, run: str, events: list[event_pb2.Event]) -> None:
        """Appends events to the run's file, which begins with the version of its format."""
        path = self.file(run)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            events = [event_pb2.Event(wall_time=events[0].wall_time, file_version="brain.Event:2"), *events]
        with path.open("ab") as stream:
            stream.write(b"".join(frame(event.SerializeToString()) for event in events))

    def snapshot(self) -> Snapshot:
        """What a new store reads."""
        store = RunStore(self.path)
        store.refresh()
        return store.snapshot()


@pytest.fixture
def logdir(tmp_path: Path) -> Logdir:
    """An empty directory."""
    return Logdir(tmp_path, time.time())


@pytest.fixture
def deadline() -> Callable[[], bool]:
    """Says whether there still is time to wait for something."""
    end = time.monotonic() + DEADLINE
    return lambda: time.monotonic() < end


def text_of(app: DashboardApp) -> str:
    """The screen as the user reads it."""
    width = app.size.width
    strips = app.screen._compositor.render_strips(app.size)
    return "\n".join(strip.text[:width].rstrip() for strip in strips)


class Session:
    """A dashboard under test, on a log directory that grows."""

    def __init__(self, app: DashboardApp, pilot: Pilot[None], deadline: Callable[[], bool]) -> None:
        self.app = app
        self.pilot = pilot
        self._deadline = deadline

    @property
    def view(self) -> View:
        """What the user chose so far."""
        return self._screen.view

    @property
    def scene(self) -> Scene:
        """What is on the screen."""
        return self._screen.scene

    @property
    def runs(self) -> list[str]:
        """The names in the run list, from top to bottom."""
        return [row.key for row in self.scene.board.rows]

    @property
    def drawn(self) -> list[str]:
        """The runs on the chart."""
        return [row.key for row in self.scene.board.drawn]

    @property
    def text(self) -> str:
        """The screen as the user reads it."""
        return text_of(self.app)

    @property
    def told(self) -> str:
        """All notices on the screen, one a line."""
        return "\n".join(notice.message for notice in self.app._notifications)

    async def press(self, *keys: str) -> None:
        """Presses keys and waits until they are dealt with."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, happened: Callable[[], bool]) -> None:
        """Waits for something; fails with the screen's text if it does not happen."""
        while not happened():
            assert self._deadline(), f"It did not happen. The screen:\n{self.text}"
            await self.pilot.pause(0.01)

    async def settled(self) -> None:
        """Waits until the screen is at rest: footer and lists lay themselves out when the loop gets to it."""
        seen = ""
        while seen != self.text:
            assert self._deadline(), f"The screen did not come to rest:\n{self.text}"
            seen = self.text
            await self.pilot.pause(0.02)

    @property
    def _screen(self) -> DashboardScreen:
        screen = self.app.screen_stack[0]
        assert isinstance(screen, DashboardScreen)
        return screen


OpenDashboard: TypeAlias = "Callable[..., AbstractAsyncContextManager[Session]]"


@pytest.fixture
def open_dashboard(logdir: Logdir, deadline: Callable[[], bool]) -> OpenDashboard:
    """Opens the dashboard on the log directory, and waits until it was read."""

    @asynccontextmanager
    async def open_dashboard(
        size: tuple[int, int] = (80, 24), path: Path | None = None, **options: Any
    ) -> AsyncIterator[Session]:
        paths = [path or logdir.path]
        options = {"settings": Settings(), "view": View(), **options}
        options["settings"] = replace(options["settings"], interval=0.01)
        app = DashboardApp(RunStore(*paths), paths, **options)
        async with app.run_test(size=size) as pilot:
            session = Session(app, pilot, deadline)
            await session.until(lambda: app.has_looked)
            await session.until(lambda: not (session.scene.snapshot and session.scene.snapshot.loading))
            # The footer composes itself anew after the first screen, whenever the loop gets to it.
            await session.until(lambda: not session.text.endswith("\n"))
            await session.settled()
            yield session

    return open_dashboard


def picture_of(app: App[None], region: Region) -> str:
    """A part of the screen as text: each row, and below it a letter a cell for its style; then what letters mean."""
    lines, letters = [], {}
    for row, strip in enumerate(app.screen._compositor.render_strips(app.size)):
        if not region.y <= row < region.bottom:
            continue
        cells = [(character, segment.style) for segment in strip for character in segment.text]
        cells = cells[region.x : region.right]
        looks = [_look(style) for _, style in cells]
        for look in looks:
            letters.setdefault(look, chr(ord("a") + len(letters)))
        lines.append("".join(character for character, _ in cells).rstrip())
        lines.append("".join(letters[look] for look in looks))
    return "\n".join([*lines, "", *(f"{letter} {look}" for look, letter in letters.items())]) + "\n"


def _look(style: Style | None) -> str:
    if style is None:
        return "none"
    colours = [colour.name if colour else "-" for colour in (style.color, style.bgcolor)]
    return " ".join([*colours, *(word for word in ("bold", "dim", "reverse") if getattr(style, word))])


@pytest.fixture
def same_picture(request: pytest.FixtureRequest) -> Callable[[App[None], Region, str], None]:
    """Compares a part of the screen with the picture that is kept; `TRACKML_NEW_PICTURES=1` keeps the new one."""

    def compare(app: App[None], region: Region, name: str) -> None:
        path = PICTURES / f"{name}.txt"
        picture = picture_of(app, region)
        if os.environ.get("TRACKML_NEW_PICTURES"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(picture, encoding="utf-8")
        assert picture == path.read_text(encoding="utf-8")

    return compare
