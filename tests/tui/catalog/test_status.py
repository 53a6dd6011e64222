from __future__ import annotations

from typing import Any

import pytest

from trackml.events.manifest import ManifestWriter
from trackml.runs import RunManifest
from trackml_tui.catalog.status import Status, manifest_for, status_of


def manifest(status: str, heartbeat: float = 100.0) -> RunManifest:
    return RunManifest(status, 0.0, None, heartbeat, 15.0, None)


@pytest.mark.parametrize(
    ("told", "now", "status"),
    [
        ("running", 101.0, Status.RUNNING),
        ("running", 145.0, Status.RUNNING),
        ("running", 146.0, Status.SILENT),
        ("finished", 101.0, Status.FINISHED),
        ("failed", 1e9, Status.FAILED),
        ("interrupted", 101.0, Status.INTERRUPTED),
    ],
)
def test_a_manifest_decides(logdir: Any, told: str, now: float, status: Status) -> None:
    logdir.write("run", [1.0])
    assert status_of(logdir.snapshot()["run"], now, manifest(told)) is status


def test_a_finished_run_is_not_live_though_its_last_event_is_young(logdir: Any) -> None:
    logdir.write("run", [1.0])
    writer = ManifestWriter(logdir.path / "run")
    writer.record(status="running")
    writer.record(status="finished")
    writer.close()
    run = logdir.snapshot()["run"]
    assert status_of(run, logdir.now) is Status.LIVE
    assert status_of(run, logdir.now, run.read_manifest()) is Status.FINISHED


def test_a_manifest_that_says_no_status_decides_nothing(logdir: Any) -> None:
    logdir.write("run", [1.0])
    assert status_of(logdir.snapshot()["run"], logdir.now, manifest("unknown")) is Status.LIVE


@pytest.mark.parametrize(
    ("ended", "status"), [("STATUS_SUCCESS", Status.FINISHED), ("STATUS_FAILURE", Status.FAILED), ("", Status.LIVE)]
)
def test_hyperparameters_may_tell_the_end(logdir: Any, ended: str, status: Status) -> None:
    logdir.write_hparams("run", lr=0.1, ended=ended)
    assert status_of(logdir.snapshot()["run"], logdir.now) is status


def test_a_run_that_goes_on_after_it_said_that_it_ended_has_not(logdir: Any) -> None:
    logdir.write_hparams("run", lr=0.1, ended="STATUS_SUCCESS")
    logdir.write("run", [1.0], age=-60.0)
    assert status_of(logdir.snapshot()["run"], logdir.now) is Status.LIVE


@pytest.mark.parametrize(
    ("name", "found"),
    [("a", "a"), ("a/eval", "a"), ("a/eval_test", "a"), ("eval", "."), ("a/evaluate", None), ("b", None)],
)
def test_an_evaluation_is_told_of_by_the_training(name: str, found: str | None) -> None:
    manifests = {run: manifest("finished") for run in (".", "a")}
    assert manifest_for(name, manifests) is (manifests[found] if found else None)
    assert manifest_for(name, {}) is None
