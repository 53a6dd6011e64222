from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tensorboard.compat.proto import event_pb2

from trackml.events import EventFileWriter, scalar_value, summary_iterator
from trackml.events.filenames import event_file_name, has_summaries, is_event_file


def event(step: int, value: float = 0.0) -> event_pb2.Event:
    made = event_pb2.Event(wall_time=1000.0 + step, step=step)
    made.summary.value.append(scalar_value("loss", value))
    return made


def steps(path: Path) -> list[int]:
    return [read.step for read in summary_iterator(path) if read.HasField("summary")]


def run_child(script: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Runs `script` in another interpreter, after the imports and helpers that all scripts here need."""
    preamble = """
import os, resource, sys, threading
from tensorboard.compat.proto import event_pb2
from trackml.events import EventFileWriter
def event(step, size=0):
    made = event_pb2.Event(wall_time=1.0, step=step)
    made.summary.value.add(tag="x" * size, simple_value=1)
    return made
"""
    command = [sys.executable, "-c", preamble + script, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_opens_with_the_file_version(tmp_path: Path) -> None:
    with EventFileWriter(tmp_path / "new" / "directory") as writer:
        (first,) = summary_iterator(writer.path)
    assert first.file_version == "brain.Event:2"
    assert first.wall_time == int(first.wall_time) > 0
    assert first.step == 0


def test_name_is_tensorflows(tmp_path: Path) -> None:
    with EventFileWriter(tmp_path, filename_suffix=".eval") as writer:
        seconds = writer.path.name.split(".")[3]
    assert writer.path.name == event_file_name(int(seconds), ".eval")
    assert event_file_name(123).startswith("events.out.tfevents.0000000123.")
    assert is_event_file(writer.path.name)
    assert has_summaries(writer.path.name)
    assert is_event_file("events.out.tfevents.1.host.profile-empty")
    assert not has_summaries("events.out.tfevents.1.host.profile-empty")
    assert not is_event_file("checkpoint")


def test_writes_events_in_order(tmp_path: Path) -> None:
    with EventFileWriter(tmp_path) as writer:
        for step in range(100):
            writer.add_event(event(step, step / 2))
    events = list(summary_iterator(writer.path))[1:]
    assert events == [event(step, step / 2) for step in range(100)]


def test_an_event_may_be_changed_after_it_was_added(tmp_path: Path) -> None:
    changing = event(1)
    with EventFileWriter(tmp_path) as writer:
        writer.add_event(changing)
        changing.step = 2
        writer.add_event(changing)
    assert steps(writer.path) == [1, 2]


def test_writers_of_one_second_get_names_in_their_order(tmp_path: Path) -> None:
    writers = [EventFileWriter(tmp_path) for _ in range(4)]
    names = [writer.path.name for writer in writers]
    for step, writer in enumerate(writers):
        writer.add_event(event(step))
        writer.close()
    assert names == sorted(set(names))
    assert [steps(writer.path) for writer in writers] == [[0], [1], [2], [3]]


def test_flush_shows_every_event_to_other_readers(tmp_path: Path) -> None:
    with EventFileWriter(tmp_path, flush_secs=1000, max_queue=1000) as writer:
        for step in range(3):
            writer.add_event(event(step))
        writer.flush()
        assert steps(writer.path) == [0, 1, 2]
        writer.flush()


@pytest.mark.parametrize("max_queue", [0, 1, 2])
def test_any_queue_length_keeps_order_among_threads(tmp_path: Path, max_queue: int) -> None:
    with EventFileWriter(tmp_path, max_queue=max_queue) as writer:
        threads = [
            threading.Thread(target=lambda first=first: [writer.add_event(event(first + i)) for i in range(50)])
            for first in (0, 1000, 2000)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    written = steps(writer.path)
    assert len(written) == 150
    for first in (0, 1000, 2000):
        assert [step for step in written if first <= step < first + 1000] == list(range(first, first + 50))


def test_the_thread_is_named_and_ends_with_close(tmp_path: Path) -> None:
    writer = EventFileWriter(tmp_path)
    name = f"trackml-events:{tmp_path}"
    assert name in [thread.name for thread in threading.enumerate()]
    writer.close()
    writer.close()
    assert writer.closed
    assert name not in [thread.name for thread in threading.enumerate()]


def test_reopen_goes_on_in_a_new_file(tmp_path: Path) -> None:
    writer = EventFileWriter(tmp_path)
    first = writer.path
    writer.reopen()
    assert writer.path == first
    writer.close()
    with pytest.raises(ValueError, match=r"is closed; call reopen\(\)"):
        writer.add_event(event(1))
    writer.reopen()
    writer.add_event(event(2))
    writer.close()
    assert writer.path.name > first.name
    assert (steps(first), steps(writer.path)) == ([], [2])


def test_an_unwritable_directory_is_the_constructors_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="file"):
        EventFileWriter(tmp_path / "file" / "logdir")


def test_a_process_killed_after_flush_loses_nothing(tmp_path: Path) -> None:
    script = """
writer = EventFileWriter(sys.argv[1], max_queue=100000, flush_secs=1000)
for step in range(1000):
    writer.add_event(event(step))
writer.flush()
print("flushed", flush=True)
sys.stdin.read()
"""
    with run_child(script, str(tmp_path)) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"flushed\n"
        child.kill()
    (path,) = tmp_path.iterdir()
    assert steps(path) == list(range(1000))


@pytest.mark.parametrize("ending", ["pass", "sys.exit(3)", "raise RuntimeError", "os.fork() or sys.exit()"])
def test_the_interpreters_exit_closes_the_writer(tmp_path: Path, ending: str) -> None:
    script = f"""
writer = EventFileWriter(sys.argv[1], flush_secs=1000)
for step in range(5):
    writer.add_event(event(step))
{ending}
"""
    with run_child(script, str(tmp_path)) as child:
        child.communicate(timeout=60)
    (path,) = tmp_path.iterdir()
    assert steps(path) == list(range(5))


def test_a_fork_may_not_write(tmp_path: Path) -> None:
    script = """
writer = EventFileWriter(sys.argv[1])
writer.add_event(event(1))
if os.fork():
    os.wait()
else:
    try:
        writer.add_event(event(2))
    except ValueError as error:
        print(error)
    sys.stdout.flush()
    writer.close()
    os._exit(0)
"""
    with run_child(script, str(tmp_path)) as child:
        said, _ = child.communicate(timeout=60)
    assert b"Make another writer in the child process." in said
    (path,) = tmp_path.iterdir()
    assert steps(path) == [1]


@pytest.mark.parametrize("call", ["writer.add_event(event(1))", "writer.flush()", "writer.close()"])
def test_an_error_of_the_thread_reaches_the_next_call(tmp_path: Path, call: str) -> None:
    # A limit on the size of files stands for a full disk.
    script = f"""
writer = EventFileWriter(sys.argv[1], max_queue=1)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
writer.add_event(event(0, 5000))
writer._thread.join()
try:
    {call}
except OSError as error:
    print(type(error).__name__, error)
writer.close()
print("closed", writer.closed)
"""
    with run_child(script, str(tmp_path)) as child:
        said, errors = child.communicate(timeout=60)
    (path,) = tmp_path.iterdir()
    assert said.decode().splitlines() == [f"OSError [Errno 27] File too large: {str(path)!r}", "closed True"]
    assert errors == b""
