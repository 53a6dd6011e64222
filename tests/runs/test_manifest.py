"""What a run says of itself is read back, whoever wrote into the file since."""

from __future__ import annotations

import json

import pytest
from tensorboard.compat.proto import event_pb2

from trackml.events.manifest import ManifestWriter
from trackml.runs import ManifestReader, RunStore
from trackml.storage.tfrecord import frame


def read(directory):
    """The manifest of the run in a directory, as a store finds it."""
    store = RunStore(directory)
    store.refresh()
    return store.snapshot()["."].read_manifest()


@pytest.fixture
def writer(tmp_path):
    made = ManifestWriter(tmp_path)
    yield made
    made.close()


def test_a_run_without_one_has_none(tmp_path):
    (tmp_path / "events.out.tfevents.1.x").write_bytes(b"")
    assert read(tmp_path) is None


def test_a_new_one_says_little(tmp_path, writer):
    manifest = read(tmp_path)
    assert (manifest.status, manifest.started, manifest.checkpoints, manifest.decisions) == ("unknown", None, (), ())
    assert manifest.heartbeat_secs == 15


def test_the_status_is_the_last_one(tmp_path, writer):
    writer.record(status="running", params={"lr": 0.1})
    running = read(tmp_path)
    assert (running.status, running.ended, running.facts["params"]) == ("running", None, {"lr": 0.1})
    writer.record(status="failed", error="ValueError: no")
    failed = read(tmp_path)
    assert (failed.status, failed.error, failed.started) == ("failed", "ValueError: no", running.started)
    assert failed.ended == failed.heartbeat
    writer.record(status="running", error=None)
    assert (read(tmp_path).status, read(tmp_path).error, read(tmp_path).ended) == ("running", None, None)


def test_a_silent_process_is_known(tmp_path, writer):
    writer.record(status="running")
    manifest = read(tmp_path)
    assert not manifest.is_silent(manifest.heartbeat + 45)
    assert manifest.is_silent(manifest.heartbeat + 46)
    writer.record(status="finished")
    assert not read(tmp_path).is_silent(manifest.heartbeat + 1e6)


def test_checkpoints_are_written_and_deleted(tmp_path, writer):
    for step, kept in ((0, ["c-0"]), (5, ["c-0", "c-5"]), (9, ["c-5", "c-9"])):
        writer.record(checkpoint={"step": step, "name": f"c-{step}", "bytes": 10 + step}, kept=kept)
    found = read(tmp_path).checkpoints
    assert [(item.step, item.name, item.size, item.deleted is None) for item in found] == [
        (0, "c-0", 10, False), (5, "c-5", 15, True), (9, "c-9", 19, True)
    ]  # fmt: skip
    assert found[0].deleted == found[2].written


def test_decisions_are_a_history(tmp_path, writer):
    writer.record(evaluation={"name": None, "throttle_secs": 600, "steps": 3, "start_delay_secs": 120})
    writer.record(evaluation={"name": None, "decision": "evaluated", "step": 4, "reason": "new", "next_due": 7.5})
    writer.record(evaluation={"name": None, "decision": "skipped", "step": 6, "reason": "throttle_secs",
                              "next_due": 7.5})  # fmt: skip
    manifest = read(tmp_path)
    assert manifest.throttle_secs == {None: 600.0}
    assert [(item.decision, item.step, item.reason, item.next_due) for item in manifest.decisions] == [
        ("evaluated", 4, "new", 7.5), ("skipped", 6, "throttle_secs", 7.5)
    ]  # fmt: skip


def test_a_process_goes_on_where_another_one_ended(tmp_path):
    for process in range(2):
        writer = ManifestWriter(tmp_path)
        writer.record(status="running", process=process)
        writer.record(status="interrupted" if process == 0 else "finished")
        writer.close()
    manifest = read(tmp_path)
    assert (manifest.status, manifest.facts["process"]) == ("finished", 1)


def log(message):
    return event_pb2.Event(wall_time=1e12, log_message=event_pb2.LogMessage(message=message)).SerializeToString()


@pytest.mark.parametrize(
    "payload",
    [
        b"\xff\xff no message",
        log("plain words"),
        log("[" * 100_000),
        log('{"trackml": 3}'),
        log('{"other": {"status": "failed"}}'),
        log(json.dumps({"trackml": {"status": 3, "checkpoint": [], "kept": 1, "evaluation": {"step": "x"}}})),
        event_pb2.Event(wall_time=1e12, step=3).SerializeToString(),
    ],
)
def test_what_others_wrote_into_it_is_passed_over(tmp_path, writer, payload):
    writer.record(checkpoint={"step": 1, "name": "c-1", "bytes": 2}, kept=["c-1"])
    with open(writer.path, "ab") as file:
        file.write(frame(payload) + b"no record at all")
    manifest = read(tmp_path)
    assert [item.name for item in manifest.checkpoints] == ["c-1"]
    assert manifest.decisions == ()


def test_a_reader_reads_on_and_knows_what_a_new_one_would(tmp_path, writer):
    reader = ManifestReader()
    assert reader.read([tmp_path / "events.out.tfevents.1.x", tmp_path / "gone.manifest"]) is None
    for step in (1, 2, 3):
        writer.record(status="running", checkpoint={"step": step, "name": f"c-{step}", "bytes": 1}, kept=[f"c-{step}"])
        assert reader.read([writer.path]) == read(tmp_path)


def test_what_a_reader_gave_does_not_change_with_what_it_reads_later(tmp_path, writer):
    reader = ManifestReader()
    writer.record(evaluation={"name": "a", "throttle_secs": 5})
    before = reader.read([writer.path])
    writer.record(evaluation={"name": "a", "throttle_secs": 7})
    assert reader.read([writer.path]).throttle_secs == {"a": 7.0}
    assert before.throttle_secs == {"a": 5.0}


def test_a_file_that_turns_up_late_is_put_in_its_place_in_time(tmp_path, writer):
    writer.record(status="running")
    other = tmp_path / "late"
    late = ManifestWriter(other)
    late.record(status="finished")
    reader = ManifestReader()
    assert reader.read([late.path]).status == "finished"
    assert reader.read([writer.path, late.path]).status == "finished"
    late.close()


def test_a_file_that_was_replaced_by_a_shorter_one_is_read_anew(tmp_path, writer):
    writer.record(status="running", params={"lr": 0.1})
    reader = ManifestReader()
    assert reader.read([writer.path]).status == "running"
    short = writer.path.read_bytes()[:60]
    writer.path.write_bytes(short)
    assert reader.read([writer.path]) is None


def test_the_files_of_a_manifest_are_named(tmp_path, writer):
    (tmp_path / "events.out.tfevents.1.x").write_bytes(b"")
    store = RunStore(tmp_path)
    store.refresh()
    assert [file.path for file in store.snapshot()["."].manifest_files] == [writer.path]
