"""What every screen of the dashboard looks like, in a small and in a large terminal.

Pictures are kept as compressed SVG in `snapshots/svg`. A screen that looks different fails, and leaves the new picture
beside the kept one for somebody to look at; `TRACKML_NEW_PICTURES=1` keeps the new ones.
"""

from __future__ import annotations

import gzip
import os
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.compat.proto import event_pb2
from textual.widgets import Input

import trackml as tf
from trackml.bundle import BundleWriter
from trackml.events import summary_iterator
from trackml.events.manifest import ManifestWriter
from trackml.storage import frame
from trackml_tui.panes.registry import PANES
from trackml_tui.screens.files import FilesScreen
from trackml_tui.svg import portable
from trackml_tui.view import View
from trackml_tui.widgets.path_prompt import PathPrompt

KEPT = Path(__file__).parent / "snapshots" / "svg"
SIZES = [(80, 24), (200, 60)]
NOW = 1_700_000_000.0
STEPS = 400
FEW = range(0, STEPS + 1, 100)
"""The steps of what is no scalar."""
RATE = 8000
PATIENCE = 3.0
"""Seconds that a screen at rest has to look as it should: on a busy machine the last layout may come late."""
RUN = "digits"
"""The run that has something of everything."""


@pytest.fixture
def runs(logdir: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A training with its evaluation, a sweep, and what went wrong, in `runs` of the present directory."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    logdir.path, logdir.now = Path("runs"), NOW
    training(logdir)
    sweep(logdir)
    trouble(logdir)
    for path in sorted(logdir.path.rglob("*")):
        os.utime(path, (NOW - 60.0, NOW - 60.0))
    return logdir


def training(logdir: Any) -> None:
    """A run with something for each pane, as if the last ten minutes had written it."""
    directory = logdir.path / RUN
    rng = np.random.default_rng(0)
    logdir.write_hparams(RUN, learning_rate=0.001, layers=2, optimizer="adam")
    with tf.SummaryWriter(str(directory)) as writer:
        writer.add_custom_scalars({"Training": {"loss and accuracy": ["Multiline", ["loss", "accuracy"]]}})
        for step in range(0, STEPS + 1, 2):
            writer.add_scalar("loss", 2.3 * np.exp(-step / 120) + 0.1 + 0.05 * rng.random(), step)
            writer.add_scalar("accuracy", 0.95 - 0.8 * np.exp(-step / 90), step)
            writer.add_scalar("optimizer/learning_rate", 1e-3 * 0.5 ** (step // 100), step)
        for step in FEW:
            media(writer, step, rng)
        words = [[f"word {place}", "noun" if place % 3 else "verb"] for place in range(60)]
        points = rng.normal(0, 1, (60, 8)) + 6.0 * (np.arange(60) % 3 == 0)[:, None]
        writer.add_embedding(points, words, tag="words", metadata_header=["word", "kind"])
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None, 64], name="pixels")
        hidden = tf.layers.dense(x, 32, tf.nn.relu, name="hidden")
        tf.layers.dense(hidden, 10, name="logits")
    tf.summary.FileWriter(str(directory), graph, filename_suffix=".graph").close()
    retell(directory, NOW - 600.0, NOW - 5.0)
    for step, loss in ((100, 1.25), (400, 0.5)):
        logdir.write(f"{RUN}/eval", [loss], first_step=step, age=600.0 - 1.4 * step)
    for step in (200, 300, 400):
        with BundleWriter(directory / f"model.ckpt-{step}") as bundle:
            bundle.add("hidden/kernel", np.full((64, 32), 0.5, np.float32))
            bundle.add("global_step", np.int64(step))
    tell(directory)


def media(writer: Any, step: int, rng: np.random.Generator) -> None:
    """One value of each kind."""
    rows, columns = np.mgrid[:24, :32]
    ball = np.clip(1.3 - np.hypot(rows - 12, columns - 4 - step / 16) / 10, 0, 1)
    seconds = np.arange(RATE // 4) / RATE
    tone = np.exp(-8 * seconds) * np.sin(2 * np.pi * (300 + step + 2000 * seconds) * seconds)
    labels = rng.integers(0, 2, 300)
    scores = np.clip(labels * (0.1 + step / 2000) + 0.7 * rng.random(300), 0.0, 1.0)
    table = "| class | accuracy |\n|---|---|\n| zero | 0.98 |\n| seven | 0.91 |"
    writer.add_histogram("hidden/kernel", rng.normal(step / 200, 1.5 / (1 + step / 200), 800), step)
    writer.add_image("ball", np.stack([ball, 0.6 * ball, 0.2 + 0.4 * (1 - ball)]), step)
    writer.add_text("notes", f"# After step {step}\n\nThe **sevens** are still hard:\n\n{table}\n", step)
    writer.add_audio("tone", tone[None], step, sample_rate=RATE)
    writer.add_pr_curve("is a seven", labels, scores, step)


def tell(directory: Path) -> None:
    """What the training says of itself: two evaluations that were throttled."""
    writer = ManifestWriter(directory)
    writer.record(status="running", steps=1000)
    writer.record(evaluation={"name": None, "throttle_secs": 600.0})
    for step in (100, 200, 300, 400):
        writer.record(checkpoint={"name": f"model.ckpt-{step}", "step": step, "bytes": 8000})
        decision = "evaluated" if step == 100 else "skipped"
        told = {"name": None, "decision": decision, "step": step, "reason": "throttle_secs", "next_due": NOW + 90.0}
        writer.record(evaluation=told)
    writer.record(kept=["model.ckpt-200", "model.ckpt-300", "model.ckpt-400"])
    writer.close()
    written = writer.path.rename(directory / "told")
    keep(directory / "events.out.tfevents.0000000000.host.manifest", summary_iterator(written), NOW - 600.0, NOW - 5.0)
    written.unlink()


def retell(directory: Path, start: float, stop: float) -> None:
    """Makes one file of all that was written, with a name and times that do not change."""
    written = sorted(directory.glob("events.out.*"), key=lambda path: (path.name.endswith(".graph"), path.name))
    events = [event for path in written for event in summary_iterator(path)]
    for path in written:
        path.unlink()
    keep(directory / "events.out.tfevents.0000000001.host", events, start, stop)


def keep(path: Path, events: Iterable[event_pb2.Event], start: float, stop: float) -> None:
    """Writes events to a file, as if they had come one after the other at equal distances."""
    events = list(events)
    for event, when in zip(events, np.linspace(start, stop, len(events)).tolist()):
        event.wall_time = when
    path.write_bytes(b"".join(frame(event.SerializeToString()) for event in events))


def sweep(logdir: Any) -> None:
    """Six runs of other hyperparameters."""
    steps = np.arange(0, STEPS, 4)
    for rate in (0.1, 0.01, 0.001):
        for layers in (1, 2):
            run = f"sweep/lr={rate},layers={layers}"
            logdir.now = NOW - 3600.0
            logdir.write_hparams(run, "STATUS_SUCCESS", learning_rate=rate, layers=layers, optimizer="sgd")
            logdir.now = NOW
            curve = 0.2 * layers + 2.0 * np.exp(-steps * np.sqrt(rate) / 40)
            logdir.write(run, curve.tolist(), every=4.0, age=3600.0)
            logdir.write(run, (1.0 - curve / 2.5).tolist(), tag="accuracy", every=4.0, age=3600.0)


def trouble(logdir: Any) -> None:
    """A curve that ends in NaN, and a file with a damaged part."""
    logdir.write("unstable", [2.5, 2.0, 1.5, 2.2, 3.0, float("nan"), float("nan")], age=7200.0)
    logdir.write("damaged", [2.0 - step / 100 for step in range(100)], age=9000.0)
    data = bytearray(logdir.file("damaged").read_bytes())
    data[len(data) // 2] ^= 0xFF
    logdir.file("damaged").write_bytes(bytes(data))


async def on_top(session: Any, screen: Any) -> None:
    session.app.push_screen(screen)
    await session.pilot.pause()


SCREENS: dict[str, Callable[[Any], Awaitable[None]] | None] = {
    **dict.fromkeys(PANES),
    "help": lambda session: session.press("question_mark"),
    # Whether the system tells of changes is another matter on each machine.
    "files": lambda session: on_top(session, FilesScreen(session.scene.snapshot)),
    "menu": lambda session: session.press("ctrl+s"),
    "run-menu": lambda session: session.press("full_stop"),
    "path": lambda session: on_top(session, PathPrompt("Save as", "/home/me/trackml-20231114-221320.svg")),
    "delete": lambda session: session.press("delete"),
    "jump": lambda session: session.press("ctrl+o"),
}
"""How to come to each screen; None for a pane, which is opened at once."""
_MORE_TO_READ = re.compile("reading…|looking at what", re.IGNORECASE)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCREENS)
async def test_the_screen(runs: Any, open_dashboard: Any, tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    view = View(pane=name if name in PANES else "leaderboard", current=RUN, tag="loss")
    async with open_dashboard(size, view=view, clock=lambda: NOW) as session:
        go = SCREENS[name]
        if go is not None:
            await go(session)
        for line in session.app.screen.query(Input):
            line.cursor_blink = False
        await at_rest(session)
        kept = kept_picture(f"{name}-{size[0]}x{size[1]}")
        end = time.monotonic() + PATIENCE
        while (picture := picture_of(session)) != kept and time.monotonic() < end:
            await session.pilot.pause(0.1)
    compare(picture, f"{name}-{size[0]}x{size[1]}", tmp_path)


async def at_rest(session: Any) -> None:
    """Waits until all that is on the screen was read and drawn."""
    contents, seen = session.app._contents, ""
    while seen != session.text:
        await session.until(lambda: not (contents._waiting or contents._being_read))
        await session.until(lambda: not _MORE_TO_READ.search(session.text))
        seen = session.text
        await session.settled()


def picture_of(session: Any) -> str:
    """The screen, without the numbers that Textual gives to each picture."""
    return re.sub(r"terminal-\d+", "terminal", portable(session.app.export_screenshot()))


def kept_picture(name: str) -> str:
    """What somebody looked at; empty if there is nothing yet."""
    path = KEPT / f"{name}.svgz"
    return gzip.decompress(path.read_bytes()).decode() if path.exists() else ""


def compare(picture: str, name: str, directory: Path) -> None:
    """Fails unless the picture is the one that is kept."""
    before = kept_picture(name)
    if picture == before:
        return
    if os.environ.get("TRACKML_NEW_PICTURES"):
        KEPT.mkdir(parents=True, exist_ok=True)
        (KEPT / f"{name}.svgz").write_bytes(gzip.compress(picture.encode(), mtime=0))
        return
    new, old = directory / f"{name}-new.svg", directory / f"{name}-kept.svg"
    new.write_text(picture, encoding="utf-8")
    old.write_text(before, encoding="utf-8")
    command = f"TRACKML_NEW_PICTURES=1 pytest 'tests/tui/test_screens.py::test_the_screen[{name}]'"
    pytest.fail(f"It looks different. Kept: {old}\nNew:  {new}\nIf the new one is right: {command}", pytrace=False)
