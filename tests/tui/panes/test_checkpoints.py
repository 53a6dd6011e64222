"""The pane of checkpoints, on directories as an Estimator leaves them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trackml.bundle import BundleWriter
from trackml.events.manifest import ManifestWriter
from trackml_tui.view import View

NARROW, WIDE = (80, 24), (200, 60)
BOTH = pytest.mark.parametrize("size", [NARROW, WIDE])
PANE = View(pane="checkpoints", tag="loss")


def save(directory: Path, step: int) -> None:
    with BundleWriter(directory / f"model.ckpt-{step}") as writer:
        writer.add("dense/kernel", np.full((3, 4), 2.0, np.float32))
        writer.add("global_step", np.int64(step))


@pytest.fixture
def trained(logdir: Any) -> Any:
    """A run of 400 steps with three checkpoints, two of them on disk, and an evaluation of the first."""
    logdir.write("a", [4.0 - step / 200 for step in range(401)], age=10.0)
    logdir.write("a/eval", [3.0], first_step=100, age=200.0)
    for step in (300, 400):
        save(logdir.path / "a", step)
    logdir.write("b", [1.0])
    return logdir


@pytest.fixture
def manifest(trained: Any) -> ManifestWriter:
    """What the run says of itself, with a throttle of ten minutes."""
    writer = ManifestWriter(trained.path / "a")
    writer.record(status="running", steps=1000)
    writer.record(evaluation={"name": None, "throttle_secs": 600.0})
    for step in (100, 300, 400):
        writer.record(checkpoint={"name": f"model.ckpt-{step}", "step": step, "bytes": 1000})
    due = trained.now + 500.0
    told = {"name": None, "next_due": due, "reason": "new checkpoint"}
    writer.record(evaluation={**told, "decision": "evaluating", "step": 100})
    writer.record(evaluation={**told, "decision": "evaluated", "step": 100})
    for step in (300, 400):
        writer.record(evaluation={**told, "decision": "skipped", "step": step, "reason": "throttle_secs"})
    writer.record(kept=["model.ckpt-300", "model.ckpt-400"])
    yield writer
    writer.close()


@BOTH
async def test_checkpoints_and_throttling(
    trained: Any, manifest: ManifestWriter, open_dashboard: Any, size: tuple[int, int]
) -> None:
    async with open_dashboard(size, view=PANE, clock=lambda: trained.now) as session:
        await session.until(lambda: "2 checkpoints on disk" in session.text and "skipped: throttle" in session.text)
        await session.settled()
        text = session.text
        assert "1 deleted" in text
        assert "last at step 100" in text
        assert "next due in 8:20" in text
        assert "2 checkpoints" in text
        assert "△" in text
        assert "◆" in text
        assert "3" in next(line for line in text.splitlines() if "evaluated" in line)


async def test_without_a_manifest_what_is_said_is_inferred(trained: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE, view=PANE) as session:
        await session.until(lambda: "2 checkpoints on disk" in session.text)
        await session.until(lambda: "inferred from files" in session.text)
        text = session.text
        assert "inferred from its events" in text
        assert "300 steps behind" in text


@BOTH
async def test_the_tensors_inside(trained: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=PANE) as session:
        await session.until(lambda: "2 checkpoints on disk" in session.text)
        await session.press("i")
        await session.until(lambda: "2 tensors, 13 values" in session.text)
        assert "3×4 float32" in session.text
        assert "6.928" in session.text
        assert (" evaluation" in session.text) == (size == WIDE)
        await session.press("i")
        assert "2 tensors" not in session.text


async def test_going_through_the_checkpoints(trained: Any, open_dashboard: Any) -> None:
    async with open_dashboard(WIDE, view=PANE) as session:
        await session.until(lambda: session.view.checkpoints.current == "model.ckpt-400")
        await session.press("left")
        await session.until(lambda: session.view.checkpoints.current == "model.ckpt-300")
        await session.press("right")
        await session.until(lambda: session.view.checkpoints.current == "model.ckpt-400")


async def test_a_new_checkpoint_appears(trained: Any, open_dashboard: Any) -> None:
    now = [trained.now]
    async with open_dashboard(WIDE, view=PANE, clock=lambda: now[0]) as session:
        await session.until(lambda: "2 checkpoints on disk" in session.text)
        save(trained.path / "a", 500)
        now[0] += 5.0
        await session.until(lambda: "3 checkpoints on disk" in session.text)


async def test_a_damaged_checkpoint_is_told(trained: Any, open_dashboard: Any) -> None:
    for path in (trained.path / "a").glob("*.data-*"):
        path.write_bytes(b"\xff" * path.stat().st_size)
    async with open_dashboard(WIDE, view=PANE) as session:
        await session.until(lambda: "2 checkpoints on disk" in session.text)
        await session.press("i")
        await session.until(lambda: "checksum" in session.text.casefold())


async def test_a_run_without_checkpoints(trained: Any, open_dashboard: Any) -> None:
    async with open_dashboard(NARROW, view=PANE) as session:
        await session.press("end")
        assert session.view.current == "b"
        await session.until(lambda: "b  no checkpoints below" in session.text)
