"""The rules that find what is wrong, on curves made for them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trackml.events.manifest import ManifestWriter
from trackml.runs import RunStore
from trackml_tui.health.findings import Finding, Severity, findings
from trackml_tui.scene import Scene
from trackml_tui.still import still_scene
from trackml_tui.view import View

RNG = np.random.default_rng(0)
FALLING = (np.exp(-np.arange(200) / 50) + 0.01 * RNG.random(200)).tolist()


def found(path: Path) -> tuple[Finding, ...]:
    return findings(still(path))


def still(path: Path) -> Scene:
    return still_scene(RunStore(path), [path], View(), time.time() + 1.0)


def kinds(path: Path) -> list[str]:
    return [each.kind for each in found(path)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (FALLING, []),
        ([1.0] * 200, []),
        ([*FALLING[:100], *np.exp(np.arange(40) / 3.0).tolist()], ["diverged"]),
        ([*FALLING, *[0.02] * 400], ["plateau"]),
        ([1.0, float("nan"), 1.0], ["NaN"]),
        ([], []),
        ([1e30, -1e30] * 30, ["plateau"]),
        ([5.0, 1.0], []),
    ],
)
def test_what_a_loss_is_told_of(logdir: Any, values: list[float], expected: list[str]) -> None:
    logdir.write("run", values or [0.0])
    assert kinds(logdir.path) == expected


def test_other_metrics_may_rise(logdir: Any) -> None:
    logdir.write("run", [*FALLING[:100], *np.exp(np.arange(40) / 3.0).tolist()], tag="accuracy")
    assert kinds(logdir.path) == []


def test_a_curve_that_ends_in_nan_is_a_problem(logdir: Any) -> None:
    logdir.write("bad", [1.0, float("nan"), float("inf")])
    logdir.write("good", [float("nan"), 1.0])
    bad, good = found(logdir.path)
    assert (bad.run, bad.severity, bad.subject) == ("bad", Severity.BAD, "loss")
    assert "2 of 3 values are NaN or infinite, first at step 1" in bad.text
    assert (good.run, good.severity) == ("good", Severity.WARNING)


def test_damaged_files_are_first(logdir: Any) -> None:
    logdir.write("run", [*FALLING, *[0.02] * 400])
    content = bytearray(logdir.file("run").read_bytes())
    content[300] ^= 0xFF
    logdir.file("run").write_bytes(content)
    first, *rest = found(logdir.path)
    assert (first.kind, first.severity, first.subject) == ("corrupt", Severity.BAD, logdir.file("run").name)
    assert "lost" in first.text
    assert [each.kind for each in rest] == ["plateau"]


def test_what_a_run_says_of_itself(logdir: Any) -> None:
    logdir.write("failed", [1.0])
    logdir.write("silent", [1.0])
    writer = ManifestWriter(logdir.path / "failed")
    writer.record(status="running")
    writer.record(status="failed", error="OutOfRangeError: no more data")
    writer.close()
    writer = ManifestWriter(logdir.path / "silent", heartbeat_secs=0.001)
    writer.record(status="running")
    writer.close()
    scene = still(logdir.path)
    told = {each.kind: each.text for each in findings(scene) if each.severity is Severity.BAD}
    assert told["failed"] == "OutOfRangeError: no more data"
    assert told["silent"].startswith("no sign of life for")


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    (only,) = found(tmp_path / "nothing")
    assert (only.kind, only.run) == ("missing", None)


async def test_the_pane(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("bad[red]", [1.0, float("nan")])
    logdir.write("good", FALLING)
    async with open_dashboard((100, 30), view=View(pane="health")) as session:
        await session.until(lambda: "1 problem" in session.text)
        assert "bad[red]" in session.text
        assert "NaN" in session.text
        assert "2 runs · 2 files" in session.text
        await session.press("i")
        await session.until(lambda: "Files" in session.text and "ok" in session.text)


async def test_a_pane_without_findings_says_so(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("good", FALLING)
    async with open_dashboard(view=View(pane="health")) as session:
        await session.until(lambda: "nothing is wrong" in session.text)
