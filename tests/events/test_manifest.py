"""What a process says about its run stays readable, whatever happens to the process, the file or the disk."""

from __future__ import annotations

import json
import os
import resource
import signal

import numpy as np
import pytest

from trackml.events import summary_iterator
from trackml.events.manifest import ManifestWriter, is_manifest
from trackml.events.writer import EventFileWriter


def records(path):
    """What the log messages of a manifest say."""
    messages = [
        event.log_message.message for event in summary_iterator(os.fspath(path)) if event.HasField("log_message")
    ]
    return [json.loads(message)["trackml"] for message in messages]


@pytest.fixture
def writer(tmp_path):
    made = ManifestWriter(tmp_path)
    yield made
    made.close()


def test_records_come_back_in_order(writer):
    writer.record(status="running")
    writer.record(status="finished", steps=3)
    assert records(writer.path)[1:] == [{"status": "running"}, {"status": "finished", "steps": 3}]


def test_a_record_is_on_disk_without_a_flush(writer):
    size = writer.path.stat().st_size
    writer.record(status="running")
    assert writer.path.stat().st_size > size


def test_its_name_sorts_before_every_other_event_file(tmp_path, writer):
    with EventFileWriter(tmp_path) as events:
        assert sorted([events.path.name, writer.path.name])[0] == writer.path.name
    assert is_manifest(writer.path.name)
    assert not is_manifest(events.path.name)


class Strange:
    """What nobody can show."""

    def __repr__(self):
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        ((1, "a", None, True), [1, "a", None, True]),
        ({1: {(2, 3): "x"}}, {"1": {"(2, 3)": "x"}}),
        ("x" * 5000, "x" * 2000),
        (Strange(), "<Strange: RuntimeError>"),
        ("\ud800", "\ud800"),
    ],
)
def test_anything_may_be_a_fact(writer, value, expected):
    writer.record(fact=value)
    assert records(writer.path)[-1] == {"fact": expected}


def test_a_list_that_holds_itself_ends(writer):
    endless = []
    endless.append(endless)
    writer.record(fact=endless)
    assert records(writer.path)[-1] == {"fact": [[[[["[[...]]"]]]]]}


def test_signs_of_life_come_while_the_block_runs(tmp_path):
    writer = ManifestWriter(tmp_path, heartbeat_secs=0.001)
    with writer.beating():
        while len(records(writer.path)) < 4:
            pass
    alive = records(writer.path)[1:]
    assert alive == [{"alive": True}] * len(alive)
    writer.close()


def test_closed_writers_write_nothing(writer):
    writer.close()
    size = writer.path.stat().st_size
    writer.record(status="running")
    writer.close()
    assert writer.closed
    assert writer.path.stat().st_size == size


def test_a_fork_writes_nothing(writer):
    size = writer.path.stat().st_size
    child = os.fork()
    if child == 0:
        writer.record(status="child")
        os._exit(0 if writer.closed else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert writer.path.stat().st_size == size


def test_a_directory_that_cannot_be_made_stops_nobody(tmp_path):
    (tmp_path / "file").write_text("")
    writer = ManifestWriter(tmp_path / "file" / "run")
    writer.record(status="running")
    assert isinstance(writer.error, OSError)
    assert writer.closed


def test_a_full_disk_leaves_whole_records(tmp_path):
    writer = ManifestWriter(tmp_path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (writer.path.stat().st_size + 10, limits[1]))
        writer.record(status="running")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert isinstance(writer.error, OSError)
    assert len(records(writer.path)) == 1
    writer.record(status="too late")
    assert len(records(writer.path)) == 1
