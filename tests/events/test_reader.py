from __future__ import annotations

from pathlib import Path

import pytest
from tensorboard.compat.proto import event_pb2

from trackml.errors import DataLossError, NotFoundError
from trackml.events import summary_iterator
from trackml.storage import frame

GOLDEN = Path(__file__).parents[1] / "golden" / "events"
EVENTS = [event_pb2.Event(wall_time=float(step), step=step) for step in range(3)]
FRAMES = [frame(event.SerializeToString()) for event in EVENTS]


@pytest.mark.parametrize("directory", ["tf115_v1", "tf215_v1"])
def test_reads_tensorflows_file(directory: str) -> None:
    (path,) = (GOLDEN / directory).iterdir()
    events = list(summary_iterator(path))
    losses = [
        (event.step, value.simple_value) for event in events for value in event.summary.value if value.tag == "loss"
    ]
    assert events[0].file_version == "brain.Event:2"
    assert losses == [(step, step / 4) for step in range(5)]


def test_a_truncated_tail_ends_it(tmp_path: Path) -> None:
    (tmp_path / "events").write_bytes(b"".join(FRAMES)[:-1])
    assert list(summary_iterator(tmp_path / "events")) == EVENTS[:2]


def test_damage_raises_after_what_is_whole(tmp_path: Path) -> None:
    damaged = bytearray(b"".join(FRAMES))
    damaged[len(FRAMES[0]) + 13] ^= 1
    (tmp_path / "events").write_bytes(damaged)
    events = summary_iterator(tmp_path / "events")
    assert next(events) == EVENTS[0]
    with pytest.raises(DataLossError, match=rf"events: corrupted record at {len(FRAMES[0])}: the checksum"):
        next(events)


def test_a_record_that_holds_no_event_raises(tmp_path: Path) -> None:
    (tmp_path / "events").write_bytes(frame(b"\xff\xff"))
    with pytest.raises(DataLossError, match="holds no event"):
        list(summary_iterator(tmp_path / "events"))


def test_a_missing_file_raises(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="missing; No such file or directory"):
        list(summary_iterator(str(tmp_path / "missing")))
